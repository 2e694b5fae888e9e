#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "crypto/bytes.h"
#include "crypto/result.h"

namespace hefu {

/// Fields of a request, read one by one. All errors are kInvalid or kTooLarge and name the field.

/// Nothing is there but these.
Result<void> only(const boost::json::object& request,
                  std::initializer_list<std::string_view> known);

/// A text of at most so many bytes; the first one must be there, the second one is "" if it is not.
Result<std::string> text_field(const boost::json::object& request, std::string_view name,
                               std::size_t bytes_max);
Result<std::string> text_if_any(const boost::json::object& request, std::string_view name,
                                std::size_t bytes_max);

/// Bytes in base64, at most so many.
Result<Bytes> bytes_field(const boost::json::object& request, std::string_view name,
                          std::size_t bytes_max);

Result<std::int64_t> integer_field(const boost::json::object& request, std::string_view name);

/// An array of at least one and at most `most` items. Lives as long as the request.
Result<const boost::json::array*> array_field(const boost::json::object& request,
                                              std::string_view name, std::size_t most);

}  // namespace hefu
