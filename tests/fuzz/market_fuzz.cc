// What a listing or a question says, in any bytes: folded and taken apart within bounds, into words
// that stand in it; and places in lists of hits.

#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/bytes.h"
#include "node/market/market.h"
#include "node/market/words.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const hefu::Words words;
  const std::string_view bytes = hefu::as_text({data, size});
  const std::string folded = words.folded(bytes);
  const auto found = words.of(folded);
  // A unit is three bytes at most, and begins a word and a pair at most.
  HEFU_ASSERT(folded.size() <= hefu::kIndexedUnitsMax * 3);
  HEFU_ASSERT(found.size() <= hefu::kIndexedUnitsMax * 2);
  for (const std::string& word : found) {
    HEFU_ASSERT(!word.empty() && folded.find(word) != std::string::npos);
  }
  if (const auto place = hefu::HitPlace::parse(bytes)) {
    const auto again = hefu::HitPlace::parse(place->text());
    HEFU_ASSERT(again && again->points == place->points && again->id == place->id);
  }
  return 0;
}
