#include "node/charter_in_force.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/cut/anchor.h"
#include "ledger/governance/enact.h"
#include "ledger/governance/key_terms.h"
#include "ledger/view/settle.h"

namespace hefu {

namespace {

constexpr std::array<std::string_view, 4> kTypes = {kAnchorType, kCharterProposalType,
                                                    kCharterBallotType, kKeyCertificationType};

/// The entries of one log that say something of the charter or date it.
struct Slices {
  std::string origin;
  std::uint64_t size = 0;
  std::vector<std::pair<std::uint64_t, Bytes>> entries;
};

Result<std::optional<Slices>> read_slices(const Store& store, const Member& member) {
  const auto log = store.known_number(member.origin);
  const auto head = log ? store.head(*log) : Result<LogHead>(LogHead{});
  if (!head) {
    return head.error();
  }
  if (head->size == 0) {
    return std::optional<Slices>();
  }
  std::set<std::uint64_t> places;
  for (const std::string_view type : kTypes) {
    auto scanned = store.scan_index(Store::Index::kType, type, EventPlace{*log, 0},
                                    [&](const EventPlace& place) {
                                      if (place.log != *log || place.index >= head->size) {
                                        return false;
                                      }
                                      places.insert(place.index);
                                      return true;
                                    });
    if (!scanned) {
      return scanned.error();
    }
  }
  Slices slices{member.origin, head->size, {}};
  for (const std::uint64_t index : places) {
    auto entry = store.entry(*log, index);
    if (!entry) {
      return entry.error();
    }
    slices.entries.emplace_back(index, *std::move(entry));
  }
  return std::optional(std::move(slices));
}

Result<void> admit_certification(const Event& event, const Charter& charter, Date today) {
  const Value* key = event.field("key");
  const Value* role_name = event.field("role");
  const Bytes* bytes = key == nullptr ? nullptr : std::get_if<Bytes>(&key->is);
  if (bytes == nullptr || role_name == nullptr || role_name->text() == nullptr) {
    return Error{Errc::kInvalid, "the certificate names no key and role", ""};
  }
  const auto role = key_role(*role_name->text());
  const auto public_key = PublicKey::from_bytes(*bytes);
  if (!role || !public_key || !is_acceptable(*public_key)) {
    return Error{Errc::kInvalid, "the certificate names no acceptable Ed25519 key and known role",
                 "roles: root, log, witness, node, registrar, reviewer, seal, auditor"};
  }
  if (!is_single(*role)) {
    return {};
  }
  const Value* from = event.field("valid_from");
  const Value* to = event.field("valid_to");
  const Member* owner = charter.member(event.issuer);
  const auto present = owner == nullptr ? std::nullopt : owner->key(*role);
  if (to == nullptr && is_known_key(charter, *public_key)) {
    return Error{Errc::kConflict, "the key is or was a key of a member already",
                 "every key is used once: make a new one with `hefu key new`"};
  }
  if (to == nullptr && (from == nullptr || from->date() == nullptr || today < *from->date())) {
    return Error{Errc::kInvalid,
                 std::string("a ") + *role_name->text() +
                     " key takes effect when it is recorded: valid_from must not lie ahead",
                 "certify it on the day it is to begin"};
  }
  if (to != nullptr && (present == *public_key || !is_known_key(charter, *public_key))) {
    return Error{Errc::kConflict,
                 "the last " + *role_name->text() + " key cannot be ended, only replaced",
                 "certify its successor without valid_to"};
  }
  return {};
}

Result<void> admit_proposal(const Event& event, const Charter& charter, Date today) {
  const auto proposal = read_proposal(EventId{}, event);
  if (!proposal) {
    return proposal.error();
  }
  if (proposal->base != charter.decision()) {
    return Error{Errc::kConflict,
                 "the charter has changed since: the proposal builds on " + proposal->base.hex() +
                     ", in force is " + charter.decision().hex(),
                 "look at `hefu charter status`, then propose anew"};
  }
  if (proposal->decide_by < today) {
    return Error{Errc::kInvalid, "field decide_by: lies in the past", ""};
  }
  const auto fits = enact(charter, *proposal, Moment::end_of(today));
  return fits ? Result<void>() : Result<void>(fits.error());
}

Result<void> admit_ballot(const Event& event, const Governance* governance) {
  const Value* wanted = event.field("proposal");
  const JudgedProposal* found =
      governance == nullptr || wanted == nullptr || wanted->digest() == nullptr
          ? nullptr
          : governance->find(EventId{*wanted->digest()});
  if (found == nullptr) {
    return Error{Errc::kNotFound, "this node knows no such proposal",
                 "wait until it has come in; `hefu charter status` lists what is open"};
  }
  if (found->decision != Decision::kOpen) {
    return Error{Errc::kConflict,
                 std::string("the proposal is ") + name(found->decision) +
                     (found->reason.empty() ? "" : ": " + found->reason),
                 ""};
  }
  const bool decides =
      std::any_of(found->electorates.begin(), found->electorates.end(),
                  [&](const Electorate& electorate) { return electorate.contains(event.issuer); });
  if (!decides) {
    return Error{Errc::kUnauthorised, event.issuer + " does not decide on this proposal",
                 "`hefu charter status` says who does"};
  }
  return {};
}

}  // namespace

Result<Charter> charter_in_force(const Charter& founding, const Store& store) {
  Charter known = founding;
  while (true) {
    std::vector<Slices> slices;
    for (const Member* member : known.log_owners()) {
      auto read = read_slices(store, *member);
      if (!read) {
        return read.error();
      }
      if (*read) {
        slices.push_back(std::move(**read));
      }
    }
    std::vector<LogContents> logs;
    for (const Slices& from : slices) {
      LogContents& contents = logs.emplace_back();
      contents.origin = from.origin;
      contents.size = from.size;
      for (const auto& [index, envelope] : from.entries) {
        contents.entries.push_back({index, envelope});
      }
    }
    auto governance = settle_charter(founding, logs);
    if (!governance) {
      return governance.error().during("the charter in force");
    }
    // New members, and new epochs of old ones, may have logs here, and votes in them.
    const bool complete = governance->charter.log_owners().size() == known.log_owners().size();
    known = std::move(governance->charter);
    if (complete) {
      return known;
    }
  }
}

Result<void> admit_to_charter(const Event& event, const Signer& signer, const Charter& charter,
                              const Governance* governance, Date today) {
  const bool about_charter = concerns_charter(event.type);
  if (charter.closed) {
    return Error{Errc::kConflict, "the federation is closed", "found a new one"};
  }
  if (!signer.member->is_active() && !about_charter) {
    const Participation at = signer.member->participation();
    return Error{Errc::kUnauthorised,
                 (at == Participation::kSuspended
                      ? std::string("this member is suspended")
                      : std::string("this institution takes part no more (") + name(at) + ")") +
                     ": what it records counts for nothing",
                 "`hefu charter history` says since when and why"};
  }
  const auto& terms = signer.member->terms;
  const bool ended = std::any_of(terms.begin(), terms.end(), [&](const KeyTerm& term) {
    return term.key == signer.key && term.until.has_value();
  });
  if (ended && !signer.valid_from) {
    return Error{Errc::kUnauthorised, "the signing key has been replaced or revoked",
                 "sign with the member's present key"};
  }
  if (event.type == kKeyCertificationType) {
    return admit_certification(event, charter, today);
  }
  if (event.type == kCharterProposalType) {
    return admit_proposal(event, charter, today);
  }
  return event.type == kCharterBallotType ? admit_ballot(event, governance) : Result<void>();
}

}  // namespace hefu
