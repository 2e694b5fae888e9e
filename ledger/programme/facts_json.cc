#include "ledger/programme/facts_json.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "crypto/digest.h"
#include "ledger/event/canonical_json.h"
#include "ledger/programme/text_form.h"

namespace hefu {

namespace {

namespace json = boost::json;

constexpr int kListDepthMax = 8;

constexpr std::array<std::pair<std::string_view, Standing>, 5> kStandings{{
    {"claimed", Standing::kClaimed},
    {"confirmed", Standing::kConfirmed},
    {"disputed", Standing::kDisputed},
    {"rejected", Standing::kRejected},
    {"ended", Standing::kEnded},
}};

/// A body or attribute value; nothing for null and for objects.
std::optional<FactValue> value_from(const json::value& value, int depth) {
  if (value.is_bool()) {
    return FactValue{value.get_bool()};
  }
  if (value.is_int64()) {
    return FactValue{value.get_int64()};
  }
  if (value.is_string()) {
    return FactValue{normal_text(std::string_view(value.get_string())).value_or("")};
  }
  if (!value.is_array() || depth >= kListDepthMax) {
    return std::nullopt;
  }
  FactValue::List list;
  for (const json::value& element : value.get_array()) {
    auto one = value_from(element, depth + 1);
    if (!one) {
      return std::nullopt;
    }
    list.push_back(*std::move(one));
  }
  return FactValue{std::move(list)};
}

std::map<std::string, FactValue> values_from(const json::object& object, const std::string& path,
                                             FirstError& errors) {
  std::map<std::string, FactValue> out;
  for (const json::key_value_pair& member : object) {
    const std::string key(member.key());
    if (member.value().is_null()) {
      continue;
    }
    auto value = value_from(member.value(), 0);
    if (!value) {
      errors.add(Error{Errc::kInvalid,
                       path + "." + key +
                           ": must be text, integer, true, false or "
                           "a list of them",
                       ""});
      return out;
    }
    out.emplace(key, *std::move(value));
  }
  return out;
}

Standing read_standing(JsonReader& at) {
  const std::string text = at.text("standing", Need::kOptional);
  if (text.empty()) {
    return Standing::kConfirmed;
  }
  for (const auto& [name, standing] : kStandings) {
    if (name == text) {
      return standing;
    }
  }
  at.refuse("standing", "unknown word " + text, "claimed, confirmed, disputed, rejected or ended");
  return Standing::kEnded;
}

std::vector<std::string> sorted_texts(JsonReader& at, std::string_view key) {
  auto out = at.texts(key, Need::kOptional);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Fact read_fact(JsonReader& at) {
  Fact out;
  out.type = at.text("type", Need::kRequired);
  out.actor = at.text("actor", Need::kRequired);
  out.org = at.optional_text("org").value_or(out.actor);
  out.counterparty = at.optional_text("counterparty");
  out.countersigned_by = sorted_texts(at, "countersigned_by");
  if (auto guests = at.child("guests", Need::kOptional)) {
    for (const json::key_value_pair& guest : guests->object()) {
      out.guests[std::string(guest.key())] = sorted_texts(*guests, guest.key());
    }
    guests->finish();
  }
  out.evidence = sorted_texts(at, "evidence");
  out.registry = at.optional_text("registry");
  out.audited_by = sorted_texts(at, "audited_by");
  out.date = at.date("date", Need::kOptional);
  out.start = at.date("start", Need::kOptional);
  out.end = at.date("end", Need::kOptional);
  out.recorded = at.date("recorded", Need::kOptional);
  out.supersedes = sorted_texts(at, "supersedes");
  out.standing = read_standing(at);
  if (auto body = at.child("body", Need::kOptional)) {
    out.body = values_from(body->object(), body->path(), at.errors());
  }
  at.raw("seq");  // the order of recording; decides nothing
  out.id = at.optional_text("id").value_or("");
  if (out.id.empty()) {
    out.id = sha256(as_bytes(canonical_json(at.object()))).hex();
  }
  at.finish();
  return out;
}

GroupMembership read_membership(JsonReader& at) {
  GroupMembership out;
  out.org = at.text("org", Need::kRequired);
  out.from = at.date("from", Need::kRequired).value_or(Date{});
  out.to = at.date("to", Need::kOptional);
  at.finish();
  return out;
}

/// {"from": a date, none for since ever, "set": {name: value}} or "clear": a name instead of "set".
std::vector<DatedAttribute> read_change(JsonReader& at) {
  const Date from =
      at.date("from", Need::kOptional).value_or(Date{std::numeric_limits<std::int32_t>::min()});
  std::vector<DatedAttribute> out;
  if (auto set = at.child("set", Need::kOptional)) {
    for (auto& [name, value] : values_from(set->object(), set->path(), at.errors())) {
      out.push_back({from, name, std::move(value)});
    }
  }
  if (auto cleared = at.optional_text("clear")) {
    out.push_back({from, *std::move(cleared), std::nullopt});
  }
  at.finish();
  return out;
}

}  // namespace

World read_world(JsonReader& at) {
  World out;
  if (auto orgs = at.child("orgs", Need::kOptional)) {
    for (const json::key_value_pair& member : orgs->object()) {
      const std::string id(member.key());
      if (!member.value().is_object()) {
        orgs->refuse(id, "must be an object of attributes");
        return out;
      }
      out.orgs[id] = values_from(member.value().get_object(), orgs->path_of(id), at.errors());
    }
  }
  if (auto history = at.child("history", Need::kOptional)) {
    for (const json::key_value_pair& member : history->object()) {
      const std::string id(member.key());
      auto& changes = out.history[id];
      for (JsonReader& one : history->children(id)) {
        for (DatedAttribute& change : read_change(one)) {
          changes.push_back(std::move(change));
        }
      }
      std::stable_sort(
          changes.begin(), changes.end(),
          [](const DatedAttribute& a, const DatedAttribute& b) { return a.from < b.from; });
    }
  }
  if (auto groups = at.child("groups", Need::kOptional)) {
    for (const json::key_value_pair& member : groups->object()) {
      const std::string id(member.key());
      for (JsonReader& one : groups->children(id)) {
        out.groups[id].push_back(read_membership(one));
      }
    }
  }
  return out;
}

std::vector<Fact> read_fact_list(JsonReader& at, std::string_view key) {
  std::vector<Fact> out;
  for (JsonReader& one : at.children(key)) {
    out.push_back(read_fact(one));
    if (!at.errors().none()) {
      break;
    }
  }
  return out;
}

Result<FactsFile> read_facts(std::string_view json_text) {
  auto value = parse_json(json_text, kFactsBytesMax);
  if (!value) {
    return value.error();
  }
  if (!value->is_object()) {
    return Error{Errc::kInvalid, "facts: must be one JSON object", "{\"orgs\":…,\"facts\":[…]}"};
  }
  FirstError errors;
  JsonReader root(value->get_object(), "", errors);
  FactsFile out;
  if (auto world = root.child("world", Need::kOptional)) {
    out.world = read_world(*world);
    world->finish();
  } else {
    out.world = read_world(root);
  }
  out.facts = read_fact_list(root, "facts");
  out.period = root.optional_text("period");
  out.node = root.optional_text("node");
  for (const char* ignored : {"pack", "expect", "shown", "targets", "excluded", "name", "note"}) {
    root.raw(ignored);
  }
  if (errors.none()) {
    root.finish();
  }
  return errors.none() ? Result<FactsFile>(std::move(out)) : errors.error();
}

}  // namespace hefu
