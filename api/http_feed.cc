#include "api/http_feed.h"

#include <utility>

namespace hefu {

bool HttpFeed::add(std::string_view bytes) {
  std::function<void()> wake;
  bool added = false;
  {
    const std::lock_guard lock(mutex_);
    if (ended_ || gone_) {
      return false;
    }
    added = waiting_.size() + bytes.size() <= waiting_max_;
    waiting_ += added ? bytes : std::string_view(too_slow_);
    ended_ = !added;
    wake = wake_;
  }
  if (wake) {
    wake();
  }
  return added;
}

void HttpFeed::end(std::string_view last_words) {
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    if (ended_ || gone_) {
      return;
    }
    waiting_ += last_words;
    ended_ = true;
    wake = wake_;
  }
  if (wake) {
    wake();
  }
}

bool HttpFeed::is_open() const {
  const std::lock_guard lock(mutex_);
  return !ended_ && !gone_;
}

void HttpFeed::connect(std::function<void()> wake) {
  {
    const std::lock_guard lock(mutex_);
    wake_ = wake;
  }
  wake();
}

Bytes HttpFeed::take(bool& ends) {
  const std::lock_guard lock(mutex_);
  ends = ended_;
  return to_bytes(as_bytes(std::exchange(waiting_, {})));
}

void HttpFeed::disconnect() {
  const std::lock_guard lock(mutex_);
  gone_ = true;
  waiting_.clear();
  wake_ = nullptr;
}

}  // namespace hefu
