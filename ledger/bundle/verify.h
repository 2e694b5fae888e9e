#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/bundle/bundle.h"
#include "ledger/charter/charter.h"
#include "ledger/programme/pack.h"

namespace hefu {

/// One thing the verifier looked at.
struct BundleCheck {
  enum class Outcome : std::uint8_t {
    kGood,
    kBad,        ///< does not hold: somebody altered, withheld or invented something
    kUnchecked,  ///< could not be, or is not, checked: what the reader takes on trust
  };
  Outcome outcome = Outcome::kGood;
  std::string subject;  ///< "log imust.baotou.example/hefu/1"
  std::string text;     ///< what was found, for people
};

/// The verifier's answer. Good: no kBad. Complete: no member's log missing, charter trusted.
struct BundleVerdict {
  std::vector<BundleCheck> checks;
  bool complete = true;
  int level = 2;      ///< bundle_level
  std::string claim;  ///< what that level says of the figures, in one line; empty if it may not
  std::string
      report;  ///< the figures, recomputed here from the bundle's events; empty if impossible

  [[nodiscard]] bool good() const;
};

/// Verifies a bundle from public keys alone and recomputes its figures: the charter, each log's
/// checkpoint with its witnesses, each event's signature and inclusion, the completeness of each
/// slice against the index in the log's last anchor, the pack's publication, and the arithmetic.
/// Goes on after a failure where it can, so that everything wrong is named.
///
/// Of levels 0, 1 and 3 it checks what they hold, and says what they do not.
///
/// `trusted` is a charter the auditor got by other means; without it the charter inside the bundle
/// is used, and the verdict is not complete. `pack`: the pack, if the auditor has it and the bundle
/// does not hold it (level 1); it must be the one the bundle names.
BundleVerdict verify_bundle(const Bundle& bundle, const std::optional<Charter>& trusted,
                            const Pack* pack = nullptr);

}  // namespace hefu
