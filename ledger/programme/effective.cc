#include "ledger/programme/effective.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "ledger/programme/organisation.h"

namespace hefu {

namespace {

auto contents(const Fact& fact) {
  return std::tie(fact.type, fact.actor, fact.org, fact.counterparty, fact.countersigned_by,
                  fact.guests, fact.evidence, fact.registry, fact.audited_by, fact.date, fact.start,
                  fact.end, fact.recorded, fact.supersedes, fact.body, fact.standing);
}

/// Who is related to whom, on the day it matters.
///
/// Whether a countersigner was independent is asked of the day of the fact, not of today: a firm
/// that a college buys next year has not been its subsidiary when it confirmed, and one that is
/// sold does not become independent for what it confirmed before. So a later change of hands
/// restates no figure of an earlier period.
class DatedRelations {
 public:
  explicit DatedRelations(const World& world) : world_(world), last_known_(world) {
    for (const auto& [id, history] : world.history) {
      for (const DatedAttribute& dated : history) {
        changes_.insert(dated.from);
      }
    }
  }

  Relations& on(const Fact& fact) {
    const auto day = fact.date ? fact.date : fact.start;
    if (changes_.empty() || !day) {
      return last_known_;
    }
    // All days from one change to the next are alike.
    const auto next = changes_.upper_bound(*day);
    const Date since = next == changes_.begin() ? *day : *std::prev(next);
    auto& known = by_day_[since];
    if (!known) {
      known = std::make_unique<Then>(world_on(world_, since));
    }
    return known->relations;
  }

 private:
  struct Then {
    explicit Then(World then) : world(std::move(then)), relations(world) {}
    World world;
    Relations relations;
  };

  const World& world_;
  Relations last_known_;
  std::set<Date> changes_;
  std::map<Date, std::unique_ptr<Then>> by_day_;
};

}  // namespace

Result<EffectiveFacts> EffectiveFacts::make(std::span<const Fact> facts, const World& world) {
  std::unordered_map<std::string_view, const Fact*> by_id;
  by_id.reserve(facts.size());
  for (const Fact& fact : facts) {
    const auto [place, fresh] = by_id.emplace(fact.id, &fact);
    if (!fresh && contents(*place->second) != contents(fact)) {
      return Error{Errc::kConflict, "facts: two different facts carry the id " + fact.id,
                   "give one state of each record"};
    }
  }
  std::unordered_set<std::string_view> superseded;
  for (const Fact& fact : facts) {
    for (const std::string& id : fact.supersedes) {
      const auto found = by_id.find(id);
      if (found != by_id.end() && id != fact.id && found->second->actor == fact.actor) {
        superseded.insert(found->first);
      }
    }
  }
  EffectiveFacts out;
  DatedRelations dated(world);
  std::unordered_set<std::string_view> taken;
  for (const Fact& fact : facts) {
    if (taken.insert(fact.id).second) {
      Relations& relations = dated.on(fact);
      out.by_type_[fact.type].push_back(EffectiveFact{&fact, grade(fact, relations),
                                                      is_independent(fact, relations),
                                                      superseded.contains(fact.id)});
    }
  }
  for (auto& [type, list] : out.by_type_) {
    std::sort(list.begin(), list.end(), [](const EffectiveFact& a, const EffectiveFact& b) {
      return a.fact->id < b.fact->id;
    });
  }
  return out;
}

std::span<const EffectiveFact> EffectiveFacts::of_type(const std::string& type) const {
  const auto found = by_type_.find(type);
  return found == by_type_.end() ? std::span<const EffectiveFact>() : found->second;
}

}  // namespace hefu
