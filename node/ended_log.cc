#include "node/ended_log.h"

#include "ledger/governance/epoch_end.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/tile_nodes.h"
#include "ledger/merkle/tree.h"

namespace hefu {
namespace {

/// The root of the tree of the first `size` entries stored. Precondition: they are.
Result<Digest> root_at(const Store& store, LogNumber log, const LogHead& head, std::uint64_t size) {
  TileNodes nodes(head.size, tile_source(store, log));
  const Digest root = subtree_root(0, size, nodes.reader());
  return nodes.failure() ? Result<Digest>(*nodes.failure()) : Result<Digest>(root);
}

Error not_here(std::uint64_t wanted, std::uint64_t held) {
  return Error{Errc::kUnavailable,
               "of the " + std::to_string(wanted) + " entries that would count, " +
                   std::to_string(held) + " are here",
               "wait until they have come in, then vote"};
}

}  // namespace

Result<bool> is_complete(const Store& store, const Member& past) {
  const auto log = store.known_number(past.origin);
  if (!log) {
    return false;
  }
  const auto head = store.head(*log);
  if (!head) {
    return head.error();
  }
  if (head->size < past.end->size) {
    return false;
  }
  const auto root = root_at(store, *log, *head, past.end->size);
  return root ? Result<bool>(*root == past.end->root) : Result<bool>(root.error());
}

Result<void> settle_ended_logs(Store& store, const Charter& charter) {
  for (const Member* past : charter.log_owners()) {
    const auto log = past->end ? store.known_number(past->origin) : std::nullopt;
    if (!log) {
      continue;
    }
    const auto head = store.head(*log);
    const auto forked = store.quarantine(past->origin);
    const auto complete = is_complete(store, *past);
    if (!head || !forked || !complete) {
      return !head ? head.error() : !forked ? forked.error() : complete.error();
    }
    const bool doubtful = head->size >= past->end->size || forked->has_value();
    if (*complete || !doubtful || head->size == 0) {
      continue;
    }
    if (auto anew = store.begin_anew(past->origin); !anew) {
      return anew.error();
    }
  }
  return {};
}

Result<void> check_epoch_end(const Store& store, const Charter& charter,
                             const CharterProposal& proposal) {
  if (auto proved = prove_epoch_end(charter, proposal); !proved) {
    return proved;
  }
  const auto end = proposal.checkpoint.empty() ? Result<SignedCheckpoint>(Error{})
                                               : parse_checkpoint(proposal.checkpoint);
  const std::uint64_t size = end ? end->checkpoint.size : 0;
  const Member* owner = charter.member(proposal.member);
  const auto log = owner == nullptr ? std::nullopt : store.known_number(owner->origin);
  if (!log) {
    return size == 0 ? Result<void>() : not_here(size, 0);
  }
  const auto head = store.head(*log);
  const auto note = store.cosigned(*log);
  if (!head || !note) {
    return head ? note.error() : head.error();
  }
  const auto witnessed = parse_checkpoint(*note);
  if (witnessed && witnessed->checkpoint.size > size) {
    return Error{Errc::kConflict,
                 "the log would end at size " + std::to_string(size) + ", but " +
                     std::to_string(witnessed->checkpoint.size) +
                     " of its entries are here, and a quorum witnessed them",
                 "propose the latest checkpoint that a quorum witnessed: hefu log show"};
  }
  if (head->size < size) {
    return not_here(size, head->size);
  }
  if (size > 0) {
    const auto root = root_at(store, *log, *head, size);
    if (!root) {
      return root.error();
    }
    if (*root != end->checkpoint.root) {
      return Error{Errc::kConflict,
                   "the entries of that log here are of another history than the proposal names",
                   "`hefu fork list` says whether the log forked; compare with the other members"};
    }
  }
  return {};
}

}  // namespace hefu
