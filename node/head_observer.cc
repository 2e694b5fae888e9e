#include "node/head_observer.h"

#include <algorithm>
#include <utility>

#include "ledger/log/tile_nodes.h"
#include "ledger/merkle/tree.h"
#include "ledger/witness/request.h"

namespace hefu {

namespace {

/// The checkpoint with the log's own signature alone, as it was before anybody cosigned it.
std::string without_cosignatures(const SignedCheckpoint& checkpoint) {
  std::vector<NoteSignature> own;
  for (const NoteSignature& signature : checkpoint.note.signatures) {
    if (signature.name == checkpoint.checkpoint.origin) {
      own.push_back(signature);
    }
  }
  return format_note(checkpoint.note.text, own);
}

}  // namespace

HeadObserver::HeadObserver(const Store& store, const Charter& charter, const Member& self,
                           Hooks hooks)
    : store_(store), charter_(charter), self_(self), hooks_(std::move(hooks)) {}

Result<void> HeadObserver::begin(const SilentLog& silent) {
  const auto done = done_.find(silent.origin);
  const auto log = store_.known_number(silent.origin);
  if ((done != done_.end() && silent.after <= done->second) || !log) {
    return {};
  }
  auto note = store_.cosigned(*log);
  if (!note || note->empty()) {
    return note ? Result<void>() : note.error();  // a log that never spoke has no head
  }
  auto checkpoint = parse_checkpoint(*note);
  auto bare = checkpoint ? parse_checkpoint(without_cosignatures(*checkpoint)) : checkpoint;
  if (!bare) {
    return bare.error();
  }
  Task& task = tasks_[silent.origin];
  if (task.note.checkpoint.size != bare->checkpoint.size || task.after < silent.after) {
    task = Task{silent.after, *std::move(bare), *log, {}, {}, std::move(task.known)};
  }
  return {};
}

Result<void> HeadObserver::look() {
  const Moment now = hooks_.now();
  const std::int64_t pause = std::chrono::milliseconds(kLookAfter).count();
  if (looked_ && looked_->ms <= now.ms && now.ms < looked_->ms + pause) {
    return {};
  }
  looked_ = now;
  const std::vector<SilentLog> silent = hooks_.silent();
  std::erase_if(tasks_, [&](const auto& task) {
    return std::none_of(silent.begin(), silent.end(),
                        [&](const SilentLog& one) { return one.origin == task.first; });
  });
  for (const SilentLog& one : silent) {
    if (auto begun = begin(one); !begun) {
      return begun;
    }
  }
  for (auto& [origin, task] : tasks_) {
    task.asked = task.cosigned;
  }
  // This node's own witness is one as good as others. It may remember another size than assumed.
  for (std::size_t round = 0; round < 2 * tasks_.size(); ++round) {
    const auto job = next_job(self_);
    if (!job || !*job) {
      return job ? Result<void>() : job.error();
    }
    const auto answer = hooks_.ask_self((*job)->request);
    const auto taken = answer ? take(self_, **job, *answer) : Result<PeerVerdict>(answer.error());
    if (!taken) {
      return taken.error();
    }
  }
  return {};
}

Result<std::optional<HeadObserver::Job>> HeadObserver::next_job(const Member& witness) {
  for (const auto& [origin, task] : tasks_) {
    if (witness.origin == origin || task.asked.contains(witness.id)) {
      continue;
    }
    const std::uint64_t size = task.note.checkpoint.size;
    const auto known = task.known.find(witness.id);
    const std::uint64_t old_size = known == task.known.end() ? size : known->second;
    if (old_size > size) {
      continue;  // it has seen more of that log; so will this node, soon
    }
    TileNodes nodes(size, tile_source(store_, task.log));
    const auto proof = prove_consistency(old_size, size, nodes.reader());
    if (nodes.failure()) {
      continue;  // of a log followed by its checkpoints alone there is no tree here to prove from
    }
    Job job{origin, size, {}};
    job.request.add_checkpoint = format_add_checkpoint(
        old_size, proof, format_note(task.note.note.text, task.note.note.signatures));
    return std::optional(std::move(job));
  }
  return std::optional<Job>();
}

Result<std::optional<HeadObserver::Job>> HeadObserver::job_for(const Member& witness) {
  std::optional<Job> job;
  {
    const std::lock_guard lock(mutex_);
    if (auto looked = look(); !looked) {
      return looked.error();
    }
    auto next = next_job(witness);
    if (!next) {
      return next;
    }
    job = *std::move(next);
  }
  if (auto appended = append_ready(); !appended) {
    return appended.error();
  }
  return job;
}

Result<PeerVerdict> HeadObserver::take(const Member& witness, const Job& job,
                                       const CosignedAnswer& answer) {
  const auto found = tasks_.find(job.origin);
  if (found == tasks_.end() || found->second.note.checkpoint.size != job.size) {
    return PeerVerdict{};  // overtaken
  }
  Task& task = found->second;
  if (answer.status == 409) {
    const auto size = read_size_answer(answer.body);
    if (!size) {
      return PeerVerdict{Fault::kProtocol, size.error().message};
    }
    task.known[witness.id] = *size;
    return PeerVerdict{};
  }
  task.asked.insert(witness.id);
  if (answer.status != 200) {
    return PeerVerdict{Fault::kProtocol, "it does not cosign " + job.origin + ": status " +
                                             std::to_string(answer.status)};
  }
  const auto key = VerifierKey::parse(witness.witness_vkey());
  auto line = key ? read_cosignature_answer(task.note.note, answer.body, *key)
                  : Result<WitnessAnswer>(key.error());
  if (!line) {
    return PeerVerdict{Fault::kProtocol, line.error().message};
  }
  if (Moment{static_cast<std::int64_t>(line->cosignature.time) * 1000} <= task.after) {
    return PeerVerdict{};  // its clock is behind: it does not yet say what is asked
  }
  auto note = parse_checkpoint(add_signatures(task.note.note, std::span(&line->line, 1)));
  if (!note) {
    return note.error();
  }
  task.note = *std::move(note);
  task.cosigned.insert(witness.id);
  if (task.cosigned.size() >= charter_.quorum) {
    done_[job.origin] = task.after;
    ready_[job.origin] = std::move(task);
    tasks_.erase(found);
  }
  return PeerVerdict{};
}

Result<PeerVerdict> HeadObserver::answered(const Member& witness, const Job& job,
                                           const CosignedAnswer& answer) {
  Result<PeerVerdict> verdict = PeerVerdict{};
  {
    const std::lock_guard lock(mutex_);
    verdict = take(witness, job, answer);
  }
  if (auto appended = append_ready(); !appended) {
    return appended.error();
  }
  return verdict;
}

Result<void> HeadObserver::append_ready() {
  std::map<std::string, Task> ready;
  {
    const std::lock_guard lock(mutex_);
    ready.swap(ready_);
  }
  for (auto& [origin, task] : ready) {
    const auto appended =
        hooks_.append(format_note(task.note.note.text, task.note.note.signatures));
    if (!appended && appended.error().code == Errc::kUnavailable) {
      const std::lock_guard lock(mutex_);
      ready_.emplace(origin, std::move(task));
    } else if (!appended) {
      return appended.error();
    }
  }
  return {};
}

}  // namespace hefu
