#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/event/field_type.h"

namespace hefu::sheet {

/// What a drop-down shows for a value of an enum type: its Chinese word in the catalogue, unless
/// another value of the type has the same, else the value itself.
std::string shown_word(const FieldType& type, const std::string& value);

/// The value meant by what stands in a cell: the value itself or its word.
std::optional<std::string> enum_value(const FieldType& type, std::string_view text);

}  // namespace hefu::sheet
