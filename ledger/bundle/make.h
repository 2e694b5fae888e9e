#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>

#include "ledger/bundle/bundle.h"
#include "ledger/charter/charter.h"
#include "ledger/cut/cut.h"
#include "ledger/view/ledger.h"

namespace hefu {

/// What a bundle takes of the logs.
struct BundleParts {
  enum class Basis : std::uint8_t {
    kIndex,        ///< types in whole, by the last anchor's index; and everything after it
    kCorrections,  ///< the same, and the anchor's list of what was corrected
    kNone,         ///< no index: nothing in whole
  };
  Basis basis = Basis::kIndex;
  std::set<std::string> types;                             ///< in whole
  std::map<std::string, std::set<std::uint64_t>> entries;  ///< and these, by origin
};

/// Makes the bundle for a claim: of every log in the cut, the events of `types` that the log's last
/// anchor indexes, with that index; every event after it; and an inclusion path for each.
///
/// A place of the cut may be that of an earlier size than its note's: then a proof that the log
/// begins so is in the bundle. `logs` hold every entry of each log of the cut as far as its note.
/// Deterministic. Cost: one hash per entry of each log. Errors: kInvalid if a log is not what the
/// cut says.
Result<Bundle> make_bundle(const Charter& charter, const Cut& cut, const BundleClaim& claim,
                           const std::set<std::string>& types, std::span<const LogContents> logs);
Result<Bundle> make_bundle(const Charter& charter, const Cut& cut, const BundleClaim& claim,
                           const BundleParts& parts, std::span<const LogContents> logs);

}  // namespace hefu
