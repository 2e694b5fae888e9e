#pragma once

#include <string>
#include <vector>

#include "ledger/record/fact.h"

namespace hefu {

/// The identities of what a fact is about: texts that two records of one type share only if they
/// are about one thing, such as "registration_number=CT2024001" or, where there is no number,
/// "host=…, visited_on=2024-05-03". Upper and lower case and spaces make no difference. Empty for
/// types without such an identity.
std::vector<std::string> identities(const Fact& fact);

}  // namespace hefu
