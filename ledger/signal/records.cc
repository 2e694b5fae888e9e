#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "ledger/signal/detect.h"
#include "ledger/signal/fact_fields.h"
#include "ledger/signal/identity.h"

namespace hefu {
namespace {

using Facts = std::vector<const Fact*>;

constexpr std::size_t kDigestHexSize = 64;

/// Types of which several on one day with one party may be one thing cut into pieces.
constexpr std::string_view kSplittable[] = {"enterprise-visit",    "funding-transaction",
                                            "research-contract",   "technical-service",
                                            "technology-transfer", "training-delivery"};

/// Values of this or more are round when the rest is zero.
constexpr std::int64_t kRoundMoney = 1'000'000;  // fen: 10,000 yuan
constexpr std::int64_t kRoundCount = 10;

bool in(const DateSpan& period, const Fact& fact) {
  const auto day = day_of(fact);
  return day && period.contains(*day);
}

bool is_digest(std::string_view text) {
  return text.size() == kDigestHexSize &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// What a body says beside dates, references and its state: texts and numbers somebody typed.
/// Appends it to `out`; `said` counts the values.
void write_typed(const FactValue& value, std::string& out, int& said) {
  if (const auto* text = std::get_if<std::string>(&value.is)) {
    if (!Date::parse(*text) && !is_digest(*text)) {
      out += "s" + std::to_string(text->size()) + ":" + *text;
      ++said;
    }
  } else if (const auto* number = std::get_if<std::int64_t>(&value.is)) {
    out += "i" + std::to_string(*number) + ";";
    ++said;
  } else if (const auto* flag = std::get_if<bool>(&value.is)) {
    out += *flag ? "t" : "f";
  } else if (const auto* list = std::get_if<FactValue::List>(&value.is)) {
    out += "[";
    for (const FactValue& element : *list) {
      write_typed(element, out, said);
    }
    out += "]";
  }
}

bool is_money(const Catalogue& catalogue, const std::string& type, const std::string& field) {
  const EventType* known = catalogue.find(type);
  const Field* said = known == nullptr ? nullptr : known->field(field);
  return said != nullptr && said->type.kind == FieldKind::kMoney;
}

bool is_round(std::int64_t value, bool money) {
  const std::int64_t unit = money ? kRoundMoney : kRoundCount;
  return value >= unit && value % unit == 0;
}

}  // namespace

void find_same_achievement(const SignalSearch& search, Signals& out) {
  std::map<std::pair<std::string, std::string>, Facts> claims;
  for (const Fact* fact : search.facts) {
    for (std::string& identity : identities(*fact)) {
      claims[{fact->type, std::move(identity)}].push_back(fact);
    }
  }
  for (const auto& [claimed, facts] : claims) {
    const bool now = std::any_of(facts.begin(), facts.end(),
                                 [&](const Fact* fact) { return in(search.period, *fact); });
    if (facts.size() > 1 && now) {
      out.push_back(signal_about(SignalKind::kSameAchievement, facts,
                                 static_cast<std::int64_t>(facts.size()), "records",
                                 claimed.second));
    }
  }
}

void find_repeated(const SignalSearch& search, Signals& out) {
  constexpr int kSaidMin = 3;  // of less than that nobody can say that it is repeated
  std::map<std::tuple<std::string, std::string, std::string>, Facts> alike;
  for (const Fact* fact : search.in_period) {
    std::string body;
    int said = 0;
    for (const auto& [field, value] : fact->body) {
      if (field != "state" && field != "programmes") {
        body += field + "=";
        write_typed(value, body, said);
      }
    }
    if (said >= kSaidMin) {
      alike[{fact->actor, fact->type, std::move(body)}].push_back(fact);
    }
  }
  for (const auto& [key, facts] : alike) {
    if (facts.size() >= search.rules.repeated_min) {
      out.push_back(signal_about(SignalKind::kRepeated, facts,
                                 static_cast<std::int64_t>(facts.size()), "records", ""));
    }
  }
}

void find_split(const SignalSearch& search, Signals& out) {
  std::map<std::tuple<std::string, std::string, std::string, Date>, Facts> together;
  for (const Fact* fact : search.in_period) {
    if (fact->counterparty && std::find(std::begin(kSplittable), std::end(kSplittable),
                                        fact->type) != std::end(kSplittable)) {
      together[{fact->actor, fact->type, *fact->counterparty, *day_of(*fact)}].push_back(fact);
    }
  }
  for (const auto& [key, facts] : together) {
    if (facts.size() >= search.rules.split_min) {
      Signal signal =
          signal_about(SignalKind::kSplit, facts, static_cast<std::int64_t>(facts.size()),
                       "records", std::get<3>(key).text());
      signal.institutions.push_back(std::get<2>(key));
      out.push_back(std::move(signal));
    }
  }
}

void find_round_values(const SignalSearch& search, Signals& out) {
  struct Values {
    Facts facts;
    std::size_t round = 0;
  };
  std::map<std::tuple<std::string, std::string, std::string>, Values> columns;
  for (const Fact* fact : search.in_period) {
    for (const auto& [field, value] : fact->body) {
      const auto* number = std::get_if<std::int64_t>(&value.is);
      if (number == nullptr || *number <= 0) {
        continue;
      }
      const bool money = is_money(search.catalogue, fact->type, field);
      // Small numbers say nothing: a class has one teacher, a team four members.
      if (*number < (money ? kRoundMoney : kRoundCount)) {
        continue;
      }
      Values& column = columns[{fact->actor, fact->type, field}];
      column.facts.push_back(fact);
      column.round += is_round(*number, money) ? 1 : 0;
    }
  }
  for (const auto& [key, column] : columns) {
    const auto percent = static_cast<int>(column.round * 100 / column.facts.size());
    if (column.facts.size() >= search.rules.round_min && percent >= search.rules.round_percent) {
      out.push_back(signal_about(SignalKind::kRoundValues, column.facts, percent, "percent",
                                 std::get<2>(key)));
    }
  }
}

}  // namespace hefu
