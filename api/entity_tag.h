#pragma once

#include <string>
#include <string_view>

#include "api/http.h"
#include "crypto/bytes.h"

namespace hefu {

/// A strong tag of some bytes: the first half of their SHA-256, in quotes.
std::string entity_tag(BytesView bytes);

/// Gives the answer to a GET or HEAD that has a body and no tag yet its tag, and makes it a 304 if
/// the request names that.
void tag(const HttpRequest& request, HttpResponse& response);

/// True if an If-None-Match header names `tag`: a list of tags, or "*". The comparison is weak, so
/// a W/ in front does not matter. Source: RFC 9110 §13.1.2.
bool names_tag(std::string_view if_none_match, std::string_view tag);

}  // namespace hefu
