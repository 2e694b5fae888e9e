#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

#include "crypto/result.h"

namespace hefu {

/// Reads the members of one JSON object strictly, remembering the first error: wrong types, values
/// out of bounds, what is missing, and, in `done`, members that nobody asked for.
class JsonMembers {
 public:
  /// `value` must outlive this. `what` names it in errors: "body".
  JsonMembers(const boost::json::value& value, std::string what);

  /// A text of at most `bytes_max`; "" if it is not there.
  std::string text(std::string_view member, std::size_t bytes_max);
  /// The same; nothing if it is not there.
  std::optional<std::string> optional_text(std::string_view member, std::size_t bytes_max);
  /// One that must be there and not be empty.
  std::string required_text(std::string_view member, std::size_t bytes_max);
  std::optional<bool> boolean(std::string_view member);
  /// A whole number within [min, max]; must be there.
  std::int64_t required_number(std::string_view member, std::int64_t min, std::int64_t max);
  /// An array of at most `elements_max`; null if it is not there.
  const boost::json::array* list(std::string_view member, std::size_t elements_max);

  void refuse(std::string_view member, const std::string& why, std::string hint = "");
  [[nodiscard]] Result<void> done() const;

 private:
  const boost::json::value* find(std::string_view member);

  const boost::json::object* object_ = nullptr;
  const std::string what_;
  std::set<std::string, std::less<>> known_;
  std::optional<Error> error_;
};

}  // namespace hefu
