#include "node/envelope_checker.h"

#include <algorithm>
#include <latch>
#include <string>
#include <utility>

namespace hefu {
namespace {

/// Fewer envelopes than this are not worth waking another thread for.
constexpr std::size_t kEnvelopesPerThreadMin = 64;
constexpr std::size_t kJobsMax = 256;

}  // namespace

EnvelopeChecker::EnvelopeChecker(const KeyBook& keys, int threads)
    : keys_(keys), threads_(static_cast<std::size_t>(std::max(threads, 1))) {
  if (threads_ > 1) {
    pool_ = std::make_unique<WorkerPool>(static_cast<int>(threads_) - 1, kJobsMax);
  }
}

EnvelopeChecker::~EnvelopeChecker() = default;

std::unique_ptr<EnvelopeVerifier> EnvelopeChecker::borrow() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) {
    return std::make_unique<EnvelopeVerifier>();
  }
  auto verifier = std::move(idle_.back());
  idle_.pop_back();
  return verifier;
}

void EnvelopeChecker::give_back(std::unique_ptr<EnvelopeVerifier> verifier) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(verifier));
}

void EnvelopeChecker::check_each(std::span<const BytesView> envelopes, const KeyBook& keys,
                                 const Member& owner, std::span<Result<CheckedEvent>> into) {
  auto verifier = borrow();
  for (std::size_t i = 0; i < envelopes.size(); ++i) {
    into[i] = check_envelope(envelopes[i], keys, owner, *verifier);
  }
  give_back(std::move(verifier));
}

Result<std::vector<CheckedEvent>> EnvelopeChecker::check(std::span<const BytesView> envelopes,
                                                         const Member& owner, std::uint64_t first) {
  Checked results(envelopes.size());
  const std::span<Result<CheckedEvent>> into(results);
  const std::size_t parts =
      std::clamp<std::size_t>(envelopes.size() / kEnvelopesPerThreadMin, 1, pool_ ? threads_ : 1);
  const std::size_t width = (envelopes.size() + parts - 1) / parts;
  std::latch done(static_cast<std::ptrdiff_t>(parts));
  for (std::size_t part = parts; part-- > 0;) {
    const std::size_t begin = std::min(part * width, envelopes.size());
    const std::size_t count = std::min(width, envelopes.size() - begin);
    const auto work = [this, &done, &owner, envelopes, into, begin, count] {
      check_each(envelopes.subspan(begin, count), keys_, owner, into.subspan(begin, count));
      done.count_down();
    };
    if (part == 0 || !pool_->submit(work)) {
      work();
    }
  }
  done.wait();

  // Keys that only earlier envelopes of this run certify: found now, one after another.
  KeyBook certified_here(keys_.charter());
  std::vector<CheckedEvent> checked;
  checked.reserve(results.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!results[i] && results[i].error().code == Errc::kUnauthorised) {
      check_each(envelopes.subspan(i, 1), certified_here, owner, into.subspan(i, 1));
    }
    if (!results[i]) {
      return results[i].error().during("entry " + std::to_string(first + i));
    }
    if (results[i]->signer.member->id != owner.id) {
      return Error{Errc::kUnauthorised,
                   "entry " + std::to_string(first + i) + ": signed with a key of member " +
                       results[i]->signer.member->id + " in the log of " + owner.id,
                   "every member records its own events in its own log"};
    }
    if (results[i]->certifies) {
      certified_here.add(std::span(&*results[i]->certifies, 1));
    }
    checked.push_back(*std::move(results[i]));
  }
  return checked;
}

}  // namespace hefu
