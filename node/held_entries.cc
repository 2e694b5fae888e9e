#include "node/held_entries.h"

#include <algorithm>
#include <utility>

#include "ledger/log/writer_start.h"

namespace hefu {

void HeldEntries::Run::put(std::uint64_t index, std::size_t size) {
  std::size_t& held = sizes[index];
  bytes = bytes - held + size;
  held = size;
}

void HeldEntries::Run::drop_before(std::uint64_t index) {
  while (!sizes.empty() && sizes.begin()->first < index) {
    bytes -= sizes.begin()->second;
    sizes.erase(sizes.begin());
  }
}

Result<HeldEntries::Run> HeldEntries::read_run(LogNumber log) const {
  auto boot = store_.held_boot(log);
  if (!boot) {
    return boot.error();
  }
  Run run{*boot, 0};
  // A start of the writer keeps consecutive entries: where its last one ends, it goes on.
  auto scanned = store_.scan_held(log, 0, [&](std::uint64_t index, const StagedEntry& entry) {
    run.put(index, entry.envelope.size());
    if (entry.boot == run.boot) {
      run.end = index + 1;
    }
    return true;
  });
  return scanned ? Result<Run>(run) : scanned.error();
}

Result<PeerAnswer> HeldEntries::stage(LogNumber log, const VerifierKey& log_key,
                                      const StageRequest& request) {
  const auto number = open_writer_start(request.start, log_key);
  if (!number || *number != request.boot) {
    return Error{Errc::kUnverified, "stage.start: not this start, signed with the log's key", ""};
  }
  const std::lock_guard lock(mutex_);
  auto known = runs_.find(log);
  if (known == runs_.end()) {
    auto run = read_run(log);
    if (!run) {
      return run.error();
    }
    known = runs_.emplace(log, *run).first;
  }
  Run& known_run = known->second;
  if (request.boot < known_run.boot) {
    auto later = store_.held_start(log);
    return later ? Result<PeerAnswer>(StagedAnswer{0, *std::move(later)})
                 : Result<PeerAnswer>(later.error());
  }
  const bool newer = request.boot > known_run.boot;
  const std::uint64_t run_end = std::max(newer ? 0 : known_run.end, request.signed_size);
  const std::uint64_t end = request.begin + request.count;
  std::span<const BytesView> news;
  const auto entries = split_entries(request.entries, request.count);
  if (!entries) {
    return entries.error();
  }
  auto head = store_.head(log);
  if (!head) {
    return head.error();
  }
  for (std::uint64_t index = request.begin; index < std::min(end, head->size); ++index) {
    auto entry = store_.entry(log, index);
    if (!entry) {
      return entry.error();
    }
    if (!std::ranges::equal(*entry, (*entries)[index - request.begin])) {
      // An old copy of the owner's disk, or a second writer: what it goes on with must not be
      // signed.
      return PeerAnswer(RefusalAnswer{Errc::kConflict, "entry " + std::to_string(index) +
                                                           " of this log is signed, and another"});
    }
  }
  if (request.begin <= run_end && end > run_end) {
    if (end > head->size + kHeldMax) {
      return PeerAnswer(RefusalAnswer{Errc::kUnavailable,
                                      "too far beyond what is replicated of this log here: size " +
                                          std::to_string(head->size)});
    }
    news = std::span(*entries).subspan(run_end - request.begin);
  }
  known_run.drop_before(head->size);
  std::uint64_t more = 0;
  std::uint64_t replaced = 0;
  for (std::size_t i = 0; i < news.size(); ++i) {
    more += news[i].size();
    const auto held = known_run.sizes.find(run_end + i);
    replaced += held == known_run.sizes.end() ? 0 : held->second;
  }
  if (!news.empty() && known_run.bytes - replaced + more > bytes_max_) {
    return PeerAnswer(RefusalAnswer{
        Errc::kUnavailable, std::to_string(known_run.bytes) + " bytes of this log are held here, " +
                                "beyond what is replicated of it, and no more than " +
                                std::to_string(bytes_max_) + " are"});
  }
  if (newer || !news.empty()) {
    if (auto held = store_.hold(log, request.boot, request.start, run_end, news); !held) {
      return held.error();
    }
    for (std::size_t i = 0; i < news.size(); ++i) {
      known_run.put(run_end + i, news[i].size());
    }
  }
  known_run.boot = request.boot;
  known_run.end = run_end + news.size();
  return PeerAnswer(StagedAnswer{known_run.end, ""});
}

Result<PeerAnswer> HeldEntries::recall(LogNumber log, const RecallRequest& request) const {
  auto boot = store_.held_boot(log);
  if (!boot) {
    return boot.error();
  }
  RecalledAnswer answer;
  answer.boot = *boot;
  auto scanned = store_.scan_held(log, request.begin, [&](std::uint64_t index, StagedEntry entry) {
    if (answer.boots.empty()) {
      answer.begin = index;
    }
    const bool fits = answer.boots.size() < kPackageEntriesMax &&
                      answer.entries.size() + entry.envelope.size() + 2 <= kPackageBytesMax;
    if (index != answer.begin + answer.boots.size() || !fits) {
      return false;
    }
    answer.boots.push_back(entry.boot);
    append_entry(answer.entries, entry.envelope);
    return true;
  });
  return scanned ? Result<PeerAnswer>(std::move(answer)) : scanned.error();
}

}  // namespace hefu
