#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/digest.h"
#include "crypto/keys.h"
#include "crypto/note.h"
#include "crypto/result.h"

namespace hefu {

/// A log's signed promise that an entry it has accepted will be in its tree by a deadline: what a
/// guest holds against its host until there is a proof of inclusion. After the signed certificate
/// timestamp and maximum merge delay of RFC 6962 §3.
///
///     "hefu/promise/v1\n" origin "\n"
///     "event " hex "\n"                  the event's id
///     "leaf " base64 "\n"                the leaf hash of its envelope
///     "from " decimal "\n"               the leaf will be at this index or a later one
///     "made " decimal "\n"               POSIX seconds, the log's clock
///     "by " decimal "\n"                 POSIX seconds: the deadline
///
/// as a signed note. Its first line is no origin (those have a domain), so it can never be read as
/// a checkpoint.
struct Promise {
  std::string origin;
  Digest event;
  Digest leaf;
  std::uint64_t from = 0;
  std::uint64_t made = 0;
  std::uint64_t by = 0;

  bool operator==(const Promise&) const = default;
  [[nodiscard]] std::string text() const;
};

inline constexpr std::size_t kPromiseBytesMax = 2048;

/// Precondition: is_key_name(origin), made <= by <= 2^62.
std::string sign_promise(const Promise& promise, const SecretKey& log_key);

/// Reads a promise's form; verifies nothing. Errors: kInvalid naming the line, kTooLarge,
/// kUnsupported (other version).
Result<Promise> parse_promise(std::string_view note);

/// Reads and verifies it; `log_key` is named like the origin. Errors: those of parse_promise,
/// kUnverified.
Result<Promise> open_promise(std::string_view note, const VerifierKey& log_key);

}  // namespace hefu
