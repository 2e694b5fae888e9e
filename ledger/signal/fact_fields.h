#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/event/date.h"
#include "ledger/record/fact.h"

namespace hefu {

/// The day a fact happened on, or began to hold; none: it has no day.
std::optional<Date> day_of(const Fact& fact);

/// A body field, or nullptr.
const FactValue* value_in(const Fact& fact, std::string_view field);
/// A body field's text; empty if there is none, or it is no text.
std::string text_in(const Fact& fact, std::string_view field);
/// The texts in a body field that is a list; of a text, that one.
std::vector<std::string> texts_in(const Fact& fact, std::string_view field);
std::optional<std::int64_t> integer_in(const Fact& fact, std::string_view field);

/// Without white space, in lower case (both of ASCII): for comparing numbers typed by people.
std::string folded(std::string_view text);

}  // namespace hefu
