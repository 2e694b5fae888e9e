#include "ledger/closing/difference.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "ledger/closing/figure_tree.h"

namespace hefu {

namespace {

/// Events of the later state that the earlier cut does not reach, by the record they are about.
class LaterEvents {
 public:
  LaterEvents(const Cut& before, const LedgerState& after) {
    std::map<EventId, EventId> corrects;  // a version names the one it replaces, not the record
    for (const auto& [id, record] : after.records.records) {
      for (const EventId& version : record.versions) {
        corrects.emplace(version, id);
      }
    }
    for (const auto& [place, logged] : after.events) {
      const CutLog* log = before.log(logged.origin);
      if (log != nullptr && logged.index < log->checkpoint.size) {
        continue;
      }
      const auto version = corrects.find(logged.id);
      const EventId record = logged.event.record         ? *logged.event.record
                             : version != corrects.end() ? version->second
                                                         : logged.id;
      by_record_[record.hex()].insert_or_assign(
          logged.id,
          LaterEvent{logged.id, logged.event.type, logged.event.issuer, logged.event.occurred_on});
    }
  }

  [[nodiscard]] std::vector<LaterEvent> about(const std::string& record) const {
    std::vector<LaterEvent> events;
    if (const auto found = by_record_.find(record); found != by_record_.end()) {
      for (const auto& [id, event] : found->second) {
        events.push_back(event);
      }
    }
    return events;
  }

 private:
  std::map<std::string, std::map<EventId, LaterEvent>> by_record_;
};

std::string version_of(const Records& records, const std::string& id) {
  const auto digest = Digest::from_hex(id);
  const Record* record = digest ? records.record(EventId{*digest}) : nullptr;
  return record == nullptr ? "" : record->current.id.hex();
}

/// Why a record does not count for a figure at a state.
std::string why_not(const LedgerState& state, const Figure& figure, const std::string& record) {
  const auto found = std::find_if(figure.left_out_facts.begin(), figure.left_out_facts.end(),
                                  [&](const LeftOutFact& fact) { return fact.id == record; });
  if (found != figure.left_out_facts.end()) {
    return name(found->reason);
  }
  const auto id = Digest::from_hex(record);
  const Record* held = id ? state.records.record(EventId{*id}) : nullptr;
  if (held == nullptr) {
    return "not there";
  }
  return held->standing == Standing::kEnded || held->standing == Standing::kRejected
             ? name(held->standing)
             : "outside the rule";
}

class Comparison {
 public:
  Comparison(const LedgerState& before, const LedgerState& after)
      : before_(before), after_(after), later_(before.cut, after) {}

  std::optional<FigureDifference> compare(const PackIndicator& indicator, const Figure* was,
                                          const Figure* is) const {
    static const Figure kNone;
    FigureDifference found;
    found.indicator = indicator.id;
    found.title = indicator.title;
    found.before = was == nullptr ? std::nullopt : std::optional(was->shown);
    found.after = is == nullptr ? std::nullopt : std::optional(is->shown);
    found.value_changed = was == nullptr || is == nullptr || was->value != is->value ||
                          was->error != is->error || was->narrative != is->narrative;
    const Figure& old = was == nullptr ? kNone : *was;
    const Figure& now = is == nullptr ? kNone : *is;
    add_moved(old, now, RecordDifference::Kind::kCame, now.counted_ids, old.counted_ids, &found);
    add_moved(old, now, RecordDifference::Kind::kWent, old.counted_ids, now.counted_ids, &found);
    add_changed(old, now, &found);
    add_left_out(old, now, &found);
    return found.value_changed || !found.records.empty() ? std::optional(std::move(found))
                                                         : std::nullopt;
  }

 private:
  void add_moved(const Figure& old, const Figure& now, RecordDifference::Kind kind,
                 const std::vector<std::string>& in, const std::vector<std::string>& not_in,
                 FigureDifference* found) const {
    std::vector<std::string> ids;
    std::set_difference(in.begin(), in.end(), not_in.begin(), not_in.end(),
                        std::back_inserter(ids));
    for (const std::string& id : ids) {
      RecordDifference one{kind, id, "", "", later_.about(id)};
      if (kind == RecordDifference::Kind::kCame) {
        one.before = why_not(before_, old, id);
      } else {
        one.after = why_not(after_, now, id);
      }
      found->records.push_back(std::move(one));
    }
  }

  void add_changed(const Figure& old, const Figure& now, FigureDifference* found) const {
    std::vector<std::string> both;
    std::set_intersection(old.counted_ids.begin(), old.counted_ids.end(), now.counted_ids.begin(),
                          now.counted_ids.end(), std::back_inserter(both));
    for (const std::string& id : both) {
      if (version_of(before_.records, id) != version_of(after_.records, id)) {
        found->records.push_back({RecordDifference::Kind::kChanged, id, "", "", later_.about(id)});
      }
    }
  }

  void add_left_out(const Figure& old, const Figure& now, FigureDifference* found) const {
    std::set<std::string> ids;
    for (const Figure* figure : {&old, &now}) {
      for (const LeftOutFact& fact : figure->left_out_facts) {
        ids.insert(fact.id);
      }
    }
    for (const Figure* figure : {&old, &now}) {
      for (const std::string& counted : figure->counted_ids) {
        ids.erase(counted);
      }
    }
    for (const std::string& id : ids) {
      RecordDifference one{RecordDifference::Kind::kLeftOut, id, why_not(before_, old, id),
                           why_not(after_, now, id), later_.about(id)};
      if (one.before != one.after) {
        found->records.push_back(std::move(one));
      }
    }
  }

  const LedgerState& before_;
  const LedgerState& after_;
  const LaterEvents later_;
};

const Figure* find(const std::vector<Figure>& figures, const std::string& indicator) {
  const auto found = std::find_if(figures.begin(), figures.end(), [&](const Figure& figure) {
    return figure.indicator == indicator;
  });
  return found == figures.end() ? nullptr : &*found;
}

Result<std::vector<Figure>> figures_of(const LedgerState& state, const Pack& pack,
                                       const DifferenceRequest& request) {
  const auto period = Period::parse(request.period, pack.valid);
  if (!period) {
    return period.error();
  }
  return evaluate(pack, *state.world, state.facts, *period,
                  request.unit.empty() ? std::nullopt : std::optional(request.unit));
}

}  // namespace

const char* name(RecordDifference::Kind kind) {
  switch (kind) {
    case RecordDifference::Kind::kCame:
      return "came";
    case RecordDifference::Kind::kWent:
      return "went";
    case RecordDifference::Kind::kChanged:
      return "changed";
    case RecordDifference::Kind::kLeftOut:
      return "left-out";
  }
  return "";
}

bool FigureDifference::elsewhere() const {
  return value_changed &&
         std::all_of(records.begin(), records.end(), [](const RecordDifference& one) {
           return one.kind == RecordDifference::Kind::kLeftOut;
         });
}

Result<std::vector<FigureDifference>> differences(const LedgerState& before,
                                                  const LedgerState& after,
                                                  const DifferenceRequest& request) {
  const auto old_pack = find_pack(before, request.pack, request.digest_before);
  const auto new_pack = find_pack(after, request.pack, request.digest_after);
  if (!old_pack || !new_pack) {
    return old_pack ? new_pack.error() : old_pack.error();
  }
  const auto was = figures_of(before, *old_pack, request);
  const auto is = figures_of(after, *new_pack, request);
  if (!was || !is) {
    return was ? is.error() : was.error();
  }
  const Comparison comparison(before, after);
  std::vector<FigureDifference> found;
  const auto take = [&](const PackIndicator& indicator) {
    if (auto one =
            comparison.compare(indicator, find(*was, indicator.id), find(*is, indicator.id))) {
      found.push_back(*std::move(one));
    }
  };
  for (const PackIndicator& indicator : new_pack->indicators) {
    take(indicator);
  }
  for (const PackIndicator& indicator : old_pack->indicators) {
    if (new_pack->find_indicator(indicator.id) == nullptr) {
      take(indicator);
    }
  }
  return found;
}

}  // namespace hefu
