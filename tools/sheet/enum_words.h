#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/event/field_type.h"

namespace hefu::sheet {

/// The Chinese word for an enum value of the catalogue; empty if none is known: catalogues name
/// values for programs only.
std::string_view enum_word(std::string_view value);

/// What a drop-down shows for a value of an enum type: its word, unless another value of the type
/// has the same, else the value itself.
std::string shown_word(const FieldType& type, const std::string& value);

/// The value meant by what stands in a cell: the value itself or its word.
std::optional<std::string> enum_value(const FieldType& type, std::string_view text);

}  // namespace hefu::sheet
