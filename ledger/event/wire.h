#pragma once

// Canonical Cap'n Proto messages, for the codecs of this folder alone: this is the only header here
// that shows Cap'n Proto's.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <capnp/any.h>
#include <capnp/message.h>
#include <kj/exception.h>

#include "crypto/bytes.h"
#include "crypto/result.h"

namespace hefu::wire {

/// One segment without framing, already found canonical, read in place if it is aligned and
/// otherwise copied. The bytes must outlive the message. Its size must be a positive multiple of 8.
class CanonicalMessage {
 public:
  explicit CanonicalMessage(BytesView bytes);

  /// The root structure. May throw kj::Exception, as may everything read from it.
  template <typename Struct>
  typename Struct::Reader root() {
    return reader_.getRoot<Struct>();
  }

 private:
  std::vector<std::uint64_t> copy_;  // only if the bytes were not aligned
  kj::ArrayPtr<const capnp::word> segments_[1];
  capnp::SegmentArrayMessageReader reader_;
};

/// Whether bytes of this many can be a message of at most `bytes_max`. Errors: kInvalid, kTooLarge.
Result<void> check_message_size(const char* what, std::size_t bytes, std::size_t bytes_max);

/// The same for the bytes themselves, and whether they are canonical.
Result<void> check_message(const char* what, BytesView bytes, std::size_t bytes_max);

/// True if a structure carries more than schema 1 knows. In canonical form a longer structure means
/// that something is set there.
bool has_unknown_fields(capnp::AnyStruct::Reader structure, std::size_t data_bytes,
                        std::size_t pointers);

inline BytesView view(capnp::Data::Reader data) {
  return {data.begin(), data.size()};
}
inline capnp::Data::Reader data(BytesView bytes) {
  return capnp::Data::Reader(bytes.data(), bytes.size());
}

/// Canonical bytes of a structure that was built. May throw kj::Exception.
template <typename Builder>
Bytes canonical_bytes(Builder structure) {
  const kj::Array<capnp::word> words = capnp::canonicalize(structure.asReader());
  const auto bytes = words.asBytes();
  return {bytes.begin(), bytes.end()};
}

}  // namespace hefu::wire
