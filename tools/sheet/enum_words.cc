#include "tools/sheet/enum_words.h"

#include <algorithm>

#include "tools/sheet/columns.h"

namespace hefu::sheet {

std::string shown_word(const FieldType& type, const std::string& value) {
  const auto at = std::find(type.names.begin(), type.names.end(), value);
  if (at == type.names.end() || type.titles.empty()) {
    return value;
  }
  const std::string& word = type.titles[static_cast<std::size_t>(at - type.names.begin())].zh;
  const auto same = std::count_if(type.titles.begin(), type.titles.end(),
                                  [&](const Title& title) { return title.zh == word; });
  return same > 1 ? value : word;
}

std::optional<std::string> enum_value(const FieldType& type, std::string_view text) {
  const std::string wanted = half_width(text);
  for (const std::string& name : type.names) {
    if (name == wanted || name == text || half_width(shown_word(type, name)) == wanted) {
      return name;
    }
  }
  return std::nullopt;
}

}  // namespace hefu::sheet
