// What can be checked of a pack only once all of it is read.
#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "ledger/programme/pack_read.h"

namespace hefu {

namespace {

Error about(const PackIndicator& indicator, std::string why, Errc code = Errc::kInvalid) {
  return {code, "indicator " + indicator.id + ": " + std::move(why), ""};
}

void check_named_set(const Pack& pack, const PackIndicator& indicator, const std::string& key,
                     const std::string& id, FirstError& errors) {
  if (id.empty()) {
    return;
  }
  const PackSet* set = pack.find_set(id);
  if (set == nullptr) {
    errors.add(about(indicator, key + ": there is no set " + id));
  } else if (set->rule.key.size() != indicator.rule.key.size()) {
    errors.add(about(indicator, key + ": the key of set " + set->id + " has " +
                                    std::to_string(set->rule.key.size()) +
                                    " fields, the indicator's has " +
                                    std::to_string(indicator.rule.key.size())));
  }
}

void check_set_use(const Pack& pack, const PackIndicator& indicator, FirstError& errors) {
  check_named_set(pack, indicator, "in_set", indicator.in_set, errors);
  check_named_set(pack, indicator, "not_in_set", indicator.not_in_set, errors);
  if (!indicator.subset_of.empty()) {
    const PackIndicator* whole = pack.find_indicator(indicator.subset_of);
    if (whole != nullptr && whole->rule.key.size() != indicator.rule.key.size()) {
      errors.add(about(indicator, "subset_of: the keys of the two indicators differ in length"));
    }
    if (whole != nullptr && whole->rule.key.empty()) {
      errors.add(about(indicator, "subset_of: " + whole->id + " counts no facts of its own"));
    }
  }
  if (indicator.measure.share && pack.find_set(indicator.measure.share->population) == nullptr) {
    errors.add(
        about(indicator, "population: there is no set " + indicator.measure.share->population));
  }
}

/// Constructs that read well but are not computed.
void check_computable(const PackIndicator& indicator, FirstError& errors) {
  const MeasureKind kind = indicator.measure.kind;
  const bool credited =
      kind == MeasureKind::kCount || kind == MeasureKind::kSum || kind == MeasureKind::kStock;
  if (indicator.rollup.credit != Credit::kRecompute && !credited) {
    errors.add(about(indicator,
                     std::string("credit other than recompute is not computed for ") + name(kind),
                     Errc::kUnsupported));
  }
  if (indicator.rule.time.mode == TimeMode::kAnchored &&
      (kind == MeasureKind::kPersonDays || kind == MeasureKind::kLongestRunMonths)) {
    errors.add(about(indicator,
                     std::string(name(kind)) +
                         " with a window of each fact's own is computed in a share's test only",
                     Errc::kUnsupported));
  }
  if (indicator.from_directory && kind != MeasureKind::kCount) {
    errors.add(about(indicator,
                     std::string(name(kind)) + " over the organisation directory is not computed",
                     Errc::kUnsupported));
  }
  if (indicator.rule.evidence.separate && kind == MeasureKind::kNarrative) {
    errors.add(about(indicator,
                     std::string("evidence.below = separate is not computed for ") + name(kind),
                     Errc::kUnsupported));
  }
  if (kind == MeasureKind::kNarrative && !indicator.targets.empty()) {
    errors.add(about(indicator, "a narrative is not scored and takes no target"));
  }
}

void check_parts(const Pack& pack, FirstError& errors) {
  enum class Mark : std::uint8_t { kOpen, kDone };
  std::map<std::string, Mark> marks;
  std::function<void(const PackIndicator&)> visit = [&](const PackIndicator& indicator) {
    marks[indicator.id] = Mark::kOpen;
    auto parts = parts_of(indicator);
    for (const std::string* beside : {&indicator.baseline_of, &indicator.commitment_of}) {
      if (!beside->empty()) {
        parts.push_back(*beside);
      }
    }
    for (const std::string& part : parts) {
      const PackIndicator* found = pack.find_indicator(part);
      if (found == nullptr) {
        errors.add(about(indicator, "there is no indicator " + part));
      } else if (found->measure.kind == MeasureKind::kNarrative) {
        errors.add(about(indicator, part + " is a narrative and has no number"));
      } else if (const auto mark = marks.find(part); mark == marks.end()) {
        visit(*found);
      } else if (mark->second == Mark::kOpen) {
        errors.add(about(indicator, "is computed from itself through " + part));
      }
    }
    marks[indicator.id] = Mark::kDone;
  };
  for (const PackIndicator& indicator : pack.indicators) {
    if (!marks.contains(indicator.id)) {
      visit(indicator);
    }
  }
}

void check_unique(const Pack& pack, FirstError& errors) {
  std::set<std::string> seen;
  for (const PackSet& set : pack.sets) {
    if (!seen.insert(set.id).second) {
      errors.add(Error{Errc::kInvalid, "set " + set.id + " is declared twice", ""});
    }
  }
  seen.clear();
  for (const PackIndicator& indicator : pack.indicators) {
    if (!seen.insert(indicator.id).second) {
      errors.add(about(indicator, "declared twice"));
    }
  }
}

/// The indicators and assertions a test names.
void check_test(const Pack& pack, const PackTest& test, const std::string& where,
                FirstError& errors) {
  const auto check = [&](const auto& wanted) {
    for (const auto& [indicator, value] : wanted) {
      if (pack.find_indicator(indicator) == nullptr) {
        errors.add(Error{Errc::kInvalid, where + ": there is no indicator " + indicator, ""});
      }
    }
  };
  check(test.expect);
  check(test.shown);
  check(test.targets);
  check(test.colours);
  check(test.excluded);
  check(test.texts);
  for (const auto& [id, text] : test.texts) {
    const PackIndicator* found = pack.find_indicator(id);
    if (found != nullptr && found->measure.kind != MeasureKind::kNarrative) {
      errors.add(Error{Errc::kInvalid, where + ": " + id + " is no narrative", ""});
    }
  }
  for (const auto& [id, verdict] : test.asserts) {
    if (pack.find_assert(id) == nullptr) {
      errors.add(Error{Errc::kInvalid, where + ": there is no assertion " + id, ""});
    }
  }
}

void check_tests(const Pack& pack, FirstError& errors) {
  for (std::size_t i = 0; i < pack.tests.size(); ++i) {
    const std::string where = "test[" + std::to_string(i) + "]";
    check_test(pack, pack.tests[i], where, errors);
    if (auto period = Period::parse(pack.tests[i].period, pack.valid); !period) {
      errors.add(period.error().during(where));
    }
  }
}

void check_asserts(const Pack& pack, FirstError& errors) {
  std::set<std::string> seen;
  for (const PackAssert& one : pack.asserts) {
    const auto refuse = [&](const std::string& why) {
      errors.add(Error{Errc::kInvalid, "assert " + one.id + ": " + why, ""});
    };
    if (!seen.insert(one.id).second) {
      refuse("declared twice");
    }
    for (const Formula::Term& term : one.formula.terms()) {
      const PackIndicator* found = pack.find_indicator(term.indicator);
      if (found == nullptr) {
        refuse("there is no indicator " + term.indicator);
      } else if (found->measure.kind == MeasureKind::kNarrative) {
        refuse(term.indicator + " is a narrative and has no number");
      }
    }
  }
}

void check_rows(const Pack& pack, FirstError& errors) {
  std::set<std::string> seen;
  for (const PackRow& row : pack.rows) {
    if (!seen.insert(row.id).second) {
      errors.add(Error{Errc::kInvalid, "row " + row.id + " is declared twice", ""});
    }
    for (const std::string& indicator : row.indicators) {
      if (pack.find_indicator(indicator) == nullptr) {
        errors.add(
            Error{Errc::kInvalid, "row " + row.id + ": there is no indicator " + indicator, ""});
      }
    }
  }
}

}  // namespace

void check_references(const Pack& pack, FirstError& errors) {
  check_unique(pack, errors);
  for (const PackIndicator& indicator : pack.indicators) {
    check_set_use(pack, indicator, errors);
    check_computable(indicator, errors);
  }
  check_parts(pack, errors);
  check_asserts(pack, errors);
  check_tests(pack, errors);
  check_rows(pack, errors);
}

}  // namespace hefu
