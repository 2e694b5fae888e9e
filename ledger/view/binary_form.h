#pragma once

#include <cstdint>
#include <string>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/result.h"

namespace hefu {

/// Reads a binary file field by field: whole numbers big-endian, runs of bytes behind their length
/// (u32). Every value has one form, so a file that was read writes back to the same bytes.
/// Remembers the first thing wrong; from then on gives zeros and nothing.
class BinaryReader {
 public:
  /// `bytes` must outlive it. `what` begins every error: "fraud proof".
  BinaryReader(BytesView bytes, std::string what) : rest_(bytes), what_(std::move(what)) {}

  template <typename Integer>
  Integer number(const char* field) {
    const BytesView taken = take(sizeof(Integer), field);
    return taken.empty() ? Integer{0} : read_be<Integer>(taken.data());
  }
  Digest digest(const char* field) {
    return Digest::from_bytes(take(Digest::kSize, field)).value_or(Digest{});
  }
  /// At most `most` bytes.
  BytesView bytes(const char* field, std::size_t most) {
    const auto length = number<std::uint32_t>(field);
    if (length > most) {
      fail(Errc::kTooLarge, field,
           std::to_string(length) + " bytes, the most are " + std::to_string(most));
      return {};
    }
    return take(length, field);
  }
  /// Exactly this many.
  BytesView take(std::size_t count, const char* field) {
    if (rest_.size() < count) {
      fail(Errc::kInvalid, field, "the file ends in it");
      return {};
    }
    const BytesView taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  void fail(Errc code, const std::string& field, const std::string& reason) {
    if (failure_.ok()) {
      failure_ = Error{code, what_ + ": " + field + ": " + reason,
                       "the file is damaged or was not written by Hefu"};
    }
    rest_ = {};
  }
  [[nodiscard]] bool ok() const { return failure_.ok(); }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }
  /// What went wrong, if anything; bytes left over are wrong too.
  Result<void> end() {
    if (ok() && !rest_.empty()) {
      fail(Errc::kInvalid, "end", "the file goes on after its last field");
    }
    return failure_;
  }

 private:
  BytesView rest_;
  const std::string what_;
  Result<void> failure_;
};

/// The same as written: a run of bytes behind its length.
inline void append_bytes(Bytes& out, BytesView bytes) {
  append_be(out, static_cast<std::uint32_t>(bytes.size()));
  append(out, bytes);
}

}  // namespace hefu
