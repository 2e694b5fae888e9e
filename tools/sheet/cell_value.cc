#include "tools/sheet/cell_value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include "crypto/digest.h"
#include "crypto/encoding.h"
#include "ledger/event/canonical_json.h"
#include "ledger/event/date.h"
#include "ledger/event/event.h"
#include "tools/sheet/enum_words.h"
#include "tools/sheet/number.h"

namespace hefu::sheet {

namespace json = boost::json;

namespace {

constexpr std::size_t kDigitsSure = 15;
constexpr std::size_t kChoicesShown = 12;

CellValue wrong(std::string_view found, Title expected) {
  return {std::nullopt,
          {"“" + shown(found) + "”：" + expected.zh, "\"" + shown(found) + "\": " + expected.en}};
}

/// Thousands separators and a unit sign dropped.
std::string bare_number(std::string_view text) {
  std::string bare;
  std::string plain = half_width(text);
  for (const std::string_view sign : {"¥", "￥", "元"}) {
    if (const auto at = plain.find(sign); at != std::string::npos) {
      plain.erase(at, sign.size());
    }
  }
  std::copy_if(plain.begin(), plain.end(), std::back_inserter(bare),
               [](char c) { return c != ',' && c != ' '; });
  return bare;
}

CellValue read_integer(std::string_view text) {
  const auto plain = plain_number(bare_number(text));
  std::int64_t number = 0;
  if (plain) {
    const auto [end, error] = std::from_chars(plain->data(), plain->data() + plain->size(), number);
    if (error == std::errc() && end == plain->data() + plain->size() && number <= kJsonIntegerMax &&
        number >= -kJsonIntegerMax) {
      return {json::value(number), {}};
    }
  }
  return wrong(text, {"应为整数，例如 12", "a whole number is expected, such as 12"});
}

CellValue read_decimal(std::string_view text) {
  const std::string bare = bare_number(text);
  const auto plain = plain_number(bare);
  if (plain && Decimal::parse(*plain)) {
    return {json::value(*plain), {}};
  }
  if (bare.ends_with("%")) {
    return wrong(text, {"应为不带百分号的数字", "a number without % is expected"});
  }
  return wrong(text, {"应为数字，例如 1.5", "a number is expected, such as 1.5"});
}

CellValue read_money(std::string_view text) {
  const auto plain = plain_number(bare_number(text));
  const auto amount = plain ? Decimal::parse(*plain) : std::nullopt;
  if (amount && amount->scale <= 2) {
    std::int64_t fen = amount->units;
    for (int i = amount->scale; i < 2; ++i) {
      if (fen > kJsonIntegerMax / 10 || fen < -kJsonIntegerMax / 10) {
        return wrong(text, {"金额过大", "too large an amount"});
      }
      fen *= 10;
    }
    return {json::value(fen), {}};
  }
  return wrong(text, {"应为金额，单位元，最多两位小数，例如 1200.50",
                      "an amount in yuan is expected, at most two decimals, such as 1200.50"});
}

/// Year, month and day of a date as people write it; the separators are made '-'.
std::optional<std::string> written_date(std::string_view text) {
  std::string bare = half_width(text);
  for (const std::string_view sign : {"年", "月", "/", "."}) {
    for (auto at = bare.find(sign); at != std::string::npos; at = bare.find(sign, at + 1)) {
      bare.replace(at, sign.size(), "-");
    }
  }
  if (bare.ends_with("日")) {
    bare.resize(bare.size() - std::string_view("日").size());
  }
  const bool digits =
      std::all_of(bare.begin(), bare.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits && bare.size() == 8) {
    bare = bare.substr(0, 4) + "-" + bare.substr(4, 2) + "-" + bare.substr(6);
  }
  std::array<int, 3> parts{};
  const char* at = bare.data();
  const char* const last = bare.data() + bare.size();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto [end, error] = std::from_chars(at, last, parts[i]);
    if (error != std::errc() || (i < 2 ? end == last || *end != '-' : end != last)) {
      return std::nullopt;
    }
    at = end + 1;
  }
  const auto date = Date::from_civil(parts[0], parts[1], parts[2]);
  return date && Date::parse(date->text()) ? std::optional(date->text()) : std::nullopt;
}

CellValue read_date(std::string_view text) {
  if (const auto date = written_date(text)) {
    return {json::value(*date), {}};
  }
  return wrong(text, {"应为日期，例如 2025-11-08", "a date is expected, such as 2025-11-08"});
}

CellValue read_hex(std::string_view text, const Title& what) {
  std::string bare = half_width(text);
  for (char& c : bare) {
    c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (Digest::from_hex(bare)) {
    return {json::value(bare), {}};
  }
  return wrong(text, {"应为" + what.zh + "：64位十六进制数字",
                      what.en + " is expected: 64 hexadecimal digits"});
}

CellValue read_enum(const FieldType& type, std::string_view text) {
  if (const auto value = enum_value(type, text)) {
    return {json::value(*value), {}};
  }
  Title expected{"应为下列之一：", "expected is one of: "};
  for (std::size_t i = 0; i < type.names.size() && i < kChoicesShown; ++i) {
    expected.zh += (i == 0 ? "" : "、") + shown_word(type, type.names[i]);
    expected.en += (i == 0 ? "" : ", ") + type.names[i];
  }
  if (type.names.size() > kChoicesShown) {
    const std::string more = std::to_string(type.names.size());
    expected.zh += "……共" + more + "项，见下拉列表";
    expected.en += " … " + more + " in all, see the drop-down";
  }
  return wrong(text, expected);
}

/// The parts of a list or tuple, without the spaces around them; a last empty part does not count.
std::vector<std::string> split(std::string_view text, std::initializer_list<std::string_view> at) {
  std::vector<std::string> parts(1);
  while (!text.empty()) {
    const auto separator = std::find_if(
        at.begin(), at.end(), [&](std::string_view one) { return text.starts_with(one); });
    if (separator != at.end()) {
      parts.emplace_back();
      text.remove_prefix(separator->size());
    } else {
      parts.back() += text[0];
      text.remove_prefix(1);
    }
  }
  for (std::string& part : parts) {
    const auto begin = part.find_first_not_of(" \t\r\n");
    part = begin == std::string::npos
               ? ""
               : part.substr(begin, part.find_last_not_of(" \t\r\n") - begin + 1);
  }
  while (parts.size() > 1 && parts.back().empty()) {
    parts.pop_back();
  }
  return parts;
}

CellValue read_text(const FieldType& type, std::string_view text, const Institutions& institutions);

CellValue read_list(const FieldType& type, std::string_view text,
                    const Institutions& institutions) {
  const FieldKind kind = type.parts[0].kind;
  const bool names = kind == FieldKind::kEnum || kind == FieldKind::kParty;
  json::array list;
  for (const std::string& part :
       names ? split(text, {"；", ";", "\n", "、"}) : split(text, {"；", ";", "\n"})) {
    auto one = part.empty()
                   ? wrong(text, {"分号之间有一项是空的", "an empty part between semicolons"})
                   : read_text(type.parts[0], part, institutions);
    if (!one.value) {
      return one;
    }
    list.push_back(*std::move(one.value));
  }
  return {json::value(std::move(list)), {}};
}

CellValue read_tuple(const FieldType& type, std::string_view text,
                     const Institutions& institutions) {
  const auto parts = split(text, {"|", "｜"});
  if (parts.size() != type.parts.size()) {
    const std::string count = std::to_string(type.parts.size());
    return wrong(text,
                 {"应有" + count + "部分，用竖线隔开", count + " parts parted by | are expected"});
  }
  json::object tuple;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto one = read_text(type.parts[i], parts[i], institutions);
    if (!one.value) {
      return one;
    }
    tuple[type.names[i]] = *std::move(one.value);
  }
  return {json::value(std::move(tuple)), {}};
}

CellValue read_one_of(const FieldType& type, std::string_view text,
                      const Institutions& institutions) {
  Title reasons;
  for (const FieldType& part : type.parts) {
    auto one = read_text(part, text, institutions);
    if (one.value) {
      return one;
    }
    reasons.zh += (reasons.zh.empty() ? "" : "；或 ") + one.wrong.zh;
    reasons.en += (reasons.en.empty() ? "" : "; or ") + one.wrong.en;
  }
  return {std::nullopt, reasons};
}

CellValue read_text(const FieldType& type, std::string_view text,
                    const Institutions& institutions) {
  switch (type.kind) {
    case FieldKind::kText:
    case FieldKind::kKey:
    case FieldKind::kBytes:
      return {json::value(std::string(text)), {}};
    case FieldKind::kInteger:
      return read_integer(text);
    case FieldKind::kDecimal:
      return read_decimal(text);
    case FieldKind::kMoney:
      return read_money(text);
    case FieldKind::kDate:
      return read_date(text);
    case FieldKind::kEvent:
      return read_hex(text, {"所指记录的编号", "the id of a record"});
    case FieldKind::kDigest:
      return read_hex(text, {"文件的SHA-256散列", "the SHA-256 of a file"});
    case FieldKind::kPerson:
      return read_hex(text, {"人员代号", "a person's pseudonym"});
    case FieldKind::kEnum:
      return read_enum(type, text);
    case FieldKind::kParty: {
      const auto found = institutions.find(text);
      return found.party.empty() ? wrong(text, found.wrong)
                                 : CellValue{json::value(found.party), {}};
    }
    case FieldKind::kList:
      return read_list(type, text, institutions);
    case FieldKind::kTuple:
      return read_tuple(type, text, institutions);
    case FieldKind::kOneOf:
      return read_one_of(type, text, institutions);
  }
  return {};
}

bool wants_text(const FieldType& type) {
  return type.kind == FieldKind::kText || type.kind == FieldKind::kParty ||
         type.kind == FieldKind::kEnum;
}

}  // namespace

std::string shown(std::string_view text, std::size_t characters_max) {
  std::string out;
  std::size_t characters = 0;
  while (!text.empty()) {
    const std::string_view before = text;
    const auto point = take_code_point(text);
    if (!point) {
      break;
    }
    if (++characters > characters_max) {
      return out + "…";
    }
    // Control characters, and those that turn the direction of writing around.
    const bool control = *point < 0x20 || (*point >= 0x7F && *point < 0xA0) ||
                         (*point >= 0x200B && *point <= 0x200F) ||
                         (*point >= 0x2028 && *point <= 0x202E) ||
                         (*point >= 0x2066 && *point <= 0x2069) || *point == 0xFEFF;
    out += control ? " " : std::string(before.substr(0, before.size() - text.size()));
  }
  return out;
}

CellValue read_cell(const Column& column, const Cell& cell, const Institutions& institutions) {
  if (cell.formula && cell.text.empty()) {
    return wrong("=", {"公式没有算出的值；请在表格软件里打开并保存，或粘贴为数值",
                       "a formula without a value: open and save the file in a spreadsheet "
                       "program, or paste values"});
  }
  if (cell.kind == CellKind::kError) {
    return wrong(cell.text, {"单元格里是错误值", "the cell shows an error"});
  }
  const auto digits = static_cast<std::size_t>(std::count_if(
      cell.text.begin(), cell.text.end(), [](char c) { return c >= '0' && c <= '9'; }));
  if (cell.kind == CellKind::kNumber && wants_text(column.type) && digits > kDigitsSure) {
    return wrong(cell.text, {"超过15位的数字已被表格软件舍入；请把此列设为文本格式后重新填写",
                             "numbers of more than 15 digits have been rounded; make the column "
                             "text and write it again"});
  }
  if (cell.kind == CellKind::kDate && column.type.kind == FieldKind::kInteger) {
    return wrong(cell.text, {"这里应为整数，单元格却是日期格式",
                             "a whole number is expected, the cell has the format of a date"});
  }
  return read_text(column.type, cell.text, institutions);
}

}  // namespace hefu::sheet
