#include "ledger/governance/rotation.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "ledger/event/uscc.h"
#include "ledger/governance/enact.h"
#include "ledger/governance/key_terms.h"
#include "ledger/governance/proposal.h"

namespace hefu {

namespace {

struct Certification {
  KeyRole role = KeyRole::kRoot;
  PublicKey key;
  Date valid_from;
  std::optional<Date> valid_to;
};

std::optional<Certification> read(const Event& event) {
  const Value* key = event.field("key");
  const Value* role = event.field("role");
  const Value* from = event.field("valid_from");
  const Value* to = event.field("valid_to");
  const Bytes* bytes = key == nullptr ? nullptr : std::get_if<Bytes>(&key->is);
  if (bytes == nullptr || role == nullptr || role->text() == nullptr) {
    return std::nullopt;
  }
  const auto public_key = PublicKey::from_bytes(*bytes);
  const auto known_role = key_role(*role->text());
  if (!public_key || !is_acceptable(*public_key) || !known_role || !is_single(*known_role) ||
      from == nullptr || from->date() == nullptr || (to != nullptr && to->date() == nullptr)) {
    return std::nullopt;
  }
  Certification certification;
  certification.role = *known_role;
  certification.key = *public_key;
  certification.valid_from = *from->date();
  if (to != nullptr) {
    certification.valid_to = *to->date();
  }
  return certification;
}

/// Ends a former key with the day `valid_to`, or as soon as it can: never in the past.
bool end_former(Member& member, const Certification& certified, Moment effect) {
  for (KeyTerm& term : member.terms) {
    if (term.role != certified.role || term.key != certified.key || !term.until) {
      continue;
    }
    const Moment end = std::max(effect, Moment{Moment::end_of(*certified.valid_to).ms + 1});
    if (*term.until > end) {
      term.until = end;
      return true;
    }
  }
  return false;
}

}  // namespace

std::vector<Rotation> take_rotations(Charter& charter, std::span<const LoggedEvent* const> events,
                                     const LogHeads& heads) {
  struct Dated {
    Moment at;
    const LoggedEvent* logged;
    Certification certified;
  };
  std::vector<Dated> dated;
  for (const LoggedEvent* logged : events) {
    if (logged->event.type != kKeyCertificationType || logged->role != KeyRole::kRoot ||
        !logged->key || institution_of(logged->event.issuer) != logged->member) {
      continue;
    }
    const auto at = heads.witnessed(logged->origin, logged->position());
    const auto certified = read(logged->event);
    if (at && certified) {
      dated.push_back({*at, logged, *certified});
    }
  }
  // By date, because the first to certify a key has it; within one log dates never fall.
  std::sort(dated.begin(), dated.end(), [](const Dated& a, const Dated& b) {
    return std::tuple_cat(std::tie(a.at), a.logged->place(), std::tie(a.logged->id)) <
           std::tuple_cat(std::tie(b.at), b.logged->place(), std::tie(b.logged->id));
  });
  std::vector<Rotation> taken;
  std::map<std::string, int> made;
  const EventId* before = nullptr;
  for (const Dated& item : dated) {
    if (before != nullptr && *before == item.logged->id) {
      continue;  // handed in twice
    }
    before = &item.logged->id;
    const auto signer = charter.signer(*item.logged->key);
    if (!signer || signer->member->id != item.logged->member ||
        !signer->member->holds(KeyRole::kRoot, signer->key, item.at) ||
        made[signer->member->id] >= kRotationsPerMemberMax) {
      continue;
    }
    Member& member =
        charter.members[static_cast<std::size_t>(signer->member - &charter.members[0])];
    Rotation rotation;
    rotation.member = member.id;
    rotation.role = item.certified.role;
    rotation.key = item.certified.key;
    rotation.certificate = item.logged->id;
    rotation.at = Moment{item.at.ms + kEffectDelayMs};
    const Member* log = charter.by_origin(item.logged->origin);
    if (rotation.role == KeyRole::kLog && log != nullptr && log->end &&
        log->end->ended <= rotation.at) {
      continue;  // the log it is to sign has ended by then
    }
    if (is_known_key(charter, item.certified.key)) {
      if (!item.certified.valid_to || !end_former(member, item.certified, rotation.at)) {
        continue;
      }
      rotation.ended = true;
    } else if (item.certified.valid_to || item.certified.valid_from > item.at.date()) {
      continue;  // one that ends of itself would leave the role empty, one to come would lie here
    } else {
      begin_key(member, rotation.role, rotation.key, rotation.at,
                rotation.role == KeyRole::kRoot ? 0 : kKeyOverlapMs);
    }
    settle_keys(member);
    charter.index_keys();
    ++made[member.id];
    taken.push_back(rotation);
  }
  return taken;
}

}  // namespace hefu
