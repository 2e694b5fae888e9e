#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/event/date.h"
#include "ledger/record/fact.h"

namespace hefu {

/// A body or attribute of an organisation; nullptr if it has none of that name.
const FactValue* attribute(const World& world, std::string_view org, std::string_view name);

/// The organisation and everything above it, nearest first. Above it is its `parent`; without one,
/// the id before its last "/"; without that, its `district`. Cycles end where they close.
std::vector<std::string> ancestry(const World& world, const std::string& org);

/// Whether `org` is `node` or stands below it in the organisation tree.
bool at_or_below(const World& world, const std::string& org, const std::string& node);

/// The institution a unit belongs to: the id before its first "/", and for an organisation whose
/// kind is a unit (secondary-unit, college, department, unit) its parent's institution.
std::string institution_of(const World& world, const std::string& org);

/// The institution and all who control it: attribute `controller` (one id or a list), followed
/// transitively.
std::set<std::string> controllers_of(const World& world, const std::string& org);

/// Whether two parties are one institution, or one controls the other, or somebody controls both.
/// Source: programme pack format §3.5. An organisation the directory does not know has no
/// controller.
bool are_related(const World& world, const std::string& left, const std::string& right);

/// are_related with a memory: the directory is asked once for each organisation. It must outlive
/// this and not change.
class Relations {
 public:
  explicit Relations(const World& world) : world_(world) {}
  bool are_related(const std::string& left, const std::string& right);
  /// Whether one is the other, or both are units of one institution.
  bool are_one_institution(const std::string& left, const std::string& right);

 private:
  struct Place {
    std::string institution;
    std::set<std::string> controllers;
  };
  const Place& of(const std::string& org);

  const World& world_;
  std::map<std::string, Place> known_;
};

/// Whether an organisation is a member of a group on that day.
bool in_group(const World& world, const std::string& group, const std::string& org, Date day);

}  // namespace hefu
