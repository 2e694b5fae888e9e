#pragma once

#include <string>
#include <string_view>

namespace hefu {

/// Holds an answer of the API against the OpenAPI document, for tests: "" if there is such a path,
/// method and status, and the body is what its schema says (type, required, properties,
/// additionalProperties, items, enum, minimum, oneOf, $ref; the document uses no more for what it
/// checks); else what is wrong. `path` as the document writes it. A status without an entry is held
/// against `default`.
std::string against_document(std::string_view method, std::string_view path, int status,
                             std::string_view content_type, std::string_view body);

}  // namespace hefu
