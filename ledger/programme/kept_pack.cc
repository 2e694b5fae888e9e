#include "ledger/programme/kept_pack.h"

#include <algorithm>
#include <set>
#include <utility>

namespace hefu {

/// What is kept, as an evaluation asks for it.
class KeptPack::Source : public KeptSource {
 public:
  Source(KeptPack& pack, const Period& period, bool lists)
      : pack_(pack), figures_(pack.kept(period)), lists_(lists) {}

  std::optional<Figure> figure(const PackIndicator& indicator,
                               const std::optional<std::string>& node) override {
    return figures_.figure(indicator, node, lists_);
  }
  std::optional<std::set<std::string>> claimants(const PackIndicator& indicator) override {
    return figures_.claimants(indicator);
  }
  KeptSource* at(const Period& period) override {
    auto& other = others_[period.text];
    if (!other) {
      other = std::make_unique<Source>(pack_, period, lists_);
    }
    return other.get();
  }

 private:
  KeptPack& pack_;
  KeptFigures& figures_;
  const bool lists_;
  std::map<std::string, std::unique_ptr<Source>> others_;
};

KeptPack::KeptPack(Pack pack, std::shared_ptr<const World> world,
                   const PersistentMap<std::string, Fact>& facts)
    : pack_(std::move(pack)), world_(std::move(world)) {
  const auto types = pack_.event_types();
  const std::set<std::string> wanted(types.begin(), types.end());
  for (auto at = facts.begin(); at != facts.end(); ++at) {
    const std::shared_ptr<const Fact>& fact = at.shared();
    if (wanted.contains(fact->type)) {
      facts_[fact->type].emplace(fact->id, fact);
    }
  }
  for (const std::string& type : wanted) {
    facts_.try_emplace(type);
  }
}

KeptPack::~KeptPack() = default;

void KeptPack::change(const std::shared_ptr<const Fact>& before,
                      const std::shared_ptr<const Fact>& after) {
  const auto list_of = [&](const std::shared_ptr<const Fact>& fact) {
    return fact == nullptr ? facts_.end() : facts_.find(fact->type);
  };
  const auto old = list_of(before);
  const auto now = list_of(after);
  if (old != facts_.end()) {
    old->second.erase(before->id);
  }
  if (now != facts_.end()) {
    now->second.insert_or_assign(after->id, after);
  }
  if (old == facts_.end() && now == facts_.end()) {
    return;  // of no type this pack reads
  }
  for (auto& [name, kept] : kept_) {
    kept.figures->change(old == facts_.end() ? nullptr : before,
                         now == facts_.end() ? nullptr : after);
  }
}

KeptFigures& KeptPack::kept(const Period& period) {
  Kept& kept = kept_[period.text];
  kept.asked = ++asked_;
  if (!kept.figures) {
    kept.figures = std::make_unique<KeptFigures>(pack_, *world_, period);
    std::vector<std::shared_ptr<const Fact>> all;
    for (const auto& [type, facts] : facts_) {
      for (const auto& [id, fact] : facts) {
        all.push_back(fact);
      }
    }
    kept.figures->fill(all);
  }
  return *kept.figures;
}

void KeptPack::forget_old_periods() {
  while (kept_.size() > kKeptPeriodsMax) {
    kept_.erase(std::min_element(kept_.begin(), kept_.end(), [](const auto& a, const auto& b) {
      return a.second.asked < b.second.asked;
    }));
  }
}

EffectiveFacts KeptPack::effective(const World& world) const {
  return EffectiveFacts::from(
      [this](const std::string& type) {
        std::vector<const Fact*> out;
        const auto found = facts_.find(type);
        if (found != facts_.end()) {
          for (const auto& [id, fact] : found->second) {
            out.push_back(fact.get());
          }
        }
        return out;
      },
      world);
}

std::vector<Figure> KeptPack::figures(const Period& period,
                                      const std::optional<std::string>& node) {
  Source source(*this, period, true);
  auto out = evaluate(pack_, *world_, effective(*world_), period, node, &source);
  forget_old_periods();
  return out;
}

TreeFigures KeptPack::tree(const Period& period) {
  const World world = world_on(*world_, period.span.last);
  Source source(*this, period, false);
  auto out = evaluate_tree(pack_, world, effective(world), period, &source);
  forget_old_periods();
  return out;
}

std::vector<AssertOutcome> KeptPack::assertions(const Period& period,
                                                const std::optional<std::string>& node) {
  if (pack_.asserts.empty()) {
    return {};
  }
  Source source(*this, period, false);
  auto out = check_assertions(pack_, *world_, effective(*world_), period, node, &source);
  forget_old_periods();
  return out;
}

Figure KeptPack::figure(const Period& period, const PackIndicator& indicator,
                        const std::optional<std::string>& node) {
  Source source(*this, period, false);
  const EffectiveFacts facts = effective(*world_);
  Evaluation evaluation(pack_, *world_, facts, period, &source);
  return evaluation.figure(indicator, node);
}

}  // namespace hefu
