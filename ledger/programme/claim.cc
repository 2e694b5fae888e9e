#include "ledger/programme/claim.h"

#include <algorithm>
#include <utility>

#include "ledger/programme/organisation.h"
#include "ledger/programme/time_window.h"

namespace hefu {

std::vector<std::string> claimants_of(const FieldPath& attribute, const Fact& fact) {
  const FieldView view = attribute.read(fact);
  std::vector<std::string> out;
  if (const auto* text = std::get_if<std::string_view>(&view)) {
    out.emplace_back(*text);
  } else if (const auto* list = std::get_if<const FactValue::List*>(&view)) {
    for (const FactValue& element : **list) {
      if (const auto* one = std::get_if<std::string>(&element.is)) {
        out.push_back(*one);
      }
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

NodeFilter::NodeFilter(const World& world, const RollupRule& rollup, const TimeRule& time,
                       DateSpan period, std::optional<std::string> node)
    : world_(world),
      attribute_(rollup.attribute),
      time_(time),
      as_of_event_(rollup.as_of_event),
      period_end_(period.last),
      node_(std::move(node)),
      node_is_group_(node_ && world.groups.contains(*node_)) {}

bool NodeFilter::has(const std::string& claimant, const Fact& fact) const {
  if (!node_) {
    return true;
  }
  if (node_is_group_) {
    const auto day = as_of_event_ ? business_date(time_, fact) : std::optional(period_end_);
    const auto line = ancestry(world_, claimant);
    return day && std::any_of(line.begin(), line.end(), [&](const std::string& one) {
             return in_group(world_, *node_, one, *day);
           });
  }
  const auto day =
      as_of_event_ && !world_.history.empty() ? business_date(time_, fact) : std::optional<Date>();
  const auto known = below_.find({claimant, day});
  if (known != below_.end()) {
    return known->second;
  }
  return below_[{claimant, day}] =
             at_or_below(day ? world_on(world_, *day) : world_, claimant, *node_);
}

bool NodeFilter::covers(const Fact& fact) const {
  if (!node_) {
    return true;
  }
  const auto claimants = claimants_of(attribute_, fact);
  return std::any_of(claimants.begin(), claimants.end(),
                     [&](const std::string& one) { return has(one, fact); });
}

}  // namespace hefu
