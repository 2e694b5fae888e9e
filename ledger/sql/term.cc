#include "ledger/sql/term.h"

#include <algorithm>

namespace hefu {

namespace {

using Sort = SqlTerm::Sort;
using Field = FieldPath::Field;

constexpr std::size_t kAliasNameMax = 30;
constexpr char kAlias = '\x01';  // stands for the alias in the condition of a join
const std::string kAt = std::string(1, kAlias) + ".";

/// Letters, digits and underscores of a name.
std::string plain(const std::string& name) {
  std::string out;
  for (const char c : name.substr(0, kAliasNameMax)) {
    const bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    out.push_back(fine ? c : '_');
  }
  return out;
}

/// Aliases are told apart by number within a whole query; scopes inside others must not hide them.
std::string numbered(const std::string& name, std::size_t number, const std::string& owner) {
  return owner + "_" + std::to_string(number) + "_" + plain(name);
}

}  // namespace

SqlTerm sql_value(const std::string& alias) {
  SqlTerm out;
  out.sort = Sort::kAnyOne;
  out.present = alias + ".kind IS NOT NULL";
  out.kind = alias + ".kind";
  out.flag = alias + ".flag";
  out.number = {alias + ".num", alias + ".den"};
  out.percent = {alias + ".percent_num", alias + ".percent_den"};
  out.text = alias + ".txt";
  out.day = alias + ".day";
  out.items = alias + ".items";
  out.identity = alias + ".identity";
  return out;
}

SqlTerm sql_text_term(const std::string& column, const std::string& present) {
  SqlTerm out;
  out.sort = Sort::kText;
  out.present = present;
  out.text = column;
  const auto read = [&](const std::string& what) {
    return "(SELECT l." + what + " FROM lexeme l WHERE l.txt = " + column + ")";
  };
  out.number = {read("num"), read("den")};
  out.day = read("day");
  out.identity = "'t' || " + column;
  return out;
}

SqlTerm sql_day_term(const std::string& day, const std::string& text, const std::string& present) {
  SqlTerm out;
  out.sort = Sort::kDay;
  out.present = present;
  out.day = day;
  out.identity = text.empty() ? "" : "'t' || " + text;
  return out;
}

SqlScope SqlScope::of_fact(std::string alias, std::string as_of) {
  SqlScope out;
  out.fact_ = std::move(alias);
  out.as_of_ = std::move(as_of);
  return out;
}

SqlScope SqlScope::of_organisation(std::string id, std::string as_of) {
  SqlScope out;
  out.organisation_ = std::move(id);
  out.as_of_ = std::move(as_of);
  return out;
}

SqlScope SqlScope::inside(std::string element) {
  SqlScope out;
  out.element_ = std::move(element);
  out.as_of_ = as_of_;
  out.outer_ = this;
  return out;
}

std::string SqlScope::join(const std::string& table, const std::string& on,
                           const std::string& name) {
  const auto [place, fresh] = aliases_.try_emplace(table + " " + on);
  if (fresh) {
    const std::string owner = !element_.empty() ? element_ : !fact_.empty() ? fact_ : "o";
    place->second = numbered(name, aliases_.size(), owner);
    std::string condition;
    for (const char c : on) {
      condition += c == kAlias ? place->second : std::string(1, c);
    }
    joins_.push_back("LEFT JOIN " + table + " " + place->second + " ON " + condition);
  }
  return place->second;
}

SqlTerm SqlScope::field(const FieldPath& path) {
  if (outer_ != nullptr) {
    return outermost().field(path);
  }
  if (!organisation_.empty()) {
    const Field field = path.field();
    if (field == Field::kId || field == Field::kActor || field == Field::kOrg) {
      return sql_text_term(organisation_, "");
    }
    return field == Field::kType ? sql_text_term("'org'", "") : SqlTerm();
  }
  const std::string at = fact_ + ".";
  switch (path.field()) {
    case Field::kId:
      return sql_text_term(at + "id", "");
    case Field::kType:
      return sql_text_term(at + "type", "");
    case Field::kActor:
      return sql_text_term(at + "actor", "");
    case Field::kOrg:
      return sql_text_term(at + "org", "");
    case Field::kCounterparty:
      return sql_text_term(at + "counterparty", at + "counterparty IS NOT NULL");
    case Field::kRegistry:
      return sql_text_term(at + "registry", at + "registry IS NOT NULL");
    case Field::kDate:
      return sql_day_term(at + "on_day", at + "on_date", at + "on_day IS NOT NULL");
    case Field::kStart:
      return sql_day_term(at + "start_day", at + "start_date", at + "start_day IS NOT NULL");
    case Field::kEnd:
      return sql_day_term(at + "end_day", at + "end_date", at + "end_day IS NOT NULL");
    case Field::kRecorded:
      return sql_day_term(at + "recorded_day", at + "recorded_date",
                          at + "recorded_day IS NOT NULL");
    case Field::kItem: {
      const auto number = item_part(path.text());
      return item_.empty() || !number ? SqlTerm() : part(item_, *number);
    }
    case Field::kBody:
      break;
  }
  const std::string name = path.text().substr(5);  // behind "body."
  return sql_value(
      join("field", kAt + "fact = " + at + "id AND " + kAt + "name = " + sql_text(name), name));
}

SqlTerm SqlScope::joined_field(const FieldPath& path) {
  SqlScope& whole = outermost();
  return whole.partner_ == nullptr ? SqlTerm() : whole.partner_->field(path);
}

SqlTerm SqlScope::element(std::size_t number) {
  return element_.empty() ? SqlTerm() : part(element_, number);
}

SqlTerm SqlScope::part(const std::string& element, std::size_t number) {
  if (number == 0) {
    return sql_value(element);
  }
  const std::string pos = std::to_string(number);
  return sql_value(join("element", kAt + "list = " + element + ".items AND " + kAt + "pos = " + pos,
                        "part" + pos));
}

SqlTerm SqlScope::attribute(const std::string& org, const std::string& name) {
  return sql_value(join("attribute_span",
                        kAt + "org = " + org + " AND " + kAt + "name = " + sql_text(name) +
                            " AND " + as_of_ + " BETWEEN " + kAt + "from_day AND " + kAt + "to_day",
                        name));
}

std::string SqlScope::joins() const {
  std::string out;
  for (const std::string& one : joins_) {
    out += "\n  " + one;
  }
  return out;
}

}  // namespace hefu
