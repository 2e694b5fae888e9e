// HTTP requests: never a crash, bodies within the bound, and the same requests however the stream
// is cut (a bad head may be refused earlier or later). The first byte chooses the cut.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "api/http_parser.h"
#include "crypto/bytes.h"

namespace {

constexpr std::size_t kBodyBytesMax = 300;

// One line per accepted request.
std::vector<std::string> read(hefu::BytesView stream, std::size_t piece) {
  hefu::HttpParserLimits limits;
  limits.header_bytes_max = 1000;
  limits.body_bytes_max = kBodyBytesMax;
  hefu::HttpParser parser(limits);
  std::vector<std::string> seen;
  while (!stream.empty()) {
    const auto now = stream.first(std::min(piece, stream.size()));
    stream = stream.subspan(now.size());
    auto state = parser.feed(now);
    while (state != hefu::HttpParser::State::kMore) {
      if (state == hefu::HttpParser::State::kRefused) {
        HEFU_ASSERT(parser.refusal_status() >= 400);
        return seen;
      }
      if (state == hefu::HttpParser::State::kComplete) {
        const hefu::HttpRequest request = parser.take();
        HEFU_ASSERT(request.body.size() <= kBodyBytesMax);
        seen.push_back(request.method + ' ' + request.target + ' ' +
                       std::string(hefu::as_text(request.body)));
      }
      state = parser.resume();
    }
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const hefu::BytesView stream(data + 1, size - 1);
  HEFU_ASSERT(read(stream, std::size_t{1} + data[0] % 40) == read(stream, size));
  return 0;
}
