#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "ledger/programme/organisation.h"
#include "ledger/signal/detect.h"
#include "ledger/signal/fact_fields.h"

namespace hefu {
namespace {

constexpr std::string_view kAgreement = "collaboration-agreement";

/// Institutions, so that a unit's record counts for its institution's agreement.
std::set<std::string> parties_of(const SignalSearch& search, const Fact& agreement) {
  std::set<std::string> parties;
  for (const std::string& party : texts_in(agreement, "parties")) {
    parties.insert(institution_of(search.world, party));
  }
  return parties;
}

std::set<std::string> institutions_in(const SignalSearch& search, const Fact& fact) {
  std::set<std::string> found{institution_of(search.world, fact.actor),
                              institution_of(search.world, fact.org)};
  if (fact.counterparty) {
    found.insert(institution_of(search.world, *fact.counterparty));
  }
  for (const std::string& party : fact.countersigned_by) {
    found.insert(institution_of(search.world, party));
  }
  return found;
}

/// The last day something happened between every two institutions, or by reference to a record.
struct Activity {
  std::map<std::pair<std::string, std::string>, Date> between;
  std::map<std::string, Date> about;

  static void later(Date& known, Date day) { known = std::max(known, day); }

  void add(const SignalSearch& search, const Fact& fact, Date day) {
    const auto institutions = institutions_in(search, fact);
    for (const std::string& a : institutions) {
      for (const std::string& b : institutions) {
        if (a < b) {
          later(between.try_emplace({a, b}, day).first->second, day);
        }
      }
    }
    for (const auto& [field, value] : fact.body) {
      for (const std::string& text : texts_in(fact, field)) {
        later(about.try_emplace(text, day).first->second, day);
      }
    }
  }
};

Activity activity_until(const SignalSearch& search, Date last) {
  Activity activity;
  for (const Fact* fact : search.facts) {
    const auto day = day_of(*fact);
    if (fact->type != kAgreement && fact->type != "institution-registration" && day &&
        *day <= last) {
      activity.add(search, *fact, *day);
    }
  }
  return activity;
}

}  // namespace

void find_idle_agreement(const SignalSearch& search, Signals& out) {
  const Date last = search.period.last;
  const Activity activity = activity_until(search, last);
  for (const Fact* fact : search.facts) {
    const bool in_force = fact->type == kAgreement && fact->standing == Standing::kConfirmed &&
                          fact->start && *fact->start <= last && (!fact->end || *fact->end >= last);
    if (!in_force) {
      continue;
    }
    const auto parties = parties_of(search, *fact);
    Date active = *fact->start;
    if (const auto at = activity.about.find(fact->id); at != activity.about.end()) {
      active = std::max(active, at->second);
    }
    for (const std::string& a : parties) {
      for (const std::string& b : parties) {
        if (const auto at = activity.between.find({a, b}); at != activity.between.end()) {
          active = std::max(active, at->second);
        }
      }
    }
    if (last.days - active.days >= search.rules.idle_days) {
      Signal signal = signal_about(SignalKind::kIdleAgreement, {fact}, last.days - active.days,
                                   "days", "since " + active.text());
      signal.institutions.insert(signal.institutions.end(), parties.begin(), parties.end());
      out.push_back(std::move(signal));
    }
  }
}

void find_renewal_as_new(const SignalSearch& search, Signals& out) {
  using Like = std::pair<std::string, std::set<std::string>>;  // kind and parties
  std::map<Like, std::vector<const Fact*>> alike;
  for (const Fact* fact : search.facts) {
    if (fact->type == kAgreement && fact->start) {
      alike[{text_in(*fact, "agreement_kind"), parties_of(search, *fact)}].push_back(fact);
    }
  }
  for (auto& [like, agreements] : alike) {
    std::stable_sort(agreements.begin(), agreements.end(),
                     [](const Fact* a, const Fact* b) { return *a->start < *b->start; });
    for (std::size_t i = 1; i < agreements.size(); ++i) {
      const Fact& next = *agreements[i];
      const Fact& before = *agreements[i - 1];
      const std::int64_t gap = before.end ? next.start->days - before.end->days - 1 : 0;
      if (search.period.contains(*next.start) && text_in(next, "renewal_of").empty() &&
          gap <= search.rules.renewal_gap_days) {
        Signal signal = signal_about(SignalKind::kRenewalAsNew, {&before, &next},
                                     std::max<std::int64_t>(gap, 0), "days", like.first);
        signal.institutions.insert(signal.institutions.end(), like.second.begin(),
                                   like.second.end());
        out.push_back(std::move(signal));
      }
    }
  }
}

}  // namespace hefu
