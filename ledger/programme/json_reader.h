#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>

#include "crypto/result.h"
#include "ledger/event/date.h"

namespace hefu {

/// The first thing found wrong while reading; later ones are dropped, so that reading code need not
/// stop at every field.
class FirstError {
 public:
  void add(Error error) {
    if (!error_) {
      error_ = std::move(error);
    }
  }
  [[nodiscard]] bool none() const { return !error_.has_value(); }
  [[nodiscard]] const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

/// Whether a key must be there.
enum class Need : std::uint8_t { kRequired, kOptional };

/// Reads one JSON object whose every key must be known: the keys asked for are the known ones, and
/// `finish` refuses the others, naming path and nearest known key. A null counts as absent. Bounds:
/// texts of 8,000 bytes, arrays of 1,000,000 elements. The object must outlive the reader.
class JsonReader {
 public:
  JsonReader(const boost::json::object& object, std::string path, FirstError& errors)
      : object_(&object), path_(std::move(path)), errors_(&errors) {}

  std::string text(std::string_view key, Need need);
  std::optional<std::string> optional_text(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key, Need need, std::int64_t min,
                                      std::int64_t max);
  bool flag(std::string_view key, bool otherwise);
  std::optional<Date> date(std::string_view key, Need need);
  /// One text or an array of texts.
  std::vector<std::string> texts(std::string_view key, Need need);
  std::optional<JsonReader> child(std::string_view key, Need need);
  std::vector<JsonReader> children(std::string_view key);
  /// The value as it is; nullptr if absent.
  const boost::json::value* raw(std::string_view key);

  /// Refuses every key nobody asked for. Call once, last.
  void finish();

  void refuse(std::string_view key, std::string why, std::string hint = "",
              Errc code = Errc::kInvalid);
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string path_of(std::string_view key) const;
  [[nodiscard]] const boost::json::object& object() const { return *object_; }
  [[nodiscard]] FirstError& errors() const { return *errors_; }

 private:
  const boost::json::value* find(std::string_view key, Need need);

  const boost::json::object* object_;
  std::string path_;
  FirstError* errors_;
  std::vector<std::string> known_;
};

/// The name among `known` that differs least from `word`; empty if all differ much.
std::string nearest_name(std::string_view word, const std::vector<std::string>& known);

}  // namespace hefu
