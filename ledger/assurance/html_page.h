#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hefu {

/// Text as HTML shows it, with every character that HTML reads otherwise replaced.
std::string html_text(std::string_view text);

/// Builds the body of a page piece by piece. What is called `text` is escaped, what is called
/// `html` is not.
class HtmlPage {
 public:
  void heading(std::string_view zh, std::string_view en);
  void paragraph(std::string_view zh, std::string_view en);
  void note(std::string_view text);
  void raw(std::string_view html) { body_ += html; }

  /// A table of two columns: what, and what it is.
  void begin_facts();
  void fact(std::string_view zh, std::string_view en, std::string_view text);
  /// The same in the type of digests and ids.
  void fact_code(std::string_view zh, std::string_view en, std::string_view text);
  void end_table();

  /// A table with a heading line, "zh en" each.
  void begin_table(const std::vector<std::string>& headings);
  void row(const std::vector<std::string>& html_cells, std::string_view css_class = "");

  /// The whole page.
  [[nodiscard]] std::string page(std::string_view title) const;

 private:
  std::string body_;
};

/// A cell or word of its own kind.
std::string html_code(std::string_view text);
std::string html_small(std::string_view text);

}  // namespace hefu
