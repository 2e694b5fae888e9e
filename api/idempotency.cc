#include "api/idempotency.h"

#include <algorithm>
#include <utility>

#include "api/problem.h"

namespace hefu {
namespace {

bool is_key(std::string_view key) {
  return key.size() <= kIdempotencyKeyBytesMax &&
         std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

Digest digest_of(const HttpRequest& request) {
  const Bytes separator{0};
  return sha256({as_bytes(request.method), separator, as_bytes(request.target), separator,
                 as_bytes(request.content_type), separator, request.body});
}

}  // namespace

std::optional<HttpResponse> Idempotency::begin(std::string_view caller, const HttpRequest& request,
                                               Moment now) {
  if (!is_key(request.idempotency_key)) {
    return problem(Error{Errc::kInvalid,
                         "header Idempotency-Key: not 1 to " +
                             std::to_string(kIdempotencyKeyBytesMax) + " visible characters",
                         "a random UUID does"});
  }
  const Digest digest = digest_of(request);
  Key key{std::string(caller), request.idempotency_key};
  const std::lock_guard lock(mutex_);
  make_room(now);
  const auto found = kept_.find(key);
  if (found == kept_.end()) {
    order_.push_back(key);
    kept_.emplace(std::move(key), Kept{digest, now, std::nullopt});
    return std::nullopt;
  }
  if (found->second.request != digest) {
    return problem(
        422, Error{Errc::kConflict, "header Idempotency-Key: came with another request before",
                   "use a new key for every request"});
  }
  if (!found->second.response) {
    return problem(409,
                   Error{Errc::kConflict, "header Idempotency-Key: the request is still under way",
                         "ask again in a moment"});
  }
  return found->second.response;
}

void Idempotency::finish(std::string_view caller, std::string_view key,
                         const HttpResponse& response) {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(Key{std::string(caller), std::string(key)});
  if (found == kept_.end() || found->second.response) {
    return;
  }
  // 202 says that the level asked for is not reached yet: who asks again wants to know about now.
  if (response.status != 200 || response.body.size() > options_.answer_bytes_max) {
    kept_.erase(found);
    return;
  }
  bytes_ += response.body.size();
  found->second.response = response;
}

/// Called with mutex_ held.
void Idempotency::make_room(Moment now) {
  while (!order_.empty()) {
    const auto oldest = kept_.find(order_.front());
    if (oldest != kept_.end()) {
      const bool room = order_.size() < options_.answers_max && bytes_ < options_.bytes_max &&
                        now.ms - oldest->second.at.ms < options_.kept.count();
      if (room) {
        return;
      }
      bytes_ -= oldest->second.response ? oldest->second.response->body.size() : 0;
      kept_.erase(oldest);
    }
    order_.pop_front();
  }
}

std::size_t Idempotency::size() const {
  const std::lock_guard lock(mutex_);
  return kept_.size();
}

}  // namespace hefu
