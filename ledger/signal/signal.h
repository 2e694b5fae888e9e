#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/event/catalogue.h"
#include "ledger/programme/period.h"
#include "ledger/record/fact.h"
#include "ledger/record/fact_list.h"

namespace hefu {

/// What makes an auditor look twice. Source: catalogue of risks (codes in brackets) and gaming
/// catalogue of the audit study, §7.
enum class SignalKind : std::uint8_t {
  kSameAchievement,  ///< several records of what bears one number, one document or one place [D1]
  kRelatedParty,     ///< everybody who confirms it is related to who claims it [T]
  kRecordedLate,     ///< recorded long after the day it is said to have happened on [B]
  kIdleAgreement,    ///< in force, and no record shows that anything came of it [X, E]
  kRenewalAsNew,     ///< follows an agreement like it without saying that it renews it [R]
  kRepeated,         ///< records of one institution that differ in their dates alone [N]
  kSplit,            ///< several of one kind between the same two on one day [S]
  kRoundValues,      ///< an institution's values of one field are nearly all round [N]
  kSoleVoucher,      ///< confirms much for one institution, and nothing for any other [T]
  kTokenPrice,       ///< technology transferred for next to nothing [T]
  kReturnTransfer,   ///< technology that went back to whom it came from [T]
};

inline constexpr int kSignalKindCount = 11;

/// "same-achievement", "related-party", …: used in JSON and by the tools.
const char* name(SignalKind kind);
std::optional<SignalKind> signal_kind(std::string_view name);
/// For people.
Title title(SignalKind kind);

/// One reason to look. It decides nothing and changes no figure: an innocent explanation is for
/// the auditor to hear.
struct Signal {
  SignalKind kind = SignalKind::kSameAchievement;
  std::vector<std::string> institutions;  ///< concerned; sorted, unique
  std::vector<std::string> facts;         ///< record ids; sorted, unique, never empty
  /// How strong: days late or idle, fen, a count, or a share in per cent. What it is of says
  /// `unit`.
  std::int64_t amount = 0;
  std::string unit;    ///< "days", "fen", "records" or "percent"
  std::string detail;  ///< the number, field or party it rests on; may be empty

  bool operator==(const Signal&) const = default;
};

/// From where on something is shown. What is usual differs from programme to programme, so an
/// auditor may set them.
struct SignalRules {
  int late_days = 30;               ///< recorded more than so many days after it happened
  int idle_days = 365;              ///< an agreement in force for so long, without activity in it
  int renewal_gap_days = 60;        ///< the former like agreement ended at most so long before
  std::size_t repeated_min = 3;     ///< records alike
  std::size_t split_min = 2;        ///< on one day
  std::size_t round_min = 8;        ///< values to judge at all
  int round_percent = 90;           ///< of them are round
  std::size_t voucher_min = 5;      ///< confirmations
  std::int64_t token_fen = 10'000;  ///< 100 yuan
};

/// The signals of a period, strongest first within each kind (amount, then record ids). Facts that
/// never count (Standing::kEnded) give none. The result is a function of the set of facts, whatever
/// their order. Cost grows as n·log n with the facts. `catalogue` says which fields are money.
///
/// - kSameAchievement: records of one type, by anybody, with one identity (signal/identity.h), one
///   of them in the period.
/// - kRecordedLate, kRelatedParty, kTokenPrice: one signal a record that happened in the period.
/// - kIdleAgreement: of agreements in force on the last day of the period.
/// - kRenewalAsNew: of agreements that begin in the period.
/// - kRepeated, kSplit, kRoundValues, kSoleVoucher: over the records that happened in the period.
/// - kReturnTransfer: the way back happened in the period.
std::vector<Signal> find_signals(const FactList& facts, const World& world,
                                 const Catalogue& catalogue, const DateSpan& period,
                                 const SignalRules& rules = {});

}  // namespace hefu
