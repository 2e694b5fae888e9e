#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "crypto/entropy.h"
#include "crypto/result.h"
#include "ledger/event/event.h"

namespace hefu::sheet {

/// What an institution remembers of the rows it has recorded, one book per event type, so that a
/// row sent again is the same event, whichever file it stands in and whatever else changed there.
///
/// A row gets a random seed before it is first sent; nonce and salts of its event come from that
/// seed and nowhere else (SeededDraws), so an import that was interrupted makes the same events
/// again, byte for byte, and the node answers with the places they have. As soon as a row's place
/// is known its seed is dropped: what is left does not open the event's personal fields. A row is
/// recognised by a hash of what it says under a random key of this book.
///
/// Text, private to its owner: "hefu/sheet-rows/v1 <key>", then one line for each row,
///
///     <row> <event> <seed or -> <created_at, ms> <index or ->
class RowBook {
 public:
  using Seed = std::array<std::uint8_t, 32>;
  struct Entry {
    EventId event;
    std::optional<Seed> seed;  ///< until the place is known
    Moment created_at;
    std::optional<std::uint64_t> index;  ///< place in the institution's log
  };

  /// An empty text is a new book. Errors: kCorrupt, naming the line.
  static Result<RowBook> read(std::string_view text, Entropy& entropy);

  /// The row's name in this book. `occurrence`: 0 for the first row of a sheet that says this, 1
  /// for the second.
  [[nodiscard]] Digest row(std::string_view content, std::uint32_t occurrence) const;
  [[nodiscard]] const Entry* find(const Digest& row) const;
  void set(const Digest& row, const Entry& entry) { entries_[row] = entry; }
  void place(const Digest& row, std::uint64_t index);
  void forget(const Digest& row) { entries_.erase(row); }
  /// Forgets an event whose personal fields were erased; whether it was in the book.
  bool forget(const EventId& event);
  [[nodiscard]] std::string text() const;

 private:
  Seed key_{};
  std::map<Digest, Entry> entries_;
};

/// Draws that follow from a seed alone.
class SeededDraws final : public Entropy {
 public:
  explicit SeededDraws(const RowBook::Seed& seed) : seed_(seed) {}
  void fill(std::span<std::uint8_t> out) override;

 private:
  RowBook::Seed seed_;
  std::uint32_t block_ = 0;
};

}  // namespace hefu::sheet
