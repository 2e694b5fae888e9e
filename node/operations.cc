#include "node/operations.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <boost/json.hpp>

#include "crypto/encoding.h"
#include "ledger/charter/tenure.h"
#include "ledger/event/canonical_json.h"

namespace hefu {

namespace json = boost::json;

namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kYearDays = 365;
constexpr std::int64_t kFullWithinYears = 50;
constexpr std::size_t kBackupsBytesMax = std::size_t{16} << 20;

std::optional<Date> date_field(const Event& event, const char* name) {
  const Value* value = event.field(name);
  return value != nullptr && value->date() != nullptr ? std::optional(*value->date())
                                                      : std::nullopt;
}

std::optional<KeyValidity> certified(const std::string& member, const Event& event) {
  const Value* key = event.field("key");
  const Value* role = event.field("role");
  const Bytes* bytes = key == nullptr ? nullptr : std::get_if<Bytes>(&key->is);
  const auto known = role != nullptr && role->text() != nullptr ? key_role(*role->text())
                                                                : std::optional<KeyRole>();
  KeyValidity out;
  if (bytes == nullptr || bytes->size() != out.key.bytes.size() || !known) {
    return std::nullopt;
  }
  out.member = member;
  out.role = *known;
  std::copy(bytes->begin(), bytes->end(), out.key.bytes.begin());
  out.from = date_field(event, "valid_from");
  out.to = date_field(event, "valid_to");
  return out;
}

__extension__ using Wide = unsigned __int128;

/// value · by / of, rounded down, where the product may be larger than 64 bits.
std::uint64_t scaled(std::uint64_t value, std::uint64_t by, std::uint64_t of) {
  return of == 0 ? 0 : static_cast<std::uint64_t>(Wide{value} * by / of);
}

json::value optional_json(const std::optional<std::uint64_t>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::value optional_json(const std::optional<Date>& date) {
  return date ? json::value(date->text()) : json::value(nullptr);
}

json::object disk_json(const DiskUse& disk, Moment now) {
  json::array kinds;
  for (const auto& [kind, bytes] : disk.kinds) {
    kinds.push_back(json::object{{"kind", kind}, {"bytes", bytes}});
  }
  json::array members;
  for (const LogGrowth& log : disk.logs) {
    const auto entries = entries_in_a_year(log, now);
    const auto bytes =
        entries ? std::optional(scaled(log.bytes, *entries, log.entries)) : std::nullopt;
    members.push_back(json::object{{"member", log.member},
                                   {"origin", log.origin},
                                   {"entries", log.entries},
                                   {"bytes", log.bytes},
                                   {"entries_in_a_year", optional_json(entries)},
                                   {"bytes_in_a_year", optional_json(bytes)}});
  }
  return json::object{{"folder_bytes", disk.folder_bytes},
                      {"free_bytes", optional_json(disk.free_bytes)},
                      {"bytes_in_a_year", optional_json(bytes_in_a_year(disk, now))},
                      {"full_on", optional_json(full_on(disk, now))},
                      {"kinds", std::move(kinds)},
                      {"members", std::move(members)}};
}

}  // namespace

std::string key_state(const KeyValidity& key, Date today) {
  if (key.to && *key.to < today) {
    return "expired";
  }
  if (key.from && today < *key.from) {
    return "upcoming";
  }
  return key.to && key.to->days - today.days <= kKeyNoticeDays ? "expiring" : "valid";
}

std::vector<KeyValidity> key_validities(
    const Charter& charter, std::span<const std::pair<std::string, Event>> certifications,
    Moment now) {
  std::map<std::pair<std::string, Bytes>, KeyValidity> keys;
  const auto bytes_of = [](const PublicKey& key) {
    return Bytes(key.bytes.begin(), key.bytes.end());
  };
  std::set<std::string> taking_part;
  for (const Member& member : charter.members) {
    if (!member.is_active()) {
      continue;
    }
    taking_part.insert(member.id);
    for (const auto& [role, key] : member.keys) {
      keys[{member.id, bytes_of(key)}] = {member.id, role, key, std::nullopt, std::nullopt};
    }
    for (const KeyTerm& term : member.terms) {
      const bool over = term.until && *term.until < now;
      const auto held = keys.find({member.id, bytes_of(term.key)});
      if (held != keys.end() || !over) {
        KeyValidity& validity = keys[{member.id, bytes_of(term.key)}];
        validity = {member.id, term.role, term.key, std::nullopt, std::nullopt};
        validity.from = term.from ? std::optional(term.from->date()) : std::nullopt;
        validity.to = term.until ? std::optional(term.until->date()) : std::nullopt;
      }
    }
  }
  for (const auto& [member, event] : certifications) {
    auto validity = certified(member, event);
    if (validity && taking_part.contains(member)) {
      const std::pair key(member, bytes_of(validity->key));
      keys[key] = *std::move(validity);
    }
  }
  std::vector<KeyValidity> out;
  for (auto& [id, validity] : keys) {
    out.push_back(std::move(validity));
  }
  const auto rank = [](const KeyValidity& key) {
    return std::tuple(key.member, key.role, !key.to, key.to.value_or(Date{}), key.key.bytes);
  };
  std::sort(out.begin(), out.end(),
            [&](const KeyValidity& a, const KeyValidity& b) { return rank(a) < rank(b); });
  return out;
}

std::optional<std::uint64_t> entries_in_a_year(const LogGrowth& log, Moment now) {
  const Moment begin{now.ms - kYearDays * kDayMs};
  if (log.sizes.empty() || now.ms - log.sizes.front().first.ms < kForecastDaysMin * kDayMs) {
    return std::nullopt;
  }
  auto from = log.sizes.front();
  for (const auto& size : log.sizes) {
    from = size.first <= begin ? size : from;
  }
  const std::uint64_t gained = log.entries - std::min(log.entries, from.second);
  // What was dated longer ago than a year stands for the beginning of it.
  const std::int64_t ms = std::min(now.ms - from.first.ms, kYearDays * kDayMs);
  return scaled(gained, static_cast<std::uint64_t>(kYearDays * kDayMs),
                static_cast<std::uint64_t>(ms));
}

std::optional<std::uint64_t> bytes_in_a_year(const DiskUse& disk, Moment now) {
  std::uint64_t entries = 0;
  std::optional<std::uint64_t> expected;
  for (const LogGrowth& log : disk.logs) {
    entries += log.entries;
    if (const auto more = entries_in_a_year(log, now)) {
      expected = expected.value_or(0) + *more;
    }
  }
  return expected && entries > 0 ? std::optional(scaled(disk.folder_bytes, *expected, entries))
                                 : std::nullopt;
}

std::optional<Date> full_on(const DiskUse& disk, Moment now) {
  const auto more = bytes_in_a_year(disk, now);
  if (!more || *more == 0 || !disk.free_bytes) {
    return std::nullopt;
  }
  if (*disk.free_bytes / *more >= static_cast<std::uint64_t>(kFullWithinYears)) {
    return std::nullopt;
  }
  const std::uint64_t days = scaled(*disk.free_bytes, kYearDays, *more);
  return Date{now.date().days + static_cast<std::int32_t>(days)};
}

std::string operations_json(const DiskUse& disk, std::span<const KeyValidity> keys,
                            const Result<std::string>& backups, Moment now) {
  const Date today = now.date();
  json::array listed;
  for (const KeyValidity& key : keys) {
    listed.push_back(json::object{{"member", key.member},
                                  {"role", name(key.role)},
                                  {"public", base64_encode(key.key.bytes)},
                                  {"from", optional_json(key.from)},
                                  {"to", optional_json(key.to)},
                                  {"state", key_state(key, today)}});
  }
  json::value copies(nullptr);
  if (backups) {
    if (auto parsed = parse_json(*backups, kBackupsBytesMax)) {
      copies = *std::move(parsed);
    }
  } else {
    copies = json::object{{"reason", backups.error().message}, {"hint", backups.error().hint}};
  }
  return json::serialize(json::object{{"now", now.text()},
                                      {"disk", disk_json(disk, now)},
                                      {"keys", std::move(listed)},
                                      {"backups", std::move(copies)}});
}

}  // namespace hefu
