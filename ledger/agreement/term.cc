#include "ledger/agreement/term.h"

#include <algorithm>
#include <map>
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

// Judges one notice against the version it names. Gives it if it counts.
std::optional<Notice> judge_notice(JudgedAct& act, const Version& version, const Version* successor,
                                   Date stated) {
  const auto settle = [&](ActStatus status, ActReason reason) {
    act.status = status;
    act.reason = reason;
    act.because = version.id;
  };
  if (version.verdict == Verdict::kDead) {
    settle(ActStatus::kVoid, ActReason::kVersionDead);
    return std::nullopt;
  }
  if (version.verdict == Verdict::kOpen) {
    settle(ActStatus::kWaiting, ActReason::kVersionOpen);
    return std::nullopt;
  }
  if (!act.witnessed) {
    settle(ActStatus::kWaiting, ActReason::kNotWitnessed);
    return std::nullopt;
  }
  if (successor != nullptr && *successor->completed < *act.witnessed) {
    settle(ActStatus::kVoid, ActReason::kReplaced);
    act.because = successor->id;
    return std::nullopt;
  }
  act.status = ActStatus::kCounts;
  act.reason = std::nullopt;
  act.because = std::nullopt;
  return Notice{act.id, std::max(stated, plus_days(act.witnessed->date(), version.notice_days))};
}

void end_at(Term& term, Date last, EndCause cause, std::optional<EventId> by) {
  if (!term.last || last < *term.last) {
    term.last = last;
    term.cause = cause;
    term.by = by;
  }
}

}  // namespace

void judge_terms(Agreement& agreement, const std::map<EventId, Date>& effective_on) {
  std::map<EventId, const Version*> by_id;
  Successors successors;
  for (Version& version : agreement.versions) {
    by_id.emplace(version.id, &version);
    if (version.verdict == Verdict::kEffective) {
      Term term;
      term.from = std::max(version.valid_from, version.completed->date());
      version.term = term;
      if (version.base) {
        successors.emplace(*version.base, &version);
      }
    }
  }

  // Notices against each version by the version they name, in the order of the acts.
  std::map<EventId, std::vector<Notice>> named;
  for (JudgedAct& act : agreement.acts) {
    if (act.kind != ActKind::kTerminate || act.reason != ActReason::kVersionOpen) {
      continue;
    }
    const Version* version = by_id.at(act.version);
    const auto notice =
        judge_notice(act, *version, successor_of(successors, version->id), effective_on.at(act.id));
    if (notice) {
      named[version->id].push_back(*notice);
    }
  }

  // A base stands before its successors in `versions`, so what it passes on is ready in time.
  std::map<EventId, std::vector<Notice>> passed_on;
  for (Version& version : agreement.versions) {
    if (version.verdict != Verdict::kEffective) {
      continue;
    }
    std::vector<Notice> notices = std::move(passed_on[version.id]);
    const auto& own = named[version.id];
    notices.insert(notices.end(), own.begin(), own.end());
    std::sort(notices.begin(), notices.end(), [](const Notice& a, const Notice& b) {
      return std::tie(a.effective, a.id) < std::tie(b.effective, b.id);
    });
    Term& term = *version.term;
    const Version* successor = successor_of(successors, version.id);
    for (const Notice& notice : notices) {
      const bool cancelled = successor != nullptr && successor->arises_from == notice.id &&
                             successor->completed->date() < notice.effective;
      if (cancelled) {
        continue;
      }
      end_at(term, notice.effective, EndCause::kTermination, notice.id);
      if (successor != nullptr && successor->term->from <= notice.effective) {
        passed_on[successor->id].push_back(notice);
      }
    }
    if (successor != nullptr) {
      end_at(term, plus_days(successor->term->from, -1), EndCause::kSuccessor, successor->id);
    }
    if (version.valid_to) {
      end_at(term, *version.valid_to, EndCause::kDate, std::nullopt);
    }
  }
}

}  // namespace hefu
