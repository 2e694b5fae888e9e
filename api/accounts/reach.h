#pragma once

#include <set>
#include <string>

#include "api/accounts/caller.h"

namespace hefu {

/// Departments of the node's institution that somebody speaks for.
struct Departments {
  bool all = false;             ///< the whole institution, and what concerns no department
  std::set<std::string> units;  ///< what stands behind the "/" of their party references

  [[nodiscard]] bool none() const { return !all && units.empty(); }
  /// Whether something that concerns these departments may be spoken about. Empty: it concerns the
  /// institution as a whole.
  [[nodiscard]] bool cover(const std::set<std::string>& concerned) const;
  bool operator==(const Departments&) const = default;
};

/// For which departments a caller may hand in what a key has signed. Registering and reviewing are
/// told apart by the role of that key, so that a registrar's account carries no reviews, and a
/// reviewer's no records, whichever keys its owner has.
struct Reach {
  Departments records;  ///< signed with a registrar's, seal's, root's or guest's key
  Departments reviews;  ///< signed with a reviewer's or auditor's key

  [[nodiscard]] bool is_unlimited() const { return records.all && reviews.all; }
  bool operator==(const Reach&) const = default;
};

/// Everything for the operator, and for anybody where nobody has to sign in; else what the roles
/// of the account give together.
Reach reach_of(const Caller& caller);

}  // namespace hefu
