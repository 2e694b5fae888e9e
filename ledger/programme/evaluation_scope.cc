// Which facts an indicator or a set is about, before any of them is measured.
#include <algorithm>
#include <utility>

#include "ledger/programme/evaluation.h"
#include "ledger/programme/shares.h"

namespace hefu {

namespace {

std::vector<Fact> directory_entries(const World& world) {
  std::vector<Fact> out;
  for (const auto& [id, attributes] : world.orgs) {
    Fact& entry = out.emplace_back();
    entry.id = entry.actor = entry.org = id;
    entry.type = "org";
  }
  return out;
}

/// The directory has no evidence, dates or disputes: its entries count as they are.
std::vector<CandidateFact> directory_candidates(const std::vector<Fact>& directory,
                                                const std::vector<FieldPath>& key) {
  std::vector<CandidateFact> out;
  out.reserve(directory.size());
  for (const Fact& entry : directory) {
    CandidateFact& one = out.emplace_back();
    one.fact = &entry;
    auto tuple = tuple_of(key, entry);
    one.left_out = tuple ? std::nullopt : std::optional(LeftOut::kNoKey);
    one.key = std::move(tuple).value_or("");
  }
  return out;
}

Result<std::vector<CandidateFact>> holding(std::vector<CandidateFact> candidates,
                                           const std::optional<Expression>& condition,
                                           const Question& question) {
  std::vector<CandidateFact> out;
  for (CandidateFact& one : candidates) {
    const auto holds = condition ? condition->holds({*one.fact, question.world, question.period})
                                 : Result<bool>(true);
    if (!holds) {
      return holds.error();
    }
    if (*holds) {
      out.push_back(std::move(one));
    }
  }
  return out;
}

}  // namespace

std::vector<const CandidateFact*> counted_of(const std::vector<CandidateFact>& candidates) {
  std::vector<const CandidateFact*> out;
  for (const CandidateFact& one : candidates) {
    if (!one.left_out) {
      out.push_back(&one);
    }
  }
  return out;
}

RollupRule rollup_for(const PackSet& set, const RollupRule& rollup) {
  RollupRule out = rollup;
  if (set.from_directory) {
    out.attribute = *FieldPath::parse("org");
    out.as_of_event = false;
  }
  return out;
}

void restrict_to(std::vector<CandidateFact>& candidates, const std::set<std::string>& keys,
                 bool inside) {
  for (CandidateFact& one : candidates) {
    if (!one.key.empty() && keys.contains(one.key) != inside) {
      one.left_out = LeftOut::kOutsideSet;
    }
  }
}

std::vector<const CandidateFact*> Evaluation::Selection::covered(const FieldPath& attribute,
                                                                 const NodeFilter& filter) {
  std::vector<const CandidateFact*> out;
  if (filter.is_whole()) {
    std::transform(all.begin(), all.end(), std::back_inserter(out),
                   [](const CandidateFact& one) { return &one; });
    return out;
  }
  const auto [place, fresh] = by_claimant.try_emplace(attribute.text());
  auto& claimed = place->second;
  for (std::size_t i = 0; fresh && i < all.size(); ++i) {
    for (const std::string& claimant : claimants_of(attribute, *all[i].fact)) {
      claimed[claimant].push_back(i);
    }
  }
  std::set<std::size_t> indexes;
  for (const auto& [claimant, own] : claimed) {
    if (!filter.asks_for_day()) {
      if (filter.has(claimant, *all[own.front()].fact)) {
        indexes.insert(own.begin(), own.end());
      }
      continue;
    }
    for (const std::size_t i : own) {
      if (filter.has(claimant, *all[i].fact)) {
        indexes.insert(i);
      }
    }
  }
  for (const std::size_t i : indexes) {
    out.push_back(&all[i]);
  }
  return out;
}

Result<std::set<std::string>> directory_keys(const Question& question, const PackSet& set) {
  const std::vector<Fact> entries = directory_entries(question.world);
  const auto members =
      holding(directory_candidates(entries, set.rule.key), set.rule.where, question);
  if (!members) {
    return members.error();
  }
  std::set<std::string> out;
  for (const CandidateFact& one : *members) {
    out.insert(one.key);
  }
  return out;
}

const std::vector<Fact>& Evaluation::directory() {
  if (directory_.empty()) {
    directory_ = directory_entries(question_.world);
  }
  return directory_;
}

Result<Evaluation::Selection*> Evaluation::selected_set(const PackSet& set) {
  const auto known = selected_set_.find(set.id);
  if (known != selected_set_.end()) {
    return &known->second;
  }
  auto candidates =
      set.from_directory
          ? holding(directory_candidates(directory(), set.rule.key), set.rule.where, question_)
          : select(question_, set.rule, std::nullopt, TimeShape::kPoint);
  if (!candidates) {
    return candidates.error().during("set " + set.id);
  }
  return &(selected_set_[set.id] = Selection{*std::move(candidates), {}});
}

Result<Evaluation::Selection*> Evaluation::selected(const PackIndicator& indicator) {
  const auto known = selected_.find(indicator.id);
  if (known != selected_.end()) {
    return &known->second;
  }
  Result<Candidates> candidates;
  if (indicator.from_directory) {
    candidates = holding(directory_candidates(directory(), indicator.rule.key),
                         indicator.rule.where, question_);
    if (candidates) {
      candidates = holding(*std::move(candidates), indicator.narrow, question_);
    }
  } else {
    candidates =
        select(question_, indicator.rule, indicator.narrow, shape_of(indicator.measure.kind));
  }
  if (!candidates) {
    return candidates.error();
  }
  if (auto marked = mark_unmeasurable(indicator.measure.quantity, *candidates); !marked) {
    return marked.error();
  }
  mark_unshared(indicator.rollup, *candidates);
  return &(selected_[indicator.id] = Selection{*std::move(candidates), {}});
}

Result<std::set<std::string>> Evaluation::set_keys(const PackSet& set, const RollupRule& rollup,
                                                   const Node& node) {
  auto candidates = selected_set(set);
  if (!candidates) {
    return candidates.error();
  }
  // A directory set is the same for every node: it lists who exists, not who claims.
  const RollupRule own = rollup_for(set, rollup);
  const NodeFilter filter(question_.world, own, set.rule.time, period_.span,
                          set.from_directory ? std::nullopt : node);
  std::set<std::string> out;
  for (const CandidateFact* one : (*candidates)->covered(own.attribute, filter)) {
    if (!one->left_out) {
      out.insert(one->key);
    }
  }
  return out;
}

Result<Evaluation::Candidates> Evaluation::in_scope(const PackIndicator& indicator,
                                                    const Node& node) {
  auto all = selected(indicator);
  if (!all) {
    return all.error();
  }
  const NodeFilter filter(question_.world, indicator.rollup, indicator.rule.time, period_.span,
                          node);
  Candidates out;
  for (const CandidateFact* one : (*all)->covered(indicator.rollup.attribute, filter)) {
    out.push_back(*one);
  }
  for (const bool inside : {true, false}) {
    const std::string& id = inside ? indicator.in_set : indicator.not_in_set;
    const PackSet* set = question_.pack.find_set(id);
    if (set == nullptr) {
      continue;
    }
    auto keys = set_keys(*set, indicator.rollup, node);
    if (!keys) {
      return keys.error();
    }
    restrict_to(out, *keys, inside);
  }
  if (const PackIndicator* whole = question_.pack.find_indicator(indicator.subset_of)) {
    auto superset = in_scope(*whole, node);
    if (!superset) {
      return superset;
    }
    std::set<std::string> keys;
    for (const CandidateFact* one : counted_of(*superset)) {
      keys.insert(one->key);
    }
    restrict_to(out, keys);
  }
  return out;
}

}  // namespace hefu
