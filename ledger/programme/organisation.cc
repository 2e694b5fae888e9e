#include "ledger/programme/organisation.h"

#include <algorithm>
#include <array>
#include <optional>

namespace hefu {

namespace {

constexpr std::array<std::string_view, 4> kUnitKinds{"secondary-unit", "college", "department",
                                                     "unit"};

std::optional<std::string> text_attribute(const World& world, const std::string& org,
                                          std::string_view name) {
  const FactValue* value = attribute(world, org, name);
  const auto* text = value != nullptr ? std::get_if<std::string>(&value->is) : nullptr;
  return text != nullptr && !text->empty() ? std::optional(*text) : std::nullopt;
}

std::optional<std::string> above(const World& world, const std::string& org) {
  if (auto parent = text_attribute(world, org, "parent")) {
    return parent;
  }
  const std::size_t slash = org.rfind('/');
  if (slash != std::string::npos && slash > 0) {
    return org.substr(0, slash);
  }
  return text_attribute(world, org, "district");
}

bool is_unit(const World& world, const std::string& org) {
  const auto kind = text_attribute(world, org, "kind");
  return kind && std::find(kUnitKinds.begin(), kUnitKinds.end(), *kind) != kUnitKinds.end();
}

void add_controllers(const World& world, const FactValue& value, std::vector<std::string>& open) {
  if (const auto* text = std::get_if<std::string>(&value.is)) {
    open.push_back(institution_of(world, *text));
  } else if (const auto* list = std::get_if<FactValue::List>(&value.is)) {
    for (const FactValue& element : *list) {
      if (const auto* one = std::get_if<std::string>(&element.is)) {
        open.push_back(institution_of(world, *one));
      }
    }
  }
}

}  // namespace

const FactValue* attribute(const World& world, std::string_view org, std::string_view name) {
  const auto found = world.orgs.find(std::string(org));
  if (found == world.orgs.end()) {
    return nullptr;
  }
  const auto value = found->second.find(std::string(name));
  return value == found->second.end() ? nullptr : &value->second;
}

std::vector<std::string> ancestry(const World& world, const std::string& org) {
  std::vector<std::string> out{org};
  while (const auto next = above(world, out.back())) {
    if (std::find(out.begin(), out.end(), *next) != out.end()) {
      break;
    }
    out.push_back(*next);
  }
  return out;
}

bool at_or_below(const World& world, const std::string& org, const std::string& node) {
  if (org == node ||
      (org.starts_with(node) && org.size() > node.size() && org[node.size()] == '/')) {
    return true;
  }
  const auto line = ancestry(world, org);
  return std::find(line.begin(), line.end(), node) != line.end();
}

std::string institution_of(const World& world, const std::string& org) {
  std::set<std::string> seen;
  std::string current = org;
  while (seen.insert(current).second) {
    if (const auto parent = text_attribute(world, current, "parent");
        parent && is_unit(world, current)) {
      current = *parent;
    } else if (const std::size_t slash = current.find('/');
               slash != std::string::npos && slash > 0) {
      current.resize(slash);
    } else {
      break;
    }
  }
  return current;
}

std::set<std::string> controllers_of(const World& world, const std::string& org) {
  std::set<std::string> seen;
  std::vector<std::string> open{institution_of(world, org)};
  if (const FactValue* own = attribute(world, org, "controller")) {
    add_controllers(world, *own, open);
  }
  while (!open.empty()) {
    const std::string current = std::move(open.back());
    open.pop_back();
    if (!seen.insert(current).second) {
      continue;
    }
    if (const FactValue* controller = attribute(world, current, "controller")) {
      add_controllers(world, *controller, open);
    }
  }
  return seen;
}

bool are_related(const World& world, const std::string& left, const std::string& right) {
  return Relations(world).are_related(left, right);
}

const Relations::Place& Relations::of(const std::string& org) {
  const auto known = known_.find(org);
  if (known != known_.end()) {
    return known->second;
  }
  return known_[org] = Place{institution_of(world_, org), controllers_of(world_, org)};
}

bool Relations::are_related(const std::string& left, const std::string& right) {
  if (left == right) {
    return true;
  }
  const Place& ours = of(left);
  const Place& theirs = of(right);  // references into a map stay valid
  return ours.institution == theirs.institution ||
         std::any_of(ours.controllers.begin(), ours.controllers.end(),
                     [&](const std::string& one) { return theirs.controllers.contains(one); });
}

bool Relations::are_one_institution(const std::string& left, const std::string& right) {
  return left == right || of(left).institution == of(right).institution;
}

bool in_group(const World& world, const std::string& group, const std::string& org, Date day) {
  const auto found = world.groups.find(group);
  if (found == world.groups.end()) {
    return false;
  }
  return std::any_of(found->second.begin(), found->second.end(), [&](const GroupMembership& one) {
    return one.org == org && one.from <= day && (!one.to || day <= *one.to);
  });
}

}  // namespace hefu
