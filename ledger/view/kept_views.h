#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>

#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/programme/kept_pack.h"
#include "ledger/view/figures.h"
#include "ledger/view/live_state.h"

namespace hefu {

/// Packs whose figures are kept at a time; the one asked for longest ago goes first.
inline constexpr std::size_t kKeptPacksMax = 8;

/// The figures that were asked for, kept up to date with a LiveState: the same reports, byte for
/// byte, as `compute_figures` makes of its latest state. A step tells which facts changed, and only
/// these are looked at. Everything is dropped, and made again when asked for, where the step was a
/// rebuild or the organisation directory is another: it decides grades, nodes and conditions of
/// every fact. For one thread.
class KeptViews {
 public:
  /// Takes a step, and with it the state that reports are about. Every step, in their order.
  void take(const LiveState::Step& step);

  /// Error kUnavailable before the first step; else those of `compute_figures`.
  Result<FigureReport> figures(const FigureRequest& request);

  /// What reports are about; null before the first step.
  [[nodiscard]] const std::shared_ptr<const LedgerState>& state() const { return state_; }
  [[nodiscard]] std::size_t packs_kept() const { return packs_.size(); }

 private:
  struct Kept {
    std::unique_ptr<KeptPack> pack;
    std::uint64_t asked = 0;
  };

  std::shared_ptr<const LedgerState> state_;
  std::map<Digest, Kept> packs_;
  std::uint64_t asked_ = 0;
};

}  // namespace hefu
