#include "ledger/programme/shares.h"

namespace hefu {

namespace {

std::optional<Fraction> part_in(const FactValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value.is)) {
    return Fraction(*integer);
  }
  const auto* text = std::get_if<std::string>(&value.is);
  const auto number = text != nullptr ? Fraction::parse(*text) : Result<Fraction>(Error{});
  return number ? std::optional(*number) : std::nullopt;
}

}  // namespace

std::optional<Shares> shares_in(const FieldPath& path, const Fact& fact) {
  const FactValue::List* list = list_in(path, fact);
  if (list == nullptr) {
    return std::nullopt;
  }
  Shares out;
  Fraction total;
  for (const FactValue& element : *list) {
    const auto* pair = std::get_if<FactValue::List>(&element.is);
    const auto* org = pair != nullptr && pair->size() == 2
                          ? std::get_if<std::string>(&pair->front().is)
                          : nullptr;
    const auto part = org != nullptr ? part_in(pair->back()) : std::nullopt;
    if (!part || *part < Fraction() || !out.emplace(*org, *part).second) {
      return std::nullopt;
    }
    const auto sum = total.plus(*part);
    if (!sum) {
      return std::nullopt;
    }
    total = *sum;
  }
  return total == Fraction(1) ? std::optional(std::move(out)) : std::nullopt;
}

void mark_unshared(const RollupRule& rollup, std::vector<CandidateFact>& candidates) {
  if (rollup.credit != Credit::kDeclared) {
    return;
  }
  for (CandidateFact& one : candidates) {
    if (!one.left_out &&
        (one.fact->standing != Standing::kConfirmed || one.fact->countersigned_by.empty() ||
         !shares_in(rollup.shares, *one.fact))) {
      one.left_out = LeftOut::kNoShares;
    }
  }
}

}  // namespace hefu
