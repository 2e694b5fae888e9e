#pragma once

#include <map>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "crypto/result.h"
#include "ledger/event/event.h"

namespace hefu {

/// One event read from a file, with where it stood and the name its author gave it.
struct EventLine {
  std::size_t number = 1;  ///< line in the file, from 1
  std::string name;        ///< from "name"; empty if none
  boost::json::value event;
};

/// Reads events from a file ("-" is standard input): one JSON object, a JSON array, or JSON Lines
/// (blank lines and lines beginning with # are skipped). At most 64 MiB and 100,000 events.
Result<std::vector<EventLine>> read_events(const std::string& path);

/// Names people give to events, so that files can refer to events not yet recorded. Kept in a JSON
/// file {"name": "event id"}.
class Names {
 public:
  /// An empty path keeps the names in memory only; a file that does not exist yet is empty.
  static Result<Names> load(const std::string& path);
  void set(const std::string& name, const EventId& id) { ids_[name] = id.hex(); }
  /// Replaces every {"$ref": name} by the event's id and every {"$days_from_now": n} by a date.
  /// Errors: kNotFound naming the unknown name.
  Result<void> resolve(boost::json::value* value, Moment now) const;
  [[nodiscard]] Result<void> save() const;

 private:
  std::string path_;
  std::map<std::string, std::string> ids_;
};

}  // namespace hefu
