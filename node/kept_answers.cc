#include "node/kept_answers.h"

#include <utility>

namespace hefu {

namespace {

constexpr std::size_t kAnswersMax = 1'000;
constexpr std::size_t kBytesMax = std::size_t{64} << 20U;

}  // namespace

void KeptAnswers::make_room(const std::shared_ptr<const LedgerState>& state) {
  if (state_ == state && kept_.size() < kAnswersMax && bytes_ < kBytesMax) {
    return;
  }
  // Those who wait for an answer that is being made hold its future themselves.
  kept_.clear();
  bytes_ = 0;
  state_ = state;
}

void KeptAnswers::keep(const std::shared_ptr<const LedgerState>& state, const std::string& question,
                       const Answer& answer) {
  const std::lock_guard lock(mutex_);
  if (state_ != state) {
    return;
  }
  if (answer->ok()) {
    bytes_ += question.size() + (**answer).size();
  } else {
    kept_.erase(question);
  }
}

Result<std::string> KeptAnswers::get(const std::shared_ptr<const LedgerState>& state,
                                     const std::string& question, const Make& make) {
  std::promise<Answer> promise;
  std::shared_future<Answer> answer;
  bool is_ours = false;
  {
    const std::lock_guard lock(mutex_);
    make_room(state);
    const auto [at, is_new] = kept_.try_emplace(question);
    if (is_new) {
      at->second = promise.get_future().share();
    }
    answer = at->second;
    is_ours = is_new;
  }
  if (is_ours) {
    const auto made = std::make_shared<const Result<std::string>>(make());
    keep(state, question, made);
    promise.set_value(made);
  }
  return *answer.get();
}

}  // namespace hefu
