#include "node/views.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "ledger/bundle/make.h"
#include "node/ended_log.h"

namespace hefu {
namespace {

/// A state is made again no sooner than this after a change, and no sooner than a few times what
/// the last one took, so that a log that grows all the time leaves time for other things.
constexpr std::chrono::milliseconds kPauseMin{50};
constexpr int kPauseFactor = 3;

}  // namespace

/// The logs of a cut, whole.
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
      catalogue_(fallback_),
      thread_([this] { run(); }) {}

Views::~Views() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
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
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stopping_ || dirty_; });
      if (stopping_) {
        return;
      }
      dirty_ = false;
    }
    const auto begin = Clock::now();
    (void)state().ok();  // the failure has been told
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

Result<Views::Contents> Views::read(const Cut& cut) const {
  Contents contents;
  for (const CutLog& log : cut.logs) {
    const auto number = store_.known_number(log.checkpoint.origin);
    HEFU_ASSERT(number.has_value());
    std::vector<Bytes>& envelopes = contents.envelopes.emplace_back();
    envelopes.reserve(log.checkpoint.size);
    auto scanned =
        store_.scan(*number, 0, log.checkpoint.size, [&](std::uint64_t, BytesView bytes) {
          envelopes.push_back(to_bytes(bytes));
          return true;
        });
    if (!scanned) {
      return scanned.error();
    }
    LogContents& entry = contents.logs.emplace_back();
    entry.origin = log.checkpoint.origin;
    entry.size = log.checkpoint.size;
    for (std::uint64_t index = 0; index < envelopes.size(); ++index) {
      entry.entries.push_back({index, envelopes[index]});
    }
  }
  return contents;
}

Result<std::shared_ptr<const LedgerState>> Views::make(const Cut& cut) {
  auto contents = read(cut);
  if (!contents) {
    return contents.error();
  }
  auto state = build_state(founding_, cut, contents->logs, nullptr, &charter_);
  if (!state) {
    return state.error();
  }
  return std::make_shared<const LedgerState>(*std::move(state));
}

Result<std::shared_ptr<const LedgerState>> Views::state() {
  const std::lock_guard making(making_);
  auto cut = this->cut();
  if (!cut) {
    return cut.error();
  }
  const Digest id = cut->id();
  {
    const std::lock_guard lock(mutex_);
    if (state_ && state_->cut.id() == id) {
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
    hooks_.failed(made.error());
    return made.error();
  }
  if (hooks_.charter_changed && !same_rules((*made)->governance.charter, charter_)) {
    hooks_.charter_changed((*made)->governance.charter);
  }
  const bool published =
      std::any_of((*made)->documents.begin(), (*made)->documents.end(),
                  [](const Document& document) { return document.kind == "catalogue"; });
  const std::lock_guard lock(mutex_);
  state_ = *made;
  // Kept alive by the state it is part of.
  catalogue_ = published ? std::shared_ptr<const Catalogue>(*made, &(*made)->catalogue) : fallback_;
  return state_;
}

std::shared_ptr<const Catalogue> Views::catalogue() const {
  const std::lock_guard lock(mutex_);
  return catalogue_;
}

std::shared_ptr<const LedgerState> Views::latest() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

Result<FigureReport> Views::figures(const FigureRequest& request) {
  auto state = this->state();
  return state ? compute_figures((*state)->governance.charter, **state, request)
               : Result<FigureReport>(state.error());
}

Result<Bytes> Views::bundle(const FigureRequest& request) {
  auto state = this->state();
  if (!state) {
    return state.error();
  }
  auto report = compute_figures((*state)->governance.charter, **state, request);
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
      make_bundle((*state)->governance.charter, cut, claim, report->types_needed, contents->logs);
  if (!bundle) {
    return bundle.error();
  }
  return encode_bundle(*bundle);
}

}  // namespace hefu
