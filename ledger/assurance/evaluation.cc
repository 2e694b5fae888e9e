#include "ledger/assurance/evaluation.h"

#include <algorithm>
#include <set>

#include "ledger/audit/misstatement.h"
#include "ledger/audit/sample_size.h"

namespace hefu {

namespace {

using StratumVerdict = StratumResult::Verdict;
__extension__ using Wide = __int128;

constexpr int kWholeRate = 10'000;  // hundredths of a per cent

/// Which evidence was asked for in vain.
struct Silence {
  std::set<EventId> unanswered;
  std::set<EventId> refused;

  Silence(const Engagement& audit, Date as_of) {
    const auto open = hefu::unanswered(audit, as_of);
    unanswered.insert(open.begin(), open.end());
    for (const EvidenceRequest& request : audit.requests) {
      for (const EvidenceAnswer& answer : request.answers) {
        if (!answer.provided && answer.act.recorded && answer.act.recorded->date() <= as_of) {
          refused.insert(answer.items.begin(), answer.items.end());
        }
      }
    }
  }
};

ItemResult of_test(const AuditTest& test) {
  switch (test.result) {
    case TestResult::kOk:
      return {ItemOutcome::kOk, 0};
    case TestResult::kDeviation:
      return {ItemOutcome::kDeviation, test.misstated_permille};
    case TestResult::kNotAvailable:
      return {ItemOutcome::kNotAvailable, 1000};
  }
  return {};
}

/// How one record of an item stands. A test speaks before silence does: other procedures may work.
ItemResult of_record(const Engagement& audit, const std::string& stratum, const EventId& record,
                     const Silence& silence, Date as_of) {
  const AuditTest* test = audit.test(stratum, record);
  if (test != nullptr && test->act.occurred_on <= as_of) {
    return of_test(*test);
  }
  if (silence.refused.count(record) == 1) {
    return {ItemOutcome::kRefused, 1000};
  }
  if (silence.unanswered.count(record) == 1) {
    return {ItemOutcome::kUnanswered, 1000};
  }
  return {};
}

/// The worst of an item's records: it deviates if one of them does, and is good if all are.
ItemResult of_item(const Engagement& audit, const std::string& stratum, const SampleItem& item,
                   const Silence& silence, Date as_of) {
  ItemResult worst{ItemOutcome::kOk, 0};
  bool open = item.records.empty();
  for (const EventId& record : item.records) {
    const ItemResult one = of_record(audit, stratum, record, silence, as_of);
    open = open || one.outcome == ItemOutcome::kOpen;
    if (one.deviates() &&
        (!worst.deviates() || one.misstated_permille > worst.misstated_permille)) {
      worst = one;
    }
  }
  return open && !worst.deviates() ? ItemResult{} : worst;
}

class StratumEvaluation {
 public:
  StratumEvaluation(const AuditPlan& plan, const StratumSample& sample)
      : plan_(plan), sample_(sample) {}

  Result<StratumResult> run(std::vector<ItemResult> items) {
    result_.items = std::move(items);
    for (std::size_t i = 0; i < sample_.items.size(); ++i) {
      if (!sample_.items[i].in_full.empty()) {
        ++result_.in_full;
        result_.in_full_deviations += result_.items[i].deviates() ? 1 : 0;
        open_in_full_ += result_.items[i].outcome == ItemOutcome::kOpen ? 1 : 0;
      }
    }
    for (std::size_t stage = 1; stage <= sample_.stratum.stages.size(); ++stage) {
      auto judged = at_stage(stage);
      if (!judged) {
        return judged.error();
      }
      if (result_.verdict != StratumVerdict::kFailed) {
        break;
      }
    }
    return result_;
  }

 private:
  Result<void> at_stage(std::size_t stage) {
    result_.stage = stage;
    result_.examined = result_.deviations = 0;
    result_.open = open_in_full_;
    for (std::size_t i = 0; i < sample_.items.size(); ++i) {
      if (sample_.items[i].in_full.empty() && sample_.stage_of(sample_.items[i]) <= stage) {
        ++result_.examined;
        result_.deviations += result_.items[i].deviates() ? 1 : 0;
        result_.open += result_.items[i].outcome == ItemOutcome::kOpen ? 1 : 0;
      }
    }
    result_.upper_limit.reset();
    result_.known.reset();
    result_.projected.reset();
    result_.upper.reset();
    if (result_.open > 0) {
      result_.verdict = StratumVerdict::kOpen;
      return {};
    }
    return sample_.stratum.method == AuditMethod::kMonetaryUnit ? by_units(stage) : by_items(stage);
  }

  Result<void> by_items(std::size_t stage) {
    const int accepted = sample_.stratum.stages[stage - 1].accepted;
    result_.exact = result_.examined == sample_.random_items;
    if (result_.exact) {
      const std::uint64_t items = std::max<std::uint64_t>(sample_.random_items, 1);
      result_.upper_limit = static_cast<int>((result_.deviations * kWholeRate + items - 1) / items);
    } else {
      const auto limit =
          upper_limit(plan_.confidence, result_.examined, static_cast<int>(result_.deviations));
      if (!limit) {
        return limit.error();
      }
      result_.upper_limit = *limit;
    }
    const bool few = result_.exact ? *result_.upper_limit <= plan_.tolerable * 100
                                   : result_.deviations <= static_cast<std::uint64_t>(accepted);
    // What is examined in full is no sample: each deviation there is known, not projected.
    result_.verdict = few ? StratumVerdict::kPassed : StratumVerdict::kFailed;
    return {};
  }

  Result<void> by_units(std::size_t stage) {
    const std::uint64_t size = sample_.stratum.stages[stage - 1].size;
    Wide known = 0;
    std::vector<int> taints;
    for (std::size_t i = 0; i < sample_.items.size(); ++i) {
      const SampleItem& item = sample_.items[i];
      const int taint = result_.items[i].misstated_permille;
      if (!item.in_full.empty()) {
        known += static_cast<Wide>(item.value) * taint;
        continue;
      }
      const auto hits = std::count_if(item.draws.begin(), item.draws.end(),
                                      [&](std::uint64_t draw) { return draw < size; });
      taints.insert(taints.end(), static_cast<std::size_t>(hits), taint);
    }
    result_.known = static_cast<std::int64_t>((known + 999) / 1000);
    Misstatement shown;
    if (sample_.random_total > 0) {
      auto judged = misstatement(plan_.confidence, sample_.random_total, size, std::move(taints));
      if (!judged && judged.error().code != Errc::kTooLarge) {
        return judged.error();
      }
      // More errors than any table knows: nothing less than all of it can be said to be right.
      shown = judged ? *judged
                     : Misstatement{sample_.random_total, sample_.random_total,
                                    sample_.random_total, 1};
    }
    result_.projected = shown.projected;
    result_.upper = shown.upper + *result_.known;
    // (upper + known / 1000) · 100 <= total · tolerable, without a division.
    const Wide most = static_cast<Wide>(sample_.total) * plan_.tolerable;
    const bool little =
        shown.upper_num * 100'000 + known * 100 * shown.upper_den <= most * 1000 * shown.upper_den;
    result_.verdict = little ? StratumVerdict::kPassed : StratumVerdict::kFailed;
    return {};
  }

  const AuditPlan& plan_;
  const StratumSample& sample_;
  StratumResult result_;
  std::uint64_t open_in_full_ = 0;
};

}  // namespace

Result<std::vector<StratumResult>> evaluate_sample(const Engagement& audit,
                                                   const std::vector<StratumSample>& sample,
                                                   Date as_of) {
  const Silence silence(audit, as_of);
  std::vector<StratumResult> out;
  for (const StratumSample& stratum : sample) {
    std::vector<ItemResult> items;
    for (const SampleItem& item : stratum.items) {
      items.push_back(of_item(audit, stratum.stratum.name, item, silence, as_of));
    }
    auto result = StratumEvaluation(*audit.plan, stratum).run(std::move(items));
    if (!result) {
      return result.error().during("stratum " + stratum.stratum.name);
    }
    out.push_back(std::move(*result));
  }
  return out;
}

const char* name(ItemOutcome outcome) {
  switch (outcome) {
    case ItemOutcome::kOpen:
      return "open";
    case ItemOutcome::kOk:
      return "ok";
    case ItemOutcome::kDeviation:
      return "deviation";
    case ItemOutcome::kNotAvailable:
      return "not-available";
    case ItemOutcome::kRefused:
      return "refused";
    case ItemOutcome::kUnanswered:
      return "unanswered";
  }
  return "open";
}

const char* name(StratumResult::Verdict verdict) {
  switch (verdict) {
    case StratumVerdict::kOpen:
      return "open";
    case StratumVerdict::kPassed:
      return "passed";
    case StratumVerdict::kFailed:
      return "failed";
  }
  return "open";
}

}  // namespace hefu
