#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/charter/charter.h"
#include "ledger/fraud/fraud_proof.h"
#include "ledger/view/statement.h"

namespace hefu {

/// What became of judging a fraud proof.
struct FraudVerdict {
  enum class Outcome : std::uint8_t {
    kProven,
    kNotProven,  ///< convicts nobody; acquits nobody either
    kNotJudged,  ///< a key is not known here, or the evidence is not complete enough to be sure
  };
  Outcome outcome = Outcome::kNotProven;
  std::string accused;             ///< member id; empty while nobody's signature holds
  std::string statement;           ///< what it signed, for people
  std::vector<std::string> found;  ///< step by step, for people
  std::string why_not;             ///< unless proven
};

/// Judges a proof by the charter that the reader trusts (as founded, or in force), with no network
/// and no other trust.
///
/// An honest member cannot be convicted, unless SHA-256 or Ed25519 breaks: what it signed stands in
/// its own log under a quorum's cosignatures, and
/// - its index holds every event in order, so no two neighbours leave room for one;
/// - its trees add up, so every opened node does; their keys rise, so every two neighbours do;
/// - its leaves are those that this same engine gets from the whole logs of the attested cut. An
///   attestation of another engine, or a bundle that is not complete, is not judged; nor is one of
///   slices, because a third member whose index hides an event could make any leaf look wrong.
FraudVerdict judge_fraud(const FraudProof& proof, const Charter& trusted);

}  // namespace hefu
