#include "ledger/sql/data.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <vector>

#include "ledger/programme/effective.h"
#include "ledger/programme/fraction.h"
#include "ledger/sql/dialect.h"

namespace hefu {

namespace {

constexpr std::size_t kRowsInsertedMax = 200;  // of one statement
constexpr const char* kNull = "NULL";

std::string text_or_null(const std::optional<std::string>& text) {
  return text ? sql_text(*text) : kNull;
}

/// A date and its day, as two columns.
std::string date_columns(const std::optional<Date>& date) {
  return date ? sql_text(date->text()) + ", " + std::to_string(date->days) : "NULL, NULL";
}

const char* word(Standing standing) {
  switch (standing) {
    case Standing::kClaimed:
      return "claimed";
    case Standing::kConfirmed:
      return "confirmed";
    case Standing::kDisputed:
      return "disputed";
    case Standing::kRejected:
      return "rejected";
    case Standing::kEnded:
      return "ended";
  }
  return "ended";
}

/// num and den of the number a text writes, den the least power of ten that will do.
std::string number_columns(const std::optional<Fraction>& number) {
  if (!number) {
    return "NULL, NULL";
  }
  Int128 den = 1;
  while (den % number->den() != 0) {
    den *= 10;
  }
  return decimal_text(number->num() * (den / number->den())) + ", " + decimal_text(den);
}

std::optional<Fraction> number_in(std::string_view text) {
  const auto number = Fraction::parse(text);
  return number ? std::optional(*number) : std::nullopt;
}

/// Different for different values, equal for equal ones: the type and the value; of a list, each
/// element behind its length.
std::string identity_of(const FactValue& value) {
  if (const auto* flag = std::get_if<bool>(&value.is)) {
    return *flag ? "b1" : "b0";
  }
  if (const auto* integer = std::get_if<std::int64_t>(&value.is)) {
    return "i" + std::to_string(*integer);
  }
  if (const auto* text = std::get_if<std::string>(&value.is)) {
    return "t" + *text;
  }
  std::string out = "l";
  for (const FactValue& element : std::get<FactValue::List>(value.is)) {
    const std::string inner = identity_of(element);
    out += std::to_string(inner.size()) + ":" + inner;
  }
  return out;
}

class Writer {
 public:
  void add(const std::string& table, const std::string& row) {
    auto& rows = rows_[table];
    rows.push_back(row);
  }

  /// The columns of a value; lists go to `element`.
  std::string value_columns(const FactValue& value) {
    const std::string identity = ", " + sql_text(identity_of(value));
    if (const auto* flag = std::get_if<bool>(&value.is)) {
      return std::string("'b', ") + (*flag ? "1" : "0") + ", NULL, NULL, NULL, NULL, NULL, NULL" +
             identity + ", NULL";
    }
    if (const auto* integer = std::get_if<std::int64_t>(&value.is)) {
      return "'i', NULL, " + number_columns(Fraction(*integer)) + ", NULL, NULL, NULL, NULL" +
             identity + ", NULL";
    }
    if (const auto* text = std::get_if<std::string>(&value.is)) {
      const auto number = number_in(*text);
      const bool percent = text->ends_with('%');
      const auto date = Date::parse(*text);
      return "'t', NULL, " + number_columns(percent ? std::nullopt : number) + ", " +
             number_columns(percent ? number : std::nullopt) + ", " + sql_text(*text) + ", " +
             (date ? std::to_string(date->days) : kNull) + identity + ", NULL";
    }
    const std::string list = std::to_string(++lists_);
    std::size_t pos = 0;
    for (const FactValue& element : std::get<FactValue::List>(value.is)) {
      const std::string columns = value_columns(element);
      add("element", list + ", " + std::to_string(++pos) + ", " + columns);
    }
    return "'l', NULL, NULL, NULL, NULL, NULL, NULL, NULL" + identity + ", " + list;
  }

  void add_lexeme(const std::string& text) {
    const auto number = text.ends_with('%') ? std::nullopt : number_in(text);
    const auto date = Date::parse(text);
    if ((number || date) && lexemes_.insert(text).second) {
      add("lexeme", sql_text(text) + ", " + number_columns(number) + ", " +
                        (date ? std::to_string(date->days) : kNull));
    }
  }

  void add_directory(const World& world);
  void add_fact(const Fact& fact);
  [[nodiscard]] std::string text() const;

 private:
  std::map<std::string, std::vector<std::string>> rows_;
  std::set<std::string> lexemes_;
  std::int64_t lists_ = 0;
};

void Writer::add_directory(const World& world) {
  for (const auto& [id, attributes] : world.orgs) {
    add("organisation", sql_text(id));
    add_lexeme(id);
    for (const auto& [name, value] : attributes) {
      const std::string columns = value_columns(value);
      add("attribute", sql_text(id) + ", " + sql_text(name) + ", " + columns);
    }
  }
  for (const auto& [id, history] : world.history) {
    std::size_t seq = 0;
    for (const DatedAttribute& change : history) {
      const std::string columns = change.value ? value_columns(*change.value)
                                               : "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, "
                                                 "NULL, NULL";
      add("attribute_change", sql_text(id) + ", " + sql_text(change.name) + ", " +
                                  std::to_string(change.from.days) + ", " + std::to_string(++seq) +
                                  ", " + columns);
    }
  }
  for (const auto& [group, members] : world.groups) {
    add("org_group", sql_text(group));
    for (const GroupMembership& one : members) {
      add("membership", sql_text(group) + ", " + sql_text(one.org) + ", " +
                            std::to_string(one.from.days) + ", " +
                            (one.to ? std::to_string(one.to->days) : kNull));
    }
  }
}

void Writer::add_fact(const Fact& fact) {
  const std::string id = sql_text(fact.id);
  add("fact", id + ", " + sql_text(fact.type) + ", " + sql_text(fact.actor) + ", " +
                  sql_text(fact.org) + ", " + text_or_null(fact.counterparty) + ", " +
                  text_or_null(fact.registry) + ", " + date_columns(fact.date) + ", " +
                  date_columns(fact.start) + ", " + date_columns(fact.end) + ", " +
                  date_columns(fact.recorded) + ", " + sql_text(word(fact.standing)));
  for (const std::string* text : {&fact.id, &fact.type, &fact.actor, &fact.org}) {
    add_lexeme(*text);
  }
  for (const auto* text : {&fact.counterparty, &fact.registry}) {
    if (*text) {
      add_lexeme(**text);
    }
  }
  const std::array<std::pair<const char*, const std::vector<std::string>*>, 4> lists{{
      {"signer", &fact.countersigned_by},
      {"evidence", &fact.evidence},
      {"auditor", &fact.audited_by},
      {"supersedes", &fact.supersedes},
  }};
  for (const auto& [table, texts] : lists) {
    for (const std::string& one : std::set<std::string>(texts->begin(), texts->end())) {
      add(table, id + ", " + sql_text(one));
    }
  }
  for (const auto& [guest, members] : fact.guests) {
    add("guest", id + ", " + sql_text(guest));
    for (const std::string& one : std::set<std::string>(members.begin(), members.end())) {
      add("introducer", id + ", " + sql_text(guest) + ", " + sql_text(one));
    }
  }
  for (const auto& [name, value] : fact.body) {
    const std::string columns = value_columns(value);
    add("field", id + ", " + sql_text(name) + ", " + columns);
  }
}

std::string Writer::text() const {
  std::string out;
  for (const auto& [table, rows] : rows_) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      out += i % kRowsInsertedMax == 0 ? "INSERT INTO " + table + " VALUES\n" : ",\n";
      out += "(" + rows[i] + ")";
      out += (i + 1) % kRowsInsertedMax == 0 || i + 1 == rows.size() ? ";\n" : "";
    }
  }
  return out;
}

}  // namespace

Result<std::string> sql_data(const World& world, std::span<const Fact> facts) {
  // Judges nothing that is used here, but refuses two facts with one id.
  if (auto effective = EffectiveFacts::make(facts, world); !effective) {
    return effective.error();
  }
  std::map<std::string, const Fact*> by_id;
  for (const Fact& fact : facts) {
    by_id.emplace(fact.id, &fact);
  }
  Writer writer;
  writer.add_directory(world);
  for (const auto& [id, fact] : by_id) {
    writer.add_fact(*fact);
  }
  std::string out = writer.text();
  if (out.find('\0') != std::string::npos) {
    return Error{Errc::kInvalid, "a text of the records holds a NUL byte",
                 "PostgreSQL cannot hold it; correct the record"};
  }
  return out;
}

}  // namespace hefu
