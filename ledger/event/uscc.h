#pragma once

#include <string>
#include <string_view>

#include "crypto/result.h"

namespace hefu {

/// Checks a unified social credit code (统一社会信用代码): 18 characters of
/// 0-9 A-H J-N P-R T U W X Y, the last one the check character of GB 32100-2015 §4.7.
/// The error says which character is wrong and, for a bad check character, what it should be.
Result<void> check_credit_code(std::string_view code);

/// A party reference: a credit code, or a credit code and a unit ("<code>/<unit>", the unit 1 to 32
/// letters, digits, '-' or '_').
Result<void> check_party(std::string_view party);

/// The institution part of a party reference (before the '/'): a view into `party`.
std::string_view institution_of(std::string_view party);

/// The check character for the first 17 characters, which must be valid.
char credit_code_check(std::string_view first17);

}  // namespace hefu
