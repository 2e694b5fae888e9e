#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ledger/charter/charter.h"
#include "ledger/event/event.h"

namespace hefu {

/// A key is said to expire soon from so many days before its last day on.
inline constexpr std::int32_t kKeyNoticeDays = 60;
/// Days a log must have been growing before anything is said about a year.
inline constexpr std::int32_t kForecastDaysMin = 30;

/// What an operator is told of one key of a member.
struct KeyValidity {
  std::string member;
  KeyRole role = KeyRole::kRegistrar;
  PublicKey key;
  std::optional<Date> from;  ///< none: since the federation was founded
  std::optional<Date> to;    ///< last day; none: no end is set
};

/// "valid"; "expiring", within kKeyNoticeDays; "expired"; "upcoming".
std::string key_state(const KeyValidity& key, Date today);

/// The keys of all members that take part: those of the charter, and those certified by events,
/// with the dates of the last certification of each. By member, role, last day, key.
/// `certifications`: events of type key-certification with the ids of the members whose logs hold
/// them, in the order of each log; what is no well-formed certification is left out.
std::vector<KeyValidity> key_validities(
    const Charter& charter, std::span<const std::pair<std::string, Event>> certifications,
    Moment now);

/// What one log takes up, and how it grew.
struct LogGrowth {
  std::string member;
  std::string origin;
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;  ///< of its entries
  /// Sizes that witnesses dated, rising.
  std::vector<std::pair<Moment, std::uint64_t>> sizes;
};

/// Entries the log will gain within a year if it goes on as in the last one: those since the last
/// size dated 365 days ago or earlier, else since the first size, made up to a year. None where the
/// first dated size is younger than kForecastDaysMin.
std::optional<std::uint64_t> entries_in_a_year(const LogGrowth& log, Moment now);

/// The room on a node's disk.
struct DiskUse {
  std::uint64_t folder_bytes = 0;           ///< all files of the data folder
  std::optional<std::uint64_t> free_bytes;  ///< left on the disk it lies on
  /// The same by what it holds: "entries" of logs; "indexes", with trees and what is held for
  /// others; "journal", what was written last; "set-aside", damaged databases; "other".
  std::vector<std::pair<std::string, std::uint64_t>> kinds;
  std::vector<LogGrowth> logs;
};

/// Bytes the folder will gain within a year: what an entry takes up today, indexes and trees
/// included, times the entries expected of all logs. None while no log allows a forecast.
std::optional<std::uint64_t> bytes_in_a_year(const DiskUse& disk, Moment now);
/// The day on which the disk is full at that pace, if that is within fifty years.
std::optional<Date> full_on(const DiskUse& disk, Moment now);

/// {"now","disk":{…},"keys":[…],"backups":…}: as GET /v1/operations answers. `backups`: JSON, as
/// GET /v1/backups answers, or why there are none.
std::string operations_json(const DiskUse& disk, std::span<const KeyValidity> keys,
                            const Result<std::string>& backups, Moment now);

}  // namespace hefu
