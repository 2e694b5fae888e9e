#include "ledger/assurance/in_full.h"

#include <map>
#include <string>
#include <utility>

#include "ledger/programme/grade.h"
#include "ledger/programme/organisation.h"

namespace hefu {

namespace {

using Facts = std::vector<const Fact*>;

class InFull {
 public:
  InFull(const AuditPlan& plan, const LedgerState& frozen, const Period& period)
      : plan_(plan), frozen_(frozen), period_(period), relations_(*frozen.world) {}

  Result<std::vector<Facts>> facts_of(const View& view) const {
    std::map<std::string, const Fact*> by_id;
    for (const auto& [name, fact] : frozen_.facts) {
      by_id.emplace(fact.id, &fact);
    }
    std::vector<Facts> out;
    for (const ViewLeaf& leaf : view.units) {
      const auto records = read_view_payload(leaf.payload);
      if (!records) {
        return records.error();
      }
      Facts facts;
      for (const CountedRecord& counted : *records) {
        const auto fact = by_id.find(counted.record.hex());
        if (fact != by_id.end()) {
          facts.push_back(fact->second);
        }
      }
      out.push_back(std::move(facts));
    }
    return out;
  }

  std::vector<std::set<FullReason>> run(const AuditStratum& stratum, const View& view,
                                        const std::vector<Facts>& facts) {
    count_days(facts);
    std::vector<std::set<FullReason>> out(facts.size());
    std::size_t low = 0;
    std::vector<bool> is_low(facts.size());
    for (std::size_t i = 0; i < facts.size(); ++i) {
      if (stratum.method == AuditMethod::kMonetaryUnit && is_top(stratum, view, i)) {
        out[i].insert(FullReason::kTop);
      }
      for (const Fact* fact : facts[i]) {
        add_reasons(*fact, out[i]);
        is_low[i] = is_low[i] || grade(*fact, relations_) <= Grade::kE1;
      }
      low += is_low[i] ? 1 : 0;
    }
    const bool many = low * 100 > facts.size() * static_cast<std::size_t>(plan_.low_evidence_share);
    for (std::size_t i = 0; i < facts.size(); ++i) {
      if (many && is_low[i]) {
        out[i].insert(FullReason::kLowEvidence);
      }
      std::erase_if(out[i], [&](FullReason reason) { return plan_.in_full.count(reason) == 0; });
    }
    return out;
  }

 private:
  /// At least the sampling interval: value >= total / size, without a division.
  static bool is_top(const AuditStratum& stratum, const View& view, std::size_t leaf) {
    __extension__ using Wide = __int128;
    const Wide value = view.units[leaf].value;
    return value > 0 && value * static_cast<Wide>(stratum.stages.front().size) >=
                            static_cast<Wide>(view.attestation.units.sum);
  }

  void count_days(const std::vector<Facts>& facts) {
    for (const Facts& leaf : facts) {
      for (const Fact* fact : leaf) {
        if (fact->date) {
          ++same_day_[{fact->actor, *fact->date}];
        }
      }
    }
  }

  void add_reasons(const Fact& fact, std::set<FullReason>& out) {
    if (!fact.recorded || (fact.date && fact.recorded->days - fact.date->days > plan_.late_days)) {
      out.insert(FullReason::kLate);
    }
    if (fact.counterparty && relations_.are_related(fact.actor, *fact.counterparty)) {
      out.insert(FullReason::kRelatedParty);
    }
    if (fact.date && same_day_[{fact.actor, *fact.date}] >= plan_.batch_size) {
      out.insert(FullReason::kSameDayBatch);
    }
    const Date end = period_.span.last;
    if (fact.date && *fact.date <= end && fact.date->days > end.days - plan_.last_days) {
      out.insert(FullReason::kLastDays);
    }
    const auto id = Digest::from_hex(fact.id);
    const Record* record = id ? frozen_.records.record(EventId{*id}) : nullptr;
    if (record != nullptr && plan_.frozen_on && record->versions.size() > 1 &&
        (!record->current.recorded_by || record->current.recorded_by->date() > *plan_.frozen_on)) {
      out.insert(FullReason::kCorrected);
    }
  }

  const AuditPlan& plan_;
  const LedgerState& frozen_;
  const Period& period_;
  Relations relations_;
  std::map<std::pair<std::string, Date>, int> same_day_;
};

}  // namespace

Result<std::vector<std::set<FullReason>>> reasons_in_full(const AuditPlan& plan,
                                                          const AuditStratum& stratum,
                                                          const View& view,
                                                          const LedgerState& frozen,
                                                          const Period& period) {
  InFull in_full(plan, frozen, period);
  const auto facts = in_full.facts_of(view);
  if (!facts) {
    return facts.error();
  }
  return in_full.run(stratum, view, *facts);
}

}  // namespace hefu
