#pragma once

#include <string>
#include <string_view>

#include "api/http.h"
#include "crypto/result.h"

namespace hefu {

/// The HTTP status of an error code.
int http_status(Errc code);

/// An error as application/problem+json (RFC 9457): {"title","status","detail","code","hint"}.
HttpResponse problem(const Error& error);

/// The same with a status that says more than the code alone would (405, 408, 415, 431 …).
/// `missing_right`: the scope the caller lacks, as a member of that name; "": it is not about that.
HttpResponse problem(int status, const Error& error, std::string_view missing_right = "");

/// A text as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD, so the answer
/// is always valid JSON.
std::string json_string(std::string_view text);

}  // namespace hefu
