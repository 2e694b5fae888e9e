#include "tests/simulation/liar.h"

#include <algorithm>
#include <utility>

#include "ledger/cut/anchor.h"
#include "ledger/log/cosignature.h"
#include "ledger/log/fork_proof.h"
#include "ledger/witness/request.h"

namespace hefu::simulation {
namespace {

constexpr std::size_t kOverheardMax = 64;
constexpr std::uint64_t kEventsMax = 400;

}  // namespace

Liar::Liar(const TestFederation& federation, std::size_t index, std::uint64_t seed,
           std::uint64_t lies)
    : federation_(federation),
      index_(index),
      lies_(lies),
      dice_(seed),
      witness_key_(federation.key(index, KeyRole::kWitness)) {
  histories_.emplace_back();
  branches_.emplace_back(federation.member(index).origin, federation.key(index, KeyRole::kLog));
}

TestLog& Liar::shown_to(std::size_t peer) {
  if (!shows_.contains(peer)) {
    shows_[peer] = dice_.below(2);
  }
  return branches_[std::min(shows_[peer], branches_.size() - 1)];
}

void Liar::append(std::vector<Bytes> envelopes, bool both) {
  const std::size_t one = dice_.below(branches_.size());
  for (std::size_t i = 0; i < branches_.size(); ++i) {
    if (both || i == one) {
      branches_[i].append(envelopes);
      histories_[i].insert(histories_[i].end(), envelopes.begin(), envelopes.end());
    }
  }
}

void Liar::add_event() {
  std::vector<Bytes> envelopes =
      federation_.envelopes(index_, 1'000'000 + events_++, 1 + dice_.below(3));
  events_ += envelopes.size();
  if (dice_.chance(lies_ / 8)) {
    Envelope forged = *decode_envelope(envelopes.front());
    forged.signature.bytes[dice_.below(64)] ^= 1;
    envelopes.front() = *encode_envelope(forged);
    ++counts_.forged_entries;
  } else if (dice_.chance(lies_ / 8)) {
    // Somebody else's genuine event in its own log.
    const std::size_t other = (index_ + 1) % federation_.charter().members.size();
    envelopes = federation_.envelopes(other, 2'000'000 + events_, 1);
    ++counts_.forged_entries;
  } else if (dice_.chance(lies_ / 8)) {
    envelopes = {forged_countersignature()};
    ++counts_.forged_countersignatures;
  }
  append(std::move(envelopes), branches_.size() == 1 || dice_.chance(300'000));
}

/// Another member confirms an event of this one, as this one's own key has it.
Bytes Liar::forged_countersignature() {
  const std::size_t other = (index_ + 1) % federation_.charter().members.size();
  const EventId confirmed =
      histories_[0].empty() ? EventId{} : decode_envelope(histories_[0].front())->id();
  Event event = federation_.event(other, 4'000'000 + events_++);
  event.type = "countersignature";
  event.record = confirmed;
  event.fields = {{"target", Value{confirmed.digest}}};
  const Bytes bytes = *encode_event(event);
  return sign_batch(std::span(&bytes, 1), federation_.key(index_, KeyRole::kRegistrar))->front();
}

void Liar::fork() {
  if (branches_.size() > 1 || histories_[0].empty()) {
    return;
  }
  const std::size_t common = dice_.below(histories_[0].size());
  std::vector<Bytes> other(histories_[0].begin(),
                           histories_[0].begin() + static_cast<std::ptrdiff_t>(common));
  const auto own = federation_.envelopes(index_, 3'000'000 + events_, 1 + dice_.below(4));
  events_ += own.size();
  other.insert(other.end(), own.begin(), own.end());
  branches_.emplace_back(federation_.member(index_).origin, federation_.key(index_, KeyRole::kLog));
  branches_.back().append(other);
  histories_.push_back(std::move(other));
  ++counts_.forks;
}

void Liar::add_wrong_anchor(std::int64_t now_ms) {
  TestLog& log = branches_[0];
  if (log.size() == 0) {
    return;
  }
  Note note = *parse_note(log.checkpoint());
  const std::size_t members = federation_.charter().members.size();
  // Cosignatures only it could have made: the anchor is genuine in form, and counts for nothing.
  for (std::size_t i = 0; i < members; ++i) {
    if (i != index_) {
      note.signatures.push_back(cosign(note.text, federation_.member(i).witness_name(),
                                       witness_key_, static_cast<std::uint64_t>(now_ms / 1000)));
    }
  }
  std::array<std::uint8_t, 16> nonce{};
  const Bytes random = dice_.bytes(nonce.size());
  std::copy(random.begin(), random.end(), nonce.begin());
  const Event event = make_anchor(
      federation_.member(index_).id, format_note(note.text, note.signatures), log.size(),
      sha256(dice_.bytes(8)), sha256(dice_.bytes(8)), Moment{now_ms}, nonce);
  const Bytes bytes = *encode_event(event);
  append(*sign_batch(std::span(&bytes, 1), federation_.key(index_, KeyRole::kLog)), true);
  ++counts_.wrong_anchors;
}

Bytes Liar::noise() {
  if (!overheard_.empty() && dice_.chance(500'000)) {
    Bytes bytes = dice_.pick(overheard_);
    if (!bytes.empty() && dice_.chance(500'000)) {
      bytes[dice_.below(bytes.size())] ^= static_cast<std::uint8_t>(1U << dice_.below(8));
    }
    if (!bytes.empty() && dice_.chance(200'000)) {
      bytes.resize(dice_.below(bytes.size()));
    }
    return bytes;
  }
  return dice_.bytes(dice_.below(200));
}

void Liar::overhear(BytesView bytes) {
  if (bytes.size() > 20'000) {
    return;
  }
  if (overheard_.size() < kOverheardMax) {
    overheard_.push_back(to_bytes(bytes));
  } else {
    overheard_[dice_.below(kOverheardMax)] = to_bytes(bytes);
  }
}

void Liar::behave() {
  behaves_ = true;
}

Bytes Liar::serve(std::size_t peer, BytesView bytes, std::int64_t now_ms) {
  const bool lie = !behaves_ && dice_.chance(lies_);
  if (lie && dice_.chance(400'000)) {
    ++counts_.false_answers;
    return noise();
  }
  const auto request = decode_request(bytes);
  if (!request) {
    return encode(RefusalAnswer{request.error().code, request.error().message});
  }
  const std::string& origin = federation_.member(index_).origin;
  TestLog& log = behaves_ ? branches_.back() : shown_to(peer);
  PeerAnswer answer = RefusalAnswer{Errc::kUnavailable, "no"};
  if (std::holds_alternative<HelloMessage>(*request)) {
    answer = HelloMessage{federation_.charter().federation, {kPeerVersion}, "liar"};
  } else if (std::holds_alternative<HeadsRequest>(*request)) {
    HeadsAnswer heads;
    std::uint64_t size = log.size();
    if (lie && size > 1) {
      size = 1 + dice_.below(size);
      ++counts_.withheld;
    }
    if (size > 0) {
      heads.heads.push_back({origin, size, log.checkpoint(size), "", ""});
    }
    if (lie) {
      // A checkpoint of somebody else's log that nobody but itself has signed.
      const std::size_t other = dice_.below(federation_.charter().members.size());
      const TestLog forged(federation_.member(other).origin,
                           federation_.key(index_, KeyRole::kLog));
      const std::string note = sign_checkpoint(
          Checkpoint{federation_.member(other).origin, dice_.below(1000), sha256(dice_.bytes(4))},
          federation_.key(index_, KeyRole::kLog));
      if (other != index_) {
        heads.heads.push_back({federation_.member(other).origin, 7, note, note, note});
      }
      ++counts_.false_answers;
    }
    answer = std::move(heads);
  } else if (const auto* pull = std::get_if<PullRequest>(&*request)) {
    if (pull->origin == origin && pull->size <= log.size() && pull->begin < pull->size) {
      const std::uint64_t end =
          pull->begin + 1 + dice_.below(std::min(pull->end, pull->size) - pull->begin);
      Package package = log.package(pull->begin, end, pull->size);
      if (lie) {
        ++counts_.false_answers;
        if (dice_.chance(300'000) && !package.entries.empty()) {
          package.entries[dice_.below(package.entries.size())] ^= 1;
        } else if (dice_.chance(300'000)) {
          package.proof.clear();
        } else {
          package.begin += dice_.below(3);
        }
      }
      answer = std::move(package);
    }
  } else if (const auto* prove = std::get_if<ProveRequest>(&*request)) {
    if (prove->origin == origin && prove->size <= log.size() && prove->old_size <= prove->size) {
      ProofAnswer proof = log.proof(prove->old_size, prove->size);
      if (lie) {
        proof.old_root = sha256(dice_.bytes(4));
        ++counts_.false_answers;
      }
      answer = std::move(proof);
    }
  } else if (const auto* asked = std::get_if<CosignRequest>(&*request)) {
    const auto body = parse_add_checkpoint(asked->add_checkpoint);
    if (lie) {
      ++counts_.false_answers;
      answer = dice_.chance(500'000)
                   ? CosignedAnswer{409, std::to_string(dice_.below(1'000'000)) + "\n"}
                   : CosignedAnswer{static_cast<std::uint16_t>(200 + dice_.below(300)), "junk"};
    } else if (body) {
      // Whatever it is, and whenever it pleases.
      const auto seconds = static_cast<std::uint64_t>(now_ms / 1000) + dice_.below(100'000'000);
      answer = CosignedAnswer{
          200, cosign(body->submitted.checkpoint.text(), federation_.member(index_).witness_name(),
                      witness_key_, seconds)
                   .line()};
    }
  } else if (const auto* stage = std::get_if<StageRequest>(&*request)) {
    // Says that it holds what it throws away.
    answer = StagedAnswer{lie ? dice_.below(1'000'000) : stage->begin + stage->count,
                          lie && dice_.chance(500'000) ? "hefu/writer-start/v1\n" : ""};
    counts_.false_answers += lie ? 1 : 0;
  } else if (const auto* recall = std::get_if<RecallRequest>(&*request)) {
    RecalledAnswer recalled{0, recall->begin, {}, {}};
    if (lie) {
      // Noise, or a genuine event of somebody, as if the asker had staged it last.
      recalled.boot = std::uint64_t{1} << (20 + dice_.below(20));
      for (std::uint64_t i = dice_.below(4); i > 0; --i) {
        recalled.boots.push_back(recalled.boot);
        append_entry(recalled.entries, histories_[0].empty() || dice_.chance(500'000)
                                           ? dice_.bytes(1 + dice_.below(300))
                                           : dice_.pick(histories_[0]));
      }
      ++counts_.false_answers;
    }
    answer = std::move(recalled);
  }
  return encode(answer);
}

void Liar::act(const Call& call, std::int64_t now_ms) {
  const std::uint64_t what = dice_.below(100);
  if (what < 40 && events_ < kEventsMax) {
    add_event();
    return;
  }
  if (what < 42) {
    fork();
    return;
  }
  if (what < 45) {
    add_wrong_anchor(now_ms);
    return;
  }
  if (what < 50) {
    shows_.clear();  // everybody sees another side from now on
    return;
  }
  std::size_t peer = dice_.below(federation_.charter().members.size());
  if (peer == index_) {
    peer = (peer + 1) % federation_.charter().members.size();
  }
  ++counts_.false_requests;
  if (what < 60) {
    const Bytes bytes = noise();
    (void)call(peer, bytes);
  } else if (what < 85) {
    // Has a branch cosigned, whether it continues the other or not.
    TestLog& log = branches_[dice_.below(branches_.size())];
    if (log.size() > 0) {
      const std::uint64_t size = 1 + dice_.below(log.size());
      const std::uint64_t old_size = dice_.below(size + 1);
      const auto proof = log.tree().prove_consistency(old_size, size);
      (void)call(
          peer,
          encode(CosignRequest{format_add_checkpoint(old_size, proof, log.checkpoint(size))}));
    }
  } else {
    // Slander: two genuine checkpoints of its own, or of nobody.
    TestLog& log = branches_[0];
    if (log.size() > 1) {
      const std::uint64_t size = 1 + dice_.below(log.size() - 1);
      const ForkProof proof{log.tree().root(size), log.tree().prove_consistency(size, log.size()),
                            log.checkpoint(size), log.checkpoint()};
      (void)call(peer, encode(ForkReport{proof.text()}));
    }
  }
}

}  // namespace hefu::simulation
