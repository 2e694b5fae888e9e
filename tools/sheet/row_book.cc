#include "tools/sheet/row_book.h"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/encoding.h"

namespace hefu::sheet {

namespace {

constexpr std::string_view kHead = "hefu/sheet-rows/v1 ";

std::optional<std::int64_t> number(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value >= 0
             ? std::optional(value)
             : std::nullopt;
}

std::optional<std::pair<Digest, RowBook::Entry>> read_line(const std::string& line) {
  std::istringstream words(line);
  std::string row;
  std::string event;
  std::string seed;
  std::string created;
  std::string index;
  words >> row >> event >> seed >> created >> index;
  const auto row_digest = Digest::from_hex(row);
  const auto event_digest = Digest::from_hex(event);
  const auto seed_digest = Digest::from_hex(seed);
  const auto at = number(created);
  const auto place = number(index);
  if (!row_digest || !event_digest || !at || (!seed_digest && seed != "-") ||
      (!place && index != "-")) {
    return std::nullopt;
  }
  RowBook::Entry entry{EventId{*event_digest}, std::nullopt, Moment{*at}, std::nullopt};
  if (seed_digest) {
    entry.seed = seed_digest->bytes;
  }
  if (place) {
    entry.index = static_cast<std::uint64_t>(*place);
  }
  return std::pair(*row_digest, entry);
}

}  // namespace

Result<RowBook> RowBook::read(std::string_view text, Entropy& entropy) {
  RowBook book;
  if (text.empty()) {
    entropy.fill(book.key_);
    return book;
  }
  std::istringstream lines{std::string(text)};
  std::string line;
  std::getline(lines, line);
  const auto key =
      line.starts_with(kHead) ? Digest::from_hex(line.substr(kHead.size())) : std::nullopt;
  for (std::size_t count = 2; key && std::getline(lines, line); ++count) {
    const auto entry = read_line(line);
    if (!entry) {
      return Error{Errc::kCorrupt, "line " + std::to_string(count) + " is not one of a row",
                   "restore the file from a backup"};
    }
    book.entries_.insert(*entry);
  }
  if (!key) {
    return Error{Errc::kCorrupt, "not a book of rows", "restore the file from a backup"};
  }
  book.key_ = key->bytes;
  return book;
}

Digest RowBook::row(std::string_view content, std::uint32_t occurrence) const {
  Bytes count;
  append_be(count, occurrence);
  const Digest inner = sha256({key_, count, as_bytes(content)});
  return sha256({key_, inner.view()});
}

const RowBook::Entry* RowBook::find(const Digest& row) const {
  const auto found = entries_.find(row);
  return found == entries_.end() ? nullptr : &found->second;
}

void RowBook::place(const Digest& row, std::uint64_t index) {
  Entry& entry = entries_.at(row);
  entry.index = index;
  entry.seed.reset();
}

bool RowBook::forget(const EventId& event) {
  return std::erase_if(entries_, [&](const auto& item) { return item.second.event == event; }) != 0;
}

std::string RowBook::text() const {
  std::string text = std::string(kHead) + hex_encode(key_) + "\n";
  for (const auto& [row, entry] : entries_) {
    text += row.hex() + ' ' + entry.event.hex() + ' ' +
            (entry.seed ? hex_encode(*entry.seed) : "-") + ' ' +
            std::to_string(entry.created_at.ms) + ' ' +
            (entry.index ? std::to_string(*entry.index) : "-") + '\n';
  }
  return text;
}

void SeededDraws::fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    Bytes count;
    append_be(count, block_++);
    const Digest block = sha256({as_bytes("hefu/sheet-draw/v1"), seed_, count});
    const std::size_t size = std::min(out.size(), block.bytes.size());
    std::copy_n(block.bytes.begin(), size, out.begin());
    out = out.subspan(size);
  }
}

}  // namespace hefu::sheet
