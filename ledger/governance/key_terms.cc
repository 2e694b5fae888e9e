#include "ledger/governance/key_terms.h"

#include <algorithm>
#include <tuple>

namespace hefu {

void begin_terms(Member& member, std::optional<Moment> from) {
  if (!member.terms.empty()) {
    return;
  }
  for (const auto& [role, key] : member.keys) {
    member.terms.push_back(KeyTerm{role, key, from, std::nullopt, std::nullopt});
  }
}

void begin_key(Member& member, KeyRole role, const PublicKey& key, Moment at,
               std::int64_t overlap_ms) {
  begin_terms(member, std::nullopt);
  KeyTerm fresh{role, key, at, std::nullopt, std::nullopt};
  if (is_single(role)) {
    const Moment handed_over{at.ms + overlap_ms};
    for (KeyTerm& term : member.terms) {
      if (term.role != role) {
        continue;
      }
      if (term.from && *term.from > at) {
        fresh.until = fresh.until ? std::min(*fresh.until, *term.from) : *term.from;
      } else if (!term.until || *term.until > handed_over) {
        term.until = handed_over;
      }
    }
  }
  member.terms.push_back(fresh);
}

bool end_key(Member& member, const PublicKey& key, Moment at, std::optional<Date> revoked_from) {
  begin_terms(member, std::nullopt);
  for (KeyTerm& term : member.terms) {
    if (term.key == key && (!term.until || *term.until > at)) {
      term.until = at;
      term.revoked_from = revoked_from;
      return true;
    }
  }
  return false;
}

void settle_keys(Member& member) {
  if (member.terms.empty()) {
    return;
  }
  std::sort(member.terms.begin(), member.terms.end(), [](const KeyTerm& a, const KeyTerm& b) {
    return std::tie(a.role, a.from, a.key) < std::tie(b.role, b.from, b.key);
  });
  member.keys.clear();
  for (const KeyTerm& term : member.terms) {
    if (!term.until) {
      member.keys.emplace(term.role, term.key);
    }
  }
}

bool is_known_key(const Charter& charter, const PublicKey& key) {
  return std::any_of(charter.members.begin(), charter.members.end(), [&](const Member& member) {
    return std::any_of(member.keys.begin(), member.keys.end(),
                       [&](const auto& item) { return item.second == key; }) ||
           std::any_of(member.terms.begin(), member.terms.end(),
                       [&](const KeyTerm& term) { return term.key == key; });
  });
}

}  // namespace hefu
