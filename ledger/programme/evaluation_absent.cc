// absent: members of a group with a clearance and without a violation in the look-back. A log can
// never prove that something did not happen outside it; hence the clearance.
#include <algorithm>
#include <array>

#include "ledger/programme/evaluation.h"
#include "ledger/programme/organisation.h"
#include "ledger/programme/tally.h"

namespace hefu {

namespace {

/// Whom a violation or clearance is about: the rule's field if it names one; else body.member,
/// body.subject or body.institution; else the counterparty; else the organisation itself.
std::string subject_of(const AbsentRule::Side& side, const Fact& fact) {
  static const std::array<FieldPath, 4> kUsual{
      *FieldPath::parse("body.member"), *FieldPath::parse("body.subject"),
      *FieldPath::parse("body.institution"), *FieldPath::parse("counterparty")};
  const auto text_at = [&](const FieldPath& path) {
    const FieldView view = path.read(fact);
    const auto* text = std::get_if<std::string_view>(&view);
    return text != nullptr ? std::string(*text) : std::string();
  };
  if (side.subject) {
    return text_at(*side.subject);
  }
  for (const FieldPath& path : kUsual) {
    if (auto found = text_at(path); !found.empty()) {
      return found;
    }
  }
  return fact.org;
}

/// An attribute that says yes: charters and registrations know texts only.
bool says_yes(const FactValue& value) {
  const auto* flag = std::get_if<bool>(&value.is);
  const auto* text = std::get_if<std::string>(&value.is);
  return (flag != nullptr && *flag) || (text != nullptr && *text == "true");
}

/// Whether who recorded a fact was entitled to.
Result<bool> has_authority(const Question& question, const AbsentRule::Side& side,
                           const Fact& fact) {
  if (!side.issuer_attr.empty()) {
    const FactValue* value = attribute(question.world, fact.actor, side.issuer_attr);
    if (value == nullptr || !says_yes(*value)) {
      return false;
    }
  }
  if (!side.issuer) {
    return true;
  }
  Fact issuer;
  issuer.id = issuer.actor = issuer.org = fact.actor;
  return side.issuer->holds({issuer, question.world, question.period});
}

std::set<std::string> members_of(const World& world, const std::string& group, Date day) {
  std::set<std::string> out;
  const auto found = world.groups.find(group);
  if (found != world.groups.end()) {
    for (const GroupMembership& one : found->second) {
      if (one.from <= day && (!one.to || day <= *one.to)) {
        out.insert(one.org);
      }
    }
  }
  return out;
}

/// The facts of one side within a window, issued with authority.
Result<std::vector<CandidateFact>> side_facts(const Question& question,
                                              const AbsentRule::Side& side, DateSpan window) {
  FactRule rule;
  rule.types = side.types;
  rule.where = side.where;
  rule.key.push_back(*FieldPath::parse("id"));
  auto out = select(question, rule, std::nullopt, TimeShape::kPoint, TimeCheck::kLater);
  if (!out) {
    return out;
  }
  std::vector<CandidateFact> entitled;
  for (CandidateFact& one : *out) {
    const auto day = business_date(rule.time, *one.fact);
    const auto may = has_authority(question, side, *one.fact);
    if (!may) {
      return may.error();
    }
    if (day && window.contains(*day) && *may) {
      entitled.push_back(std::move(one));
    }
  }
  return entitled;
}

}  // namespace

Result<Figure> Evaluation::from_absent(const PackIndicator& indicator, const Node& node) {
  const AbsentRule& rule = *indicator.measure.absent;
  const Date last = period_.span.last;
  const DateSpan look_back{Date{last.days + 1}.plus_years(-rule.years), last};
  const DateSpan validity{Date{last.days - rule.clearance.within_days}, last};
  const auto violations = side_facts(question_, rule.violation, look_back);
  const auto clearances = side_facts(question_, rule.clearance, validity);
  if (!violations || !clearances) {
    return violations ? clearances.error() : violations.error();
  }
  Figure out;
  std::int64_t good = 0;
  std::int64_t count = 0;
  for (const std::string& member : members_of(question_.world, rule.group, last)) {
    if (node && *node != rule.group && !at_or_below(question_.world, member, *node)) {
      continue;
    }
    ++count;
    const auto names_member = [&](const AbsentRule::Side& side,
                                  const std::vector<CandidateFact>& facts) {
      bool found = false;
      for (const CandidateFact& one : facts) {
        if (at_or_below(question_.world, subject_of(side, *one.fact), member)) {
          tally(out, one);
          found = found || !one.left_out;
        }
      }
      return found;
    };
    const bool violated = names_member(rule.violation, *violations);
    const bool cleared = names_member(rule.clearance, *clearances);
    good += cleared && !violated ? 1 : 0;
    out.unknown_members += !cleared && !violated ? 1 : 0;
  }
  out.units = static_cast<std::size_t>(count);
  out.parts.emplace(Fraction(good), Fraction(count));
  if (count > 0) {
    out.value = *Fraction::make(good, count);
  }
  return out;
}

}  // namespace hefu
