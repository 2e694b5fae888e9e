#include "node/peer_service.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "ledger/log/tile_nodes.h"
#include "ledger/merkle/tree.h"

namespace hefu {
namespace {

Error not_here(const std::string& origin, std::uint64_t size) {
  return Error{Errc::kNotFound, "log " + origin + " ends here before size " + std::to_string(size),
               ""};
}

/// Leaves off entries at the end until those that are left are a subtree.
void cut_to_subtree(Package& package) {
  if (is_subtree(package.begin, package.begin + package.count)) {
    return;
  }
  std::uint32_t count = std::bit_floor(package.count);
  while (package.begin % count != 0) {
    count /= 2;
  }
  const auto entries = split_entries(package.entries, package.count);
  HEFU_ASSERT(entries.ok());
  std::size_t bytes = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    bytes += 2 + (*entries)[i].size();
  }
  package.entries.resize(bytes);
  package.count = count;
}

RefusalAnswer refusal(const Error& error) {
  return {error.code, error.message};
}

}  // namespace

Result<Package> make_package(const Store& store, LogNumber log, const PullRequest& pull) {
  auto head = store.head(log);
  if (!head) {
    return head.error();
  }
  if (pull.size > head->size) {
    return not_here(pull.origin, pull.size);
  }
  Package package;
  package.begin = pull.begin;
  const std::uint64_t end = std::min(pull.end, pull.begin + kPackageEntriesMax);
  const std::size_t bytes_max = std::min(pull.bytes_max, kPackageBytesMax);
  auto scanned = store.scan(log, pull.begin, end, [&](std::uint64_t, BytesView bytes) {
    // The first entry always goes: else a small bound would stop a log for good.
    if (package.count > 0 && package.entries.size() + 2 + bytes.size() > bytes_max) {
      return false;
    }
    append_entry(package.entries, bytes);
    ++package.count;
    return true;
  });
  if (!scanned) {
    return scanned.error();
  }
  TileNodes nodes(pull.size, tile_source(store, log));
  if (pull.range) {
    cut_to_subtree(package);
    package.proof = prove(package.begin, package.begin + package.count, pull.size, nodes.reader());
  } else {
    package.proof = prove_consistency(package.begin + package.count, pull.size, nodes.reader());
  }
  if (nodes.failure()) {
    return *nodes.failure();
  }
  return package;
}

Result<ProofAnswer> make_proof(const Store& store, LogNumber log, const ProveRequest& prove) {
  auto head = store.head(log);
  if (!head) {
    return head.error();
  }
  if (prove.size > head->size) {
    return not_here(prove.origin, prove.size);
  }
  TileNodes nodes(prove.size, tile_source(store, log));
  ProofAnswer answer;
  answer.old_root = subtree_root(0, prove.old_size, nodes.reader());
  answer.hashes = prove_consistency(prove.old_size, prove.size, nodes.reader());
  if (nodes.failure()) {
    return *nodes.failure();
  }
  return answer;
}

std::string former_checkpoint_key(std::string_view origin) {
  return "former-checkpoint/" + std::string(origin);
}

Result<HeadsAnswer> heads_here(const Store& store, const Charter& charter,
                               const std::set<std::string>& witness_only) {
  HeadsAnswer heads;
  for (const Member* owner : charter.log_owners()) {
    const Member& member = *owner;
    const auto log = store.known_number(member.origin);
    if (!log || heads.heads.size() == kHeadsMax) {
      continue;
    }
    auto head = store.head(*log);
    if (head && member.end && head->size >= member.end->size) {
      heads.heads.push_back({member.origin, member.end->size, member.end->checkpoint, "", ""});
      continue;
    }
    auto cosigned = store.cosigned(*log);
    if (!head || !cosigned) {
      return head ? cosigned.error() : head.error();
    }
    auto witnessed = store.witnessed(member.origin);
    if (!witnessed) {
      return witnessed.error();
    }
    auto former = store.meta(former_checkpoint_key(member.origin));
    if (!former) {
      return former.error();
    }
    const auto last = *former ? parse_checkpoint(**former) : Result<SignedCheckpoint>(Error{});
    if (last && heads.heads.size() + 1 < kHeadsMax) {
      // First: whoever does not know the new key yet finds it below this one.
      heads.heads.push_back({member.origin, last->checkpoint.size, **former, "", ""});
    }
    heads.heads.push_back({member.origin, head->size, head->checkpoint, *cosigned,
                           std::move(*witnessed).value_or(std::string()),
                           witness_only.contains(member.origin)});
  }
  return heads;
}

PeerService::PeerService(Store& store, const Charter& charter, WitnessService& witness, Hooks hooks,
                         std::set<std::string> witness_only, std::uint64_t held_bytes_max,
                         Farewells farewells)
    : store_(store),
      charter_(charter),
      witness_(witness),
      hooks_(std::move(hooks)),
      witness_only_(std::move(witness_only)),
      farewells_(std::move(farewells)),
      held_(store, held_bytes_max) {}

Bytes PeerService::serve(const PublicKey& key, BytesView bytes) {
  const PeerAnswer made = judge(key, bytes);
  if (const auto* refused = std::get_if<RefusalAnswer>(&made)) {
    refused_.add(name(refused->code));
  }
  return encode(made);
}

PeerAnswer PeerService::judge(const PublicKey& key, BytesView bytes) {
  const Member* peer = charter_.by_node_key(key);
  if (peer == nullptr) {
    return RefusalAnswer{Errc::kUnauthorised, "not a member's node key"};
  }
  const auto request = decode_request(bytes);
  if (!request) {
    return refusal(request.error());
  }
  return takes_part(*peer) ? answer(*peer, *request) : answer_gone(*peer, *request);
}

/// A member that takes part no more reads what it was told farewell with and what is held of its
/// own log, without which it would not begin again after a pause; and nothing else.
PeerAnswer PeerService::answer_gone(const Member& peer, const PeerRequest& request) {
  const HeadsAnswer* heads = farewells_.of(peer.id);
  if (heads != nullptr) {
    if (std::holds_alternative<HelloMessage>(request)) {
      return answer(peer, request);
    }
    if (std::holds_alternative<HeadsRequest>(request)) {
      return *heads;
    }
    const auto* pull = std::get_if<PullRequest>(&request);
    const auto* prove = std::get_if<ProveRequest>(&request);
    if (std::holds_alternative<RecallRequest>(request) ||
        (pull != nullptr && reaches(*heads, pull->origin, pull->size)) ||
        (prove != nullptr && reaches(*heads, prove->origin, prove->size))) {
      return answer(peer, request);
    }
  }
  return RefusalAnswer{Errc::kUnauthorised,
                       std::string("the asking institution takes part no more (") +
                           name(peer.participation()) +
                           "): it reads what led to that decision, and nothing later"};
}

PeerAnswer PeerService::answer(const Member& peer, const PeerRequest& request) {
  Result<PeerAnswer> made = Error{Errc::kUnsupported, "a request this node does not serve", ""};
  if (const auto* hello = std::get_if<HelloMessage>(&request)) {
    if (hello->federation != charter_.federation) {
      return RefusalAnswer{Errc::kConflict,
                           "this node follows the charter " + charter_.federation.hex()};
    }
    if (std::find(hello->versions.begin(), hello->versions.end(), kPeerVersion) ==
        hello->versions.end()) {
      return RefusalAnswer{Errc::kUnsupported,
                           "this node speaks version " + std::to_string(kPeerVersion)};
    }
    return HelloMessage{charter_.federation, {kPeerVersion}, kProgramName};
  }
  if (std::holds_alternative<HeadsRequest>(request)) {
    auto heads = heads_here(store_, charter_, witness_only_);
    made = heads ? Result<PeerAnswer>(*std::move(heads)) : heads.error();
  } else if (const auto* pull = std::get_if<PullRequest>(&request)) {
    const auto log = store_.known_number(pull->origin);
    if (!log) {
      return refusal(not_here(pull->origin, pull->size));
    }
    if (auto package = make_package(store_, *log, *pull)) {
      entries_served_ += package->count;
      made = PeerAnswer(*std::move(package));
    } else {
      made = package.error();
    }
  } else if (const auto* prove = std::get_if<ProveRequest>(&request)) {
    const auto log = store_.known_number(prove->origin);
    if (!log) {
      return refusal(not_here(prove->origin, prove->size));
    }
    if (auto proof = make_proof(store_, *log, *prove)) {
      made = PeerAnswer(*std::move(proof));
    } else {
      made = proof.error();
    }
  } else if (const auto* cosign = std::get_if<CosignRequest>(&request)) {
    made = answer_cosign(peer, *cosign);
  } else if (const auto* report = std::get_if<ForkReport>(&request)) {
    if (hooks_.fork_reported && hooks_.fork_reported(peer, report->proof)) {
      return NotedAnswer{};
    }
    return RefusalAnswer{Errc::kUnverified, "the report proves no fork"};
  } else {
    made = answer_own(peer, request);
  }
  return made ? *std::move(made) : PeerAnswer(refusal(made.error()));
}

/// Requests that only the owner of a log may make about it.
Result<PeerAnswer> PeerService::answer_own(const Member& peer, const PeerRequest& request) {
  const auto* stage = std::get_if<StageRequest>(&request);
  const auto* recall = std::get_if<RecallRequest>(&request);
  if (stage == nullptr && recall == nullptr) {
    return Error{Errc::kUnsupported, "a request this node does not serve", ""};
  }
  if (stage != nullptr && hooks_.shortage) {
    if (const auto full = hooks_.shortage()) {
      return PeerAnswer(RefusalAnswer{full->code, full->message});
    }
  }
  const std::string& origin = stage != nullptr ? stage->origin : recall->origin;
  const auto log = store_.known_number(origin);
  if (origin != peer.origin || !log) {
    return Error{Errc::kUnauthorised, "only the owner of a log stages entries of it", ""};
  }
  if (stage != nullptr && witness_only_.contains(origin)) {
    return Error{Errc::kUnsupported, "this node keeps no entries of this log, by its policy", ""};
  }
  const auto log_key = VerifierKey::parse(peer.log_vkey());
  if (!log_key) {
    return log_key.error();
  }
  auto answer =
      stage != nullptr ? held_.stage(*log, *log_key, *stage) : held_.recall(*log, *recall);
  if (!answer && stage != nullptr && answer.error().code == Errc::kIo) {
    hooks_.halt(answer.error());
  }
  return answer;
}

Result<PeerAnswer> PeerService::answer_cosign(const Member& peer, const CosignRequest& request) {
  auto answer = witness_.add_checkpoint(request.add_checkpoint);
  if (!answer) {
    hooks_.halt(answer.error());
    return answer.error();
  }
  if (answer->status == 200 && hooks_.news && answer->origin == peer.origin) {
    hooks_.news(peer);
  }
  return PeerAnswer(
      CosignedAnswer{static_cast<std::uint16_t>(answer->status), std::move(answer->body)});
}

}  // namespace hefu
