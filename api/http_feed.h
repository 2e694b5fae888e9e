#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "crypto/bytes.h"

namespace hefu {

/// An answer that goes on: bytes are added from any thread, and sent as fast as the client takes
/// them. What waits is bounded: a client that does not keep up is told so and cut off. Holds no
/// worker while nothing happens. Thread-safe.
class HttpFeed {
 public:
  /// `waiting_max`: bytes that may wait. `too_slow`: the last words to one that takes them too
  /// slowly.
  HttpFeed(std::size_t waiting_max, std::string too_slow)
      : waiting_max_(waiting_max), too_slow_(std::move(too_slow)) {}

  /// Adds bytes. False, and nothing is added, once the answer has ended or is to end.
  bool add(std::string_view bytes);
  /// Adds last words and ends the answer behind them.
  void end(std::string_view last_words);
  /// The client is there and the answer goes on.
  [[nodiscard]] bool is_open() const;

  // What follows is the server's.
  /// `wake` is called, from any thread, when there is something to send or the end has come.
  void connect(std::function<void()> wake);
  /// Takes all that waits; `ends`: nothing will follow.
  Bytes take(bool& ends);
  /// The connection has gone.
  void disconnect();

 private:
  const std::size_t waiting_max_;
  const std::string too_slow_;
  mutable std::mutex mutex_;
  std::string waiting_;  // guarded by mutex_, as is all below
  bool ended_ = false;
  bool gone_ = false;
  std::function<void()> wake_;
};

}  // namespace hefu
