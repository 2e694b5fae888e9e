#include "tools/operations.h"

#include <array>
#include <cstdint>
#include <iostream>
#include <optional>
#include <string>

#include <boost/json.hpp>

#include "ledger/event/date.h"
#include "tools/home.h"
#include "tools/json.h"
#include "tools/report.h"

namespace hefu {

namespace json = boost::json;

namespace {

std::optional<std::uint64_t> number_at(const json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_number() ? std::optional(value->to_number<std::uint64_t>())
                                                : std::nullopt;
}

/// 1536 as "1.5 KiB".
std::string bytes_text(std::uint64_t bytes) {
  static constexpr std::array<const char*, 5> kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  std::uint64_t tenths = bytes * 10;
  while (tenths >= 10240 && unit + 1 < kUnits.size()) {
    tenths /= 1024;
    ++unit;
  }
  return std::to_string(tenths / 10) + (unit == 0 ? "" : "." + std::to_string(tenths % 10)) + " " +
         kUnits.at(unit);
}

std::string bytes_at(const json::object& object, const char* key) {
  const auto bytes = number_at(object, key);
  return bytes ? bytes_text(*bytes) : "?";
}

void print_disk(const json::object& disk) {
  std::cout << "disk      " << bytes_at(disk, "folder_bytes") << " used, "
            << bytes_at(disk, "free_bytes") << " free";
  if (number_at(disk, "bytes_in_a_year")) {
    std::cout << "; a year like the last one adds " << bytes_at(disk, "bytes_in_a_year");
  } else {
    std::cout << "; too young for a forecast (30 days)";
  }
  const std::string full = text_at(disk, "full_on");
  std::cout << (full.empty() ? "" : "; full on " + full) << "\n";
  for (const json::value& item : array_at(disk, "kinds")) {
    std::cout << "  kind    " << text_at(item.as_object(), "kind") << "  "
              << bytes_at(item.as_object(), "bytes") << "\n";
  }
  for (const json::value& item : array_at(disk, "members")) {
    const json::object& log = item.as_object();
    std::cout << "  log     " << text_at(log, "origin") << "  "
              << number_at(log, "entries").value_or(0) << " entries, " << bytes_at(log, "bytes");
    if (number_at(log, "entries_in_a_year")) {
      std::cout << "; in a year " << *number_at(log, "entries_in_a_year") << " more, "
                << bytes_at(log, "bytes_in_a_year");
    }
    std::cout << "\n";
  }
}

void print_key(const json::object& key) {
  const std::string to = text_at(key, "to");
  std::cout << "  key     " << text_at(key, "member") << "  " << text_at(key, "role") << "  "
            << text_at(key, "state") << "  " << text_at(key, "public").substr(0, 16) << "…"
            << (to.empty() ? ", no last day" : ", until " + to) << "\n";
}

void print_backups(const json::object& backups) {
  if (const std::string reason = text_at(backups, "reason"); !reason.empty()) {
    std::cout << "backups   " << reason << "\n          " << text_at(backups, "hint") << "\n";
    return;
  }
  const json::array& list = array_at(backups, "backups");
  std::cout << "backups   " << list.size() << " in " << text_at(backups, "folder");
  if (!list.empty()) {
    const json::object& last = list.back().as_object();
    std::cout << ", the last made " << text_at(last, "made") << " (" << bytes_at(last, "bytes")
              << ")";
  }
  const json::object* verified = object_at(backups, "verified");
  std::cout << (verified == nullptr
                    ? std::string("; none verified yet")
                    : "; number " + std::to_string(number_at(*verified, "id").value_or(0)) +
                          " verified " + text_at(*verified, "at"))
            << "\n";
}

}  // namespace

void print_operations_notes(const json::object& operations) {
  for (const json::value& item : array_at(operations, "keys")) {
    const std::string state = text_at(item.as_object(), "state");
    if (state == "expiring" || state == "expired") {
      print_key(item.as_object());
    }
  }
  const json::object* disk = object_at(operations, "disk");
  const auto now = Moment::parse(text_at(operations, "now"));
  const auto full = disk == nullptr ? std::nullopt : Date::parse(text_at(*disk, "full_on"));
  if (now && full && *full < now->date().plus_years(1)) {
    std::cout << "  disk     full on " << full->text() << " at the present pace\n";
  }
  const json::object* backups = object_at(operations, "backups");
  if (backups == nullptr) {
    return;
  }
  if (!text_at(*backups, "reason").empty()) {
    std::cout << "  backups  " << text_at(*backups, "reason") << "\n";
  } else if (array_at(*backups, "backups").empty()) {
    std::cout << "  backups  none yet: hefu backup create\n";
  } else if (object_at(*backups, "verified") == nullptr) {
    std::cout << "  backups  none verified yet: hefu backup verify\n";
  }
}

int run(Context& context, const NodeOperations& options) {
  if (context.json) {
    return print_answer(context, "/v1/operations");
  }
  auto node = open_node(context);
  auto document = node ? node->get_json("/v1/operations") : Result<json::value>(node.error());
  if (!document) {
    return report(context, document.error());
  }
  const json::object& answer = document->as_object();
  print_disk(*object_at(answer, "disk"));
  const json::array& keys = array_at(answer, "keys");
  std::size_t ending = 0;
  for (const json::value& key : keys) {
    ending += text_at(key.as_object(), "to").empty() ? 0 : 1;
  }
  std::cout << "keys      " << keys.size() << ", " << ending << " with a last day"
            << (options.all_keys ? "" : "; --all-keys shows all") << "\n";
  for (const json::value& key : keys) {
    if (options.all_keys || text_at(key.as_object(), "state") != "valid") {
      print_key(key.as_object());
    }
  }
  if (const json::object* backups = object_at(answer, "backups")) {
    print_backups(*backups);
  }
  return kExitOk;
}

}  // namespace hefu
