#include "ledger/charter/tenure.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ledger/charter/charter.h"

namespace hefu {

namespace {

constexpr std::array<std::pair<KeyRole, const char*>, 9> kRoleNames = {{
    {KeyRole::kRoot, "root"},
    {KeyRole::kLog, "log"},
    {KeyRole::kWitness, "witness"},
    {KeyRole::kNode, "node"},
    {KeyRole::kRegistrar, "registrar"},
    {KeyRole::kReviewer, "reviewer"},
    {KeyRole::kSeal, "seal"},
    {KeyRole::kAuditor, "auditor"},
    {KeyRole::kGuest, "guest"},
}};

constexpr std::size_t kEpochDigitsMax = 6;  // as on a member card

/// A member as it was in an earlier epoch: with the origin and the log keys of that one alone.
Member in_epoch(const Member& member, std::size_t epoch) {
  Member past = member;
  past.end = member.ended_logs[epoch];
  past.origin = past.end->origin;
  past.ended_logs.resize(epoch);
  std::erase_if(past.terms, [&](const KeyTerm& term) {
    return term.role == KeyRole::kLog && term.from && *term.from >= past.end->ended;
  });
  past.keys.erase(KeyRole::kLog);
  const std::vector<PublicKey> keys = past.log_keys();
  if (!keys.empty()) {
    past.keys.emplace(KeyRole::kLog, keys.back());
  }
  return past;
}

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
    if (name == text && role != KeyRole::kGuest) {
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
    case KeyRole::kGuest:
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

std::string_view line_of(std::string_view origin) {
  const auto slash = origin.rfind('/');
  const std::string_view last =
      slash == std::string_view::npos ? std::string_view() : origin.substr(slash + 1);
  const bool number =
      !last.empty() && last.size() <= kEpochDigitsMax &&
      std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; });
  return number ? origin.substr(0, slash) : origin;
}

std::uint32_t epoch_of(std::string_view origin) {
  const std::string_view line = line_of(origin);
  std::uint32_t epoch = 0;
  for (const char digit : origin.substr(std::min(line.size() + 1, origin.size()))) {
    epoch = epoch * 10 + static_cast<std::uint32_t>(digit - '0');
  }
  return epoch;
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
    const auto [first, last] = keys.equal_range(role);
    return std::any_of(first, last, [&](const auto& item) { return item.second == key; });
  }
  return std::any_of(terms.begin(), terms.end(), [&](const KeyTerm& term) {
    return term.role == role && term.key == key && term.covers(at);
  });
}

std::vector<PublicKey> Member::keys_ever(KeyRole role) const {
  std::vector<PublicKey> found;
  const auto [first, last] = keys.equal_range(role);
  for (auto item = first; item != last; ++item) {
    found.push_back(item->second);
  }
  for (const KeyTerm& term : terms) {
    if (term.role == role && std::find(found.begin(), found.end(), term.key) == found.end()) {
      found.push_back(term.key);
    }
  }
  return found;
}

std::vector<PublicKey> Member::log_keys() const {
  if (ended_logs.empty() && !end) {
    return keys_ever(KeyRole::kLog);
  }
  std::vector<PublicKey> found;
  for (const KeyTerm& term : terms) {
    const bool earlier =
        !ended_logs.empty() && (!term.from || *term.from < ended_logs.back().ended);
    if (term.role == KeyRole::kLog && !earlier) {
      found.push_back(term.key);
    }
  }
  // The present one first, as in keys_ever.
  const auto present = keys.find(KeyRole::kLog);
  if (present != keys.end()) {
    std::stable_partition(found.begin(), found.end(),
                          [&](const PublicKey& key) { return key == present->second; });
  }
  return found;
}

std::uint64_t Member::entries_before() const {
  std::uint64_t entries = 0;
  for (const EndedLog& log : ended_logs) {
    entries += log.size;
  }
  return entries;
}

std::string Member::next_origin() const {
  return std::string(line_of(origin)) + "/" + std::to_string(epoch_of(origin) + 1);
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

std::vector<const Member*> Charter::log_owners() const {
  std::vector<const Member*> owners;
  for (const Member& member : members) {
    for (const Member& past : ended) {
      if (past.id == member.id && past.end->size > 0) {
        owners.push_back(&past);
      }
    }
    owners.push_back(&member);
  }
  return owners;
}

void Charter::index_keys() {
  ended.clear();
  for (const Member& member : members) {
    for (std::size_t epoch = 0; epoch < member.ended_logs.size(); ++epoch) {
      ended.push_back(in_epoch(member, epoch));
    }
  }
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
