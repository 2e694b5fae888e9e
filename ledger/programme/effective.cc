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

bool has_lower_id(const EffectiveFact& a, const EffectiveFact& b) {
  return a.fact->id < b.fact->id;
}

}  // namespace

/// Who is related to whom, on the day it matters.
///
/// Whether a countersigner was independent is asked of the day of the fact, not of today: a firm
/// that a college buys next year has not been its subsidiary when it confirmed, and one that is
/// sold does not become independent for what it confirmed before. So a later change of hands
/// restates no figure of an earlier period.
class FactJudge::DatedRelations {
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

FactJudge::FactJudge(const World& world) : relations_(std::make_unique<DatedRelations>(world)) {}
FactJudge::~FactJudge() = default;

EffectiveFact FactJudge::judge(const Fact& fact) {
  Relations& relations = relations_->on(fact);
  return EffectiveFact{&fact, grade(fact, relations), is_independent(fact, relations), false};
}

Result<EffectiveFacts> EffectiveFacts::make(const FactList& facts, const World& world) {
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
  FactJudge judge(world);
  std::unordered_set<std::string_view> taken;
  for (const Fact& fact : facts) {
    if (taken.insert(fact.id).second) {
      EffectiveFact& one = out.by_type_[fact.type].emplace_back(judge.judge(fact));
      one.superseded = superseded.contains(fact.id);
    }
  }
  for (auto& [type, list] : out.by_type_) {
    std::sort(list.begin(), list.end(), has_lower_id);
  }
  return out;
}

EffectiveFacts EffectiveFacts::from(Source source, const World& world) {
  EffectiveFacts out;
  out.source_ = std::move(source);
  out.world_ = &world;
  return out;
}

std::span<const EffectiveFact> EffectiveFacts::of_type(const std::string& type) const {
  if (source_ && !by_type_.contains(type)) {
    FactJudge judge(*world_);
    auto& list = by_type_[type];
    for (const Fact* fact : source_(type)) {
      list.push_back(judge.judge(*fact));
    }
    std::sort(list.begin(), list.end(), has_lower_id);
  }
  const auto found = by_type_.find(type);
  return found == by_type_.end() ? std::span<const EffectiveFact>() : found->second;
}

}  // namespace hefu
