#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <utility>

#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/closing/acts.h"
#include "ledger/closing/closings.h"
#include "ledger/view/state.h"
#include "node/store.h"

namespace hefu {

/// How what is held here of a log compares with a place in it.
enum class HeldAs : std::uint8_t {
  kSame,       ///< witnessed as far, with this root
  kBehind,     ///< not held, or not witnessed, that far
  kDifferent,  ///< held that far, with another root
  kNotHeld,    ///< nothing of it is held
};
/// "same", "behind", "different", "not-held".
const char* name(HeldAs held);

/// The state of the logs at earlier cuts, made from the stored logs on request; the ones asked for
/// last are kept. Thread-safe.
class PastStates {
 public:
  /// Store and charters must outlive it: as it was founded, and the one in force.
  PastStates(const Store& store, const Charter& founding, const Charter& charter)
      : store_(store), founding_(founding), charter_(charter) {}

  /// Errors: kUnavailable (a log of the cut is not here that far), kConflict (one is here with
  /// another root), those of build_state, kIo, kCorrupt.
  Result<std::shared_ptr<const LedgerState>> at(const Cut& cut);

  /// The figures of all organisations at a cut. Errors: those of `at` and `figure_tree`.
  Result<std::shared_ptr<const FigureTree>> tree(const FiguresAt& wanted, const Cut& cut);

  /// Compares one place of a log with what is stored and witnessed here. Errors: kIo, kCorrupt.
  [[nodiscard]] Result<HeldAs> compare(const Checkpoint& place) const;

 private:
  [[nodiscard]] Result<std::shared_ptr<const LedgerState>> make(const Cut& cut) const;

  // Set at construction.
  const Store& store_;
  const Charter& founding_;
  const Charter& charter_;

  std::mutex mutex_;  // held while a state is made: one at a time
  // Guarded by mutex_; the one asked for last in front.
  std::list<std::pair<Digest, std::shared_ptr<const LedgerState>>> states_;
  std::list<std::pair<FiguresAt, std::shared_ptr<const FigureTree>>> trees_;
};

}  // namespace hefu
