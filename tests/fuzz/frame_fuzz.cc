// Frames: the reader never takes more than it is given, and gives the same frames however the
// stream is cut. The first byte chooses the cut.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "crypto/bytes.h"
#include "node/net/frame.h"

namespace {

constexpr std::uint32_t kBytesMax = 4096;

struct Outcome {
  std::vector<hefu::Bytes> frames;
  bool refused = false;
  bool operator==(const Outcome&) const = default;
};

Outcome read(hefu::BytesView stream, std::size_t piece) {
  hefu::FrameReader reader(kBytesMax);
  Outcome outcome;
  while (!stream.empty()) {
    const auto now = stream.first(std::min(piece, stream.size()));
    const auto used = reader.feed(now);
    if (!used) {
      HEFU_ASSERT(used.error().code == hefu::Errc::kTooLarge);
      outcome.refused = true;
      return outcome;
    }
    HEFU_ASSERT(*used <= now.size());
    HEFU_ASSERT(*used > 0 || reader.complete());
    stream = stream.subspan(*used);
    if (reader.complete()) {
      outcome.frames.push_back(reader.take());
      HEFU_ASSERT(outcome.frames.back().size() <= kBytesMax);
    }
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const hefu::BytesView stream(data + 1, size - 1);
  HEFU_ASSERT(read(stream, std::size_t{1} + data[0]) == read(stream, size));
  return 0;
}
