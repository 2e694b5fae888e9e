#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "crypto/result.h"
#include "ledger/bundle/bundle.h"
#include "ledger/charter/charter.h"
#include "ledger/view/ledger.h"
#include "ledger/view/state.h"

namespace hefu {

/// The logs as far as somebody holds them. Everything must outlive it.
struct HeldLogs {
  const Charter& founding;
  const LedgerState& state;           ///< of these logs, at the notes of its cut
  std::span<const LogContents> logs;  ///< whole, as far as these notes
};

/// A figure to make a bundle about.
struct FigureBundleRequest {
  int level = 1;       ///< 0, 1 or 3
  std::string pack;    ///< id, or id/version
  std::string period;  ///< as in FigureRequest
  std::string unit;    ///< organisation; empty: the whole programme. Level 0 needs one.
  std::string indicator;
  bool with_pack = false;     ///< level 1: the pack itself, not its digest alone
  std::uint32_t samples = 0;  ///< level 3: how many to draw in each direction
  std::string value;          ///< level 3: the public value to draw them with
};

/// How many samples are drawn if nobody says: with none wrong, at most 5 % are at 95 %. Source:
/// audit study, §3.
inline constexpr std::uint32_t kSamplesDefault = 59;

/// Makes a bundle of level 0, 1 or 3 about one figure: what its institution declares; or the figure
/// at the cut at which most members attested it, with all their attestations, and samples.
/// Deterministic, and verified before it is handed out. Errors: kInvalid (the request), kNotFound
/// (pack, indicator; nobody attested it; nothing is declared), kUnsupported (not the sum of its
/// units; what the samples need is not told apart from the rest), kUnverified (keys have changed so
/// that the bundle would not hold by the charter of its own cut).
Result<Bundle> make_figure_bundle(const HeldLogs& held, const FigureBundleRequest& request);

/// A cut again from the sizes it reads logs to, each with the note that proves the log as far as it
/// is held. Errors: kNotFound (a log is not here that far).
Result<Cut> cut_again(const HeldLogs& held, std::span<const AttestedHead> heads,
                      const std::vector<std::string>& missing);

}  // namespace hefu
