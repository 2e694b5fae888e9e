#include "node/peer_visit.h"

#include <utility>

#include "node/peer_service.h"

namespace hefu {
namespace {

/// Cosigning takes a second round when the witness remembers another size than we thought.
constexpr int kCosignRoundsMax = 3;

}  // namespace

PeerVisit::PeerVisit(const Charter& charter, const Member& self, const Member& peer,
                     Cosigning& cosigning, FollowedLogs& logs, Hooks hooks)
    : charter_(charter),
      self_(self),
      peer_(peer),
      cosigning_(cosigning),
      logs_(logs),
      hooks_(std::move(hooks)) {}

template <typename Desk>
PeerVerdict PeerVisit::ask_witness(Desk& desk, const Ask& ask) {
  for (int round = 0; round < kCosignRoundsMax; ++round) {
    auto job = desk.job_for(peer_);
    if (!job) {
      hooks_.halt(job.error());
      return {};
    }
    if (!*job) {
      return {};
    }
    const auto answer = ask((*job)->request);
    if (!answer) {
      return {fault_of_call(answer.error()), answer.error().message};
    }
    if (const auto* refused = std::get_if<RefusalAnswer>(&*answer)) {
      return {refused->code == Errc::kUnauthorised ? Fault::kWrongKey : Fault::kProtocol,
              refused->message};
    }
    const auto* cosigned = std::get_if<CosignedAnswer>(&*answer);
    if (cosigned == nullptr) {
      return {Fault::kProtocol, "no cosignature in answer to a request for it"};
    }
    auto verdict = desk.answered(peer_, **job, *cosigned);
    if (!verdict) {
      hooks_.halt(verdict.error());
      return {};
    }
    if (!verdict->ok()) {
      return *verdict;
    }
  }
  return {};
}

PeerVerdict PeerVisit::visit(const Ask& ask_once, const std::function<bool()>& stopping) {
  more_ = false;
  const Ask ask = [&](const PeerRequest& request) {
    auto answer = ask_once(request);
    if (!answer) {
      greeted_ = false;
    }
    return answer;
  };
  if (const PeerVerdict greeted = greet(ask); !greeted.ok()) {
    return greeted;
  }
  // What is wrong with one request does not stop the others, as long as the peer answers.
  PeerVerdict worst = ask_witness(cosigning_, ask);
  if (!greeted_) {
    return worst;
  }
  const auto answer = ask(HeadsRequest{});
  if (!answer) {
    return {fault_of_call(answer.error()), answer.error().message};
  }
  const auto* heads = std::get_if<HeadsAnswer>(&*answer);
  if (heads == nullptr) {
    return {Fault::kProtocol, "no list of heads in answer to a request for it"};
  }
  for (const PeerHead& head : heads->heads) {
    if (head.origin == self_.origin) {
      const auto cosigned = parse_checkpoint(head.cosigned);
      own_size_ = head.size;
      witness_only_ = head.witness_only;
      own_cosigned_size_ = cosigned ? cosigned->checkpoint.size : 0;
      for (const std::string* note : {&head.checkpoint, &head.witnessed}) {
        if (!note->empty() && *note != own_note_) {
          hooks_.own_checkpoint_seen(*note);
          own_note_ = *note;
        }
      }
    } else if (!stopping()) {
      FollowedLogs::Followed followed = logs_.follow(peer_.id, ask, head, stopping);
      more_ = more_ || followed.more;
      if (!followed.verdict.ok()) {
        worst = std::move(followed.verdict);
      }
    }
    if (!greeted_) {
      return worst;
    }
  }
  if (hooks_.observer != nullptr) {
    if (PeerVerdict verdict = ask_witness(*hooks_.observer, ask); !verdict.ok()) {
      worst = std::move(verdict);
    }
  }
  if (PeerVerdict verdict = report_forks(ask); !verdict.ok()) {
    worst = std::move(verdict);
  }
  return worst;
}

PeerVerdict PeerVisit::greet(const Ask& ask) {
  if (greeted_) {
    return {};
  }
  const auto answer = ask(HelloMessage{charter_.federation, {kPeerVersion}, kProgramName});
  if (!answer) {
    return {fault_of_call(answer.error()), answer.error().message};
  }
  if (const auto* refused = std::get_if<RefusalAnswer>(&*answer)) {
    return {Fault::kProtocol, refused->message};
  }
  const auto* hello = std::get_if<HelloMessage>(&*answer);
  if (hello == nullptr || hello->federation != charter_.federation) {
    return {Fault::kProtocol, "it follows another charter"};
  }
  greeted_ = true;
  reported_.clear();  // it may have begun anew on an empty disk
  return {};
}

PeerVerdict PeerVisit::report_forks(const Ask& ask) {
  for (const auto& [origin, proof] : logs_.fork_proofs()) {
    if (reported_.contains(origin)) {
      continue;
    }
    const auto answer = ask(ForkReport{proof});
    if (!answer) {
      return {fault_of_call(answer.error()), answer.error().message};
    }
    // A member that does not know of this log yet refuses; it is told again.
    if (std::holds_alternative<NotedAnswer>(*answer)) {
      reported_.insert(origin);
    }
  }
  return {};
}

}  // namespace hefu
