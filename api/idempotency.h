#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "api/http.h"
#include "crypto/digest.h"
#include "ledger/event/date.h"

namespace hefu {

/// What was answered to requests that carry an Idempotency-Key, so that one that is sent again,
/// because its answer got lost, gets the very same answer and is not carried out again. Keys are
/// each caller's own. Answers are kept for a day, in memory, and fewer if there are many: one whose
/// answer is forgotten is carried out again, which for signed events means that they get the places
/// they have. Source: draft-ietf-httpapi-idempotency-key-header-07. Thread-safe.
class Idempotency {
 public:
  struct Options {
    std::chrono::milliseconds kept = std::chrono::hours(24);
    std::size_t answers_max = 4'096;
    std::size_t bytes_max = std::size_t{32} << 20;        ///< of bodies
    std::size_t answer_bytes_max = std::size_t{4} << 20;  ///< a longer one is not kept
  };
  explicit Idempotency(const Options& options) : options_(options) {}

  /// What to answer at once: the answer from before; 409 while the first is under way; 422 if the
  /// key came with another request; 400 if it is no key. None: carry it out, then `finish`.
  std::optional<HttpResponse> begin(std::string_view caller, const HttpRequest& request,
                                    Moment now);
  /// Keeps a good answer; after any other the key is free again.
  void finish(std::string_view caller, std::string_view key, const HttpResponse& response);

  [[nodiscard]] std::size_t size() const;

 private:
  struct Kept {
    Digest request;
    Moment at;
    std::optional<HttpResponse> response;  // none: under way
  };
  using Key = std::pair<std::string, std::string>;
  void make_room(Moment now);

  const Options options_;
  mutable std::mutex mutex_;
  std::map<Key, Kept> kept_;  // guarded by mutex_
  std::deque<Key> order_;     // guarded by mutex_: the oldest first; may name keys that are gone
  std::size_t bytes_ = 0;     // guarded by mutex_
};

inline constexpr std::size_t kIdempotencyKeyBytesMax = 128;

}  // namespace hefu
