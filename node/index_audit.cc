#include "node/index_audit.h"

#include <algorithm>
#include <utility>

#include "ledger/cut/cut.h"
#include "ledger/log/tile_nodes.h"
#include "ledger/merkle/tree.h"

namespace hefu {
namespace {

/// Entries looked at before the thread asks whether it should stop.
constexpr std::uint64_t kStep = 4096;

}  // namespace

IndexAudit::IndexAudit(const Store& store, const Charter& charter, const Member& owner,
                       LogNumber log)
    : store_(store), charter_(charter), owner_(owner), log_(log) {}

Result<void> IndexAudit::index_up_to(std::uint64_t size) {
  return store_.scan(log_, index_.size(), size, [&](std::uint64_t index, BytesView bytes) {
    const auto envelope = decode_envelope(bytes);
    const auto event = envelope ? decode_event(envelope->event) : Result<Event>(envelope.error());
    if (!event) {
      readable_ = false;
      return false;
    }
    index_.add(index, *event, leaf_hash(bytes));
    return true;
  });
}

Result<void> IndexAudit::examine(const Envelope& envelope, const Event& event, std::uint64_t at) {
  const std::string entry = "entry " + std::to_string(at);
  const auto anchor = open_anchor(charter_, owner_, envelope, event, at);
  if (!anchor) {
    finding_ = entry + ", an anchor: " + anchor.error().message;
    return {};
  }
  const std::uint64_t size = anchor->indexed_size;
  TileNodes nodes(size, tile_source(store_, log_));
  const Digest root = subtree_root(0, size, nodes.reader());
  if (nodes.failure()) {
    return *nodes.failure();
  }
  if (root != anchor->checkpoint.root) {
    finding_ = entry + ", an anchor, holds a checkpoint of another history of this log";
    return {};
  }
  if (size < index_.size()) {
    finding_ = entry + ", an anchor, indexes fewer events than one before it";
    return {};
  }
  if (auto indexed = index_up_to(size); !indexed || !readable_) {
    return indexed;
  }
  const bool types = index_.type_root() == anchor->type_index_root;
  if (!types || index_.supersession_root() != anchor->supersession_index_root) {
    finding_ = entry + ", an anchor, commits to " + (types ? "a supersession" : "a type") +
               " index that is not that of the " + std::to_string(size) + " events before it";
  }
  return {};
}

Result<std::optional<std::string>> IndexAudit::advance(std::uint64_t size) {
  if (finding_ || !readable_ || size <= looked_at_) {
    return finding_;
  }
  const std::vector<PublicKey> log_keys = owner_.log_keys();
  const auto by_the_node = [&](const KeyId& signer) {
    return std::any_of(log_keys.begin(), log_keys.end(),
                       [&](const PublicKey& key) { return signer == key_id(key); });
  };
  Result<void> examined;
  auto scanned = store_.scan(log_, looked_at_, size, [&](std::uint64_t at, BytesView bytes) {
    const auto envelope = decode_envelope(bytes);
    // Only the log's own key makes an anchor; whatever a clerk calls one is passed over everywhere.
    if (envelope && by_the_node(envelope->signer)) {
      const auto event = decode_event(envelope->event);
      if (event && event->type == kAnchorType) {
        examined = examine(*envelope, *event, at);
      }
    }
    return examined.ok() && !finding_ && readable_;
  });
  if (!scanned || !examined) {
    return scanned ? examined.error() : scanned.error();
  }
  looked_at_ = size;
  return finding_;
}

IndexAuditor::IndexAuditor(const Store& store, const Charter& charter,
                           const std::vector<Replica*>& replicas, Hooks hooks)
    : hooks_(std::move(hooks)) {
  for (Replica* replica : replicas) {
    jobs_.push_back({replica, IndexAudit(store, charter, replica->owner(), replica->log())});
  }
  thread_ = std::thread([this] { run(); });
}

IndexAuditor::~IndexAuditor() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void IndexAuditor::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  wake_.notify_all();
}

void IndexAuditor::run() {
  const auto stopping = [this] {
    const std::lock_guard lock(mutex_);
    return stopping_;
  };
  while (true) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stopping_ || woken_; });
      woken_ = false;
    }
    for (Job& job : jobs_) {
      const auto& last = job.replica->owner().end;
      const std::uint64_t held = job.replica->head().size;
      const std::uint64_t size = last ? std::min(held, last->size) : held;
      Result<std::optional<std::string>> finding = std::optional<std::string>();
      for (std::uint64_t end = 0; finding && !*finding && end < size && !stopping();) {
        end = std::min(size, end + kStep);
        finding = job.audit.advance(end);
      }
      if (!finding) {
        hooks_.failed(finding.error());
      } else if (*finding) {
        hooks_.found(job.replica->owner(), **finding);
      }
    }
    if (stopping()) {
      return;
    }
  }
}

}  // namespace hefu
