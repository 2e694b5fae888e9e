#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/view/live_state.h"
#include "node/market/listing.h"
#include "node/market/words.h"

namespace hefu {

/// Listings that are looked through at most; of more, those that hold longest.
inline constexpr std::size_t kListingsMax = 50'000;
/// Words of one question that are looked for at most.
inline constexpr std::size_t kQueryWordsMax = 16;

/// Where a page of hits begins or ends: hits are in the order of falling points, then rising ids.
/// Written "<points>-<id>".
struct HitPlace {
  std::int64_t points = 0;
  EventId id;

  /// Whether a hit at `other` comes after this one.
  [[nodiscard]] bool comes_before(const HitPlace& other) const {
    return points != other.points ? points > other.points : id < other.id;
  }
  [[nodiscard]] std::string text() const;
  static std::optional<HitPlace> parse(std::string_view text);
};

/// Which listings to look for. Empty texts do not filter.
struct ListingSearch {
  std::string text;       ///< any text; its words are looked for
  std::string direction;  ///< "supply" or "demand"
  std::string category;
  std::string issuer;        ///< institution
  std::string place;         ///< beginning of a division code: "1502" for all of Baotou
  std::string availability;  ///< as `availability` names it
  Date on;                   ///< the day that decides what is open
  std::optional<HitPlace> after;
  std::size_t limit = 100;
};

/// A listing that was found.
struct Hit {
  HitPlace place;
  const Listing* listing = nullptr;
  std::vector<std::string> found;  ///< words of the question it holds, in their order
};

struct Hits {
  std::vector<std::string> words;  ///< what was looked for
  std::size_t total = 0;           ///< on all pages
  std::vector<Hit> hits;
  bool more = false;
};

/// The records of supply and demand, their words, and which records name which: a view over the
/// records at a cut, kept up to date step by step, disposable, and no evidence of anything. Equal
/// records give equal answers, whatever the order in which they came. Not thread-safe.
class Market {
 public:
  explicit Market(std::size_t listings_max = kListingsMax) : listings_max_(listings_max) {}

  /// Steps must come in their order, the first one made from whole logs.
  void take(const LiveState::Step& step);
  /// The state of the last step; null before the first.
  [[nodiscard]] const LedgerState* state() const { return state_.get(); }

  /// A listing is found if it holds at least half of the question's words, rounded up; in Chinese a
  /// word counts wherever its characters stand together. Each word it holds gives `rarity` points,
  /// three times as many in the title, and half as many again, rounded down, where it stands as a
  /// word of its own. Without a question: all, the latest first day first.
  [[nodiscard]] Hits search(const ListingSearch& search) const;

  /// 1 for a word that all listings hold, 1 more with every halving of their number: floor(log2 of
  /// listings per listing that holds it) + 1. Zero if none does.
  [[nodiscard]] std::int64_t rarity(const std::string& word) const;

  [[nodiscard]] const Listing* listing(const EventId& id) const;
  /// By id.
  [[nodiscard]] const std::map<EventId, Listing>& listings() const { return listings_; }
  /// How many are not looked through (kListingsMax).
  [[nodiscard]] std::size_t left_out() const { return by_end_.size() - listings_.size(); }

  /// The record an event is a version of; null if no record held is.
  [[nodiscard]] std::shared_ptr<const Record> record_of(const EventId& version) const;
  /// Records that name a version of this one in a field of theirs, and in which field. By id.
  [[nodiscard]] std::vector<std::pair<EventId, std::string>> naming(const Record& record) const;
  /// Events that a record names, by field.
  [[nodiscard]] std::vector<std::pair<std::string, EventId>> named_by(const Record& record) const;
  /// The matches between a listing and others, by id.
  [[nodiscard]] std::vector<std::shared_ptr<const Record>> matches(const EventId& listing) const;

  [[nodiscard]] const Words& words() const { return words_; }

 private:
  void put(const std::shared_ptr<const Record>& record);
  void drop(const EventId& id);
  void fit();
  void add(const EventId& id);
  void remove(const EventId& id);

  const std::size_t listings_max_;
  const Words words_;

  std::shared_ptr<const LedgerState> state_;
  std::set<std::pair<Date, EventId>> by_end_;       // all listings, by their last day
  std::map<EventId, Date> ends_;                    // the same by id
  std::map<EventId, Listing> listings_;             // those that are looked through
  std::map<std::string, std::size_t> word_counts_;  // listings that hold a word
  std::map<EventId, std::set<std::pair<EventId, std::string>>> naming_;  // by the event named
  std::map<EventId, std::vector<EventId>> names_;                        // what a record names
  std::map<EventId, EventId> version_of_;             // versions after the first, and their records
  std::map<EventId, std::vector<EventId>> versions_;  // the same by record
};

}  // namespace hefu
