#include "ledger/agreement/signing_rule.h"

#include <algorithm>

namespace hefu {

std::optional<std::string> unsound(const SigningRule& rule, std::size_t members) {
  const auto n = static_cast<std::int64_t>(members);
  if (rule.faulty < 0 || rule.faulty > n) {
    return "the number of faulty parties must lie between 0 and " + std::to_string(n);
  }
  const std::int64_t least = std::max((n + rule.faulty) / 2, 2 * rule.faulty) + 1;
  if (rule.needed < least || rule.needed > n) {
    return "of " + std::to_string(n) + " parties, " + std::to_string(rule.faulty) +
           " of them faulty, at least " + std::to_string(least) + " must sign, not " +
           std::to_string(rule.needed);
  }
  if (rule.faulty > 0 && !rule.required.empty()) {
    return "with faulty parties no single one can be required";
  }
  return std::nullopt;
}

bool Electorate::contains(const std::string& institution) const {
  return std::binary_search(members.begin(), members.end(), institution);
}

bool Electorate::requires_member(const std::string& institution) const {
  return std::binary_search(rule.required.begin(), rule.required.end(), institution);
}

bool Electorate::unanimous() const {
  return rule.needed == static_cast<std::int64_t>(members.size()) && rule.faulty == 0;
}

void Tally::add(const std::string& institution, Moment since) {
  if (!electorate_.contains(institution)) {
    return;
  }
  votes_.insert(std::upper_bound(votes_.begin(), votes_.end(), since), since);
  if (electorate_.requires_member(institution)) {
    required_votes_.push_back(since);
  }
}

std::optional<Moment> Tally::reached(std::size_t votes) const {
  if (votes == 0 || votes > votes_.size()) {
    return std::nullopt;
  }
  return votes_[votes - 1];
}

std::optional<Moment> Tally::consent() const {
  const auto enough = reached(static_cast<std::size_t>(electorate_.rule.needed));
  if (!enough || required_votes_.size() < electorate_.rule.required.size()) {
    return std::nullopt;
  }
  return required_votes_.empty()
             ? *enough
             : std::max(*enough, *std::max_element(required_votes_.begin(), required_votes_.end()));
}

std::optional<Moment> Tally::refusal() const {
  const auto members = static_cast<std::int64_t>(electorate_.members.size());
  const SigningRule& rule = electorate_.rule;
  auto since = reached(static_cast<std::size_t>(members - rule.needed + rule.faulty + 1));
  for (const Moment vote : required_votes_) {
    since = since ? std::min(*since, vote) : vote;
  }
  return since;
}

}  // namespace hefu
