#include "node/anchorer.h"

#include <future>

#include <gtest/gtest.h>

#include "ledger/cut/anchor.h"
#include "tests/support/federation.h"
#include "tests/support/seeded_entropy.h"
#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

using namespace std::chrono_literals;

TEST(Anchorer, TriesAgainWhenTheQueueWasFull) {
  const TemporaryDir dir;
  const TestFederation federation(3);
  const Member& self = federation.member(0);
  KeyBook keys(federation.charter());
  EnvelopeChecker checker(keys, 1);
  Store::Options store_options;
  store_options.block_cache_bytes = 1 << 20;
  auto store = Store::open(dir.path(), store_options);
  ASSERT_TRUE(store) << store.error().message;

  // The sequencer stands still after its first commit until told to go on.
  std::promise<void> committed;
  std::promise<void> go_on;
  std::shared_future<void> going_on = go_on.get_future().share();
  std::once_flag once;
  std::string note;
  Sequencer::Options options;
  options.queue_events_max = 1;
  auto sequencer = Sequencer::start(**store, self.origin, federation.key(0, KeyRole::kLog), options,
                                    {[](const Error&) { std::abort(); },
                                     [&](const Checkpoint&, const std::string& signed_note) {
                                       std::call_once(once, [&] {
                                         note = signed_note;
                                         committed.set_value();
                                         going_on.wait();
                                       });
                                     },
                                     {}});
  ASSERT_TRUE(sequencer) << sequencer.error().message;
  const auto submit = [&](std::uint64_t number) {
    auto envelopes = federation.envelopes(0, number, 1);
    const BytesView view = envelopes[0];
    std::vector<Submission> events;
    events.push_back({envelopes[0], (*checker.check(std::span(&view, 1), self))[0]});
    (*sequencer)->submit(std::move(events), AckLevel::kStored, [](const Result<Appended>&) {});
  };
  submit(0);
  committed.get_future().wait();
  submit(1);  // fills the queue

  SeededEntropy entropy(1);
  std::promise<Errc> refused;
  std::once_flag told;
  Anchorer anchorer(
      **store, self, federation.key(0, KeyRole::kLog), **sequencer, checker, entropy,
      [] { return Moment{1772000000000}; },
      [&](const Error& why) { std::call_once(told, [&] { refused.set_value(why.code); }); },
      Anchorer::Options{5ms});
  anchorer.cosigned(1, note);
  EXPECT_EQ(refused.get_future().get(), Errc::kUnavailable);
  go_on.set_value();
  for (int i = 0; i < 30'000 && (*sequencer)->checkpoint().size < 3; ++i) {
    std::this_thread::sleep_for(5ms);
  }
  ASSERT_EQ((*sequencer)->checkpoint().size, 3U);
  const Bytes last = *(*store)->entry((*sequencer)->log(), 2);
  EXPECT_EQ(decode_event(decode_envelope(last)->event)->type, kAnchorType);
}

}  // namespace
}  // namespace hefu
