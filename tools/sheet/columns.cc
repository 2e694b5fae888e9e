#include "tools/sheet/columns.h"

#include <algorithm>

#include "crypto/encoding.h"
#include "tools/sheet/enum_words.h"

namespace hefu::sheet {

namespace {

void append_code_point(std::string* text, char32_t point) {
  if (point < 0x80) {
    *text += static_cast<char>(point);
  } else if (point < 0x800) {
    *text += static_cast<char>(0xC0U | (point >> 6U));
    *text += static_cast<char>(0x80U | (point & 0x3FU));
  } else if (point < 0x10000) {
    *text += static_cast<char>(0xE0U | (point >> 12U));
    *text += static_cast<char>(0x80U | ((point >> 6U) & 0x3FU));
    *text += static_cast<char>(0x80U | (point & 0x3FU));
  } else {
    *text += static_cast<char>(0xF0U | (point >> 18U));
    *text += static_cast<char>(0x80U | ((point >> 12U) & 0x3FU));
    *text += static_cast<char>(0x80U | ((point >> 6U) & 0x3FU));
    *text += static_cast<char>(0x80U | (point & 0x3FU));
  }
}

/// What a value of a type looks like, in words.
Title kind_words(const FieldType& type) {
  switch (type.kind) {
    case FieldKind::kText:
      return {"文字", "text"};
    case FieldKind::kInteger:
      return {"整数", "a whole number"};
    case FieldKind::kDecimal:
      return {"数字，可带小数", "a number"};
    case FieldKind::kDate:
      return {"日期，年-月-日", "a date, year-month-day"};
    case FieldKind::kMoney:
      return {"金额，单位：元，最多两位小数", "an amount in yuan, at most two decimals"};
    case FieldKind::kParty:
      return {"机构名称或18位统一社会信用代码", "an institution's name or credit code"};
    case FieldKind::kEvent:
      return {"所指记录的编号（64位）", "the id of the record meant (64 digits)"};
    case FieldKind::kDigest:
      return {"文件的SHA-256散列（64位）", "SHA-256 of a file (64 digits)"};
    case FieldKind::kKey:
      return {"公钥（base64）", "a public key in base64"};
    case FieldKind::kBytes:
      return {"base64", "base64"};
    case FieldKind::kPerson:
      return {"人员代号（64位）", "a person's pseudonym (64 digits)"};
    case FieldKind::kEnum: {
      Title words{"选一项：", "one of: "};
      for (const std::string& name : type.names) {
        const bool first = &name == type.names.data();
        words.zh += (first ? "" : "、") + shown_word(type, name);
        words.en += (first ? "" : ", ") + name;
      }
      return words;
    }
    case FieldKind::kList: {
      const Title one = kind_words(type.parts[0]);
      return {"可填多项，用分号隔开；每项为：" + one.zh, "any number, parted by ; each " + one.en};
    }
    case FieldKind::kTuple: {
      Title words{"用竖线隔开：", "parted by | : "};
      for (std::size_t i = 0; i < type.parts.size(); ++i) {
        words.zh +=
            (i == 0 ? "" : "｜") + type.names[i] + "（" + kind_words(type.parts[i]).zh + "）";
        words.en += (i == 0 ? "" : "|") + type.names[i];
      }
      return words;
    }
    case FieldKind::kOneOf: {
      Title words;
      for (const FieldType& part : type.parts) {
        const bool first = &part == type.parts.data();
        words.zh += (first ? "" : "，或") + kind_words(part).zh;
        words.en += (first ? "" : ", or ") + kind_words(part).en;
      }
      return words;
    }
  }
  return {};
}

}  // namespace

std::string half_width(std::string_view text) {
  std::string out;
  while (const auto point = take_code_point(text)) {
    if (*point == 0x3000 || *point == 0xA0) {
      out += ' ';
    } else if (*point >= 0xFF01 && *point <= 0xFF5E) {
      out += static_cast<char>(*point - 0xFF01 + 0x21);
    } else {
      append_code_point(&out, *point);
    }
  }
  const auto begin = out.find_first_not_of(" \t\r\n");
  return begin == std::string::npos
             ? ""
             : out.substr(begin, out.find_last_not_of(" \t\r\n") - begin + 1);
}

std::string date_field(const EventType& type) {
  const std::string name = type.fact ? type.fact->date : "";
  const Field* field = name.empty() ? nullptr : type.field(name);
  return field != nullptr && field->required && !field->personal &&
                 field->type.kind == FieldKind::kDate
             ? name
             : "";
}

std::vector<Column> sheet_columns(const EventType& type) {
  std::vector<Column> columns;
  const FieldType date{FieldKind::kDate, {}, {}};
  const FieldType texts{FieldKind::kList, {}, {FieldType{}}};
  if (type.field("occurred_on") == nullptr) {
    columns.push_back({"occurred_on",
                       {"发生日期", "Occurred on"},
                       date,
                       date_field(type).empty(),
                       false,
                       true,
                       ""});
  }
  for (const Field& field : type.fields) {
    Column column{field.name,     field.title.value_or(Title{field.name, field.name}),
                  field.type,     field.required,
                  field.personal, false,
                  field.note};
    if (field.type.kind == FieldKind::kMoney) {
      column.title.zh += "（元）";
      column.title.en += " (yuan)";
    }
    columns.push_back(std::move(column));
  }
  if (type.field("programmes") == nullptr) {
    columns.push_back({"programmes", {"所属项目", "Programmes"}, texts, false, false, true, ""});
  }
  return columns;
}

std::string comparable(std::string_view title) {
  std::string text;
  for (const char c : half_width(title)) {
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t' && c != '*') {
      text += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  const auto bracket = text.rfind('(');
  if (bracket != std::string::npos && bracket > 0 && text.ends_with(")")) {
    text.resize(bracket);
  }
  return text;
}

const Column* find_column(const std::vector<Column>& columns, std::string_view title) {
  const std::string wanted = comparable(title);
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const Column& column) {
    return !wanted.empty() && (wanted == comparable(column.title.zh) ||
                               wanted == comparable(column.title.en) || wanted == column.field);
  });
  return found == columns.end() ? nullptr : &*found;
}

std::string column_example(const FieldType& type) {
  switch (type.kind) {
    case FieldKind::kInteger:
      return "12";
    case FieldKind::kDecimal:
      return "1.5";
    case FieldKind::kDate:
      return "2025-11-08";
    case FieldKind::kMoney:
      return "1200.50";
    case FieldKind::kEnum:
      return shown_word(type, type.names[0]);
    case FieldKind::kList: {
      const std::string one = column_example(type.parts[0]);
      return one.empty() ? "" : one + "；…";
    }
    case FieldKind::kTuple: {
      std::string all;
      for (const FieldType& part : type.parts) {
        const std::string one = column_example(part);
        all += (all.empty() ? "" : "|") + (one.empty() ? "…" : one);
      }
      return all;
    }
    default:
      return "";
  }
}

Title column_hint(const Column& column) {
  Title hint = kind_words(column.type);
  if (column.field == "programmes" && column.of_event) {
    hint = {"项目代号，可填多项，用分号隔开；整张表相同时可用 --programme 一次给出",
            "programme ids parted by ; or --programme for the whole sheet"};
  }
  if (column.field == "occurred_on" && column.of_event && !column.required) {
    hint.zh += "；空着时取表中的日期栏";
    hint.en += "; if empty, the date column of this type";
  }
  if (const std::string example = column_example(column.type); !example.empty()) {
    hint.zh += "。例：" + example;
    hint.en += ". Example: " + example;
  }
  if (column.personal) {
    hint.zh += "。个人信息：账本里只存加盐承诺，不存明文";
    hint.en += ". Personal: the log holds a salted commitment only";
  }
  if (!column.note.empty()) {
    hint.en += ". " + column.note;
  }
  return hint;
}

}  // namespace hefu::sheet
