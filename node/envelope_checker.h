#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "ledger/event/envelope.h"
#include "node/checked_event.h"
#include "node/key_book.h"
#include "node/net/worker_pool.h"

namespace hefu {

/// Checks many envelopes at once on a few threads. Remembers batch signatures between calls, one
/// memory per thread at work. Thread-safe.
class EnvelopeChecker {
 public:
  /// `threads` >= 1, the caller's own included. The book must outlive the checker.
  EnvelopeChecker(const KeyBook& keys, int threads);
  ~EnvelopeChecker();
  EnvelopeChecker(const EnvelopeChecker&) = delete;
  EnvelopeChecker& operator=(const EnvelopeChecker&) = delete;

  /// Checks consecutive envelopes of one member's log, or of one submission to it. A key may be
  /// certified by one of them and used by a later one. Only the owner's own keys sign in its log.
  /// Errors: those of check_envelope for the first envelope that fails, saying "entry <n>" with n
  /// counted from `first`.
  Result<std::vector<CheckedEvent>> check(std::span<const BytesView> envelopes, const Member& owner,
                                          std::uint64_t first = 0);

 private:
  using Checked = std::vector<Result<CheckedEvent>>;
  std::unique_ptr<EnvelopeVerifier> borrow();
  void give_back(std::unique_ptr<EnvelopeVerifier> verifier);
  void check_each(std::span<const BytesView> envelopes, const KeyBook& keys, const Member& owner,
                  std::span<Result<CheckedEvent>> into);

  const KeyBook& keys_;
  const std::size_t threads_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<EnvelopeVerifier>> idle_;  // guarded by mutex_
  std::unique_ptr<WorkerPool> pool_;                     // none with one thread
};

}  // namespace hefu
