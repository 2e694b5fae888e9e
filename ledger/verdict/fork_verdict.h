#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "ledger/charter/charter.h"
#include "ledger/log/fork_proof.h"
#include "ledger/verdict/verdict.h"

namespace hefu {

/// Whom a fork proof is judged with: the keys of logs, and what is known of their owners.
struct ForkTrust {
  std::optional<Charter> charter;
  std::vector<VerifierKey> keys;
};

/// The keys of all logs of a charter, ended ones too.
ForkTrust trust_charter(Charter charter);

/// What became of judging a fork proof. `verdict`: kGood if it is proven, kIncomplete if the log is
/// not known.
struct ForkVerdict {
  Judgement verdict = Judgement::kBad;
  std::string origin;                 ///< that the first checkpoint names; unverified until proven
  const Member* owner = nullptr;      ///< in the charter of the trust, and as long-lived
  std::optional<VerifierKey> key;     ///< one that is known for the origin
  std::optional<Fork> fork;           ///< proven
  std::optional<Digest> second_root;  ///< of the second history where the first one ends
  std::string why_not;
};

ForkVerdict judge_fork(std::string_view proof, const ForkTrust& trust);

/// {"verdict": "proven" | "not-proven" | "unknown-log", "origin", "member", and either "first",
/// "second": {"size","root"} and "second_root_at_first_size", or "reason"}.
boost::json::object to_json(const ForkVerdict& fork);

}  // namespace hefu
