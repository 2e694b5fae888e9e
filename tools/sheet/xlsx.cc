#include "tools/sheet/xlsx.h"

#include <charconv>
#include <utility>

#include "tools/sheet/limits.h"
#include "tools/sheet/number.h"
#include "tools/sheet/xlsx_parts.h"
#include "tools/sheet/zip_parts.h"

namespace hefu::sheet {

namespace {

/// First bytes of a compound file: a workbook of before 2007, or one with a password.
/// Source: [MS-CFB] §2.2.
constexpr std::string_view kCompoundFile = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

Result<void> read_part(ZipParts& zip, const std::string& name, XmlHandler& handler) {
  XmlReader reader(handler);
  auto outcome =
      zip.read(name, [&](BytesView piece, bool last) { return reader.feed(piece, last); });
  return outcome ? outcome : Result<void>(outcome.error().during(name));
}

/// The cells of one sheet. Source: ECMA-376-1 §18.3.
class SheetPart : public XmlHandler {
 public:
  SheetPart(const SharedTextsPart& shared, const StylesPart& styles, bool since_1904)
      : shared_(shared), styles_(styles), since_1904_(since_1904) {}

  Result<void> start(std::string_view name, const Attributes& attributes) override {
    if (name == "row") {
      return start_row(attributes);
    }
    if (name == "c" && row_ != 0) {
      return start_cell(attributes);
    }
    if (name == "rPh") {
      ++phonetic_;
    }
    formula_ = formula_ || (in_cell_ && name == "f");
    in_value_ = in_cell_ && phonetic_ == 0 && (name == "v" || name == "t");
    return {};
  }

  Result<void> end(std::string_view name) override {
    if (name == "rPh") {
      --phonetic_;
    } else if (name == "v" || name == "t") {
      in_value_ = false;
    } else if (name == "c" && in_cell_) {
      in_cell_ = false;
      return end_cell();
    }
    return {};
  }

  Result<void> text(std::string_view piece) override {
    if (in_value_ && value_.size() <= kCellBytesMax) {
      value_.append(piece);
    }
    return {};
  }

  Grid take() { return builder_.take(); }

 private:
  Result<void> start_row(const Attributes& attributes) {
    std::uint32_t number = row_ + 1;
    if (const auto given = attributes.find("r")) {
      const auto [end, error] =
          std::from_chars(given->data(), given->data() + given->size(), number);
      if (error != std::errc() || end != given->data() + given->size() || number == 0) {
        return Error{Errc::kInvalid, "a row without a number", ""};
      }
    }
    if (number > kRowNumberMax) {
      return Error{Errc::kTooLarge, "a row beyond 1,048,576", ""};
    }
    row_ = number;
    next_column_ = 0;
    return {};
  }

  Result<void> start_cell(const Attributes& attributes) {
    column_ = next_column_;
    if (const auto given = attributes.find("r")) {
      const auto place = parse_cell_name(*given);
      if (!place || place->row != row_) {
        return Error{Errc::kInvalid,
                     "row " + std::to_string(row_) + " has a cell that is not of this row", ""};
      }
      column_ = place->column;
    }
    next_column_ = column_ + 1;
    type_ = std::string(attributes.find("t").value_or("n"));
    const std::string_view style = attributes.find("s").value_or("0");
    format_ = 0;
    std::from_chars(style.data(), style.data() + style.size(), format_);
    value_.clear();
    formula_ = false;
    in_cell_ = true;
    return {};
  }

  Result<void> end_cell() {
    Cell cell{column_, CellKind::kText, std::move(value_), formula_};
    value_.clear();
    if (type_ == "s") {
      std::size_t index = 0;
      const auto [end, error] =
          std::from_chars(cell.text.data(), cell.text.data() + cell.text.size(), index);
      if (error != std::errc() || end != cell.text.data() + cell.text.size() ||
          index >= shared_.texts.size()) {
        return Error{Errc::kInvalid, cell_name(column_, row_) + ": a text that is not there", ""};
      }
      cell.text = shared_.texts[index];
    } else if (type_ == "b") {
      cell.kind = CellKind::kBoolean;
      cell.text = cell.text == "1" || cell.text == "true" ? "TRUE" : "FALSE";
    } else if (type_ == "e") {
      cell.kind = CellKind::kError;
    } else if (type_ == "d") {
      cell.kind = CellKind::kDate;
      cell.text = cell.text.substr(0, 10);
    } else if (type_ == "n" && !cell.text.empty()) {
      if (auto ok = read_number(&cell); !ok) {
        return ok;
      }
    }
    return builder_.add(row_, std::move(cell));
  }

  Result<void> read_number(Cell* cell) {
    if (styles_.is_date(format_)) {
      if (const auto date = serial_date(cell->text, since_1904_)) {
        cell->kind = CellKind::kDate;
        cell->text = *date;
        return {};
      }
    }
    const auto plain = plain_number(cell->text);
    if (!plain) {
      return Error{Errc::kInvalid, cell_name(column_, row_) + ": not a number, or beyond 10^18",
                   "long numbers such as codes belong in cells of format text"};
    }
    cell->kind = CellKind::kNumber;
    cell->text = *plain;
    return {};
  }

  const SharedTextsPart& shared_;
  const StylesPart& styles_;
  const bool since_1904_;
  GridBuilder builder_;
  std::uint32_t row_ = 0;
  std::uint32_t column_ = 0;
  std::uint32_t next_column_ = 0;
  std::string type_;
  std::size_t format_ = 0;
  std::string value_;
  bool formula_ = false;
  bool in_cell_ = false;
  bool in_value_ = false;
  int phonetic_ = 0;
};

}  // namespace

struct XlsxFile::Content {
  ZipParts zip;
  WorkbookPart workbook;
  RelationsPart relations;
  SharedTextsPart shared;
  StylesPart styles;
  std::vector<SheetName> names;
};

XlsxFile::XlsxFile(std::unique_ptr<Content> content) : content_(std::move(content)) {}
XlsxFile::~XlsxFile() = default;
XlsxFile::XlsxFile(XlsxFile&& other) noexcept = default;
XlsxFile& XlsxFile::operator=(XlsxFile&& other) noexcept = default;

Result<XlsxFile> XlsxFile::open(BytesView bytes) {
  if (as_text(bytes).starts_with(kCompoundFile)) {
    return Error{Errc::kUnsupported, "a workbook with a password, or one of the old form .xls",
                 "save it as .xlsx without a password"};
  }
  auto zip = ZipParts::open(bytes);
  if (!zip) {
    return zip.error();
  }
  if (zip->has("xl/vbaProject.bin")) {
    return Error{Errc::kUnsupported, "a workbook with macros (.xlsm)",
                 "save it as .xlsx, which cannot hold any"};
  }
  if (zip->has("xl/workbook.bin")) {
    return Error{Errc::kUnsupported, "a binary workbook (.xlsb)", "save it as .xlsx"};
  }
  auto content = std::make_unique<Content>(Content{*std::move(zip), {}, {}, {}, {}, {}});
  Content& c = *content;
  auto ok = read_part(c.zip, "xl/workbook.xml", c.workbook);
  ok = ok ? read_part(c.zip, "xl/_rels/workbook.xml.rels", c.relations) : ok;
  if (ok && !c.relations.shared_texts.empty() && c.zip.has(c.relations.shared_texts)) {
    ok = read_part(c.zip, c.relations.shared_texts, c.shared);
  }
  if (ok && !c.relations.styles.empty() && c.zip.has(c.relations.styles)) {
    ok = read_part(c.zip, c.relations.styles, c.styles);
  }
  if (!ok) {
    return ok.error();
  }
  for (const WorkbookPart::Sheet& sheet : c.workbook.sheets) {
    c.names.push_back({sheet.name, sheet.visible});
  }
  if (c.names.empty()) {
    return Error{Errc::kInvalid, "the workbook has no sheet", ""};
  }
  return XlsxFile(std::move(content));
}

const std::vector<XlsxFile::SheetName>& XlsxFile::sheets() const {
  return content_->names;
}

Result<Grid> XlsxFile::read(std::size_t sheet) {
  Content& c = *content_;
  HEFU_ASSERT(sheet < c.names.size());
  const auto file = c.relations.files.find(c.workbook.sheets[sheet].relation);
  if (file == c.relations.files.end() || file->second.empty()) {
    return Error{Errc::kInvalid,
                 "the workbook does not hold its sheet number " + std::to_string(sheet + 1),
                 "open it in a spreadsheet program and save it again"};
  }
  SheetPart part(c.shared, c.styles, c.workbook.since_1904);
  if (auto ok = read_part(c.zip, file->second, part); !ok) {
    return ok.error();
  }
  return part.take();
}

}  // namespace hefu::sheet
