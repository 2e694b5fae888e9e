#include "ledger/signal/signal.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "ledger/signal/detect.h"
#include "ledger/signal/fact_fields.h"

namespace hefu {
namespace {

struct KindText {
  const char* name;
  const char* zh;
  const char* en;
};

// In the order of SignalKind.
constexpr std::array<KindText, kSignalKindCount> kKinds = {{
    {"same-achievement", "同一成果多次登记", "One achievement in several records"},
    {"related-party", "只有关联方确认", "Confirmed by related parties only"},
    {"recorded-late", "登记明显晚于发生", "Recorded long after it happened"},
    {"idle-agreement", "协议有效但无活动", "Agreement in force without activity"},
    {"renewal-as-new", "续签按新签登记", "Renewal that does not say so"},
    {"repeated", "内容雷同的记录", "Records alike but for their dates"},
    {"split", "同日同对象多笔", "Several with the same party on one day"},
    {"round-values", "数值几乎都是整数", "Values nearly all round"},
    {"sole-voucher", "只为一家机构确认", "Confirms for one institution only"},
    {"token-price", "成交价过低", "Transferred for a token price"},
    {"return-transfer", "成果转回原主", "Transferred back"},
}};

const KindText& text_of(SignalKind kind) {
  return kKinds.at(static_cast<std::size_t>(kind));
}

void make_unique(std::vector<std::string>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

}  // namespace

const char* name(SignalKind kind) {
  return text_of(kind).name;
}

std::optional<SignalKind> signal_kind(std::string_view name) {
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (name == kKinds.at(i).name) {
      return static_cast<SignalKind>(i);
    }
  }
  return std::nullopt;
}

Title title(SignalKind kind) {
  return {text_of(kind).zh, text_of(kind).en};
}

Signal signal_about(SignalKind kind, const std::vector<const Fact*>& facts, std::int64_t amount,
                    std::string unit, std::string detail) {
  Signal signal{kind, {}, {}, amount, std::move(unit), std::move(detail)};
  for (const Fact* fact : facts) {
    signal.institutions.push_back(fact->actor);
    signal.facts.push_back(fact->id);
  }
  make_unique(signal.institutions);
  make_unique(signal.facts);
  return signal;
}

std::vector<Signal> find_signals(const FactList& facts, const World& world,
                                 const Catalogue& catalogue, const DateSpan& period,
                                 const SignalRules& rules) {
  SignalSearch search{{}, {}, world, catalogue, period, rules};
  for (const Fact& fact : facts) {
    if (fact.standing != Standing::kEnded) {
      search.facts.push_back(&fact);
    }
  }
  std::sort(search.facts.begin(), search.facts.end(),
            [](const Fact* a, const Fact* b) { return a->id < b->id; });
  for (const Fact* fact : search.facts) {
    if (const auto day = day_of(*fact); day && period.contains(*day)) {
      search.in_period.push_back(fact);
    }
  }
  Signals found;
  for (const auto find :
       {find_same_achievement, find_related_party, find_recorded_late, find_idle_agreement,
        find_renewal_as_new, find_repeated, find_split, find_round_values, find_sole_voucher,
        find_token_price, find_return_transfer}) {
    find(search, found);
  }
  for (Signal& signal : found) {
    make_unique(signal.institutions);
  }
  std::sort(found.begin(), found.end(), [](const Signal& a, const Signal& b) {
    return std::tie(a.kind, b.amount, a.facts, a.detail, a.institutions) <
           std::tie(b.kind, a.amount, b.facts, b.detail, b.institutions);
  });
  return found;
}

}  // namespace hefu
