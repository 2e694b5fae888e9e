#include "tools/figure_table.h"

#include <algorithm>

#include "ledger/programme/table.h"

namespace hefu {

namespace {

constexpr std::size_t kRowsBefore = 2;  // the head and the rule under it

}  // namespace

std::string with_ids(std::string_view table, const std::vector<std::string>& ids,
                     std::string_view head) {
  if (static_cast<std::size_t>(std::count(table.begin(), table.end(), '\n')) <
      kRowsBefore + ids.size()) {
    return std::string(table);
  }
  std::size_t width = text_width(head);
  for (const std::string& id : ids) {
    width = std::max(width, text_width(id));
  }
  std::string out;
  for (std::size_t row = 0; row < kRowsBefore + ids.size(); ++row) {
    if (row == 1) {
      out.append(width + 2, '-');
    } else {
      const std::string_view cell = row == 0 ? head : std::string_view(ids[row - kRowsBefore]);
      out += cell;
      out.append(width - text_width(cell) + 2, ' ');
    }
    const std::size_t end = table.find('\n') + 1;
    out += table.substr(0, end);
    table.remove_prefix(end);
  }
  return out + std::string(table);
}

}  // namespace hefu
