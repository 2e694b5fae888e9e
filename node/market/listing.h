#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/event/date.h"
#include "ledger/event/event.h"
#include "ledger/record/record.h"
#include "node/market/words.h"

namespace hefu {

inline constexpr std::string_view kListingType = "supply-demand-listing";
inline constexpr std::string_view kMatchType = "listing-match";

/// What a record of supply or demand says, as it is looked for and compared. Made from the record's
/// current version: an earlier one is never found.
struct Listing {
  EventId id;           ///< the record
  std::string issuer;   ///< institution
  bool supply = false;  ///< else demand
  std::string category;
  std::vector<std::string> industries;   ///< GB/T 4754 codes as written, without spaces, sorted
  std::string place;                     ///< GB/T 2260 division code; empty: none given
  Date from;                             ///< first day it holds
  Date to;                               ///< last day it holds
  std::string title;                     ///< folded (words.h)
  std::string text;                      ///< title, a line feed, summary; folded
  std::vector<std::string> title_words;  ///< sorted, unique
  std::vector<std::string> words;        ///< of title and summary, sorted, unique
};

/// The listing of a record; none if it is another record, or does not say what its type requires.
std::optional<Listing> listing_of(const Record& record, const Words& words);

/// Whether somebody may still take up a listing on a day, and why not. "open"; "upcoming", before
/// its first day; "expired", after its last; "matched", where its owner says so; else what ended
/// it: "retracted", "rejected", or the state its owner gave it ("withdrawn", "closed").
std::string availability(const Record& record, const Listing& listing, Date on);

}  // namespace hefu
