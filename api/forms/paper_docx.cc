#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <utility>

#include <zip.h>

#include "api/forms/paper.h"
#include "crypto/encoding.h"

// WordprocessingML (ECMA-376 part 1) as Word, WPS and LibreOffice read it: one document, one foot,
// one picture. Lengths are in twentieths of a point where not said otherwise.

namespace hefu::forms {

namespace {

// A4 (ISO 216) and its margins.
constexpr int kPageShort = 11906;
constexpr int kPageLong = 16838;
constexpr int kMargin = 1021;
constexpr int kPictureEmu = 1'260'000;  ///< 35 mm in English Metric Units
/// Where the paper asks for a line pitch of 16 points and size three (16 points).
constexpr int kWrittenLine = 320;
constexpr int kWrittenHalfPoints = 32;
constexpr int kTableHalfPoints = 20;
constexpr int kEvidenceHalfPoints = 16;
/// Above and below what stands in a cell.
constexpr int kCellSpace = 30;
/// Ends every table. LibreOffice 7.4 loses all rows but the first of a table whose titles are
/// repeated, where the page ends below that row, the row must not be divided and a heading follows
/// the table at once: so there is something between, and the first row may be divided.
/// tests/demo/pages prints tables at many places.
constexpr const char* kTableEnd =
    "</w:tbl><w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"20\" "
    "w:lineRule=\"exact\"/></w:pPr></w:p>";
/// Around a line that is stamped: a seal of an institution has a diameter of 42 mm at most, and
/// four lines one below the other are to take one each.
constexpr int kSealSpace = 560;
constexpr int kSealHalfPoints = 28;
/// Above such a line that ends a table: a stamp may cover the table's foot, and the line is to stay
/// on the table's page.
constexpr int kSealBelow = 240;
/// What fits a line is centred in its cell; what is a text, and no name, is longer.
constexpr std::size_t kCentredBytes = 15;
constexpr std::size_t kShortBytes = 120;
/// The first day a zip file can name, in MS-DOS form: 1980-01-01.
constexpr zip_uint16_t kDosDate = 0x0021;

constexpr const char* kTypes =
    R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/></Types>)";
constexpr const char* kRelations =
    R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>)";
constexpr const char* kDocumentRelations =
    R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/qr.png"/></Relationships>)";
constexpr const char* kStyles =
    R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="宋体"/><w:sz w:val="21"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style></w:styles>)";
constexpr const char* kNamespaces =
    R"( xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture")";

/// Text as XML: markup escaped, control characters (which XML 1.0 does not allow) left out.
std::string escaped(std::string_view text) {
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
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\t') {
          out += c;
        }
    }
  }
  return out;
}

struct Look {
  int half_points = 21;
  bool bold = false;
  const char* align = "left";
  int before = 0, after = 0;
  std::string font;  ///< empty: the document's
  int line = 0;      ///< exact line pitch; 0: as the font asks
  bool keep_with_next = false;
  bool on_new_page = false;
};

/// Runs of one paragraph; a line break of the text is one of the paragraph.
std::string runs(std::string_view text, const Look& look) {
  std::string properties = "<w:rPr>";
  if (!look.font.empty()) {
    properties += "<w:rFonts w:eastAsia=\"" + escaped(look.font) + "\"/>";
  }
  properties += look.bold ? "<w:b/>" : "";
  properties += "<w:sz w:val=\"" + std::to_string(look.half_points) + "\"/></w:rPr>";
  std::string out;
  for (bool first = true;; first = false) {
    const auto end = text.find('\n');
    out += "<w:r>" + properties + (first ? "" : "<w:br/>") + "<w:t xml:space=\"preserve\">" +
           escaped(text.substr(0, end)) + "</w:t></w:r>";
    if (end == std::string_view::npos) {
      return out;
    }
    text.remove_prefix(end + 1);
  }
}

std::string paragraph(std::string_view text, const Look& look) {
  std::string spacing = "<w:spacing w:before=\"" + std::to_string(look.before) + "\" w:after=\"" +
                        std::to_string(look.after) + "\"";
  if (look.line > 0) {
    spacing += " w:line=\"" + std::to_string(look.line) + "\" w:lineRule=\"exact\"";
  }
  return std::string("<w:p><w:pPr>") + (look.keep_with_next ? "<w:keepNext/>" : "") +
         (look.on_new_page ? "<w:pageBreakBefore/>" : "") + spacing + "/><w:jc w:val=\"" +
         look.align + "\"/></w:pPr>" + runs(text, look) + "</w:p>";
}

class DocumentWriter {
 public:
  explicit DocumentWriter(const Paper& paper)
      : paper_(paper), width_((paper.landscape ? kPageLong : kPageShort) - 2 * kMargin) {}

  std::string write() {
    const std::vector<PaperPart> parts = printed_parts(paper_);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      // A paragraph for the break alone would make a page of its own after one that is full.
      if (parts[i].kind == PaperPart::Kind::kBreak && i + 1 < parts.size() &&
          parts[i + 1].kind != PaperPart::Kind::kTable) {
        on_new_page_ = true;
        continue;
      }
      table_half_points_ = i < paper_.parts.size() ? kTableHalfPoints : kEvidenceHalfPoints;
      add(parts[i]);
      after_table_ = parts[i].kind == PaperPart::Kind::kTable;
    }
    add_provenance();
    const std::string size = paper_.landscape
                                 ? "<w:pgSz w:w=\"" + std::to_string(kPageLong) + "\" w:h=\"" +
                                       std::to_string(kPageShort) + "\" w:orient=\"landscape\"/>"
                                 : "<w:pgSz w:w=\"" + std::to_string(kPageShort) + "\" w:h=\"" +
                                       std::to_string(kPageLong) + "\"/>";
    const std::string margin = std::to_string(kMargin);
    return std::string("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n") +
           "<w:document" + kNamespaces + "><w:body>" + body_ +
           "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId2\"/>" + size +
           "<w:pgMar w:top=\"" + margin + "\" w:right=\"" + margin + "\" w:bottom=\"" + margin +
           "\" w:left=\"" + margin + "\" w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/>" +
           "</w:sectPr></w:body></w:document>";
  }

 private:
  void add(const PaperPart& part) {
    switch (part.kind) {
      case PaperPart::Kind::kTitle:
        add_text(part, Look{36, true, "center", 120, 200, "", 0, true});
        break;
      case PaperPart::Kind::kHeading:
        add_text(part, Look{28, true, "left", 200, 100, "", 0, true});
        break;
      case PaperPart::Kind::kLine:
        add_text(part, Look{24, false, "left", 60, 60, paper_.font, 0, false});
        break;
      case PaperPart::Kind::kNote:
        add_text(part, Look{18, false, "left", 20, 20, "", 0, false});
        break;
      case PaperPart::Kind::kSeal:
        add_text(part, Look{kSealHalfPoints, false, "left", after_table_ ? kSealBelow : kSealSpace,
                            after_table_ ? 0 : kSealSpace, paper_.font, 0, false});
        break;
      case PaperPart::Kind::kBreak:
        body_ += "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>";
        break;
      case PaperPart::Kind::kTable:
        add_table(part);
        break;
    }
  }

  void add_text(const PaperPart& part, Look look) {
    look.on_new_page = std::exchange(on_new_page_, false);
    body_ += paragraph(part.text, look);
  }

  /// The widths of a table's columns, which fill the page exactly.
  [[nodiscard]] std::vector<int> scaled(const std::vector<double>& widths) const {
    const double sum = std::accumulate(widths.begin(), widths.end(), 0.0);
    std::vector<int> out;
    for (const double width : widths) {
      out.push_back(static_cast<int>(std::lround(width / sum * width_)));
    }
    return out;
  }

  void add_table(const PaperPart& table) {
    const std::vector<int> widths = scaled(table.widths);
    body_ += "<w:tbl><w:tblPr><w:tblW w:w=\"" + std::to_string(width_) +
             "\" w:type=\"dxa\"/><w:jc w:val=\"center\"/><w:tblBorders>";
    for (const char* side : {"top", "left", "bottom", "right", "insideH", "insideV"}) {
      body_ += std::string("<w:") + side +
               " w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>";
    }
    body_ +=
        "</w:tblBorders><w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"70\" "
        "w:type=\"dxa\"/><w:right w:w=\"70\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>";
    for (const int width : widths) {
      body_ += "<w:gridCol w:w=\"" + std::to_string(width) + "\"/>";
    }
    body_ += "</w:tblGrid>";
    centred_ = centred_columns(table);
    under_titles_ = table.title_rows > 0;
    std::vector<Covered> covered(widths.size());
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      add_row(table, r, widths, &covered);
    }
    body_ += kTableEnd;
  }

  /// For each column: how many rows the cell from above still covers, and over how many columns.
  struct Covered {
    int rows = 0;
    int across = 1;
  };

  void add_row(const PaperPart& table, std::size_t r, const std::vector<int>& widths,
               std::vector<Covered>* covered) {
    const bool heads = r < table.title_rows;
    const bool first = table.title_rows > 0 && r == table.title_rows;
    const bool whole = !first && is_short(table.rows[r]);
    body_ += std::string("<w:tr><w:trPr>") + (whole ? "<w:cantSplit/>" : "") +
             (heads ? "<w:tblHeader/>" : "") + "</w:trPr>";
    auto next = table.rows[r].begin();
    for (std::size_t at = 0; at < widths.size();) {
      Covered& above = (*covered)[at];
      if (above.rows > 0) {
        --above.rows;
        add_cell({"", above.across, 1, false, false}, at, widths, "<w:vMerge/>", false);
        at += static_cast<std::size_t>(above.across);
      } else if (next != table.rows[r].end()) {
        const int across = std::min(next->across, static_cast<int>(widths.size() - at));
        above = {next->down - 1, across};
        PaperCell cell = *next++;
        cell.across = across;
        add_cell(cell, at, widths, cell.down > 1 ? "<w:vMerge w:val=\"restart\"/>" : "", heads);
        at += static_cast<std::size_t>(across);
      } else {
        add_cell({}, at++, widths, "", false);
      }
    }
    body_ += "</w:tr>";
  }

  /// Rows that fit a page are not divided between two, but for the first below titles (kTableEnd).
  static bool is_short(const std::vector<PaperCell>& row) {
    return std::all_of(row.begin(), row.end(),
                       [](const PaperCell& cell) { return cell.text.size() < 900; });
  }

  void add_cell(const PaperCell& cell, std::size_t at, const std::vector<int>& widths,
                const std::string& merge, bool heads) {
    const int width =
        std::accumulate(widths.begin() + static_cast<std::ptrdiff_t>(at),
                        widths.begin() + static_cast<std::ptrdiff_t>(at) + cell.across, 0);
    body_ +=
        "<w:tc><w:tcPr><w:tcW w:w=\"" + std::to_string(width) + "\" w:type=\"dxa\"/>" +
        (cell.across > 1 ? "<w:gridSpan w:val=\"" + std::to_string(cell.across) + "\"/>" : "") +
        merge + (heads ? "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"F2F2F2\"/>" : "") +
        "<w:vAlign w:val=\"center\"/></w:tcPr>";
    // The documents' rule for texts is for texts: names and numbers in narrow cells keep the
    // table's.
    const bool words = cell.written && !paper_.font.empty() && 2 * width >= width_ &&
                       cell.text.size() > kShortBytes;
    Look look;
    look.bold = heads;
    look.half_points = words ? kWrittenHalfPoints : table_half_points_;
    look.line = words ? kWrittenLine : 0;
    look.font = words ? paper_.font : "";
    const bool centred = heads || cell.title || cell.down > 1 || centred_[at] ||
                         (!under_titles_ && !cell.written && cell.text.size() <= kCentredBytes);
    look.before = look.after = kCellSpace;
    look.align = centred && !words ? "center" : "left";
    body_ += paragraph(cell.text, look) + "</w:tc>";
  }

  void add_provenance() {
    bool first = true;
    for (const std::string& line : provenance_lines(paper_)) {
      body_ += paragraph(line, Look{17, false, "left", first ? 160 : 10, 10, "", 0, true});
      first = false;
    }
    const std::string size = std::to_string(kPictureEmu);
    body_ +=
        "<w:p><w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\">"
        "<wp:extent cx=\"" +
        size + "\" cy=\"" + size + "\"/><wp:docPr id=\"1\" name=\"QR\" descr=\"" +
        escaped(paper_.locator()) +
        "\"/><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/"
        "picture\"><pic:pic><pic:nvPicPr><pic:cNvPr id=\"1\" name=\"qr.png\"/><pic:cNvPicPr/>"
        "</pic:nvPicPr><pic:blipFill><a:blip r:embed=\"rId3\"/><a:stretch><a:fillRect/>"
        "</a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"" +
        size + "\" cy=\"" + size +
        "\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>"
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>";
  }

  const Paper& paper_;
  int width_;
  int table_half_points_ = 0;
  bool on_new_page_ = false;
  bool after_table_ = false;
  bool under_titles_ = false;  ///< of the table under way: it has columns with titles
  std::vector<bool> centred_;  ///< of the table under way: its columns
  std::string body_;
};

std::string field(const char* what) {
  return std::string(
             "<w:r><w:rPr><w:sz w:val=\"16\"/></w:rPr><w:fldChar w:fldCharType=\"begin\"/>"
             "</w:r><w:r><w:rPr><w:sz w:val=\"16\"/></w:rPr><w:instrText "
             "xml:space=\"preserve\"> ") +
         what +
         " </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:rPr>"
         "<w:sz w:val=\"16\"/></w:rPr><w:t>1</w:t></w:r><w:r><w:fldChar "
         "w:fldCharType=\"end\"/></w:r>";
}

/// Cut and pack on the left, the page on the right, on every page.
std::string foot(const Paper& paper) {
  const int width = (paper.landscape ? kPageLong : kPageShort) - 2 * kMargin;
  const Look look{16, false, "left", 0, 0, "", 0, false};
  return std::string("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:ftr") +
         kNamespaces + "><w:p><w:pPr><w:tabs><w:tab w:val=\"right\" w:pos=\"" +
         std::to_string(width) + "\"/></w:tabs></w:pPr>" + runs(foot_line(paper), look) +
         "<w:r><w:tab/></w:r>" + runs("第 ", look) + field("PAGE") + runs(" 页 共 ", look) +
         field("NUMPAGES") + runs(" 页", look) + "</w:p></w:ftr>";
}

/// The files of a document, zipped. libzip reads them when the archive is closed: they live longer.
Result<std::string> zipped(const std::vector<std::pair<const char*, const std::string*>>& files) {
  const Error failed{Errc::kIo, "cannot pack the document", ""};
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  if (target == nullptr) {
    return failed;
  }
  zip_source_keep(target);  // it outlives the archive, which would free it
  const std::unique_ptr<zip_source_t, void (*)(zip_source_t*)> kept(target, zip_source_free);
  zip_t* archive = zip_open_from_source(target, ZIP_TRUNCATE, &error);
  if (archive == nullptr) {
    zip_source_free(target);
    return failed;
  }
  for (const auto& [name, content] : files) {
    zip_source_t* source = zip_source_buffer(archive, content->data(), content->size(), 0);
    const zip_int64_t at =
        source == nullptr ? -1 : zip_file_add(archive, name, source, ZIP_FL_ENC_UTF_8);
    if (at < 0) {
      zip_source_free(source);
      zip_discard(archive);
      return failed;
    }
    zip_file_set_dostime(archive, static_cast<zip_uint64_t>(at), 0, kDosDate, 0);
  }
  if (zip_close(archive) != 0) {
    zip_discard(archive);
    return failed;
  }
  zip_stat_t stat;
  std::string bytes;
  if (zip_source_stat(target, &stat) != 0 || zip_source_open(target) != 0) {
    return failed;
  }
  bytes.resize(stat.size);
  const zip_int64_t read = zip_source_read(target, bytes.data(), bytes.size());
  zip_source_close(target);
  return read == static_cast<zip_int64_t>(bytes.size()) ? Result<std::string>(std::move(bytes))
                                                        : Result<std::string>(failed);
}

}  // namespace

Result<std::string> paper_docx(const Paper& paper) {
  auto code = qr_png(paper.locator());
  if (!code) {
    return code.error();
  }
  const std::string types = kTypes;
  const std::string relations = kRelations;
  const std::string document_relations = kDocumentRelations;
  const std::string styles = kStyles;
  const std::string document = DocumentWriter(paper).write();
  const std::string page_foot = foot(paper);
  return zipped({{"[Content_Types].xml", &types},
                 {"_rels/.rels", &relations},
                 {"word/document.xml", &document},
                 {"word/_rels/document.xml.rels", &document_relations},
                 {"word/styles.xml", &styles},
                 {"word/footer1.xml", &page_foot},
                 {"word/media/qr.png", &*code}});
}

}  // namespace hefu::forms
