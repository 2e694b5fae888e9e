#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/cut/cut.h"
#include "ledger/event/catalogue.h"
#include "ledger/view/figures.h"
#include "ledger/view/state.h"
#include "node/store.h"

namespace hefu {

/// What follows from the stored logs at the latest cut: records, facts, figures, bundles. Made from
/// the logs alone, remade when the cut has moved, and may be thrown away at any time. Thread-safe.
class Views {
 public:
  struct Hooks {
    std::function<void(const Error&)> failed;  ///< a state could not be made; told once per cut
    /// The logs say of the charter what this node does not go by yet.
    std::function<void(const Charter&)> charter_changed = nullptr;
    /// The logs were looked at anew, on the thread of the views.
    std::function<void()> looked = nullptr;
  };

  /// Store and charters must outlive it: as it was founded, and the one in force. `fallback`: the
  /// catalogue until the authority publishes one.
  Views(const Store& store, const Charter& founding, const Charter& charter, Catalogue fallback,
        Hooks hooks);
  ~Views();
  Views(const Views&) = delete;
  Views& operator=(const Views&) = delete;

  /// Logs have grown or been cosigned: a new state is made soon, in the background. Quick.
  void changed();

  /// The latest cosigned checkpoint of every log here; of logs that have ended, their ends. A log
  /// of a later epoch is missing while an earlier one is. Errors: kIo, kCorrupt.
  [[nodiscard]] Result<Cut> cut() const;
  /// The state at the present cut, made now if need be. Errors: those of build_state.
  Result<std::shared_ptr<const LedgerState>> state();
  /// The state made last, perhaps of an earlier cut; none before the first. From memory.
  [[nodiscard]] std::shared_ptr<const LedgerState> latest() const;
  /// The catalogue events are validated against: the last published one that is known here. From
  /// memory; after a start it waits for the first state, for some seconds at most.
  [[nodiscard]] std::shared_ptr<const Catalogue> catalogue() const;

  Result<FigureReport> figures(const FigureRequest& request);
  Result<Bytes> bundle(const FigureRequest& request);

 private:
  struct Contents;
  void run();
  Result<Contents> read(const Cut& cut) const;
  Result<std::shared_ptr<const LedgerState>> make(const Cut& cut);

  // Set at construction.
  const Store& store_;
  const Charter& founding_;
  const Charter& charter_;
  const std::shared_ptr<const Catalogue> fallback_;
  const Hooks hooks_;

  std::mutex making_;  // held while a state is made: one at a time

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  mutable std::condition_variable made_;             // the first state, or that it cannot be made
  std::shared_ptr<const LedgerState> state_;         // guarded by mutex_
  std::shared_ptr<const Catalogue> catalogue_;       // guarded by mutex_
  std::optional<std::pair<Digest, Error>> failure_;  // guarded by mutex_: cut, and why
  bool dirty_ = true;                                // guarded by mutex_
  bool stopping_ = false;                            // guarded by mutex_
  std::thread thread_;
};

}  // namespace hefu
