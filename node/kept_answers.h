#pragma once

#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "crypto/result.h"
#include "ledger/view/state.h"

namespace hefu {

/// Answers that follow from the logs alone, kept as long as these stand where they are. Whoever
/// asks while an answer is being made waits for it, so many who ask alike cost what one does.
/// Thread-safe.
class KeptAnswers {
 public:
  using Make = std::function<Result<std::string>()>;

  /// The answer to `question` at `state`: kept, or by `make`. Errors (of `make`) are not kept.
  Result<std::string> get(const std::shared_ptr<const LedgerState>& state,
                          const std::string& question, const Make& make);

 private:
  using Answer = std::shared_ptr<const Result<std::string>>;

  /// Drops what would not be kept any more. Holding mutex_.
  void make_room(const std::shared_ptr<const LedgerState>& state);
  void keep(const std::shared_ptr<const LedgerState>& state, const std::string& question,
            const Answer& answer);

  std::mutex mutex_;
  std::shared_ptr<const LedgerState> state_;  // guarded by mutex_: of all that is kept
  std::map<std::string, std::shared_future<Answer>> kept_;  // guarded by mutex_: made or being made
  std::size_t bytes_ = 0;                                   // guarded by mutex_: of those made
};

}  // namespace hefu
