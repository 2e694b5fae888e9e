#include "api/forms/paper.h"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "crypto/bytes.h"
#include "ledger/event/canonical_json.h"

namespace hefu::forms {

namespace json = boost::json;

namespace {

constexpr std::string_view kFormat = "hefu/filled-form/v1";
constexpr std::int64_t kSpanMax = 1'000;
constexpr std::int64_t kWidthMax = 1'000;
/// Eight Chinese characters: the name of a department, and every number with its unit.
constexpr std::size_t kCentredBytes = 26;

constexpr std::pair<std::string_view, PaperPart::Kind> kKinds[] = {
    {"title", PaperPart::Kind::kTitle}, {"heading", PaperPart::Kind::kHeading},
    {"line", PaperPart::Kind::kLine},   {"note", PaperPart::Kind::kNote},
    {"seal", PaperPart::Kind::kSeal},   {"break", PaperPart::Kind::kBreak},
    {"table", PaperPart::Kind::kTable}};

constexpr std::pair<const char*, std::string FigureLine::*> kFigureMembers[] = {
    {"where", &FigureLine::where},         {"indicator", &FigureLine::indicator},
    {"period", &FigureLine::period},       {"title", &FigureLine::title},
    {"shown", &FigureLine::shown},         {"target", &FigureLine::target},
    {"verdict", &FigureLine::verdict},     {"claimed", &FigureLine::claimed},
    {"confirmed", &FigureLine::confirmed}, {"disputed", &FigureLine::disputed},
    {"grades", &FigureLine::grades},       {"text", &FigureLine::text},
    {"record", &FigureLine::record}};

constexpr std::pair<const char*, std::string Paper::*> kPaperMembers[] = {
    {"title", &Paper::title},
    {"source", &Paper::source},
    {"unit", &Paper::unit},
    {"period", &Paper::period},
    {"federation", &Paper::federation},
    {"pack", &Paper::pack},
    {"version", &Paper::pack_version},
    {"pack_digest", &Paper::pack_digest},
    {"cut", &Paper::cut},
    {"font", &Paper::font},
    {"undertaking", &Paper::undertaking},
    {"salt", &Paper::salt}};

json::object cell_json(const PaperCell& cell) {
  return {{"text", cell.text},
          {"across", cell.across},
          {"down", cell.down},
          {"title", cell.title},
          {"written", cell.written}};
}

json::object part_json(const PaperPart& part) {
  json::object out;
  for (const auto& [name, kind] : kKinds) {
    if (kind == part.kind) {
      out["kind"] = name;
    }
  }
  out["text"] = part.text;
  if (part.kind == PaperPart::Kind::kTable) {
    json::array widths;
    for (const double width : part.widths) {
      widths.emplace_back(static_cast<std::int64_t>(width));
    }
    json::array rows;
    for (const std::vector<PaperCell>& row : part.rows) {
      json::array cells;
      for (const PaperCell& cell : row) {
        cells.emplace_back(cell_json(cell));
      }
      rows.emplace_back(std::move(cells));
    }
    out["widths"] = std::move(widths);
    out["title_rows"] = static_cast<std::int64_t>(part.title_rows);
    out["rows"] = std::move(rows);
  }
  return out;
}

/// Throws boost::system::system_error where a member is missing or of another type.
PaperPart part_of(const json::object& object) {
  PaperPart part;
  const std::string_view wanted = object.at("kind").as_string();
  for (const auto& [name, kind] : kKinds) {
    if (name == wanted) {
      part.kind = kind;
    }
  }
  part.text = object.at("text").as_string();
  if (part.kind != PaperPart::Kind::kTable) {
    return part;
  }
  for (const json::value& width : object.at("widths").as_array()) {
    part.widths.push_back(
        static_cast<double>(std::clamp<std::int64_t>(width.as_int64(), 1, kWidthMax)));
  }
  part.title_rows = static_cast<std::size_t>(
      std::clamp<std::int64_t>(object.at("title_rows").as_int64(), 0, kSpanMax));
  for (const json::value& row : object.at("rows").as_array()) {
    std::vector<PaperCell>& cells = part.rows.emplace_back();
    for (const json::value& one : row.as_array()) {
      const json::object& cell = one.as_object();
      cells.push_back(
          {std::string(cell.at("text").as_string()),
           static_cast<int>(std::clamp<std::int64_t>(cell.at("across").as_int64(), 1, kSpanMax)),
           static_cast<int>(std::clamp<std::int64_t>(cell.at("down").as_int64(), 1, kSpanMax)),
           cell.at("title").as_bool(), cell.at("written").as_bool()});
    }
  }
  return part;
}

Paper paper_of(const json::object& object) {
  Paper paper;
  for (const auto& [name, member] : kPaperMembers) {
    paper.*member = object.at(name).as_string();
  }
  paper.landscape = object.at("landscape").as_bool();
  for (const json::value& part : object.at("parts").as_array()) {
    paper.parts.push_back(part_of(part.as_object()));
  }
  for (const json::value& item : object.at("figures").as_array()) {
    FigureLine line;
    for (const auto& [name, member] : kFigureMembers) {
      line.*member = item.as_object().at(name).as_string();
    }
    paper.figures.push_back(std::move(line));
  }
  return paper;
}

PaperCell title_cell(std::string text) {
  return {std::move(text), 1, 1, true, false};
}

/// Bytes of the longest line of a text.
std::size_t longest_line(std::string_view text) {
  std::size_t longest = 0;
  while (true) {
    const auto end = text.find('\n');
    longest = std::max(longest, text.substr(0, end).size());
    if (end == std::string_view::npos) {
      return longest;
    }
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::string Paper::json() const {
  json::object out{{"form", kFormat}, {"landscape", landscape}};
  for (const auto& [name, member] : kPaperMembers) {
    out[name] = this->*member;
  }
  json::array all_parts;
  for (const PaperPart& part : parts) {
    all_parts.emplace_back(part_json(part));
  }
  json::array all_figures;
  for (const FigureLine& line : figures) {
    json::object figure;
    for (const auto& [name, member] : kFigureMembers) {
      figure[name] = line.*member;
    }
    all_figures.emplace_back(std::move(figure));
  }
  out["parts"] = std::move(all_parts);
  out["figures"] = std::move(all_figures);
  return canonical_json(out);
}

Digest Paper::root() const {
  return sha256(as_bytes(json()));
}

std::string Paper::locator() const {
  std::string text = "hefu:1/" + federation + "/" + pack + "/" + pack_version + "/" + period + "/" +
                     cut + "/" + root().hex();
  std::string_view before = "?";
  for (const auto& [key, value] : {std::pair("bundle", &bundle), std::pair("node", &node)}) {
    if (!value->empty()) {
      text.append(before).append(key).append("=").append(*value);
      before = "&";
    }
  }
  return text;
}

Result<Paper> Paper::parse(std::string_view text) {
  while (text.ends_with('\n')) {
    text.remove_suffix(1);
  }
  auto document = parse_json(text, kPaperBytesMax);
  if (!document) {
    return document.error().during("filled form");
  }
  const json::object* object = document->if_object();
  const auto* format = object == nullptr ? nullptr : object->if_contains("form");
  if (format == nullptr || !format->is_string() || format->get_string() != kFormat) {
    return Error{Errc::kInvalid, "not a filled form of version 1",
                 "`hefu report write FORM --out FILE.json` makes one"};
  }
  try {
    Paper paper = paper_of(*object);
    if (paper.json() != text) {
      return Error{Errc::kInvalid, "filled form: something is missing, added or out of order",
                   "take the file as `hefu report write` wrote it"};
    }
    return paper;
  } catch (const std::exception& error) {
    return Error{Errc::kInvalid, std::string("filled form: ") + error.what(),
                 "take the file as `hefu report write` wrote it"};
  }
}

std::string foot_line(const Paper& paper) {
  return "截面 " + paper.cut.substr(0, 16) + "…  方案包 " + paper.pack + "/" + paper.pack_version +
         " " + paper.pack_digest.substr(0, 16) + "…";
}

std::vector<std::string> provenance_lines(const Paper& paper) {
  std::vector<std::string> lines = {
      "依据：" + paper.source, "填报范围：" + paper.unit + "    期间：" + paper.period,
      "数据截面：" + paper.cut,
      "指标方案包：" + paper.pack + "/" + paper.pack_version + "  " + paper.pack_digest,
      "表格根散列：" + paper.root().hex()};
  if (!paper.bundle.empty()) {
    lines.push_back("核验包散列：" + paper.bundle);
  }
  lines.emplace_back("二维码指向核验包；取得核验包后，hefu bundle verify 可离线核验每项数据。");
  return lines;
}

PaperPart evidence_table(const Paper& paper) {
  const bool aims = std::any_of(paper.figures.begin(), paper.figures.end(), [](const auto& line) {
    return !line.target.empty() || !line.verdict.empty();
  });
  struct Column {
    const char* title;
    double width;
    std::string (*of)(const FigureLine& line);
    bool shown = true;
  };
  const Column columns[] = {
      {"表中位置", 26, [](const FigureLine& line) { return line.where; }},
      {"期间", 9, [](const FigureLine& line) { return line.period; }},
      {"指标", 34, [](const FigureLine& line) { return line.title + "\n" + line.indicator; }},
      {"数值", 13,
       [](const FigureLine& line) {
         return line.text.empty() ? line.shown : std::string("见正文");
       }},
      {"目标", 12, [](const FigureLine& line) { return line.target; }, aims},
      {"结论", 10, [](const FigureLine& line) { return line.verdict; }, aims},
      {"申报/确认/争议", 14,
       [](const FigureLine& line) {
         return line.claimed + "/" + line.confirmed + "/" + line.disputed;
       }},
      {"证据等级", 18, [](const FigureLine& line) { return line.grades; }}};
  PaperPart table;
  table.kind = PaperPart::Kind::kTable;
  table.title_rows = 1;
  table.rows.resize(1 + paper.figures.size());
  for (const Column& column : columns) {
    if (!column.shown) {
      continue;
    }
    table.widths.push_back(column.width);
    table.rows[0].push_back(title_cell(column.title));
    for (std::size_t i = 0; i < paper.figures.size(); ++i) {
      table.rows[i + 1].push_back({column.of(paper.figures[i]), 1, 1, false, false});
    }
  }
  return table;
}

std::vector<bool> centred_columns(const PaperPart& table) {
  std::vector<bool> centred(table.widths.size(), table.title_rows > 0);
  std::vector<int> covered(table.widths.size(), 0);
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    std::size_t at = 0;
    for (const PaperCell& cell : table.rows[r]) {
      while (at < covered.size() && covered[at] > 0) {
        ++at;
      }
      if (at < centred.size() && r >= table.title_rows && cell.across == 1 &&
          longest_line(cell.text) > kCentredBytes) {
        centred[at] = false;
      }
      for (int i = 0; i < cell.across && at < covered.size(); ++i, ++at) {
        covered[at] = cell.down;
      }
    }
    std::for_each(covered.begin(), covered.end(), [](int& rows) { rows -= rows > 0 ? 1 : 0; });
  }
  return centred;
}

std::vector<PaperPart> printed_parts(const Paper& paper) {
  std::vector<PaperPart> parts = paper.parts;
  if (!paper.figures.empty()) {
    parts.push_back({PaperPart::Kind::kBreak, "", {}, 0, {}});
    parts.push_back({PaperPart::Kind::kHeading, "数据来源与证据", {}, 0, {}});
    parts.push_back(evidence_table(paper));
  }
  return parts;
}

}  // namespace hefu::forms
