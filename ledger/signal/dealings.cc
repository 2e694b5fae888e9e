#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "ledger/programme/organisation.h"
#include "ledger/signal/detect.h"
#include "ledger/signal/fact_fields.h"

namespace hefu {
namespace {

constexpr std::string_view kTransfer = "technology-transfer";

}  // namespace

void find_recorded_late(const SignalSearch& search, Signals& out) {
  for (const Fact* fact : search.in_period) {
    const std::int64_t late = fact->recorded ? fact->recorded->days - day_of(*fact)->days : 0;
    if (late > search.rules.late_days) {
      out.push_back(signal_about(SignalKind::kRecordedLate, {fact}, late, "days",
                                 "recorded " + fact->recorded->text()));
    }
  }
}

void find_related_party(const SignalSearch& search, Signals& out) {
  Relations relations(search.world);
  for (const Fact* fact : search.in_period) {
    const auto& parties = fact->countersigned_by;
    const bool all = std::all_of(parties.begin(), parties.end(), [&](const std::string& party) {
      return relations.are_related(party, fact->actor);
    });
    if (!parties.empty() && all) {
      Signal signal = signal_about(SignalKind::kRelatedParty, {fact},
                                   static_cast<std::int64_t>(parties.size()), "records", "");
      signal.amount = 1;
      signal.institutions.insert(signal.institutions.end(), parties.begin(), parties.end());
      out.push_back(std::move(signal));
    }
  }
}

void find_sole_voucher(const SignalSearch& search, Signals& out) {
  std::map<std::string, std::map<std::string, std::vector<const Fact*>>> vouched;  // by, for
  for (const Fact* fact : search.in_period) {
    for (const std::string& party : fact->countersigned_by) {
      vouched[party][fact->actor].push_back(fact);
    }
  }
  for (const auto& [party, by_actor] : vouched) {
    const auto& [actor, facts] = *by_actor.begin();
    if (by_actor.size() == 1 && facts.size() >= search.rules.voucher_min) {
      Signal signal = signal_about(SignalKind::kSoleVoucher, facts,
                                   static_cast<std::int64_t>(facts.size()), "records", party);
      signal.institutions.push_back(party);
      out.push_back(std::move(signal));
    }
  }
}

void find_token_price(const SignalSearch& search, Signals& out) {
  for (const Fact* fact : search.in_period) {
    const auto value = fact->type == kTransfer ? integer_in(*fact, "value") : std::nullopt;
    if (value && *value <= search.rules.token_fen &&
        text_in(*fact, "mode") != "self-use-by-co-owner") {
      Signal signal = signal_about(SignalKind::kTokenPrice, {fact}, *value, "fen", "");
      signal.institutions.push_back(text_in(*fact, "transferee"));
      out.push_back(std::move(signal));
    }
  }
}

void find_return_transfer(const SignalSearch& search, Signals& out) {
  std::map<std::string, std::vector<const Fact*>> of_output;
  for (const Fact* fact : search.facts) {
    if (fact->type == kTransfer && day_of(*fact)) {
      for (const std::string& output : texts_in(*fact, "outputs")) {
        of_output[output].push_back(fact);
      }
    }
  }
  for (const auto& [output, facts] : of_output) {
    for (const Fact* there : facts) {
      for (const Fact* back : facts) {
        const std::int64_t days = day_of(*back)->days - day_of(*there)->days;
        const bool returns = text_in(*there, "transferor") == text_in(*back, "transferee") &&
                             text_in(*there, "transferee") == text_in(*back, "transferor");
        const bool later = days > 0 || (days == 0 && there->id < back->id);
        if (returns && later && search.period.contains(*day_of(*back))) {
          Signal signal =
              signal_about(SignalKind::kReturnTransfer, {there, back}, days, "days", output);
          signal.institutions.push_back(text_in(*there, "transferor"));
          signal.institutions.push_back(text_in(*there, "transferee"));
          out.push_back(std::move(signal));
        }
      }
    }
  }
}

}  // namespace hefu
