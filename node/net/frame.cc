#include "node/net/frame.h"

#include <algorithm>
#include <string>
#include <utility>

namespace hefu {

Bytes frame_header(std::uint32_t length) {
  Bytes header;
  append_be(header, length);
  return header;
}

FrameReader::FrameReader(std::uint32_t bytes_max) : bytes_max_(bytes_max) {
  HEFU_ASSERT(bytes_max <= kFrameBytesMax);
}

Result<std::size_t> FrameReader::feed(BytesView bytes) {
  std::size_t used = 0;
  if (header_read_ < kFrameHeaderBytes) {
    used = std::min(bytes.size(), kFrameHeaderBytes - header_read_);
    std::copy_n(bytes.begin(), used, header_ + header_read_);
    header_read_ += used;
    if (header_read_ < kFrameHeaderBytes) {
      return used;
    }
    const auto length = read_be<std::uint32_t>(header_);
    if (length > bytes_max_) {
      header_read_ = 0;
      return Error{Errc::kTooLarge,
                   "frame: announces " + std::to_string(length) + " bytes, at most " +
                       std::to_string(bytes_max_) + " are accepted",
                   "ask for fewer entries at a time"};
    }
    missing_ = length;
  }
  const std::size_t more = std::min(bytes.size() - used, missing_);
  append(body_, bytes.subspan(used, more));
  missing_ -= more;
  return used + more;
}

Bytes FrameReader::take() {
  HEFU_ASSERT(complete());
  header_read_ = 0;
  return std::exchange(body_, Bytes{});
}

}  // namespace hefu
