#include "node/views.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "ledger/bundle/make.h"
#include "ledger/bundle/whole.h"
#include "ledger/view/state_digest.h"
#include "node/ended_log.h"

namespace hefu {
namespace {

/// A state is made again no sooner than this after a change, and no sooner than a few times what
/// the last one took, so that a log that grows all the time leaves time for other things.
constexpr std::chrono::milliseconds kPauseMin{50};
constexpr int kPauseFactor = 3;
/// How long the catalogue is waited for after a start, where the logs are large.
constexpr std::chrono::seconds kFirstStateWait{10};

}  // namespace

/// Entries of the logs of a cut.
struct Views::Contents {
  std::vector<std::vector<Bytes>> envelopes;  // by log, owned here
  std::vector<LogContents> logs;              // views into them
};

Views::Views(const Store& store, const Charter& founding, const Charter& charter,
             Catalogue fallback, Hooks hooks)
    : store_(store),
      founding_(founding),
      charter_(charter),
      fallback_(std::make_shared<const Catalogue>(std::move(fallback))),
      hooks_(std::move(hooks)),
      live_(std::make_unique<LiveState>(founding)),
      catalogue_(fallback_),
      thread_([this] { run(); }) {}

Views::~Views() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  made_.notify_all();
  thread_.join();
}

void Views::changed() {
  {
    const std::lock_guard lock(mutex_);
    dirty_ = true;
  }
  wake_.notify_all();
}

void Views::run() {
  using Clock = std::chrono::steady_clock;
  while (true) {
    bool rebuild = false;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stopping_ || dirty_ || rebuild_.running; });
      if (stopping_) {
        return;
      }
      dirty_ = false;
      rebuild = rebuild_.running;
    }
    if (rebuild) {
      auto rebuilt = this->rebuild();
      const std::lock_guard lock(mutex_);
      rebuild_.running = false;
      rebuild_.error = rebuilt ? std::nullopt : std::optional(rebuilt.error());
      rebuild_.last = rebuilt ? std::optional(*rebuilt) : rebuild_.last;
    }
    const auto begin = Clock::now();
    (void)state().ok();  // the failure has been told
    if (const std::unique_lock kept(kept_mutex_, std::try_to_lock); kept) {
      take_steps();  // else whoever makes figures now does so next time
    }
    if (const std::unique_lock market(market_mutex_, std::try_to_lock); market) {
      take_market_steps();
    }
    if (hooks_.looked) {
      hooks_.looked();
    }
    const auto pause = std::max<Clock::duration>(kPauseMin, (Clock::now() - begin) * kPauseFactor);
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, pause, [&] { return stopping_; });
  }
}

Result<Cut> Views::cut() const {
  Cut cut;
  std::set<std::string> incomplete;  // members of whom an earlier log is missing
  for (const Member* owner : charter_.log_owners()) {
    const std::string& origin = owner->origin;
    if (owner->end) {
      const auto here = is_complete(store_, *owner);
      if (!here) {
        return here.error();
      }
      if (*here && incomplete.count(owner->id) == 0) {
        cut.logs.push_back({{origin, owner->end->size, owner->end->root}, owner->end->checkpoint});
      } else {
        incomplete.insert(owner->id);
        cut.missing.push_back(origin);
      }
      continue;
    }
    const auto log = store_.known_number(origin);
    auto note = log ? store_.cosigned(*log) : Result<std::string>(std::string());
    if (!note) {
      return note.error();
    }
    if (note->empty() || incomplete.count(owner->id) == 1) {
      cut.missing.push_back(origin);
      continue;
    }
    auto checkpoint = parse_checkpoint(*note);
    if (!checkpoint) {
      return Error{Errc::kCorrupt, "the stored checkpoint of " + origin + " is damaged", ""};
    }
    cut.logs.push_back({std::move(checkpoint->checkpoint), *std::move(note)});
  }
  std::sort(cut.logs.begin(), cut.logs.end(), [](const CutLog& a, const CutLog& b) {
    return a.checkpoint.origin < b.checkpoint.origin;
  });
  std::sort(cut.missing.begin(), cut.missing.end());
  return cut;
}

Result<Views::Contents> Views::read(const Cut& cut, const LiveState* from) const {
  Contents contents;
  for (const CutLog& log : cut.logs) {
    const auto number = store_.known_number(log.checkpoint.origin);
    HEFU_ASSERT(number.has_value());
    const std::uint64_t size = log.checkpoint.size;
    const std::uint64_t first =
        from == nullptr ? 0 : std::min(size, from->reached(log.checkpoint.origin));
    std::vector<Bytes>& envelopes = contents.envelopes.emplace_back();
    envelopes.reserve(size - first);
    auto scanned = store_.scan(*number, first, size, [&](std::uint64_t, BytesView bytes) {
      envelopes.push_back(to_bytes(bytes));
      return true;
    });
    if (!scanned) {
      return scanned.error();
    }
    LogContents& entries = contents.logs.emplace_back();
    entries.origin = log.checkpoint.origin;
    entries.size = size;
    for (std::uint64_t i = 0; i < envelopes.size(); ++i) {
      entries.entries.push_back({first + i, envelopes[i]});
    }
  }
  return contents;
}

Result<LiveState::Step> Views::make(const Cut& cut) {
  const auto grown = read(cut, live_.get());
  if (!grown) {
    return grown.error();
  }
  auto step = live_->advance(cut, grown->logs);
  if (!step) {
    const auto whole = read(cut);
    if (!whole) {
      return whole.error();
    }
    auto rebuilt = live_->rebuild(cut, whole->logs, &charter_);
    if (!rebuilt) {
      return rebuilt.error();
    }
    step = *std::move(rebuilt);
  }
  return *std::move(step);
}

void Views::take_steps() {
  std::vector<LiveState::Step> steps;
  {
    const std::lock_guard lock(mutex_);
    steps.swap(steps_);
  }
  for (const LiveState::Step& step : steps) {
    kept_.take(step);
  }
}

void Views::take_market_steps() {
  std::vector<LiveState::Step> steps;
  {
    const std::lock_guard lock(mutex_);
    steps.swap(market_steps_);
  }
  for (const LiveState::Step& step : steps) {
    market_.take(step);
  }
}

Result<std::string> Views::market(const std::function<Result<std::string>(const Market&)>& ask) {
  if (auto state = this->state(); !state) {
    return state.error();
  }
  const std::lock_guard lock(market_mutex_);
  take_market_steps();
  return ask(market_);
}

Result<void> Views::begin_rebuild() {
  {
    const std::lock_guard lock(mutex_);
    if (rebuild_.running) {
      return Error{Errc::kUnavailable, "the views are being rebuilt already",
                   "wait until that is done"};
    }
    rebuild_.running = true;
  }
  wake_.notify_all();
  return {};
}

Views::Rebuild Views::last_rebuild() const {
  const std::lock_guard lock(mutex_);
  return rebuild_;
}

Result<Views::Rebuilt> Views::rebuild() {
  const auto begin = std::chrono::steady_clock::now();
  auto before = state();
  if (!before) {
    return before.error();
  }
  const Cut& cut = (*before)->cut;
  const auto contents = read(cut);
  if (!contents) {
    return contents.error();
  }
  auto fresh = std::make_unique<LiveState>(founding_);
  auto step = fresh->rebuild(cut, contents->logs, &charter_);
  if (!step) {
    return step.error();
  }
  Rebuilt out;
  out.cut = cut.id();
  for (const LogContents& log : contents->logs) {
    out.entries += log.size;
  }
  out.identical = state_digest(**before) == state_digest(*step->state);
  {
    const std::lock_guard making(making_);
    live_ = std::move(fresh);
    std::vector<LiveState::Step> steps{*std::move(step)};
    const auto shown = latest();
    if (shown && shown->cut.id() != out.cut) {
      // Others were given a later state meanwhile: what is kept reaches it before it is shown.
      const auto now = this->cut();
      auto next = now ? make(*now) : Result<LiveState::Step>(now.error());
      if (!next) {
        return next.error();
      }
      steps.push_back(*std::move(next));
    }
    const std::lock_guard lock(mutex_);
    state_ = steps.back().state;
    steps_.insert(steps_.end(), steps.begin(), steps.end());
    market_steps_.insert(market_steps_.end(), steps.begin(), steps.end());
  }
  out.took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begin);
  return out;
}

Result<std::shared_ptr<const LedgerState>> Views::state() {
  // Read before the cut is: what is written meanwhile is looked for the next time.
  const std::uint64_t writes = store_.writes();
  {
    const std::lock_guard lock(mutex_);
    if (state_ && fresh_at_ == writes) {
      return state_;
    }
  }
  const std::lock_guard making(making_);
  auto cut = this->cut();
  if (!cut) {
    return cut.error();
  }
  const Digest id = cut->id();
  {
    const std::lock_guard lock(mutex_);
    if (state_ && state_->cut.id() == id) {
      fresh_at_ = writes;
      return state_;
    }
    if (failure_ && failure_->first == id) {
      return failure_->second;
    }
  }
  auto made = make(*cut);
  if (!made) {
    {
      const std::lock_guard lock(mutex_);
      failure_.emplace(id, made.error());
    }
    made_.notify_all();
    hooks_.failed(made.error());
    return made.error();
  }
  const std::shared_ptr<const LedgerState>& state = made->state;
  if (hooks_.charter_changed && !same_rules(state->governance->charter, charter_)) {
    hooks_.charter_changed(state->governance->charter);
  }
  const bool published =
      std::any_of(state->documents->begin(), state->documents->end(),
                  [](const Document& document) { return document.kind == "catalogue"; });
  const std::lock_guard lock(mutex_);
  state_ = state;
  fresh_at_ = writes;
  catalogue_ = published ? state->catalogue : fallback_;
  steps_.push_back(*made);
  market_steps_.push_back(*made);
  made_.notify_all();
  return state_;
}

std::shared_ptr<const Catalogue> Views::catalogue() const {
  std::unique_lock lock(mutex_);
  // A moment after a start: what the authority published is in the logs, and nothing else is known
  // to be valid.
  made_.wait_for(lock, kFirstStateWait, [&] { return state_ || failure_ || stopping_; });
  return catalogue_;
}

std::shared_ptr<const LedgerState> Views::latest() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

Result<FigureReport> Views::figures(const FigureRequest& request) {
  if (auto state = this->state(); !state) {
    return state.error();
  }
  const std::lock_guard kept(kept_mutex_);
  take_steps();
  return kept_.figures(request);
}

Result<Bytes> Views::bundle(const FigureRequest& request, bool whole) {
  auto state = this->state();
  if (!state) {
    return state.error();
  }
  auto report = compute_figures((*state)->governance->charter, **state, request);
  if (!report) {
    return report.error();
  }
  const Cut& cut = (*state)->cut;
  auto contents = read(cut);
  if (!contents) {
    return contents.error();
  }
  BundleClaim claim;
  // The version only where one was asked for: else the verifier, too, takes the last one published.
  claim.pack = request.pack;
  claim.pack_digest = report->pack_digest;
  claim.period = request.period;
  claim.node = request.unit;
  claim.report = report->report;
  auto bundle =
      make_bundle((*state)->governance->charter, cut, claim, report->types_needed, contents->logs);
  if (bundle && whole) {
    bundle = make_whole(*bundle, contents->logs);
  }
  if (!bundle) {
    return bundle.error();
  }
  return encode_bundle(*bundle);
}

Result<Bytes> Views::bundle(const FigureBundleRequest& request) {
  const auto state = this->state();
  const auto contents = state ? read((*state)->cut) : Result<Contents>(state.error());
  if (!contents) {
    return contents.error();
  }
  const auto bundle = make_figure_bundle({founding_, **state, contents->logs}, request);
  return bundle ? Result<Bytes>(encode_bundle(*bundle)) : Result<Bytes>(bundle.error());
}

}  // namespace hefu
