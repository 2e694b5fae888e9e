#include "ledger/charter/tenure.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ledger/charter/charter.h"

namespace hefu {

namespace {

constexpr std::array<std::pair<KeyRole, const char*>, 8> kRoleNames = {{
    {KeyRole::kRoot, "root"},
    {KeyRole::kLog, "log"},
    {KeyRole::kWitness, "witness"},
    {KeyRole::kNode, "node"},
    {KeyRole::kRegistrar, "registrar"},
    {KeyRole::kReviewer, "reviewer"},
    {KeyRole::kSeal, "seal"},
    {KeyRole::kAuditor, "auditor"},
}};

}  // namespace

const char* name(KeyRole role) {
  for (const auto& [known, text] : kRoleNames) {
    if (known == role) {
      return text;
    }
  }
  return "unknown";
}

std::optional<KeyRole> key_role(std::string_view name) {
  for (const auto& [role, text] : kRoleNames) {
    if (name == text) {
      return role;
    }
  }
  return std::nullopt;
}

bool is_single(KeyRole role) {
  switch (role) {
    case KeyRole::kRoot:
    case KeyRole::kLog:
    case KeyRole::kWitness:
    case KeyRole::kNode:
      return true;
    case KeyRole::kRegistrar:
    case KeyRole::kReviewer:
    case KeyRole::kSeal:
    case KeyRole::kAuditor:
      return false;
  }
  return false;
}

const char* name(Participation participation) {
  switch (participation) {
    case Participation::kActive:
      return "active";
    case Participation::kCandidate:
      return "candidate";
    case Participation::kSuspended:
      return "suspended";
    case Participation::kLeft:
      return "left";
    case Participation::kExpelled:
      return "expelled";
    case Participation::kMerged:
      return "merged";
    case Participation::kClosed:
      return "closed";
  }
  return "unknown";
}

Participation Member::participation_at(Moment at) const {
  // Whoever was not there at the founding begins with the decision that admits it.
  Participation found =
      participations.empty() || participations.front().participation != Participation::kActive
          ? Participation::kActive
          : Participation::kCandidate;
  for (const ParticipationFrom& change : participations) {
    if (change.from <= at) {
      found = change.participation;
    }
  }
  return found;
}

Participation Member::participation() const {
  return participations.empty() ? Participation::kActive : participations.back().participation;
}

bool Member::holds(KeyRole role, const PublicKey& key, Moment at) const {
  if (terms.empty()) {
    const auto [begin, end] = keys.equal_range(role);
    return std::any_of(begin, end, [&](const auto& item) { return item.second == key; });
  }
  return std::any_of(terms.begin(), terms.end(), [&](const KeyTerm& term) {
    return term.role == role && term.key == key && term.covers(at);
  });
}

std::vector<PublicKey> Member::keys_ever(KeyRole role) const {
  std::vector<PublicKey> found;
  const auto [begin, end] = keys.equal_range(role);
  for (auto item = begin; item != end; ++item) {
    found.push_back(item->second);
  }
  for (const KeyTerm& term : terms) {
    if (term.role == role && std::find(found.begin(), found.end(), term.key) == found.end()) {
      found.push_back(term.key);
    }
  }
  return found;
}

std::string Member::attribute_on(const std::string& key, Date date) const {
  bool changed = false;
  const AttributeFrom* found = nullptr;
  for (const AttributeFrom& change : described) {
    changed = changed || change.key == key;
    if (change.key == key && change.from <= date &&
        (found == nullptr || found->from <= change.from)) {
      found = &change;
    }
  }
  if (changed) {
    return found == nullptr ? std::string() : found->value;
  }
  const auto present = attributes.find(key);
  return present == attributes.end() ? std::string() : present->second;
}

std::uint32_t Charter::quorum_at(Moment at) const {
  std::uint32_t found = quorums.empty() ? quorum : quorums.front().quorum;
  for (const QuorumFrom& change : quorums) {
    if (change.from <= at) {
      found = change.quorum;
    }
  }
  return found;
}

const std::string& Charter::authority_at(Moment at) const {
  const std::string* found = authorities.empty() ? &authority : &authorities.front().member;
  for (const AuthorityFrom& change : authorities) {
    if (change.from <= at) {
      found = &change.member;
    }
  }
  return *found;
}

std::size_t Charter::active_count() const {
  return static_cast<std::size_t>(std::count_if(
      members.begin(), members.end(), [](const Member& member) { return member.is_active(); }));
}

void Charter::index_keys() {
  key_index.clear();
  for (std::size_t i = 0; i < members.size(); ++i) {
    for (const auto& [role, key] : members[i].keys) {
      key_index.emplace(key_id(key), KeyPlace{i, role, key});
    }
    for (const KeyTerm& term : members[i].terms) {
      key_index.emplace(key_id(term.key), KeyPlace{i, term.role, term.key});
    }
  }
}

}  // namespace hefu
