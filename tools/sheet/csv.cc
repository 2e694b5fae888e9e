#include "tools/sheet/csv.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <utility>

#include <iconv.h>

#include "crypto/encoding.h"
#include "tools/sheet/limits.h"
#include "tools/sheet/number.h"

namespace hefu::sheet {

namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view kUtf16Mark = "\xFF\xFE";

Error not_of(const std::string& encoding, std::size_t offset) {
  return Error{Errc::kInvalid, "byte " + std::to_string(offset) + " is not text in " + encoding,
               "name its encoding with --encoding (utf-8, gb18030, utf-16), or save it as .xlsx"};
}

Result<std::string> convert(BytesView bytes, const char* from, const std::string& shown) {
  const iconv_t converter = iconv_open("UTF-8", from);
  if (reinterpret_cast<std::intptr_t>(converter) == -1) {
    return Error{Errc::kUnsupported, "this system cannot convert " + shown,
                 "save the file as CSV in UTF-8, or as .xlsx"};
  }
  std::string text;
  Bytes input = to_bytes(bytes);
  char* in = reinterpret_cast<char*>(input.data());
  std::size_t left = input.size();
  bool good = true;
  while (left > 0 && good) {
    std::array<char, 16384> piece{};
    char* out = piece.data();
    std::size_t room = piece.size();
    good =
        iconv(converter, &in, &left, &out, &room) != static_cast<std::size_t>(-1) || errno == E2BIG;
    text.append(piece.data(), piece.size() - room);
  }
  iconv_close(converter);
  if (!good) {
    return not_of(shown, bytes.size() - left);
  }
  return text;
}

char separator_of(std::string_view text) {
  std::array<std::pair<char, std::size_t>, 3> seen{{{',', 0}, {';', 0}, {'\t', 0}}};
  bool quoted = false;
  for (const char c : text) {
    quoted = c == '"' ? !quoted : quoted;
    if (!quoted && (c == '\n' || c == '\r')) {
      break;
    }
    for (auto& [separator, count] : seen) {
      count += !quoted && c == separator ? 1U : 0U;
    }
  }
  return std::max_element(seen.begin(), seen.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

bool starts_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos &&
         !plain_number(text);
}

/// Without the quote mark that `csv_cell` puts before what would be a formula.
std::string without_guard(std::string text) {
  if (text.size() > 1 && text[0] == '\'' && starts_formula(std::string_view(text).substr(1))) {
    text.erase(0, 1);
  }
  return text;
}

class CsvReader {
 public:
  CsvReader(std::string_view text, char separator) : text_(text), separator_(separator) {}

  Result<Grid> read() {
    while (at_ < text_.size()) {
      if (auto ok = cell(); !ok) {
        return ok.error();
      }
    }
    return builder_.take();
  }

 private:
  /// One cell and what parts it from the next.
  Result<void> cell() {
    std::string content;
    if (text_[at_] == '"') {
      if (auto ok = quoted(&content); !ok) {
        return ok;
      }
    }
    while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n' &&
           text_[at_] != '\r') {
      content += text_[at_++];
    }
    if (auto ok = builder_.add(
            row_, Cell{column_, CellKind::kText, without_guard(std::move(content)), false});
        !ok) {
      return ok;
    }
    ++column_;
    if (at_ < text_.size()) {
      const char end = text_[at_++];
      if (end != separator_) {
        at_ += end == '\r' && at_ < text_.size() && text_[at_] == '\n' ? 1U : 0U;
        ++row_;
        column_ = 0;
      }
    }
    return {};
  }

  Result<void> quoted(std::string* content) {
    ++at_;
    while (at_ < text_.size()) {
      if (text_[at_] == '"') {
        if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
          ++at_;
        } else {
          ++at_;
          return {};
        }
      }
      if (content->size() > kCellBytesMax) {
        break;
      }
      *content += text_[at_++];
    }
    return Error{Errc::kInvalid,
                 cell_name(column_, row_) + ": a quoted text that does not end within 16 KiB",
                 "a quote mark inside a text is written twice"};
  }

  const std::string_view text_;
  const char separator_;
  std::size_t at_ = 0;
  std::uint32_t row_ = 1;
  std::uint32_t column_ = 0;
  GridBuilder builder_;
};

}  // namespace

Result<std::string> decode_text(BytesView bytes, std::string_view encoding, std::string* found) {
  const std::string_view raw = as_text(bytes);
  const auto tell = [&](const char* name) {
    if (found != nullptr) {
      *found = name;
    }
  };
  if (encoding.empty()) {
    encoding = raw.starts_with(kUtf16Mark)                  ? "utf-16"
               : raw.starts_with(kUtf8Mark) || is_utf8(raw) ? "utf-8"
                                                            : "gb18030";
  }
  if (encoding == "utf-8") {
    tell("utf-8");
    std::string_view text = raw;
    if (text.starts_with(kUtf8Mark)) {
      text.remove_prefix(kUtf8Mark.size());
    }
    if (!is_utf8(text)) {
      std::string_view rest = text;
      while (take_code_point(rest)) {
      }
      return not_of("UTF-8", raw.size() - rest.size());
    }
    return std::string(text);
  }
  if (encoding == "gb18030" || encoding == "gbk" || encoding == "gb2312") {
    tell("gb18030");
    return convert(bytes, "GB18030", "GB18030");
  }
  if (encoding == "utf-16") {
    tell("utf-16");
    const bool marked = raw.starts_with(kUtf16Mark);
    return convert(bytes.subspan(marked ? kUtf16Mark.size() : 0), "UTF-16LE", "UTF-16");
  }
  return Error{Errc::kUnsupported, std::string(encoding) + " is no encoding read here",
               "use utf-8, gb18030 or utf-16"};
}

Result<Grid> read_csv(std::string_view text) {
  char separator = separator_of(text);
  constexpr std::string_view kExcelLine = "sep=";
  if (text.size() > kExcelLine.size() && text.starts_with(kExcelLine)) {
    separator = text[kExcelLine.size()];
    // Row numbers stay those of the file.
    std::string blanked(text);
    std::fill_n(blanked.begin(), kExcelLine.size() + 1, ' ');
    return CsvReader(blanked, separator).read();
  }
  return CsvReader(text, separator).read();
}

std::string csv_cell(std::string_view text) {
  std::string content = (starts_formula(text) ? "'" : "") + std::string(text);
  if (content.find_first_of(",;\"\t\r\n") == std::string::npos) {
    return content;
  }
  std::string quoted = "\"";
  for (const char c : content) {
    quoted += c;
    if (c == '"') {
      quoted += '"';
    }
  }
  return quoted + "\"";
}

}  // namespace hefu::sheet
