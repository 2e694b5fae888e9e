#include "node/witness_service.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "ledger/cut/cut.h"
#include "node/evidence.h"

namespace hefu {

WitnessService::WitnessService(Store& store, const Charter& charter, const Member& self,
                               SecretKey witness_key, Seconds now, ForkFound fork_found,
                               std::vector<VerifierKey> others)
    : store_(store),
      charter_(charter),
      self_(self),
      key_(std::move(witness_key)),
      now_(std::move(now)),
      fork_found_(std::move(fork_found)),
      others_(std::move(others)) {}

Result<WitnessService::Answer> WitnessService::add_checkpoint(std::string_view request) {
  auto answer = judge(request);
  if (answer) {
    answers_.add(std::to_string(answer->status));
  }
  return answer;
}

Result<WitnessService::Answer> WitnessService::judge(std::string_view body) {
  const auto answer_of = [](const WitnessDecision& decision, std::string origin) {
    return Answer{decision.status, decision.content_type, decision.body, std::move(origin)};
  };
  const auto request = parse_add_checkpoint(body);
  if (!request) {
    return answer_of(refuse_malformed(request.error()), "");
  }
  const std::string& origin = request->submitted.checkpoint.origin;
  const Member* owner = charter_.by_origin(origin);
  if (owner != nullptr && owner->end) {
    return refuse_ended(*owner, request->submitted);
  }
  WitnessedLog log;
  WitnessDecision decision;
  {
    // One request after the other: what is decided from the stored state is stored before anybody
    // else may decide, which is the compare-and-swap the protocol asks for.
    const std::lock_guard lock(mutex_);
    if (owner != nullptr) {
      const Moment now{static_cast<std::int64_t>(now_()) * 1000};
      for (VerifierKey& key : log_keys_of(*owner)) {
        if (owner->holds(KeyRole::kLog, key.key, now)) {
          log.keys.push_back(std::move(key));
        }
      }
      log.own = owner->id == self_.id;
    } else {
      std::copy_if(others_.begin(), others_.end(), std::back_inserter(log.keys),
                   [&](const VerifierKey& key) { return key.name == origin; });
    }
    const auto quarantine = store_.quarantine(origin);
    if (!quarantine) {
      return quarantine.error();
    }
    if (*quarantine && !log.keys.empty()) {
      // Its key is trusted no more, not even for the history that was cosigned so far.
      return Answer{403, "text/plain; charset=utf-8",
                    "this log has two histories, the proof is kept here\n", origin};
    }
    if (!log.keys.empty()) {
      auto stored = store_.witnessed(origin);
      if (!stored) {
        return stored.error();
      }
      if (*stored) {
        auto latest = parse_checkpoint(**stored);
        if (!latest) {
          return Error{Errc::kCorrupt, "the stored witness state of " + origin + " is damaged",
                       "a witness that lost its state must come back under a new key"};
        }
        log.latest = std::move(*latest);
      }
    }
    decision =
        decide(*request, log.keys.empty() ? nullptr : &log, self_.witness_name(), key_, now_());
    if (decision.accepted) {
      if (auto put = store_.put_witnessed(origin, decision.accepted->note); !put) {
        return put.error();
      }
    }
    if (decision.evidence) {
      if (auto kept = Evidence(store_).keep(request->submitted.checkpoint, *decision.evidence);
          !kept) {
        return kept.error();
      }
    }
  }
  if (decision.fork && fork_found_) {
    fork_found_(origin, *decision.fork);
  }
  return answer_of(decision, origin);
}

/// The key of a log that has ended signs nothing more of it. What it signs all the same beyond the
/// end, or beside it, is kept.
Result<WitnessService::Answer> WitnessService::refuse_ended(const Member& past,
                                                            const SignedCheckpoint& submitted) {
  const std::string note = format_note(submitted.note.text, submitted.note.signatures);
  const std::vector<VerifierKey> keys = log_keys_of(past);
  const bool by_its_key = std::any_of(keys.begin(), keys.end(), [&](const VerifierKey& key) {
    return open_checkpoint(note, key).ok();
  });
  if (by_its_key) {
    const std::lock_guard lock(mutex_);
    if (auto kept = Evidence(store_).keep(submitted.checkpoint, note); !kept) {
      return kept.error();
    }
  }
  return Answer{403, "text/plain; charset=utf-8",
                "this log ended at size " + std::to_string(past.end->size) +
                    ", its owner goes on in another\n",
                past.origin};
}

Result<std::optional<std::string>> WitnessService::latest(const Digest& origin_hash) const {
  std::vector<std::string> origins;
  for (const Member* owner : charter_.log_owners()) {
    origins.push_back(owner->origin);
  }
  for (const VerifierKey& key : others_) {
    origins.push_back(key.name);
  }
  for (const std::string& origin : origins) {
    if (sha256(as_bytes(origin)) == origin_hash) {
      return store_.witnessed(origin);
    }
  }
  return std::optional<std::string>();
}

}  // namespace hefu
