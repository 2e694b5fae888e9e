// The text of a charter, written and read. Reading ends by writing again and comparing: so there is
// one list of rules, and one charter has one text and one federation id.

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include <boost/json.hpp>

#include "crypto/digest.h"
#include "ledger/charter/charter.h"
#include "ledger/charter/member_json.h"
#include "ledger/event/canonical_json.h"
#include "ledger/event/text.h"

namespace hefu {

namespace {

namespace json = boost::json;

constexpr std::string_view kFormat = "hefu/charter/";
constexpr std::string_view kVersionLine = "hefu/charter/v1\n";
constexpr std::size_t kNameBytesMax = 200;

Error bad(const std::string& field, const std::string& reason, const std::string& hint = "") {
  return {Errc::kInvalid, "charter field " + field + ": " + reason, hint};
}

Result<void> check_name(const std::string& name) {
  if (name.empty() || name.size() > kNameBytesMax) {
    return bad("name", "must have 1 to " + std::to_string(kNameBytesMax) + " bytes");
  }
  if (const auto ok = check_text(name); !ok) {
    return ok.error().during("charter field name");
  }
  return {};
}

Result<void> check_quorum(std::uint32_t quorum, std::size_t member_count) {
  const auto count = static_cast<std::uint32_t>(member_count);
  const std::uint32_t others = count - 1;
  const std::uint32_t needed = quorum_for(count, 0);
  if (quorum > others) {
    return bad("quorum",
               std::to_string(quorum) + " of " + std::to_string(others) +
                   " other witnesses can never be reached",
               others == 0 ? "a single member has quorum 0"
                           : "choose " + std::to_string(needed) + " to " + std::to_string(others));
  }
  if (quorum < needed) {
    return bad("quorum",
               std::to_string(quorum) + " of " + std::to_string(others) +
                   " other witnesses would let a log show two histories; at least " +
                   std::to_string(needed) + " are needed",
               "choose " + std::to_string(needed) + " to " + std::to_string(others));
  }
  return {};
}

/// How often a role's key must stand with a member.
Result<void> check_roles(const Member& member) {
  for (const KeyRole role : {KeyRole::kRoot, KeyRole::kLog, KeyRole::kWitness, KeyRole::kNode}) {
    const std::size_t count = member.keys.count(role);
    if (count > 1 || (count == 0 && role != KeyRole::kNode)) {
      return bad("members." + member.id + ".keys",
                 std::to_string(count) + " keys of role " + name(role),
                 "a member has exactly one root, one log and one witness key, and at most one node "
                 "key");
    }
  }
  return {};
}

/// What one member may not share with another.
Result<void> check_distinct(const std::vector<Member>& members) {
  std::map<std::string, std::string> owner_of_domain;
  std::map<PublicKey, std::string> owner_of_key;
  std::set<std::string> ids;
  for (const Member& member : members) {
    if (!ids.insert(member.id).second) {
      return bad("members", "the credit code " + member.id + " occurs twice");
    }
    const auto [domain, is_new] = owner_of_domain.emplace(member.domain, member.id);
    if (!is_new) {
      return bad("members." + member.id + ".domain",
                 member.domain + " is already the domain of " + domain->second);
    }
    for (const auto& [role, key] : member.keys) {
      const std::string place = member.id + ", role " + name(role);
      const auto [owner, is_new_key] = owner_of_key.emplace(key, place);
      if (!is_new_key) {
        return bad("members." + member.id + ".keys",
                   std::string("the ") + name(role) + " key is already the key of " + owner->second,
                   "give every role of every member a key of its own");
      }
    }
  }
  return {};
}

Result<void> check(const std::string& federation, const std::string& authority,
                   std::uint32_t quorum, const std::vector<Member>& members) {
  if (auto ok = check_name(federation); !ok) {
    return ok;
  }
  if (members.empty()) {
    return bad("members", "a federation has at least one member");
  }
  if (members.size() > kCharterMembersMax) {
    return Error{Errc::kTooLarge,
                 "charter field members: " + std::to_string(members.size()) + " members, at most " +
                     std::to_string(kCharterMembersMax) + " can found a federation",
                 ""};
  }
  for (const Member& member : members) {
    // The shape rules stand in one place, where cards are read too.
    if (const auto shape = member_from_json(member_to_json(member)); !shape) {
      return shape.error().during("charter member " + member.id);
    }
    if (auto ok = check_roles(member); !ok) {
      return ok;
    }
  }
  if (auto ok = check_distinct(members); !ok) {
    return ok;
  }
  const bool is_member = std::any_of(members.begin(), members.end(),
                                     [&](const Member& member) { return member.id == authority; });
  if (!is_member) {
    return bad("authority", "not the credit code of a member",
               "the governing authority is one of the founding members");
  }
  return check_quorum(quorum, members.size());
}

std::string write_text(const std::string& federation, const std::string& authority,
                       std::uint32_t quorum, const std::vector<Member>& members) {
  json::array list;
  for (const Member& member : members) {
    list.push_back(member_to_json(member));
  }
  const json::object facts = {{"authority", authority},
                              {"members", std::move(list)},
                              {"name", federation},
                              {"quorum", quorum}};
  return std::string(kVersionLine) + canonical_json(facts) + "\n";
}

Result<std::string> text_field(const json::object& facts, const char* field) {
  const json::value* value = facts.if_contains(field);
  if (value == nullptr || !value->is_string()) {
    return bad(field, "a text is missing");
  }
  return std::string(value->get_string());
}

Result<Charter> read_facts(const json::value& value) {
  if (!value.is_object()) {
    return bad("(top)", "not a JSON object");
  }
  const json::object& facts = value.get_object();
  for (const auto& item : facts) {
    static const std::set<std::string> kKnown = {"authority", "members", "name", "quorum"};
    if (kKnown.count(std::string(item.key())) == 0) {
      return bad(canonical_json(json::value(item.key())), "is not known");
    }
  }
  const auto federation = text_field(facts, "name");
  const auto authority = text_field(facts, "authority");
  if (!federation || !authority) {
    return (!federation ? federation : authority).error();
  }
  const json::value* quorum = facts.if_contains("quorum");
  if (quorum == nullptr || !quorum->is_int64() || quorum->get_int64() < 0 ||
      quorum->get_int64() > std::numeric_limits<std::uint16_t>::max()) {
    return bad("quorum", "a number of witnesses is missing");
  }
  const json::value* members = facts.if_contains("members");
  if (members == nullptr || !members->is_array()) {
    return bad("members", "a list is missing");
  }
  Charter charter;
  charter.name = *federation;
  charter.authority = *authority;
  charter.quorum = static_cast<std::uint32_t>(quorum->get_int64());
  if (members->get_array().size() > kCharterMembersMax) {
    return Error{
        Errc::kTooLarge,
        "charter field members: more than " + std::to_string(kCharterMembersMax) + " members", ""};
  }
  for (const json::value& item : members->get_array()) {
    auto member = member_from_json(item);
    if (!member) {
      return member.error().during("charter member " + std::to_string(charter.members.size() + 1));
    }
    charter.members.push_back(std::move(*member));
  }
  return charter;
}

}  // namespace

Result<std::string> charter_text(const std::string& name, const std::string& authority,
                                 std::uint32_t quorum, std::span<const Member> members) {
  std::vector<Member> sorted(members.begin(), members.end());
  std::sort(sorted.begin(), sorted.end(),
            [](const Member& left, const Member& right) { return left.id < right.id; });
  if (const auto ok = check(name, authority, quorum, sorted); !ok) {
    return ok.error();
  }
  std::string text = write_text(name, authority, quorum, sorted);
  if (text.size() > kCharterBytesMax) {
    return Error{Errc::kTooLarge,
                 "charter: more than " + std::to_string(kCharterBytesMax) + " bytes", ""};
  }
  return text;
}

Result<Charter> read_charter_text(std::string_view text) {
  if (text.size() > kCharterBytesMax) {
    return Error{Errc::kTooLarge,
                 "charter: more than " + std::to_string(kCharterBytesMax) + " bytes", ""};
  }
  if (!text.starts_with(kVersionLine)) {
    if (text.starts_with(kFormat)) {
      return Error{Errc::kUnsupported, "charter: unknown version of the format",
                   "this charter was made by a newer version"};
    }
    return Error{Errc::kInvalid, "charter: the first line is not hefu/charter/v1",
                 "is this the right file?"};
  }
  std::string_view line = text.substr(kVersionLine.size());
  if (!line.ends_with('\n')) {
    return Error{Errc::kInvalid, "charter: the last line does not end in a newline", ""};
  }
  line.remove_suffix(1);
  const auto facts = parse_json(line, kCharterBytesMax);
  if (!facts) {
    return facts.error().during("charter");
  }
  auto charter = read_facts(*facts);
  if (!charter) {
    return charter;
  }
  const auto written =
      charter_text(charter->name, charter->authority, charter->quorum, charter->members);
  if (!written) {
    return written.error();
  }
  if (*written != text) {
    return Error{Errc::kInvalid, "charter: not in canonical form",
                 "use the text as `hefu charter found` wrote it, byte for byte"};
  }
  charter->federation = sha256(as_bytes(text));
  charter->index_keys();
  return charter;
}

}  // namespace hefu
