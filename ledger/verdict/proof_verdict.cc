#include "ledger/verdict/proof_verdict.h"

#include <utility>

#include <boost/json.hpp>

#include "ledger/cut/cut.h"
#include "ledger/event/envelope.h"
#include "ledger/event/uscc.h"
#include "ledger/log/tlog_proof.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree.h"

namespace hefu {

namespace json = boost::json;

namespace {

class ProofJudge {
 public:
  explicit ProofJudge(const Charter& charter) : charter_(charter) {}

  ProofVerdict run(std::string_view text, std::optional<BytesView> envelope) && {
    const auto proof = parse_tlog_proof(text);
    if (!proof) {
      bad("receipt", proof.error().message);
      return std::move(verdict_);
    }
    unchecked("charter", "taken to be that of federation " + charter_.federation.hex() +
                             ", with its founders and their keys: compare it with what you know");
    const bool believed = check_checkpoint(*proof);
    if (!envelope && proof->extra) {
      envelope = BytesView(*proof->extra);
    }
    if (envelope) {
      check_envelope(*proof, *envelope, believed);
    } else {
      incomplete_ = true;
      unchecked("event",
                "the receipt does not hold the event itself; without it nobody can say "
                "which event stands at index " +
                    std::to_string(proof->index));
    }
    unchecked("the facts themselves",
              "a receipt proves who said what and that it is on record, not that it happened");
    unchecked("later events",
              "whether it was withdrawn, corrected or disputed since is not in a "
              "receipt: a bundle or any member's node says");
    verdict_.verdict = bad_          ? Judgement::kBad
                       : incomplete_ ? Judgement::kIncomplete
                                     : Judgement::kGood;
    return std::move(verdict_);
  }

 private:
  void good(const std::string& subject, const std::string& text) {
    verdict_.checks.push_back({BundleCheck::Outcome::kGood, subject, text});
  }
  void bad(const std::string& subject, const std::string& text) {
    bad_ = true;
    verdict_.checks.push_back({BundleCheck::Outcome::kBad, subject, text});
  }
  void unchecked(const std::string& subject, const std::string& text) {
    verdict_.checks.push_back({BundleCheck::Outcome::kUnchecked, subject, text});
  }

  /// Signed by its log, seen by a quorum. Whether it is to be believed.
  bool check_checkpoint(const TlogProof& proof) {
    const auto parsed = parse_checkpoint(proof.checkpoint);
    if (!parsed) {
      bad("checkpoint", parsed.error().message);
      return false;
    }
    verdict_.origin = parsed->checkpoint.origin;
    verdict_.index = proof.index;
    verdict_.size = parsed->checkpoint.size;
    head_ = parsed->checkpoint;
    const std::string subject = "log " + verdict_.origin;
    owner_ = charter_.by_origin(verdict_.origin);
    if (owner_ == nullptr) {
      incomplete_ = true;
      unchecked(subject,
                "is none the charter names: it may be of a member that joined later, or "
                "of nobody");
      return false;
    }
    const auto opened = open_cosigned(charter_, *owner_, proof.checkpoint);
    if (!opened) {
      bad(subject, opened.error().message);
      return false;
    }
    const auto cosignatures = verify_cosignatures(opened->note, witnesses_for(charter_, *owner_));
    const auto seen = cosignatures ? witnessed_at(charter_, *owner_, *cosignatures) : std::nullopt;
    good(subject, "of " + owner_->name_zh + ": checkpoint of " + std::to_string(head_.size) +
                      " entries signed by the log and by " +
                      std::to_string(cosignatures ? cosignatures->size() : 0) +
                      " independent witnesses (" + std::to_string(charter_.quorum) + " needed)" +
                      (seen ? ", seen by enough of them on " + seen->text() : std::string()));
    return true;
  }

  void check_envelope(const TlogProof& proof, BytesView bytes, bool believed) {
    const auto envelope = decode_envelope(bytes);
    const auto event = envelope ? decode_event(envelope->event) : Result<Event>(envelope.error());
    if (!event) {
      bad("event", event.error().message);
      return;
    }
    verdict_.event = envelope->id().hex();
    const std::string what = event->type + " of " + event->issuer + ", id " + verdict_.event;
    if (!verify_inclusion(proof.index, head_.size, leaf_hash(bytes), proof.path, head_.root)) {
      bad("event", what + ": is not entry " + std::to_string(proof.index) +
                       " of the log under this checkpoint");
    } else if (believed) {
      good("event", what + ": is entry " + std::to_string(proof.index) + " of the log of " +
                        owner_->name_zh);
    }
    check_signature(*envelope, *event);
  }

  void check_signature(const Envelope& envelope, const Event& event) {
    const auto signer = charter_.signer(envelope.signer);
    if (!signer) {
      // The log's owner certified it, or introduced a guest with it: that is said in the log.
      unchecked("signature",
                "its key is none of the charter's own; the member's log says whose it "
                "is, and its node has checked that before recording the event");
      return;
    }
    EnvelopeVerifier verifier;
    if (!verifier.verify(envelope, signer->key)) {
      bad("signature", "does not hold");
    } else if (signer->member->id != institution_of(event.issuer)) {
      bad("signature",
          "is by a key of " + signer->member->id + ", the event speaks for " + event.issuer);
    } else {
      good("signature", std::string("of a ") + name(signer->role) + " key of " +
                            signer->member->name_zh + " holds");
    }
  }

  const Charter& charter_;
  const Member* owner_ = nullptr;
  Checkpoint head_;
  bool bad_ = false;
  bool incomplete_ = false;
  ProofVerdict verdict_;
};

}  // namespace

ProofVerdict judge_proof(std::string_view proof, std::optional<BytesView> envelope,
                         const Charter& charter) {
  return ProofJudge(charter).run(proof, envelope);
}

json::object to_json(const ProofVerdict& proof) {
  json::object out{{"verdict", name(proof.verdict)}, {"checks", to_json(proof.checks)}};
  if (!proof.event.empty()) {
    out["event"] = proof.event;
  }
  if (!proof.origin.empty()) {
    out["origin"] = proof.origin;
    out["index"] = proof.index;
    out["size"] = proof.size;
  }
  return out;
}

}  // namespace hefu
