#include "tools/sheet/xlsx_parts.h"

#include <charconv>

#include "tools/sheet/limits.h"

namespace hefu::sheet {

namespace {

Error too_many(const char* what) {
  return Error{Errc::kTooLarge, std::string("the workbook has too many ") + what, "split it"};
}

/// A part's target as a name inside the zip file; empty if it leads out of it.
std::string inside(std::string_view target) {
  if (target.starts_with("/")) {
    target.remove_prefix(1);
    return target.find("..") == std::string_view::npos ? std::string(target) : "";
  }
  return target.find("..") == std::string_view::npos ? "xl/" + std::string(target) : "";
}

/// Format numbers that every program knows without a code: dates, and dates of East Asian Excel.
bool is_builtin_date(int format) {
  return (format >= 14 && format <= 17) || format == 22 || (format >= 27 && format <= 31) ||
         format == 36 || (format >= 50 && format <= 54) || format == 57 || format == 58;
}

}  // namespace

Result<void> WorkbookPart::start(std::string_view name, const Attributes& attributes) {
  if (name == "workbookPr") {
    const auto value = attributes.find("date1904");
    since_1904 = value == "1" || value == "true" || value == "on";
  } else if (name == "sheet") {
    if (sheets.size() == kSheetsMax) {
      return too_many("sheets: more than 256");
    }
    const auto state = attributes.find("state");
    sheets.push_back(Sheet{std::string(attributes.find("name").value_or("")),
                           std::string(attributes.find("id").value_or("")),
                           !state || state == "visible"});
  }
  return {};
}

Result<void> RelationsPart::start(std::string_view name, const Attributes& attributes) {
  if (name != "Relationship" || attributes.find("TargetMode") == "External") {
    return {};
  }
  const std::string_view type = attributes.find("Type").value_or("");
  const std::string target = inside(attributes.find("Target").value_or(""));
  if (type.ends_with("/worksheet")) {
    if (files.size() == kSheetsMax) {
      return too_many("sheets: more than 256");
    }
    files[std::string(attributes.find("Id").value_or(""))] = target;
  } else if (type.ends_with("/sharedStrings")) {
    shared_texts = target;
  } else if (type.ends_with("/styles")) {
    styles = target;
  }
  return {};
}

Result<void> SharedTextsPart::start(std::string_view name, const Attributes& /*attributes*/) {
  if (name == "si") {
    if (texts.size() == kSharedTextsMax) {
      return too_many("texts: more than 1,000,000");
    }
    texts.emplace_back();
  } else if (name == "rPh") {
    ++phonetic_;
  } else if (name == "t") {
    in_text_ = phonetic_ == 0 && !texts.empty();
  }
  return {};
}

Result<void> SharedTextsPart::end(std::string_view name) {
  if (name == "rPh") {
    --phonetic_;
  } else if (name == "t") {
    in_text_ = false;
  }
  return {};
}

Result<void> SharedTextsPart::text(std::string_view piece) {
  if (!in_text_) {
    return {};
  }
  bytes_ += piece.size();
  if (bytes_ > kCellsBytesMax) {
    return too_many("texts: more than 128 MiB");
  }
  // What is longer than a cell may hold is cut just beyond it: the cell that shows it is refused.
  if (texts.back().size() <= kCellBytesMax) {
    texts.back().append(piece);
  }
  return {};
}

bool is_date_format(std::string_view code) {
  bool quoted = false;
  bool bracketed = false;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '"') {
      quoted = !quoted;
    } else if (quoted) {
      continue;
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else if (c == '[') {
      bracketed = true;
    } else if (c == ']') {
      bracketed = false;
    } else if (!bracketed && (c == 'y' || c == 'Y' || c == 'd' || c == 'D')) {
      return true;
    }
  }
  return false;
}

Result<void> StylesPart::start(std::string_view name, const Attributes& attributes) {
  const std::string format(attributes.find("numFmtId").value_or(""));
  if (name == "cellXfs") {
    in_cell_formats_ = true;
  } else if (name == "numFmt") {
    if (own_formats_.size() == kFormatsMax) {
      return too_many("formats");
    }
    own_formats_[format] = is_date_format(attributes.find("formatCode").value_or(""));
  } else if (name == "xf" && in_cell_formats_) {
    if (dates.size() == kFormatsMax) {
      return too_many("formats");
    }
    const auto own = own_formats_.find(format);
    int number = 0;
    std::from_chars(format.data(), format.data() + format.size(), number);
    dates.push_back(own != own_formats_.end() ? own->second : is_builtin_date(number));
  }
  return {};
}

Result<void> StylesPart::end(std::string_view name) {
  in_cell_formats_ = in_cell_formats_ && name != "cellXfs";
  return {};
}

}  // namespace hefu::sheet
