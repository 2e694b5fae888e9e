#include "ledger/record/guest_book.h"

#include <algorithm>
#include <tuple>

#include "ledger/event/uscc.h"

namespace hefu {

namespace {

Date date_of(const LoggedEvent& logged) {
  return logged.recorded_by ? logged.recorded_by->date() : logged.event.occurred_on;
}

struct Admitted {
  const LoggedEvent* logged;
  GuestAdmission says;
};

using Admissions = std::map<std::pair<std::string, EventId>, Admitted>;  // by member and event

bool is_earlier(const LoggedEvent& a, const LoggedEvent& b) {
  return std::make_tuple(a.position(), a.id) < std::make_tuple(b.position(), b.id);
}

Admissions read_admissions(std::span<const LoggedEvent* const> events, const KeyAuthority& keys,
                           const Charter& charter) {
  Admissions admissions;
  for (const LoggedEvent* logged : events) {
    const auto admission = read_guest_admission(logged->event);
    if (!admission || institution_of(logged->event.issuer) != logged->member) {
      continue;
    }
    const auto role = keys.role_of(*logged);
    const bool members_key = charter.signer(key_id(admission->key)).has_value();
    if ((role != KeyRole::kRegistrar && role != KeyRole::kSeal) || members_key ||
        charter.member(admission->guest) != nullptr) {
      continue;
    }
    const auto [held, fresh] =
        admissions.emplace(std::pair(logged->member, logged->id), Admitted{logged, *admission});
    if (!fresh && is_earlier(*logged, *held->second.logged)) {
      held->second.logged = logged;
    }
  }
  return admissions;
}

bool speaks_of_the_same(const Admitted& a, const Admitted& b) {
  return a.says.key == b.says.key && a.says.guest == b.says.guest && a.says.link == b.says.link;
}

/// The last admission that supersedes this one, in any number of steps.
class Terms {
 public:
  explicit Terms(const Admissions& admissions) {
    for (const auto& [place, later] : admissions) {
      const auto& before = later.logged->event.supersedes;
      const auto found = before ? admissions.find({place.first, *before}) : admissions.end();
      if (found == admissions.end() || !speaks_of_the_same(found->second, later)) {
        continue;
      }
      const auto [held, fresh] = after_.emplace(&found->second, &later);
      if (!fresh && is_earlier(*held->second->logged, *later.logged)) {
        held->second = &later;
      }
      superseding_.push_back(&later);
    }
    std::sort(superseding_.begin(), superseding_.end());
  }

  // An event names the hash of what it supersedes, so the chain has no rings.
  [[nodiscard]] const Admitted& of(const Admitted& admission) const {
    const Admitted* at = &admission;
    for (auto next = after_.find(at); next != after_.end(); next = after_.find(at)) {
      at = next->second;
    }
    return *at;
  }

  [[nodiscard]] bool introduces(const Admitted& admission) const {
    return !std::binary_search(superseding_.begin(), superseding_.end(), &admission);
  }

 private:
  std::map<const Admitted*, const Admitted*> after_;
  std::vector<const Admitted*> superseding_;
};

/// The guest-key event that uses each link: the first one good for it.
std::map<const Admitted*, const LoggedEvent*> used_links(std::span<const LoggedEvent* const> events,
                                                         const Admissions& admissions,
                                                         const Terms& terms,
                                                         const Charter& charter) {
  std::map<const Admitted*, const LoggedEvent*> used;
  for (const LoggedEvent* logged : events) {
    const auto named = read_guest_key(logged->event);
    const auto found =
        named ? admissions.find({logged->member, named->admission}) : admissions.end();
    if (found == admissions.end() || !logged->key) {
      continue;
    }
    const Admitted& admission = found->second;
    const bool good = admission.says.link && terms.introduces(admission) &&
                      *logged->key == key_id(admission.says.key) &&
                      named->guest == admission.says.guest && !(named->key == admission.says.key) &&
                      admission.logged->position() < logged->position() &&
                      logged->event.occurred_on <= *terms.of(admission).says.open_until &&
                      !charter.signer(key_id(named->key));
    if (!good) {
      continue;
    }
    const auto [held, fresh] = used.emplace(&admission, logged);
    if (!fresh && is_earlier(*logged, *held->second)) {
      held->second = logged;
    }
  }
  return used;
}

}  // namespace

GuestBook::GuestBook(std::span<const LoggedEvent* const> events, const KeyAuthority& keys,
                     const Charter& charter) {
  const Admissions admissions = read_admissions(events, keys, charter);
  const Terms terms(admissions);
  const auto used = used_links(events, admissions, terms, charter);
  for (const auto& [place, admission] : admissions) {
    const auto link = used.find(&admission);
    if (!terms.introduces(admission) || (admission.says.link && link == used.end())) {
      continue;
    }
    const LoggedEvent& by = admission.says.link ? *link->second : *admission.logged;
    Introduction introduction;
    introduction.by = place.first;
    introduction.key = admission.says.link ? read_guest_key(by.event)->key : admission.says.key;
    introduction.link = admission.says.link;
    introduction.event = by.id;
    introduction.position = by.position();
    introduction.recorded = by.recorded_by;
    introduction.admission = admission.logged->id;
    const Admitted& holds = terms.of(admission);
    introduction.terms = holds.logged->id;
    add(std::move(introduction), holds.says);
  }
  std::sort(introductions_.begin(), introductions_.end(),
            [](const Introduction& a, const Introduction& b) {
              return std::tie(a.guest, a.by, a.position, a.event) <
                     std::tie(b.guest, b.by, b.position, b.event);
            });
}

void GuestBook::add(Introduction introduction, const GuestAdmission& terms) {
  introduction.guest = terms.guest;
  introduction.name = terms.name;
  introduction.identity_check = terms.identity_check;
  introduction.from = terms.from;
  introduction.to = terms.to;
  introductions_.push_back(std::move(introduction));
}

std::pair<const Introduction*, const Introduction*> GuestBook::of(const std::string& guest) const {
  const auto before = [](const Introduction& a, const std::string& b) { return a.guest < b; };
  const auto after = [](const std::string& a, const Introduction& b) { return a < b.guest; };
  const Introduction* begin = introductions_.data();
  const Introduction* end = begin + introductions_.size();
  return {std::lower_bound(begin, end, guest, before), std::upper_bound(begin, end, guest, after)};
}

std::optional<GuestStanding> GuestBook::standing(const LoggedEvent& logged) const {
  if (!logged.key) {
    return std::nullopt;
  }
  const auto [begin, end] = of(std::string(institution_of(logged.event.issuer)));
  const bool admitted = std::any_of(begin, end, [&](const Introduction& one) {
    return one.by == logged.member && one.position < logged.position() &&
           key_id(one.key) == *logged.key;
  });
  if (!admitted) {
    return std::nullopt;
  }
  const Date at = date_of(logged);
  GuestStanding standing;
  for (const Introduction* one = begin; one != end; ++one) {
    if (one->from <= at && at <= one->to && key_id(one->key) == *logged.key) {
      standing.introduced.push_back(one);
    }
  }
  for (const Introduction* one = begin; one != end; ++one) {
    const bool agrees =
        std::any_of(standing.introduced.begin(), standing.introduced.end(),
                    [&](const Introduction* other) { return other->by == one->by; });
    if (one->from <= at && at <= one->to && key_id(one->key) != *logged.key && !agrees) {
      standing.rivals.push_back(one);
    }
  }
  return standing;
}

std::vector<const Introduction*> GuestBook::conflicting(const Introduction& one) const {
  const auto [begin, end] = of(one.guest);
  const auto overlaps = [&](const Introduction& a, const Introduction& b) {
    return std::max(a.from, b.from) <= std::min(a.to, b.to);
  };
  std::vector<const Introduction*> rivals;
  for (const Introduction* other = begin; other != end; ++other) {
    const bool agrees = std::any_of(begin, end, [&](const Introduction& third) {
      return third.by == other->by && third.key == one.key && overlaps(third, one);
    });
    if (!(other->key == one.key) && overlaps(*other, one) && !agrees) {
      rivals.push_back(other);
    }
  }
  return rivals;
}

const Introduction* prevailing(const GuestStanding& standing, const std::string& claimant) {
  const auto rank = [&](const Introduction* one) {
    return std::make_tuple(one->by == claimant, !one->recorded.has_value(), one->recorded,
                           one->event);
  };
  const Introduction* best = standing.introduced.front();
  for (const auto* list : {&standing.introduced, &standing.rivals}) {
    for (const Introduction* one : *list) {
      best = rank(one) < rank(best) ? one : best;
    }
  }
  return best;
}

}  // namespace hefu
