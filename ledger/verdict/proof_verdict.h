#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "crypto/bytes.h"
#include "ledger/charter/charter.h"
#include "ledger/verdict/verdict.h"

namespace hefu {

/// What became of judging a receipt (.tlog-proof).
struct ProofVerdict {
  Judgement verdict = Judgement::kBad;
  std::vector<BundleCheck> checks;
  std::string event;   ///< id, of the envelope; empty if none was given
  std::string origin;  ///< of the log
  std::uint64_t index = 0, size = 0;
};

/// Judges a receipt by a charter: its checkpoint is signed by the log of one of its members and
/// cosigned by a quorum of the others, and the envelope is the log's entry at its index. Without an
/// envelope (and with none in the proof's `extra`) only the checkpoint is judged, and the verdict
/// is incomplete at best. It is also incomplete where the log or the envelope's signer is none the
/// charter names: members and keys that came later are proven by bundles, not by receipts. Goes on
/// after a failure where it can.
ProofVerdict judge_proof(std::string_view proof, std::optional<BytesView> envelope,
                         const Charter& charter);

/// {"verdict", "checks": [..], "event", "origin", "index", "size"}: what is not known is left out.
boost::json::object to_json(const ProofVerdict& proof);

}  // namespace hefu
