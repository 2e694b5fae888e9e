#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "crypto/result.h"

namespace hefu {

inline constexpr std::size_t kCasAnswerBytesMax = std::size_t{64} << 10;

/// Whose ticket it is, by the answer of /p3/serviceValidate. Source: CAS Protocol 3.0 §2.5, §2.8.
/// Errors: kTooLarge; kInvalid (damaged XML, a document type declaration, elements nested deeper
/// than 16, another document, both outcomes or none, a user twice or no name); kUnauthorised: the
/// server does not accept the ticket.
Result<std::string> parse_cas_answer(std::string_view xml);

}  // namespace hefu
