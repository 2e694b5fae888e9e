#include "node/forks.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "ledger/log/checkpoint.h"
#include "ledger/log/fork_proof.h"

namespace hefu {
namespace {

namespace json = boost::json;

/// Sizes the proof speaks of, as stored: it was verified before it was kept.
json::array sizes_of(const std::string& evidence) {
  json::array sizes;
  if (const auto proof = parse_fork_proof(evidence)) {
    for (const std::string* note : {&proof->first, &proof->second}) {
      if (const auto checkpoint = parse_checkpoint(*note)) {
        sizes.emplace_back(checkpoint->checkpoint.size);
      }
    }
  }
  return sizes;
}

}  // namespace

Result<std::string> forks_json(const Store& store, const Charter& charter) {
  json::array forks;
  std::vector<const Member*> owners;
  for (const Member& member : charter.members) {
    owners.push_back(&member);
  }
  for (const Member& past : charter.ended) {
    owners.push_back(&past);
  }
  for (const Member* owner : owners) {
    const Member& member = *owner;
    const auto quarantine = store.quarantine(member.origin);
    if (!quarantine) {
      return quarantine.error();
    }
    if (!*quarantine) {
      continue;
    }
    std::uint64_t kept = 0;
    std::uint64_t cosigned = 0;
    if (const auto log = store.known_number(member.origin)) {
      const auto head = store.head(*log);
      const auto note = store.cosigned(*log);
      if (!head || !note) {
        return head ? note.error() : head.error();
      }
      kept = head->size;
      if (const auto checkpoint = parse_checkpoint(*note)) {
        cosigned = checkpoint->checkpoint.size;
      }
    }
    forks.push_back(
        json::object{{"member", member.id},
                     {"origin", member.origin},
                     {"code", (*quarantine)->code},
                     {"detail", (*quarantine)->detail},
                     {"since", (*quarantine)->since.text()},
                     {"sizes", sizes_of((*quarantine)->evidence)},
                     {"ended", member.end.has_value()},
                     {"kept_entries", member.end ? std::min(kept, member.end->size) : kept},
                     {"cosigned_entries", cosigned}});
  }
  return json::serialize(json::object{{"forks", std::move(forks)}});
}

Result<std::string> fork_proof_of(const Store& store, const Member& owner) {
  // The present log first, then those of earlier epochs, the last first.
  std::vector<std::string> origins = {owner.origin};
  for (auto ended = owner.ended_logs.rbegin(); ended != owner.ended_logs.rend(); ++ended) {
    origins.push_back(ended->origin);
  }
  for (const std::string& origin : origins) {
    auto quarantine = store.quarantine(origin);
    if (!quarantine) {
      return quarantine.error();
    }
    if (*quarantine && !(*quarantine)->evidence.empty()) {
      return std::move((*quarantine)->evidence);
    }
  }
  return Error{Errc::kNotFound, "no fork of the log " + owner.origin + " is proven here",
               "GET /v1/forks lists those that are"};
}

}  // namespace hefu
