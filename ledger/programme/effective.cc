#include "ledger/programme/effective.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <unordered_map>

#include "ledger/programme/organisation.h"
#include "ledger/programme/text_table.h"

namespace hefu {

namespace {

auto contents(const Fact& fact) {
  return std::tie(fact.type, fact.actor, fact.org, fact.counterparty, fact.countersigned_by,
                  fact.guests, fact.evidence, fact.registry, fact.audited_by, fact.date, fact.start,
                  fact.end, fact.recorded, fact.supersedes, fact.body, fact.standing);
}

/// Each fact once.
Result<std::vector<const Fact*>> without_repetitions(const FactList& facts) {
  const std::vector<const Fact*>& all = facts.pointers();
  const bool rising =
      std::adjacent_find(all.begin(), all.end(), [](const Fact* one, const Fact* next) {
        return one->id >= next->id;
      }) == all.end();
  if (rising) {
    return all;
  }
  TextTable ids(all.size());
  std::vector<const Fact*> out;
  out.reserve(all.size());
  for (const Fact* fact : all) {
    const std::uint32_t number =
        ids.number(fact->id, [&](std::uint32_t known) { return std::string_view(out[known]->id); });
    if (number == out.size()) {
      out.push_back(fact);
    } else if (contents(*out[number]) != contents(*fact)) {
      return Error{Errc::kConflict, "facts: two different facts carry the id " + fact->id,
                   "give one state of each record"};
    }
  }
  return out;
}

/// Read in another order than the one they lie in, facts cost several cache misses each.
void put_as_stored(std::vector<const Fact*>& facts) {
  if (!std::is_sorted(facts.begin(), facts.end(), std::less<>())) {
    std::sort(facts.begin(), facts.end(), std::less<>());
  }
}

/// By id of what is replaced, who says so of it.
using Replaced = std::unordered_map<std::string_view, std::set<std::string_view>>;

Replaced replaced_by(const std::vector<const Fact*>& facts) {
  Replaced out;
  for (const Fact* fact : facts) {
    for (const std::string& id : fact->supersedes) {
      if (id != fact->id) {
        out[id].insert(fact->actor);
      }
    }
  }
  return out;
}

bool is_replaced(const Replaced& replaced, const Fact& fact) {
  if (replaced.empty()) {
    return false;
  }
  const auto found = replaced.find(fact.id);
  return found != replaced.end() && found->second.contains(fact.actor);
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

Result<EffectiveFacts> EffectiveFacts::make(const FactList& list, const World& world) {
  auto facts = without_repetitions(list);
  if (!facts) {
    return facts.error();
  }
  put_as_stored(*facts);
  const Replaced replaced = replaced_by(*facts);
  EffectiveFacts out;
  FactJudge judge(world);
  std::vector<EffectiveFact>* of_type = nullptr;
  const std::string* type = nullptr;
  for (const Fact* fact : *facts) {
    if (type == nullptr || *type != fact->type) {
      type = &fact->type;
      of_type = &out.by_type_[*type];
      // Room for all of a list of one type: what is not used of it takes no memory.
      of_type->reserve(out.by_type_.size() == 1 ? facts->size() : 0);
    }
    of_type->push_back(judge.judge(*fact));
    of_type->back().superseded = is_replaced(replaced, *fact);
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
  }
  const auto found = by_type_.find(type);
  return found == by_type_.end() ? std::span<const EffectiveFact>() : found->second;
}

}  // namespace hefu
