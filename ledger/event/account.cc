#include "ledger/event/account.h"

#include <set>
#include <utility>

#include "crypto/encoding.h"

namespace hefu {

namespace {

Title same(std::string text) {
  return Title{text, text};
}

/// "1,234.50": an integer number of fen, in yuan.
std::string yuan(std::int64_t fen) {
  const bool negative = fen < 0;
  // The magnitude of the smallest number does not fit its own type.
  const std::uint64_t all = negative ? std::uint64_t{0} - static_cast<std::uint64_t>(fen)
                                     : static_cast<std::uint64_t>(fen);
  std::string whole = std::to_string(all / 100);
  for (std::size_t at = whole.size(); at > 3; at -= 3) {
    whole.insert(at - 3, ",");
  }
  const std::string cents = std::to_string(all % 100);
  return (negative ? "-" : "") + whole + (cents.size() == 1 ? ".0" : ".") + cents;
}

Title value_text(const Value& value, const FieldType* type);

Title list_text(const Value::List& list, const FieldType* type) {
  Title all;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const FieldType* part = nullptr;
    std::string label;
    if (type != nullptr && type->kind == FieldKind::kList) {
      part = &type->parts.front();
    } else if (type != nullptr && type->kind == FieldKind::kTuple && i < type->parts.size()) {
      part = &type->parts[i];
      label = type->names[i] + " ";
    }
    const Title one = value_text(list[i], part);
    all.zh += (i == 0 ? "" : "；") + label + one.zh;
    all.en += (i == 0 ? "" : "; ") + label + one.en;
  }
  return all;
}

Title value_text(const Value& value, const FieldType* type) {
  if (type != nullptr && type->kind == FieldKind::kOneOf) {
    for (const FieldType& part : type->parts) {
      if (check_value("", part, value)) {
        return value_text(value, &part);
      }
    }
  }
  if (const auto* text = std::get_if<std::string>(&value.is)) {
    return same(*text);
  }
  if (const auto* number = std::get_if<std::int64_t>(&value.is)) {
    if (type != nullptr && type->kind == FieldKind::kMoney) {
      return Title{yuan(*number) + " 元", yuan(*number) + " yuan"};
    }
    return same(std::to_string(*number));
  }
  if (const auto* truth = std::get_if<bool>(&value.is)) {
    return *truth ? Title{"是", "yes"} : Title{"否", "no"};
  }
  if (const auto* decimal = std::get_if<Decimal>(&value.is)) {
    return same(decimal->text());
  }
  if (const auto* date = std::get_if<Date>(&value.is)) {
    return same(date->text());
  }
  if (const auto* digest = std::get_if<Digest>(&value.is)) {
    return same(digest->hex());
  }
  if (const auto* bytes = std::get_if<Bytes>(&value.is)) {
    return same(base64_encode(*bytes));
  }
  return list_text(std::get<Value::List>(value.is), type);
}

Title visibility_text(Visibility visibility) {
  switch (visibility) {
    case Visibility::kPublic:
      return {"所有人", "everybody"};
    case Visibility::kMembers:
      return {"联盟成员", "members of the federation"};
    case Visibility::kParties:
      return {"当事各方", "the parties named in it"};
    case Visibility::kAuthority:
      return {"主管单位", "the governing member"};
  }
  return same(name(visibility));
}

class Account {
 public:
  Account(const Event& event, const EventType* type, const std::map<std::string, Opening>& openings)
      : event_(event), type_(type), openings_(openings) {}

  std::vector<AccountLine> lines() && {
    head();
    std::set<std::string> told;
    if (type_ != nullptr) {
      for (const Field& field : type_->fields) {
        told.insert(field.name);
        tell(field.name, &field);
      }
    }
    for (const auto& [name, value] : event_.fields) {
      if (told.insert(name).second) {
        tell(name, nullptr);
      }
    }
    for (const auto& [name, commitment] : event_.commitments) {
      if (told.insert(name).second) {
        tell(name, nullptr);
      }
    }
    for (const Digest& digest : event_.evidence) {
      add("evidence", {"附件（加盐摘要）", "attached document (salted hash)"}, same(digest.hex()));
    }
    return std::move(lines_);
  }

 private:
  void add(std::string name, Title title, Title value, bool personal = false) {
    lines_.push_back({std::move(name), std::move(title), std::move(value), personal});
  }

  void head() {
    add("type", {"事项", "what"}, type_ == nullptr ? same(event_.type) : type_->title);
    add("issuer", {"以谁的名义", "in the name of"}, same(event_.issuer));
    add("occurred_on", {"发生日期", "date"}, same(event_.occurred_on.text()));
    add("created_at", {"制作时间", "made at"}, same(event_.created_at.text()));
    if (event_.record) {
      add("record", {"所属记录", "about the record"}, same(event_.record->hex()));
    }
    if (event_.supersedes) {
      add("supersedes", {"更正的事件", "corrects the event"}, same(event_.supersedes->hex()));
    }
    for (const std::string& programme : event_.programmes) {
      add("programmes", {"计划", "programme"}, same(programme));
    }
    add("visibility", {"谁可以看到", "who may read it"}, visibility_text(event_.visibility));
  }

  void tell(const std::string& name, const Field* field) {
    const Title title = field != nullptr && field->title ? *field->title : same(name);
    const FieldType* type = field == nullptr ? nullptr : &field->type;
    if (const auto value = event_.fields.find(name); value != event_.fields.end()) {
      add("field " + name, title, value_text(value->second, type));
    }
    if (event_.commitments.count(name) == 0) {
      return;
    }
    const auto opening = openings_.find(name);
    if (opening == openings_.end() || !check_opening(event_, name, opening->second)) {
      add("field " + name, title, {"（已封存）", "(sealed)"}, true);
    } else if (opening->second.value.empty()) {
      add("field " + name, title, {"（未填）", "(not given)"}, true);
    } else if (const auto value = read_opening(opening->second.value)) {
      add("field " + name, title, value_text(*value, type), true);
    }
  }

  const Event& event_;
  const EventType* type_;
  const std::map<std::string, Opening>& openings_;
  std::vector<AccountLine> lines_;
};

}  // namespace

std::vector<AccountLine> account_of(const Event& event, const Catalogue* catalogue,
                                    const std::map<std::string, Opening>& openings) {
  const EventType* type = catalogue == nullptr ? nullptr : catalogue->find(event.type);
  return Account(event, type, openings).lines();
}

}  // namespace hefu
