#include <algorithm>

#include "api/forms/paper.h"

namespace hefu::forms {

namespace {

/// A number with its sign and unit is no formula: "-3.5%".
bool is_number(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  const auto end = text.find_first_not_of("0123456789.");
  if (end == 0 || text.empty()) {
    return false;
  }
  return end == std::string_view::npos || text.substr(end) == "%";
}

std::string field(std::string text) {
  static constexpr std::string_view kBegins = "=+-@\t\r";
  if (!text.empty() && kBegins.find(text.front()) != std::string_view::npos && !is_number(text)) {
    text.insert(0, 1, '\'');
  }
  std::string out = "\"";
  for (const char c : text) {
    out += c;
    if (c == '"') {
      out += c;
    }
  }
  return out + "\"";
}

/// The rows of a table, an empty field where a cell is covered by another.
void add_table(const PaperPart& table, std::string* out) {
  std::vector<int> covered(table.widths.size(), 0);
  for (const std::vector<PaperCell>& row : table.rows) {
    std::vector<std::string> fields(table.widths.size());
    std::size_t at = 0;
    for (const PaperCell& cell : row) {
      while (at < covered.size() && covered[at] > 0) {
        ++at;
      }
      if (at < fields.size()) {
        fields[at] = cell.text;
      }
      for (int i = 0; i < cell.across && at < covered.size(); ++i, ++at) {
        covered[at] = cell.down;
      }
    }
    for (std::size_t i = 0; i < fields.size(); ++i) {
      *out += (i == 0 ? "" : ",") + field(std::move(fields[i]));
    }
    *out += "\r\n";
    std::for_each(covered.begin(), covered.end(), [](int& rows) { rows -= rows > 0 ? 1 : 0; });
  }
}

}  // namespace

std::string paper_csv(const Paper& paper) {
  std::string out = "\xEF\xBB\xBF";
  for (const PaperPart& part : printed_parts(paper)) {
    if (part.kind == PaperPart::Kind::kTable) {
      add_table(part, &out);
    } else if (part.kind != PaperPart::Kind::kBreak) {
      out += field(part.text) + "\r\n";
    }
  }
  for (const std::string& line : provenance_lines(paper)) {
    out += field(line) + "\r\n";
  }
  return out + field(paper.locator()) + "\r\n";
}

}  // namespace hefu::forms
