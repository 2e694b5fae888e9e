#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/audit/engagement.h"

namespace hefu {

/// The same in both languages of a report.
struct Words {
  std::string zh;
  std::string en;
};

/// A step of the assurance ladder and what is printed at it. Source: audit study, §4.
struct Assurance {
  std::string step;  ///< "A0" to "A4"
  Words words;
};

/// `standing`: the highest level of a statement that stands; `qualified`: it makes exceptions;
/// `attestors`: unrelated institutions whose attestation at the cut agrees.
Assurance assurance_of(std::optional<AssuranceLevel> standing, bool qualified,
                       std::int64_t attestors);

/// What an opinion is called; empty for one that is none.
Words opinion_words(std::string_view opinion);

/// A standing limitation by its name; empty for one that is none.
Words limitation(std::string_view name);

}  // namespace hefu
