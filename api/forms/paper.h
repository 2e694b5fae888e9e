#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/digest.h"
#include "crypto/result.h"

namespace hefu::forms {

/// One figure with all that it must not be without.
struct FigureLine {
  std::string where;  ///< of the form it stands behind: a row's number or a cell's name
  std::string indicator, period, title, shown, target, verdict;
  std::string claimed, confirmed, disputed;  ///< counts of records
  std::string grades;                        ///< "E1 3 · E2 12"
  std::string text;                          ///< the words of an indicator that is a text
  std::string record;                        ///< id of the record that holds these words

  bool operator==(const FigureLine&) const = default;
};

/// One cell as it is printed. Cells that a cell above covers are left out.
struct PaperCell {
  std::string text;
  int across = 1, down = 1;
  bool title = false;    ///< printed by the document, not filled
  bool written = false;  ///< by the office, in its own words
};

struct PaperPart {
  enum class Kind { kTitle, kHeading, kLine, kNote, kSeal, kBreak, kTable };
  Kind kind = Kind::kLine;
  std::string text;
  std::vector<double> widths;                ///< kTable: of its columns, in characters
  std::size_t title_rows = 0;                ///< kTable: repeated on every page
  std::vector<std::vector<PaperCell>> rows;  ///< kTable: they fill its columns exactly
};

/// A filled form: what is printed, and of every figure the evidence, the cut and the pack.
struct Paper {
  std::string title, source, unit, period;
  std::string federation;                       ///< its id, in hex; empty: not told
  std::string pack, pack_version, pack_digest;  ///< id, version, hex
  std::string cut;                              ///< digest of the cut, in hex
  std::string font;                             ///< of what the office writes; empty: the usual
  std::string undertaking;                      ///< to be signed over `root`; empty: nothing
  std::string salt;                             ///< hex; hides names and numbers behind the root
  bool landscape = true;
  std::vector<PaperPart> parts;
  std::vector<FigureLine> figures;
  // Where to look further; not part of what is hashed.
  std::string node;    ///< base URL of a node that serves the bundle
  std::string bundle;  ///< SHA-256 of a bundle file, in hex

  /// Canonical JSON (RFC 8785) of all but `node` and `bundle`.
  [[nodiscard]] std::string json() const;
  /// The form's root: SHA-256 of json().
  [[nodiscard]] Digest root() const;
  /// What the QR code says: where the figures come from, and where to get them. README.md of this
  /// folder gives its grammar.
  [[nodiscard]] std::string locator() const;
  /// The inverse of json(). Errors: kInvalid (not a filled form, or not in canonical form),
  /// kTooLarge.
  static Result<Paper> parse(std::string_view json);
};

/// Largest filled form, in bytes of JSON.
inline constexpr std::size_t kPaperBytesMax = std::size_t{8} << 20U;

/// The parts, and after them what every printed form ends with: the evidence of each figure as a
/// table, then source, cut, pack and root.
std::vector<PaperPart> printed_parts(const Paper& paper);
std::vector<std::string> provenance_lines(const Paper& paper);
/// The short line at the foot of every page.
std::string foot_line(const Paper& paper);
/// The evidence as a table by itself; without targets and verdicts where no figure has any.
PaperPart evidence_table(const Paper& paper);

/// Which columns of a table under titles are centred: those of numbers and short words, as a whole,
/// because cells that are centred one by one stand in a column like broken teeth. Of a table
/// without title rows: none, there each cell is for itself.
std::vector<bool> centred_columns(const PaperPart& table);

/// Each writer gives the bytes of a file; the same paper gives the same bytes. Texts are never
/// written as formulas, fields or links. Errors: kIo naming the format.
Result<std::string> paper_docx(const Paper& paper);
/// UTF-8 with a byte order mark, which Excel needs; one table after another, and at the end the
/// figures. A cell that a spreadsheet would take for a formula has an apostrophe before it (OWASP,
/// CSV injection).
std::string paper_csv(const Paper& paper);

/// Writes a workbook: a sheet for each table, fit to be printed, the evidence and the QR code on
/// the last. To a path, because libxlsxwriter writes files only. Errors: kIo.
Result<void> write_xlsx(const Paper& paper, const std::string& path);

/// The locator as a QR code (ISO/IEC 18004, level M), a PNG of 8 pixels a module with its quiet
/// zone. Errors: kTooLarge (over 2,331 bytes).
Result<std::string> qr_png(std::string_view text);

}  // namespace hefu::forms
