#include "node/stager.h"

#include <algorithm>
#include <utility>

#include "ledger/log/writer_start.h"

namespace hefu {
namespace {

/// Of entries in one request: enough to use a connection well, little enough to be synced soon.
constexpr std::size_t kRequestBytesMax = std::size_t{2} << 20U;

std::uint64_t number_of(const std::string& start, const VerifierKey& log_key) {
  const auto number = open_writer_start(start, log_key);
  HEFU_ASSERT(number.ok());  // made by this node
  return *number;
}

}  // namespace

StagingVisit::StagingVisit(const Store& store, VerifierKey log_key, LogNumber log,
                           std::string start)
    : store_(store),
      log_key_(std::move(log_key)),
      log_(log),
      start_(std::move(start)),
      number_(number_of(start_, log_key_)) {}

Result<StagingVisit::Outcome> StagingVisit::visit(const Ask& ask, std::uint64_t signed_size,
                                                  std::uint64_t staged_end) {
  StageRequest request;
  request.origin = log_key_.name;
  request.boot = number_;
  request.start = start_;
  request.signed_size = signed_size;
  request.begin = std::max(held_, signed_size);
  const std::uint64_t end = std::min(staged_end, request.begin + kPackageEntriesMax);
  if (request.begin < end) {
    auto scanned = store_.scan(log_, request.begin, end, [&](std::uint64_t, BytesView entry) {
      if (request.count > 0 && request.entries.size() + entry.size() > kRequestBytesMax) {
        return false;
      }
      append_entry(request.entries, entry);
      ++request.count;
      return true;
    });
    if (!scanned) {
      return scanned.error();
    }
  }
  const auto answer = ask(request);
  if (!answer) {
    return Outcome{Outcome::Kind::kFailed, 0, answer.error().message};
  }
  if (const auto* refused = std::get_if<RefusalAnswer>(&*answer)) {
    return Outcome{Outcome::Kind::kFailed, 0, refused->message};
  }
  const auto* staged = std::get_if<StagedAnswer>(&*answer);
  if (staged == nullptr) {
    return Outcome{Outcome::Kind::kFailed, 0, "an answer of another kind than asked for"};
  }
  if (!staged->later.empty()) {
    // On its word alone no member may stop a writer.
    const auto later = open_writer_start(staged->later, log_key_);
    if (!later || *later <= number_) {
      return Outcome{Outcome::Kind::kFailed, 0, "it speaks of a later start that it cannot show"};
    }
    return Outcome{Outcome::Kind::kConflict, 0,
                   "start " + std::to_string(*later) +
                       " of its writer, signed with its key, is "
                       "later than this one, " +
                       std::to_string(number_)};
  }
  held_ = std::min(staged->end, staged_end);
  return Outcome{Outcome::Kind::kHeld, held_, ""};
}

struct Stager::Peer {
  Peer(const Store& store, const VerifierKey& log_key, LogNumber log, const std::string& start,
       const SecretKey& identity, const PeerAddress& at, const PeerClientOptions& options)
      : member(at.member),
        visit(store, log_key, log, start),
        client(at.host, at.port, identity, at.member->key(KeyRole::kNode).value_or(PublicKey{}),
               options) {}

  const Member* member;
  StagingVisit visit;
  PeerClient client;
  std::uint64_t held = 0;  // owned by the thread
  std::thread thread;
};

Stager::Stager(const Store& store, const VerifierKey& log_key, LogNumber log,
               const std::string& start, const SecretKey& node_key,
               const std::vector<PeerAddress>& peers, Hooks hooks, const Options& options)
    : hooks_(std::move(hooks)), options_(options) {
  for (const PeerAddress& peer : peers) {
    peers_.push_back(
        std::make_unique<Peer>(store, log_key, log, start, node_key, peer, options.client));
  }
  for (const auto& peer : peers_) {
    peer->thread = std::thread([this, at = peer.get()] { run(*at); });
  }
}

Stager::~Stager() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (const auto& peer : peers_) {
    peer->client.cancel();
  }
  for (const auto& peer : peers_) {
    peer->thread.join();
  }
}

void Stager::staged(std::uint64_t signed_size, std::uint64_t staged_end) {
  {
    const std::lock_guard lock(mutex_);
    signed_size_ = std::max(signed_size_, signed_size);
    staged_end_ = std::max(staged_end_, staged_end);
  }
  wake_.notify_all();
}

void Stager::run(Peer& peer) {
  const Ask ask = [&peer](const PeerRequest& request) -> Result<PeerAnswer> {
    auto bytes = peer.client.call(encode(request));
    return bytes ? decode_answer(*bytes) : Result<PeerAnswer>(bytes.error());
  };
  auto retry = options_.retry_min;
  while (true) {
    std::uint64_t signed_size = 0;
    std::uint64_t staged_end = 0;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] {
        return stopping_ || (staged_end_ > signed_size_ && staged_end_ > peer.held);
      });
      if (stopping_) {
        return;
      }
      signed_size = signed_size_;
      staged_end = staged_end_;
    }
    const auto outcome = peer.visit.visit(ask, signed_size, staged_end);
    if (!outcome) {
      hooks_.halt(outcome.error());
      return;
    }
    bool advanced = false;
    switch (outcome->kind) {
      case StagingVisit::Outcome::Kind::kHeld:
        advanced = outcome->end > peer.held;
        peer.held = outcome->end;
        hooks_.held(*peer.member, outcome->end);
        break;
      case StagingVisit::Outcome::Kind::kConflict:
        hooks_.conflict(*peer.member, outcome->detail);
        return;
      case StagingVisit::Outcome::Kind::kFailed:
        break;
    }
    if (advanced) {
      retry = options_.retry_min;
      continue;
    }
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, retry, [&] { return stopping_; });
    retry = std::min(retry * 2, options_.retry_max);
  }
}

}  // namespace hefu
