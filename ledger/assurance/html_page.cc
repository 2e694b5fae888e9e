#include "ledger/assurance/html_page.h"

namespace hefu {

namespace {

constexpr std::string_view kStyle = R"css(
@page { size: A4; margin: 18mm 16mm 20mm 16mm; }
body { font-family: "Noto Serif CJK SC", "Source Han Serif SC", "SimSun", serif; font-size: 10.5pt;
  line-height: 1.5; color: #000; background: #fff; max-width: 178mm; margin: 10mm auto; }
h1 { font-size: 19pt; text-align: center; margin: 0 0 2mm; letter-spacing: 1pt; }
.subtitle { text-align: center; font-size: 11pt; margin: 0 0 6mm; }
h2 { font-size: 12.5pt; border-bottom: 0.6pt solid #000; margin: 7mm 0 2mm; padding-bottom: 0.5mm;
  break-after: avoid; }
h3 { font-size: 11pt; margin: 4mm 0 1mm; break-after: avoid; }
.en { font-family: "Liberation Serif", "Times New Roman", serif; color: #333; }
h2 .en, h3 .en { font-weight: normal; font-size: 10pt; margin-left: 2mm; }
p { margin: 1mm 0; }
p .en { display: block; font-size: 9.5pt; }
table { width: 100%; border-collapse: collapse; margin: 1.5mm 0 3mm; table-layout: auto; }
th, td { border: 0.4pt solid #444; padding: 0.8mm 1.6mm; text-align: left; vertical-align: top;
  font-size: 9pt; overflow-wrap: break-word; }
th { background: #eee; font-weight: bold; overflow-wrap: normal; }
td b { white-space: nowrap; }
th .en { display: block; font-weight: normal; font-size: 8pt; }
table.facts th { width: 31%; }
tr { break-inside: avoid; }
code { font-family: "Liberation Mono", "DejaVu Sans Mono", monospace; font-size: 7.6pt;
  overflow-wrap: anywhere; }
.small { font-size: 8pt; color: #333; }
.bad td:first-child, .bad b { color: #a00; }
.box { border: 1pt solid #000; padding: 3mm 4mm; margin: 3mm 0; break-inside: avoid; }
.step { font-size: 14pt; font-weight: bold; }
.seals { display: flex; gap: 6mm; margin-top: 8mm; break-inside: avoid; }
.seal { flex: 1; border: 0.4pt dashed #777; height: 42mm; padding: 2mm; font-size: 9pt; }
)css";

std::string both(std::string_view zh, std::string_view en) {
  return html_text(zh) + "<span class=\"en\"> " + html_text(en) + "</span>";
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string html_code(std::string_view text) {
  return "<code>" + html_text(text) + "</code>";
}

std::string html_small(std::string_view text) {
  return "<span class=\"small\">" + html_text(text) + "</span>";
}

void HtmlPage::heading(std::string_view zh, std::string_view en) {
  body_ += "<h2>" + both(zh, en) + "</h2>\n";
}

void HtmlPage::paragraph(std::string_view zh, std::string_view en) {
  body_ += "<p>" + both(zh, en) + "</p>\n";
}

void HtmlPage::note(std::string_view text) {
  body_ += "<p>" + html_small(text) + "</p>\n";
}

void HtmlPage::begin_facts() {
  body_ += "<table class=\"facts\">\n";
}

void HtmlPage::fact(std::string_view zh, std::string_view en, std::string_view text) {
  if (!text.empty()) {
    body_ += "<tr><th>" + both(zh, en) + "</th><td>" + html_text(text) + "</td></tr>\n";
  }
}

void HtmlPage::fact_code(std::string_view zh, std::string_view en, std::string_view text) {
  if (!text.empty()) {
    body_ += "<tr><th>" + both(zh, en) + "</th><td>" + html_code(text) + "</td></tr>\n";
  }
}

void HtmlPage::end_table() {
  body_ += "</table>\n";
}

void HtmlPage::begin_table(const std::vector<std::string>& headings) {
  body_ += "<table><thead><tr>";
  for (const std::string& heading : headings) {
    const auto space = heading.find(' ');
    body_ += "<th>" +
             both(heading.substr(0, space),
                  space == std::string::npos ? "" : heading.substr(space + 1)) +
             "</th>";
  }
  body_ += "</tr></thead>\n";
}

void HtmlPage::row(const std::vector<std::string>& html_cells, std::string_view css_class) {
  body_ += css_class.empty() ? "<tr>" : "<tr class=\"" + std::string(css_class) + "\">";
  for (const std::string& cell : html_cells) {
    body_ += "<td>" + cell + "</td>";
  }
  body_ += "</tr>\n";
}

std::string HtmlPage::page(std::string_view title) const {
  return "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<title>" +
         html_text(title) + "</title>\n<style>" + std::string(kStyle) +
         "</style>\n</head>\n<body>\n" + body_ + "</body>\n</html>\n";
}

}  // namespace hefu
