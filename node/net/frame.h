#pragma once

#include <cstddef>
#include <cstdint>

#include "crypto/bytes.h"
#include "crypto/result.h"

namespace hefu {

/// Largest frame body any node sends or accepts, in bytes. A pull answer of 100 envelopes of the
/// largest size fits; more is asked for in several pulls.
inline constexpr std::uint32_t kFrameBytesMax = 8U << 20U;

/// Bytes of the length in front of each frame.
inline constexpr std::size_t kFrameHeaderBytes = 4;

/// The header of a frame: the length of its body, u32 big-endian. One frame is
/// `u32be length || length bytes`; a body may be empty.
Bytes frame_header(std::uint32_t length);

/// Reassembles frames from a byte stream. Pure: no socket, no clock. Memory grows with the bytes
/// that really arrived, not with the length the sender promised.
class FrameReader {
 public:
  /// `bytes_max`: longest body accepted, at most kFrameBytesMax.
  explicit FrameReader(std::uint32_t bytes_max = kFrameBytesMax);

  /// Takes bytes up to the end of the current frame and returns how many it took; fewer than given
  /// only if the frame is now complete. Error kTooLarge once the header announces a body beyond the
  /// bound; the stream cannot be read further and must be closed.
  Result<std::size_t> feed(BytesView bytes);

  /// A whole frame waits in `take`.
  [[nodiscard]] bool complete() const { return header_read_ == kFrameHeaderBytes && missing_ == 0; }
  /// Some of a frame has arrived, but not all of it.
  [[nodiscard]] bool in_progress() const { return header_read_ > 0 && !complete(); }

  /// The body of the complete frame; the reader then waits for the next one.
  Bytes take();

 private:
  std::uint32_t bytes_max_;
  std::uint8_t header_[kFrameHeaderBytes] = {};
  std::size_t header_read_ = 0;
  std::size_t missing_ = 0;  // bytes of the body still to come; meaningful once the header is read
  Bytes body_;
};

}  // namespace hefu
