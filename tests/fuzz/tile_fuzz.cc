// Tile paths, tiles and entry bundles.

#include "crypto/result.h"
#include "ledger/log/tile.h"
#include "ledger/log/tile_nodes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hefu;
  const BytesView bytes(data, size);
  if (const auto id = parse_tile_path(as_text(bytes))) {
    HEFU_ASSERT(id->path() == as_text(bytes));
    (void)tile_width(id->level, id->index, kTreeSizeMax);
  }
  if (size == 0) {
    return 0;
  }
  const std::uint32_t width = data[0] + std::uint32_t{1};
  const BytesView rest = bytes.subspan(1);
  if (const auto entries = decode_entry_bundle(rest, width)) {
    Bytes again;
    for (const BytesView entry : *entries) {
      HEFU_ASSERT(append_to_entry_bundle(again, entry).ok());
    }
    HEFU_ASSERT(again == to_bytes(rest));
  }
  if (const auto hashes = decode_tile(rest, width)) {
    HEFU_ASSERT(encode_tile(*hashes) == to_bytes(rest));
    for (int level = 0; level < 8; ++level) {
      (void)node_in_tile(locate_node(level, width / 3), *hashes);
    }
  }
  // A server that answers every request with these bytes.
  TileNodes nodes(std::uint64_t{width} * 1000,
                  [&](const TileId&) -> Result<Bytes> { return to_bytes(rest); });
  (void)prove_inclusion(width, std::uint64_t{width} * 1000, nodes.reader());
  return 0;
}
