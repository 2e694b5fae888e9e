#include "node/cosigning.h"

#include <utility>

#include "ledger/log/tile_nodes.h"
#include "ledger/merkle/tree.h"
#include "ledger/witness/request.h"

namespace hefu {

Cosigning::Cosigning(Store& store, const Charter& charter, const Member& self, LogNumber log,
                     Events events)
    : store_(store), charter_(charter), self_(self), log_(log), events_(std::move(events)) {
  const auto stored = store.cosigned(log);
  if (const auto note =
          stored ? parse_checkpoint(*stored) : Result<SignedCheckpoint>(stored.error())) {
    cosigned_size_ = note->checkpoint.size;
  }
}

std::uint64_t Cosigning::cosigned_size() const {
  const std::lock_guard lock(mutex_);
  return cosigned_size_;
}

Result<void> Cosigning::published(const Checkpoint& checkpoint, const std::string& note) {
  {
    const std::lock_guard lock(mutex_);
    if (latest_ && checkpoint.size < latest_->size) {
      return {};
    }
    latest_ = checkpoint;
    latest_note_ = note;
    if (charter_.quorum > 0 || checkpoint.size <= cosigned_size_) {
      return {};
    }
    if (auto put = store_.put_cosigned(log_, note); !put) {
      return put;
    }
    cosigned_size_ = checkpoint.size;
  }
  events_.quorum(checkpoint, note);
  return {};
}

std::chrono::steady_clock::time_point Cosigning::now() const {
  return events_.clock ? events_.clock() : std::chrono::steady_clock::now();
}

void Cosigning::refresh_candidate() {
  if (!latest_ || latest_->size == 0) {
    return;
  }
  const auto now = this->now();
  bool again = false;
  if (candidate_) {
    const bool done = candidate_->witnesses.size() >= charter_.quorum;
    const auto age = now - candidate_->since;
    again = candidate_->checkpoint.size >= latest_->size;
    if (again ? !done || age < kRefreshAfter : !done && age <= kCandidateAgeMax) {
      return;
    }
  }
  if (auto note = parse_checkpoint(latest_note_)) {
    candidate_ = Candidate{*latest_, *std::move(note), {}, now, again};
  }
}

Result<std::optional<Cosigning::Job>> Cosigning::job_for(const Member& witness) {
  if (witness.id == self_.id) {
    return std::optional<Job>();  // a member's own witness counts nothing for its log
  }
  Checkpoint checkpoint;
  std::string note;
  std::uint64_t old_size = 0;
  {
    const std::lock_guard lock(mutex_);
    refresh_candidate();
    if (charter_.quorum == 0 || !witness.is_active() || !candidate_ ||
        candidate_->witnesses.contains(witness.id)) {
      return std::optional<Job>();
    }
    checkpoint = candidate_->checkpoint;
    note = format_note(candidate_->note.note.text, candidate_->note.note.signatures);
    const auto told = witnessed_.find(witness.id);
    old_size = told == witnessed_.end() ? 0 : told->second;
  }
  if (old_size > checkpoint.size) {
    return std::optional<Job>();  // it is waiting for a later one
  }
  TileNodes nodes(checkpoint.size, tile_source(store_, log_));
  const auto proof = prove_consistency(old_size, checkpoint.size, nodes.reader());
  if (nodes.failure()) {
    return *nodes.failure();
  }
  Job job;
  job.size = checkpoint.size;
  job.request.add_checkpoint = format_add_checkpoint(old_size, proof, note);
  return std::optional(std::move(job));
}

/// With the lines of what is stored about the very same checkpoint, which keep their times. After a
/// change of the rules the quorum is another one; members that have yet to hear of the change go by
/// the one before, and would take no note without its lines.
Result<std::string> Cosigning::joined_with_stored(const Note& gathered) const {
  const auto stored = store_.cosigned(log_);
  if (!stored) {
    return stored.error();
  }
  const auto before = parse_checkpoint(*stored);
  const bool joins =
      before && before->note.text == gathered.text &&
      before->note.signatures.size() + gathered.signatures.size() <= kNoteSignaturesMax;
  return joins ? add_signatures(gathered, before->note.signatures)
               : format_note(gathered.text, gathered.signatures);
}

Result<PeerVerdict> Cosigning::answered(const Member& witness, const Job& job,
                                        const CosignedAnswer& answer) {
  if (witness.id == self_.id) {
    return PeerVerdict{Fault::kProtocol, "a member's own witness counts nothing for its log"};
  }
  if (answer.status == 409) {
    const auto size = read_size_answer(answer.body);
    if (!size) {
      return PeerVerdict{Fault::kProtocol, size.error().message};
    }
    const std::lock_guard lock(mutex_);
    const std::uint64_t here = latest_ ? latest_->size : 0;
    if (*size > here) {
      // If that is true it can show the checkpoint (PeerHead::witnessed), and this log stops. On
      // its word alone no witness may stop it.
      return PeerVerdict{Fault::kProtocol, "it says that it has cosigned " + std::to_string(*size) +
                                               " entries of this log, which has " +
                                               std::to_string(here) + " here"};
    }
    witnessed_[witness.id] = *size;
    if (candidate_ && *size > candidate_->checkpoint.size) {
      candidate_.reset();  // it has cosigned a later one already
    }
    return PeerVerdict{};
  }
  if (answer.status != 200) {
    return PeerVerdict{Fault::kProtocol,
                       "it does not cosign this log: status " + std::to_string(answer.status)};
  }
  auto key = VerifierKey::parse(witness.witness_vkey());
  if (!key) {
    return PeerVerdict{Fault::kProtocol, key.error().message};
  }
  Checkpoint checkpoint;
  std::string note;
  {
    const std::lock_guard lock(mutex_);
    if (!candidate_ || candidate_->checkpoint.size != job.size) {
      return PeerVerdict{};  // overtaken
    }
    auto line = read_cosignature_answer(candidate_->note.note, answer.body, *key);
    if (!line) {
      return PeerVerdict{Fault::kProtocol, line.error().message};
    }
    witnessed_[witness.id] = job.size;
    candidate_->witnesses.insert(witness.id);
    note = add_signatures(candidate_->note.note, std::span(&line->line, 1));
    auto parsed = parse_checkpoint(note);
    if (!parsed) {
      return parsed.error();
    }
    candidate_->note = *std::move(parsed);
    if (candidate_->witnesses.size() < charter_.quorum || candidate_->again) {
      return PeerVerdict{};
    }
    auto joined = joined_with_stored(candidate_->note.note);
    if (!joined) {
      return joined.error();
    }
    note = *std::move(joined);
    if (auto put = store_.put_cosigned(log_, note); !put) {
      return put.error();
    }
    cosigned_size_ = job.size;
    checkpoint = candidate_->checkpoint;
  }
  events_.quorum(checkpoint, note);
  return PeerVerdict{};
}

}  // namespace hefu
