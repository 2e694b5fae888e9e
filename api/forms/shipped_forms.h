#pragma once

#include <span>
#include <string_view>

namespace hefu::forms {

/// A form of deploy/forms, as it was when the program was built.
struct ShippedForm {
  std::string_view name;  ///< its file's without ".json": "cqcvc-progress"
  std::string_view json;
};

/// All of them, sorted by name.
std::span<const ShippedForm> shipped_forms();

}  // namespace hefu::forms
