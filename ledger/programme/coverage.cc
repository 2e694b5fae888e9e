#include "ledger/programme/coverage.h"

#include <algorithm>
#include <set>

#include "ledger/programme/evaluate.h"

namespace hefu {

namespace {

/// The indicator and everything it is computed from.
std::vector<const PackIndicator*> whole(const Pack& pack, const PackIndicator& indicator) {
  std::vector<const PackIndicator*> out{&indicator};
  for (std::size_t i = 0; i < out.size(); ++i) {  // grows while walked; packs have no cycles
    for (const std::string& part : parts_of(*out[i])) {
      if (const PackIndicator* found = pack.find_indicator(part)) {
        out.push_back(found);
      }
    }
  }
  return out;
}

void add_types(const auto& rule, std::set<std::string>& types) {
  types.insert(rule.types.begin(), rule.types.end());
}

std::set<std::string> types_read(const Pack& pack, const PackIndicator& indicator) {
  std::set<std::string> types;
  for (const PackIndicator* one : whole(pack, indicator)) {
    add_types(one->rule, types);
    if (one->measure.share) {
      add_types(one->measure.share->test.facts, types);
      if (one->measure.share->per) {
        add_types(one->measure.share->per->facts, types);
      }
      if (const PackSet* population = pack.find_set(one->measure.share->population)) {
        add_types(population->rule, types);
      }
    }
    if (one->measure.absent) {
      add_types(one->measure.absent->violation, types);
      add_types(one->measure.absent->clearance, types);
    }
  }
  return types;
}

bool refuses_a_fact(const Pack& pack, const PackIndicator& indicator, const PackTest& test,
                    const std::vector<Figure>& figures) {
  std::set<std::string> counted;
  for (const PackIndicator* one : whole(pack, indicator)) {
    for (const Figure& figure : figures) {
      if (figure.indicator == one->id) {
        counted.insert(figure.counted_ids.begin(), figure.counted_ids.end());
      }
    }
  }
  const auto types = types_read(pack, indicator);
  return std::any_of(test.facts.begin(), test.facts.end(), [&](const Fact& fact) {
    return types.contains(fact.type) && !counted.contains(fact.id);
  });
}

Result<void> look_at_tests(const Pack& pack, Coverage& out) {
  std::set<std::string> positive, negative;
  for (const PackTest& test : pack.tests) {
    const auto period = Period::parse(test.period, pack.valid);
    auto figures = period ? evaluate(pack, test.world, test.facts, *period, test.node)
                          : Result<std::vector<Figure>>(period.error());
    if (!figures) {
      return figures.error();
    }
    for (const auto& [id, text] : test.texts) {
      (text.empty() ? negative : positive).insert(id);
      if (refuses_a_fact(pack, *pack.find_indicator(id), test, *figures)) {
        negative.insert(id);
      }
    }
    for (const auto& [id, value] : test.expect) {
      if (pack.find_indicator(id)->measure.kind == MeasureKind::kNarrative) {
        continue;  // a narrative has no number
      }
      const bool nothing = !value || *value == Fraction(0);
      if (!nothing) {
        positive.insert(id);
      }
      if (nothing || refuses_a_fact(pack, *pack.find_indicator(id), test, *figures)) {
        negative.insert(id);
      }
    }
  }
  for (const PackIndicator& indicator : pack.indicators) {
    if (!positive.contains(indicator.id)) {
      out.no_positive.push_back(indicator.id);
    }
    if (!negative.contains(indicator.id)) {
      out.no_negative.push_back(indicator.id);
    }
  }
  return {};
}

}  // namespace

Result<Coverage> coverage(const Pack& pack, const std::vector<std::string>& document_rows) {
  Coverage out;
  const std::set<std::string> of_document(document_rows.begin(), document_rows.end());
  std::set<std::string> of_pack, carried;
  for (const PackRow& row : pack.rows) {
    of_pack.insert(row.id);
    carried.insert(row.indicators.begin(), row.indicators.end());
    if (row.indicators.empty()) {
      out.not_measured.push_back(row.id);
    } else {
      ++out.measured;
    }
    if (!document_rows.empty() && !of_document.contains(row.id)) {
      out.unknown.push_back(row.id);
    }
  }
  for (const std::string& row : document_rows) {
    if (!of_pack.contains(row)) {
      out.missing.push_back(row);
    }
  }
  for (const PackIndicator& indicator : pack.indicators) {
    if (!carried.contains(indicator.id)) {
      out.no_row.push_back(indicator.id);
    }
  }
  if (auto done = look_at_tests(pack, out); !done) {
    return done.error();
  }
  return out;
}

}  // namespace hefu
