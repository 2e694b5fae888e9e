#include "ledger/event/wire.h"

#include <cstring>

#include "ledger/event/canonical.h"
#include "ledger/event/limits.h"

namespace hefu::wire {

namespace {

// Structure, list of fields, field, value, then a list and a value for each level of nesting, and
// the text in the last of them.
constexpr int kObjectDepthMax = 4 + 2 * kListDepthMax + 1;

capnp::ReaderOptions options(std::size_t words) {
  capnp::ReaderOptions result;
  // Canonical objects do not overlap, so reading costs each word once, or a few times for a text
  // that is asked for again. Elements without content cost a word each although they take no space.
  result.traversalLimitInWords = 8 * words + 2 * kListElementsMax;
  result.nestingLimit = kObjectDepthMax;
  return result;
}

kj::ArrayPtr<const capnp::word> aligned(BytesView bytes, std::vector<std::uint64_t>& copy) {
  const std::size_t words = bytes.size() / sizeof(capnp::word);
  const void* start = bytes.data();
  if (reinterpret_cast<std::uintptr_t>(start) % alignof(std::uint64_t) != 0) {
    copy.resize(words);
    std::memcpy(copy.data(), bytes.data(), words * sizeof(capnp::word));
    start = copy.data();
  }
  return {static_cast<const capnp::word*>(start), words};
}

}  // namespace

CanonicalMessage::CanonicalMessage(BytesView bytes)
    : segments_{aligned(bytes, copy_)},
      reader_(kj::ArrayPtr<const kj::ArrayPtr<const capnp::word>>(segments_, 1),
              options(bytes.size() / sizeof(capnp::word))) {}

Result<void> check_message_size(const char* what, std::size_t bytes, std::size_t bytes_max) {
  if (bytes > bytes_max) {
    return Error{Errc::kTooLarge,
                 std::string(what) + ": " + std::to_string(bytes) + " bytes, at most " +
                     std::to_string(bytes_max),
                 "attach long documents as evidence; split long lists over several events"};
  }
  if (bytes == 0 || bytes % sizeof(capnp::word) != 0) {
    return Error{
        Errc::kInvalid,
        std::string(what) + ": " + std::to_string(bytes) + " bytes are not whole words of 8 bytes",
        "the bytes were cut off or are something else"};
  }
  return {};
}

Result<void> check_message(const char* what, BytesView bytes, std::size_t bytes_max) {
  if (auto size = check_message_size(what, bytes.size(), bytes_max); !size) {
    return size;
  }
  if (!is_canonical(bytes, kListElementsMax, kObjectDepthMax)) {
    return Error{Errc::kInvalid, std::string(what) + ": not in canonical form",
                 "the bytes are damaged, something else, or written by a program that does not "
                 "follow event.capnp"};
  }
  return {};
}

bool has_unknown_fields(capnp::AnyStruct::Reader structure, std::size_t data_bytes,
                        std::size_t pointers) {
  return structure.getDataSection().size() > data_bytes ||
         structure.getPointerSection().size() > pointers;
}

}  // namespace hefu::wire
