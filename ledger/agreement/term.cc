#include "ledger/agreement/term.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace hefu {

namespace {

struct Notice {
  EventId id;
  Date effective;
};

Date plus_days(Date date, std::int64_t days) {
  return Date{date.days + static_cast<std::int32_t>(days)};
}

// The effective versions by the version they replace: one at most for each base (R1 to R3).
using Successors = std::map<EventId, const Version*>;

const Version* successor_of(const Successors& successors, const EventId& base) {
  const auto found = successors.find(base);
  return found == successors.end() ? nullptr : found->second;
}

// The last day of a version after so many renewals. Counted from the first, so that a month's end
// stays one.
Date end_after(const Version& version, std::int64_t renewals) {
  const Date next = plus_days(*version.valid_to, 1);
  return plus_days(next.plus_months(static_cast<int>(renewals * version.renewal_months)), -1);
}

Date notice_by(const Version& version, std::int64_t renewals) {
  return plus_days(end_after(version, renewals), -version.renewal_notice_days);
}

// The renewals a notice dated on this day lets happen; none if it comes after the last.
std::optional<std::int64_t> renewals_before(const Version& version, Date dated) {
  for (std::int64_t k = 0; k < version.renewals_max; ++k) {
    if (dated <= notice_by(version, k)) {
      return k;
    }
  }
  return std::nullopt;
}

void end_at(Term& term, Date last, EndCause cause, std::optional<EventId> by) {
  if (!term.last || last < *term.last) {
    term.last = last;
    term.cause = cause;
    term.by = by;
  }
}

class Terms {
 public:
  Terms(Agreement& agreement, const std::map<EventId, Date>& effective_on, const LogHeads& heads,
        const Charter& charter)
      : agreement_(agreement), effective_on_(effective_on), heads_(heads), charter_(charter) {
    for (Version& version : agreement.versions) {
      by_id_.emplace(version.id, &version);
      if (version.verdict == Verdict::kEffective) {
        Term term;
        term.from = std::max(version.valid_from, version.completed->date());
        version.term = term;
        if (version.base) {
          successors_.emplace(*version.base, &version);
        }
      }
    }
    for (const Contest& contest : agreement.contests) {
      if (contest.ruling && contest.ruling->upheld) {
        overruled_.emplace(contest.target, contest.ruling->id);
      }
    }
  }

  void judge() {
    for (JudgedAct& act : agreement_.acts) {
      const bool notice = act.kind == ActKind::kTerminate || act.kind == ActKind::kNonRenewal;
      if (notice && act.reason == ActReason::kVersionOpen) {
        judge_notice(act);
      }
    }
    // A base stands before its successors in `versions`, so what it passes on is ready in time.
    for (Version& version : agreement_.versions) {
      if (version.term) {
        fill_in(version);
      }
    }
  }

 private:
  void judge_notice(JudgedAct& act) {
    const Version& version = *by_id_.at(act.version);
    const auto settle = [&](ActStatus status, ActReason reason, const EventId& because) {
      act.status = status;
      act.reason = reason;
      act.because = because;
    };
    if (version.verdict == Verdict::kDead) {
      return settle(ActStatus::kVoid, ActReason::kVersionDead, version.id);
    }
    if (version.verdict == Verdict::kOpen) {
      return settle(ActStatus::kWaiting, ActReason::kVersionOpen, version.id);
    }
    if (!binds(version, act.party)) {
      return settle(ActStatus::kVoid, ActReason::kNotAParty, version.id);
    }
    if (!act.witnessed) {
      return settle(ActStatus::kWaiting, ActReason::kNotWitnessed, version.id);
    }
    if (const auto ruling = overruled_.find(act.id); ruling != overruled_.end()) {
      return settle(ActStatus::kVoid, ActReason::kOverruled, ruling->second);
    }
    const Version* successor = successor_of(successors_, version.id);
    if (successor != nullptr && *successor->completed < *act.witnessed) {
      return settle(ActStatus::kVoid, ActReason::kReplaced, successor->id);
    }
    const Date dated = act.witnessed->date();
    if (act.kind == ActKind::kNonRenewal) {
      const auto renewals = renewals_before(version, dated);
      if (!renewals) {
        return settle(ActStatus::kVoid, ActReason::kTooLate, version.id);
      }
      const auto [held, fresh] =
          stops_.emplace(version.id, std::make_tuple(*renewals, *act.witnessed, act.id));
      held->second = std::min(held->second, std::make_tuple(*renewals, *act.witnessed, act.id));
    } else {
      const Date earliest = plus_days(dated, version.notice_days);
      notices_[version.id].push_back(Notice{act.id, std::max(effective_on_.at(act.id), earliest)});
    }
    act.status = ActStatus::kCounts;
    act.reason = std::nullopt;
    act.because = std::nullopt;
  }

  [[nodiscard]] bool binds(const Version& version, const std::string& party) const {
    return std::any_of(version.bound.begin(), version.bound.end(), [&](const std::string& bound) {
      return bound == party || agreement_.seat_holder(bound) == party;
    });
  }

  void fill_in(Version& version) {
    std::vector<Notice>& notices = notices_[version.id];
    std::sort(notices.begin(), notices.end(), [](const Notice& a, const Notice& b) {
      return std::tie(a.effective, a.id) < std::tie(b.effective, b.id);
    });
    Term& term = *version.term;
    if (const Contest* contest = agreement_.upheld_against(version)) {
      const Ruling& ruling = *contest->ruling;
      end_at(term, ruling.effective_on.value_or(plus_days(term.from, -1)), EndCause::kRuling,
             ruling.id);
    }
    const Version* successor = successor_of(successors_, version.id);
    for (const Notice& notice : notices) {
      const bool cancelled = successor != nullptr && successor->arises_from == notice.id &&
                             successor->completed->date() < notice.effective;
      if (cancelled) {
        continue;
      }
      end_at(term, notice.effective, EndCause::kTermination, notice.id);
      if (successor != nullptr && successor->term->from <= notice.effective) {
        notices_[successor->id].push_back(notice);
      }
    }
    if (successor != nullptr) {
      end_at(term, plus_days(successor->term->from, -1), EndCause::kSuccessor, successor->id);
    }
    if (version.valid_to) {
      end_by_date(version, term);
    }
  }

  void end_by_date(const Version& version, Term& term) const {
    const auto stop = stops_.find(version.id);
    std::int64_t renewals = 0;
    std::optional<PendingRenewal> pending;
    while (renewals < version.renewals_max &&
           (stop == stops_.end() || renewals < std::get<0>(stop->second)) &&
           (!term.last || end_after(version, renewals) < *term.last)) {
      PendingRenewal next{notice_by(version, renewals), {}};
      next.outstanding = outstanding(version, Moment::end_of(next.notice_by));
      if (!next.outstanding.empty()) {
        pending = std::move(next);
        break;
      }
      ++renewals;
    }
    term.renewals = renewals;
    const Date end = end_after(version, renewals);
    if (term.last && *term.last <= end) {
      return;
    }
    const bool stopped = stop != stops_.end() && renewals == std::get<0>(stop->second);
    end_at(term, end, stopped ? EndCause::kNonRenewal : EndCause::kDate,
           stopped ? std::optional(std::get<2>(stop->second)) : std::nullopt);
    term.renewal = std::move(pending);
  }

  // Whose logs could still show a notice dated by then.
  [[nodiscard]] std::vector<std::string> outstanding(const Version& version, Moment moment) const {
    std::set<std::string> watched(version.bound.begin(), version.bound.end());
    for (const Succession& succession : agreement_.successions) {
      if (watched.count(succession.predecessor) == 1) {
        watched.insert(succession.successor);
      }
    }
    std::vector<std::string> behind;
    for (const std::string& party : watched) {
      const Member* member = charter_.member(party);
      if (member == nullptr || heads_.first_after(member->origin, moment) == nullptr) {
        behind.push_back(party);
      }
    }
    return behind;
  }

  Agreement& agreement_;
  const std::map<EventId, Date>& effective_on_;
  const LogHeads& heads_;
  const Charter& charter_;
  std::map<EventId, const Version*> by_id_;
  Successors successors_;
  std::map<EventId, EventId> overruled_;            // by what was contested: the ruling
  std::map<EventId, std::vector<Notice>> notices_;  // of termination, by the version they reach
  // By version: after how many renewals it stops, by which notice.
  std::map<EventId, std::tuple<std::int64_t, Moment, EventId>> stops_;
};

}  // namespace

void judge_terms(Agreement& agreement, const std::map<EventId, Date>& effective_on,
                 const LogHeads& heads, const Charter& charter) {
  Terms(agreement, effective_on, heads, charter).judge();
}

}  // namespace hefu
