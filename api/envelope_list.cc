#include "api/envelope_list.h"

#include <cstdint>
#include <string>
#include <utility>

namespace hefu {
namespace {

constexpr std::size_t kLengthBytes = 2;
constexpr std::size_t kEnvelopeBytesLimit = 0xffff;  // what a u16 length can say

Error bad_envelope(Errc code, std::size_t number, const std::string& what) {
  return Error{code, "envelope " + std::to_string(number) + ": " + what,
               "the body is repeated u16 big-endian length and envelope"};
}

Error too_many() {
  return Error{Errc::kTooLarge, "envelopes: more than " + std::to_string(kEnvelopesMax),
               "send them in several requests"};
}

Error none() {
  return Error{Errc::kInvalid, "envelopes: none given", "send at least one"};
}

}  // namespace

Result<std::vector<Bytes>> decode_envelope_list(BytesView list) {
  if (list.empty()) {
    return none();
  }
  std::vector<Bytes> envelopes;
  while (!list.empty()) {
    const std::size_t number = envelopes.size();
    if (number == kEnvelopesMax) {
      return too_many();
    }
    if (list.size() < kLengthBytes) {
      return bad_envelope(Errc::kInvalid, number, "cut off within its length");
    }
    const std::size_t length = read_be<std::uint16_t>(list.data());
    list = list.subspan(kLengthBytes);
    if (length == 0) {
      return bad_envelope(Errc::kInvalid, number, "empty");
    }
    if (list.size() < length) {
      return bad_envelope(
          Errc::kInvalid, number,
          "cut off: " + std::to_string(list.size()) + " of " + std::to_string(length) + " bytes");
    }
    envelopes.push_back(to_bytes(list.first(length)));
    list = list.subspan(length);
  }
  return envelopes;
}

Result<Bytes> encode_envelope_list(std::span<const Bytes> envelopes) {
  if (envelopes.empty()) {
    return none();
  }
  if (envelopes.size() > kEnvelopesMax) {
    return too_many();
  }
  Bytes list;
  for (std::size_t number = 0; number < envelopes.size(); ++number) {
    const Bytes& envelope = envelopes[number];
    if (envelope.empty()) {
      return bad_envelope(Errc::kInvalid, number, "empty");
    }
    if (envelope.size() > kEnvelopeBytesLimit) {
      return bad_envelope(Errc::kTooLarge, number,
                          std::to_string(envelope.size()) + " bytes, at most " +
                              std::to_string(kEnvelopeBytesLimit));
    }
    append_be(list, static_cast<std::uint16_t>(envelope.size()));
    append(list, envelope);
  }
  return list;
}

}  // namespace hefu
