#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "ledger/bundle/levels.h"
#include "ledger/charter/charter.h"
#include "ledger/cut/cut.h"
#include "ledger/event/catalogue.h"
#include "ledger/view/figures.h"
#include "ledger/view/kept_views.h"
#include "ledger/view/live_state.h"
#include "ledger/view/state.h"
#include "node/market/market.h"
#include "node/store.h"

namespace hefu {

/// What follows from the stored logs at the latest cut: records, facts, figures, bundles. Made from
/// the logs alone, kept up to date entry by entry when the cut moves, and may be thrown away and
/// made again at any time. Thread-safe.
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

  /// What became of a rebuild.
  struct Rebuilt {
    Digest cut;
    std::uint64_t entries = 0;
    std::chrono::milliseconds took{0};
    /// Whether what was kept up to date until then said the same, byte for byte.
    bool identical = false;
  };
  struct Rebuild {
    bool running = false;
    std::optional<Error> error;   ///< of the last one
    std::optional<Rebuilt> last;  ///< that succeeded
  };
  /// Makes everything anew from the stored logs, in the background, while others are served from
  /// the old; then drops the old. Error: kUnavailable while one is under way.
  Result<void> begin_rebuild();
  [[nodiscard]] Rebuild last_rebuild() const;

  Result<FigureReport> figures(const FigureRequest& request);
  /// Supply and demand at the present cut, held still while it is asked.
  Result<std::string> market(const std::function<Result<std::string>(const Market&)>& ask);
  /// Of all figures of a pack: complete slices, or whole logs.
  Result<Bytes> bundle(const FigureRequest& request, bool whole = false);
  /// Of one figure.
  Result<Bytes> bundle(const FigureBundleRequest& request);

 private:
  struct Contents;
  void run();
  Result<Rebuilt> rebuild();
  /// Brings the figures that are kept up to date. Holding kept_mutex_.
  void take_steps();
  /// Brings supply and demand up to date. Holding market_mutex_.
  void take_market_steps();
  /// The logs of a cut, whole, or each from where `from` has reached it.
  Result<Contents> read(const Cut& cut, const LiveState* from = nullptr) const;
  /// Takes `live_` to a cut. Holding making_.
  Result<LiveState::Step> make(const Cut& cut);

  // Set at construction.
  const Store& store_;
  const Charter& founding_;
  const Charter& charter_;
  const std::shared_ptr<const Catalogue> fallback_;
  const Hooks hooks_;

  std::mutex making_;                // held while a state is made: one at a time
  std::unique_ptr<LiveState> live_;  // guarded by making_

  std::mutex kept_mutex_;  // held while figures are made; never together with making_
  KeptViews kept_;         // guarded by kept_mutex_

  std::mutex market_mutex_;  // held while supply and demand are asked; never with the two above
  Market market_;            // guarded by market_mutex_

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  mutable std::condition_variable made_;             // the first state, or that it cannot be made
  std::shared_ptr<const LedgerState> state_;         // guarded by mutex_
  std::optional<std::uint64_t> fresh_at_;            // guarded by mutex_: state_ is of these writes
  std::shared_ptr<const Catalogue> catalogue_;       // guarded by mutex_
  std::optional<std::pair<Digest, Error>> failure_;  // guarded by mutex_: cut, and why
  std::vector<LiveState::Step> steps_;               // guarded by mutex_: not yet taken by kept_
  std::vector<LiveState::Step> market_steps_;        // guarded by mutex_: nor by market_
  Rebuild rebuild_;                                  // guarded by mutex_
  bool dirty_ = true;                                // guarded by mutex_
  bool stopping_ = false;                            // guarded by mutex_
  std::thread thread_;
};

}  // namespace hefu
