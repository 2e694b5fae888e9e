#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ledger/event/date.h"

namespace hefu {

/// A body or attribute value an indicator's expression can see. Dates are texts YYYY-MM-DD and are
/// read as dates where an expression needs one; no floating point anywhere.
struct FactValue {
  using List = std::vector<FactValue>;
  std::variant<bool, std::int64_t, std::string, List> is;
  bool operator==(const FactValue&) const = default;
};

/// Where a record stands, for the evidence ladder.
enum class Standing : std::uint8_t {
  kClaimed,    ///< recorded by one side; countersignatures missing
  kConfirmed,  ///< every needed countersignature is there
  kDisputed,   ///< an open dispute names it
  kRejected,   ///< a counterparty refused it
  kEnded,      ///< withdrawn, retracted, dead: never counts
};

/// The effective state of one record at a cut, as indicators see it. Produced from logs by
/// ledger/record, or read from a facts file by `hefu pack eval`.
struct Fact {
  std::string id;     ///< record id (hex of the opening event's id)
  std::string type;   ///< event type name
  std::string actor;  ///< the institution that recorded it
  std::string org;    ///< the unit it is attributed to; the actor itself if no unit is named
  std::optional<std::string> counterparty;
  std::vector<std::string> countersigned_by;  ///< sorted, unique
  /// Those of them that signed as guests, each with the members that introduced its key, sorted.
  std::map<std::string, std::vector<std::string>> guests;
  std::vector<std::string> evidence;    ///< hashes of attached documents
  std::optional<std::string> registry;  ///< registry or payer whose key confirmed it
  /// Institutions that inspected it (alone or in a sample) and found it good, sorted, unique.
  std::vector<std::string> audited_by;
  std::optional<Date> date;             ///< when it happened
  std::optional<Date> start;            ///< first day of validity
  std::optional<Date> end;              ///< last day of validity, terminations applied
  std::optional<Date> recorded;         ///< recorded-by date: first independent witness
  std::vector<std::string> supersedes;  ///< ids this fact replaces (only its own actor's count)
  std::map<std::string, FactValue> body;
  Standing standing = Standing::kConfirmed;
};

/// One stretch of membership of an organisation in a group; `to` is inclusive, none is open.
struct GroupMembership {
  std::string org;
  Date from;
  std::optional<Date> to;
  bool operator==(const GroupMembership&) const = default;
};

/// What an attribute of an organisation says from a date on; without a value, nothing any more.
struct DatedAttribute {
  Date from;
  std::string name;
  std::optional<FactValue> value;
  bool operator==(const DatedAttribute&) const = default;
};

/// The organisation directory indicators see: attributes by organisation id (`parent`, `kind`,
/// `controller`, …) and dated group membership.
struct World {
  /// As they are last known; `world_on` puts those of a date in their place.
  std::map<std::string, std::map<std::string, FactValue>> orgs;
  /// Of the attributes that ever changed: all they said, rising by date. Empty in most directories.
  std::map<std::string, std::vector<DatedAttribute>> history;
  std::map<std::string, std::vector<GroupMembership>> groups;
  bool operator==(const World&) const = default;
};

/// The directory as it was on a date. The history stays, so the directory of any other date can be
/// had from it as well.
World world_on(const World& world, Date date);

}  // namespace hefu
