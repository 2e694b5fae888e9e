#include "api/accounts/reach.h"

#include <algorithm>

namespace hefu {
namespace {

void add(Departments& departments, const std::string& department) {
  if (department.empty()) {
    departments.all = true;
  } else {
    departments.units.insert(department);
  }
}

}  // namespace

bool Departments::cover(const std::set<std::string>& concerned) const {
  return all || (!concerned.empty() &&
                 std::includes(units.begin(), units.end(), concerned.begin(), concerned.end()));
}

Reach reach_of(const Caller& caller) {
  Reach reach;
  if (caller.kind == Caller::Kind::kOperator || caller.kind == Caller::Kind::kAnonymous) {
    reach.records.all = true;
    reach.reviews.all = true;
    return reach;
  }
  for (const Grant& grant : caller.grants) {
    const Role* role = find_role(grant.role);
    if (role == nullptr) {
      continue;
    }
    if (role->records) {
      add(reach.records, grant.department);
    }
    if (role->reviews) {
      add(reach.reviews, grant.department);
    }
  }
  return reach;
}

}  // namespace hefu
