#include "ledger/log/tile.h"

#include <algorithm>
#include <array>
#include <optional>

#include "ledger/log/lines.h"
#include "ledger/merkle/proof.h"

namespace hefu {

namespace {

constexpr int kTileHeight = 8;  // 2^8 = kFullTileWidth
constexpr std::size_t kGroupDigits = 3;
constexpr std::uint64_t kGroupBase = 1000;

Error bad_path(std::string_view path, const std::string& why) {
  // Only a beginning: the path is foreign and may be long.
  return Error{Errc::kInvalid, "tile path \"" + std::string(path.substr(0, 64)) + "\": " + why,
               "tile/<level or entries>/<index in groups of three digits>[.p/<width>]"};
}

/// Hashes (or entries) that a tree of `size` leaves has on a tile level in all.
std::uint64_t level_count(int level, std::uint64_t size) {
  const int shift = kTileHeight * std::max(level, 0);
  return shift < 64 ? size >> shift : 0;
}

std::string three_digits(std::uint64_t group) {
  const std::string digits = std::to_string(group);
  return std::string(kGroupDigits - digits.size(), '0') + digits;
}

/// "x001/x234/067" to 1234067. No group may be left out or be there in vain.
std::optional<std::uint64_t> parse_index(std::string_view text) {
  std::uint64_t index = 0;
  for (bool first = true;; first = false) {
    const bool last = text.find('/') == std::string_view::npos;
    const std::size_t prefix = last ? 0 : 1;
    if (text.size() < prefix + kGroupDigits || (!last && text.front() != 'x')) {
      return std::nullopt;
    }
    std::uint64_t group = 0;
    for (const char digit : text.substr(prefix, kGroupDigits)) {
      if (digit < '0' || digit > '9') {
        return std::nullopt;
      }
      group = group * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    if (first && !last && group == 0) {
      return std::nullopt;
    }
    if (index > (kTreeSizeMax - group) / kGroupBase) {
      return std::nullopt;
    }
    index = index * kGroupBase + group;
    text.remove_prefix(prefix + kGroupDigits);
    if (last) {
      return text.empty() ? std::optional(index) : std::nullopt;
    }
    if (text.front() != '/') {
      return std::nullopt;
    }
    text.remove_prefix(1);
  }
}

}  // namespace

std::string TileId::path() const {
  HEFU_ASSERT(level >= kEntriesLevel && level <= kTileLevelMax);
  HEFU_ASSERT(width >= 1 && width <= kFullTileWidth);
  std::string groups = three_digits(index % kGroupBase);
  for (std::uint64_t rest = index / kGroupBase; rest != 0; rest /= kGroupBase) {
    groups.insert(0, "x" + three_digits(rest % kGroupBase) + "/");
  }
  std::string path = "tile/";
  path += level == kEntriesLevel ? "entries" : std::to_string(level);
  path += "/" + groups;
  if (!is_full()) {
    path += ".p/" + std::to_string(width);
  }
  return path;
}

Result<TileId> parse_tile_path(std::string_view path) {
  static constexpr std::string_view kStart = "tile/";
  static constexpr std::string_view kPartial = ".p/";
  std::string_view rest = path;
  if (rest.substr(0, kStart.size()) != kStart) {
    return bad_path(path, "does not start with tile/");
  }
  rest.remove_prefix(kStart.size());

  TileId id;
  const std::size_t slash = rest.find('/');
  const std::string_view level_text = rest.substr(0, slash);
  if (slash == std::string_view::npos) {
    return bad_path(path, "has no index");
  }
  if (level_text == "entries") {
    id.level = kEntriesLevel;
  } else {
    const auto level = parse_decimal_line(level_text);
    if (!level || *level > static_cast<std::uint64_t>(kTileLevelMax)) {
      return bad_path(path, "the level is not a number from 0 to 63");
    }
    id.level = static_cast<int>(*level);
  }
  rest.remove_prefix(slash + 1);

  const std::size_t partial = rest.find(kPartial);
  if (partial != std::string_view::npos) {
    const auto width = parse_decimal_line(rest.substr(partial + kPartial.size()));
    if (!width || *width == 0 || *width >= kFullTileWidth) {
      return bad_path(path, "the width is not a number from 1 to 255");
    }
    id.width = static_cast<std::uint32_t>(*width);
  }
  const auto index = parse_index(rest.substr(0, partial));
  if (!index) {
    return bad_path(path, "the index is not in groups of three digits");
  }
  id.index = *index;
  return id;
}

std::uint32_t tile_width(int level, std::uint64_t index, std::uint64_t size) {
  const std::uint64_t count = level_count(level, size);
  const std::uint64_t full = count / kFullTileWidth;
  if (index < full) {
    return kFullTileWidth;
  }
  return index == full ? static_cast<std::uint32_t>(count % kFullTileWidth) : 0;
}

std::vector<TileId> tiles_for_growth(std::uint64_t old_size, std::uint64_t size) {
  HEFU_ASSERT(old_size <= size && size <= kTreeSizeMax);
  std::vector<TileId> tiles;
  for (int level = kEntriesLevel; level_count(level, size) != 0; ++level) {
    const std::uint64_t old_count = level_count(level, old_size);
    const std::uint64_t count = level_count(level, size);
    if (count == old_count) {
      continue;
    }
    for (std::uint64_t index = old_count / kFullTileWidth; index * kFullTileWidth < count;
         ++index) {
      tiles.push_back(TileId{level, index, tile_width(level, index, size)});
    }
  }
  return tiles;
}

NodePlace locate_node(int level, std::uint64_t index) {
  HEFU_ASSERT(level >= 0 && level < 64);
  const int within = level % kTileHeight;
  // The node's own level seen from the tile's hashes: it spans 2^within of them.
  NodePlace place;
  place.tile_level = level / kTileHeight;
  place.count = std::uint32_t{1} << within;
  const std::uint64_t nodes_per_tile = kFullTileWidth / place.count;
  place.tile_index = index / nodes_per_tile;
  place.first = static_cast<std::uint32_t>(index % nodes_per_tile) * place.count;
  return place;
}

Result<Digest> node_in_tile(const NodePlace& place, std::span<const Digest> tile) {
  if (place.first + place.count > tile.size()) {
    return Error{Errc::kCorrupt,
                 "tile " + std::to_string(place.tile_level) + "/" +
                     std::to_string(place.tile_index) + " has " + std::to_string(tile.size()) +
                     " hashes, " + std::to_string(place.first + place.count) + " are needed",
                 ""};
  }
  std::array<Digest, kFullTileWidth> row;
  std::copy_n(tile.begin() + place.first, place.count, row.begin());
  for (std::size_t width = place.count; width > 1; width /= 2) {
    for (std::size_t i = 0; i < width / 2; ++i) {
      row[i] = node_hash(row[2 * i], row[2 * i + 1]);
    }
  }
  return row[0];
}

Result<std::vector<Digest>> decode_tile(BytesView bytes, std::uint32_t width) {
  if (bytes.size() != std::size_t{width} * Digest::kSize) {
    return Error{Errc::kInvalid,
                 "tile: " + std::to_string(bytes.size()) + " bytes are not " +
                     std::to_string(width) + " hashes",
                 ""};
  }
  std::vector<Digest> hashes(width);
  for (std::size_t i = 0; i < width; ++i) {
    const BytesView hash = bytes.subspan(i * Digest::kSize, Digest::kSize);
    std::copy(hash.begin(), hash.end(), hashes[i].bytes.begin());
  }
  return hashes;
}

Bytes encode_tile(std::span<const Digest> hashes) {
  Bytes bytes;
  bytes.reserve(hashes.size() * Digest::kSize);
  for (const Digest& hash : hashes) {
    append(bytes, hash.view());
  }
  return bytes;
}

Result<void> append_to_entry_bundle(Bytes& bundle, BytesView entry) {
  if (entry.size() > kEntryBytesMax) {
    return Error{Errc::kTooLarge,
                 "entry of " + std::to_string(entry.size()) + " bytes: at most " +
                     std::to_string(kEntryBytesMax) + " fit in a log",
                 "keep large content elsewhere and log its hash"};
  }
  append_be(bundle, static_cast<std::uint16_t>(entry.size()));
  append(bundle, entry);
  return {};
}

Result<std::vector<BytesView>> decode_entry_bundle(BytesView bundle, std::uint32_t width) {
  std::vector<BytesView> entries;
  entries.reserve(std::min(width, kFullTileWidth));
  while (entries.size() < width) {
    if (bundle.size() < sizeof(std::uint16_t)) {
      return Error{Errc::kInvalid,
                   "bundle: ends before the length of entry " + std::to_string(entries.size()), ""};
    }
    const std::size_t length = read_be<std::uint16_t>(bundle.data());
    bundle = bundle.subspan(sizeof(std::uint16_t));
    if (bundle.size() < length) {
      return Error{Errc::kInvalid, "bundle: ends inside entry " + std::to_string(entries.size()),
                   ""};
    }
    entries.push_back(bundle.first(length));
    bundle = bundle.subspan(length);
  }
  if (!bundle.empty()) {
    return Error{Errc::kInvalid,
                 "bundle: " + std::to_string(bundle.size()) + " bytes follow the last of " +
                     std::to_string(width) + " entries",
                 ""};
  }
  return entries;
}

}  // namespace hefu
