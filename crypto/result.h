#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace hefu {

/// Why something was refused or failed. One closed list for the whole program, so that the exit
/// codes of the tools and the statuses of the API are one `switch` each.
enum class Errc : std::uint8_t {
  kInvalid,       ///< The input breaks a rule; mend the input. Retry is useless.
  kTooLarge,      ///< The input exceeds a stated bound. Split or shorten it.
  kUnsupported,   ///< Well formed, asks for something this version does not do. Upgrade.
  kNotFound,      ///< The thing named does not exist here (yet).
  kConflict,      ///< Contradicts what is already recorded. Fetch the present state first.
  kUnauthorised,  ///< The key, role or passphrase does not allow this.
  kUnverified,    ///< A signature, proof or digest does not hold. Treat the source as hostile.
  kUnavailable,   ///< A peer, node or resource does not answer now. Retry later.
  kIo,            ///< The operating system failed us; the message says on what.
  kCorrupt,       ///< Stored bytes contradict themselves. Stop and recover.
};

/// Stable lower-case name of a code, as printed in JSON.
constexpr const char* name(Errc code) {
  switch (code) {
    case Errc::kInvalid:
      return "invalid";
    case Errc::kTooLarge:
      return "too-large";
    case Errc::kUnsupported:
      return "unsupported";
    case Errc::kNotFound:
      return "not-found";
    case Errc::kConflict:
      return "conflict";
    case Errc::kUnauthorised:
      return "unauthorised";
    case Errc::kUnverified:
      return "unverified";
    case Errc::kUnavailable:
      return "unavailable";
    case Errc::kIo:
      return "io";
    case Errc::kCorrupt:
      return "corrupt";
  }
  return "invalid";
}

/// An error as a value: the code, what went wrong while doing what, and what the user can do.
/// `message` names the field, file or peer concerned and never contains a secret or personal datum.
struct Error {
  Errc code = Errc::kInvalid;
  std::string message;  ///< "field valid_to: not a calendar date"
  std::string hint;     ///< "write dates as YYYY-MM-DD"; empty if there is nothing to add

  /// The same error with "while doing this: " before the message.
  [[nodiscard]] Error during(const std::string& doing) const {
    return Error{code, doing + ": " + message, hint};
  }
};

/// Prints a message and aborts; kept on in release builds. For our own mistakes only, never for
/// bad input.
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line);

#define HEFU_ASSERT(expression) \
  ((expression) ? void(0) : ::hefu::assertion_failed(#expression, __FILE__, __LINE__))

/// A value or an Error. Reading the wrong one is an assertion failure.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result() : error_(Error{}) {}
  Result(T value) : value_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  explicit operator bool() const { return value_.has_value(); }
  [[nodiscard]] bool ok() const { return value_.has_value(); }

  T& operator*() & {
    HEFU_ASSERT(ok());
    return *value_;
  }
  const T& operator*() const& {
    HEFU_ASSERT(ok());
    return *value_;
  }
  T&& operator*() && {
    HEFU_ASSERT(ok());
    return std::move(*value_);
  }
  T* operator->() {
    HEFU_ASSERT(ok());
    return &*value_;
  }
  const T* operator->() const {
    HEFU_ASSERT(ok());
    return &*value_;
  }

  [[nodiscard]] const Error& error() const {
    HEFU_ASSERT(!ok());
    return error_;
  }

 private:
  std::optional<T> value_;
  Error error_;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  explicit operator bool() const { return !error_.has_value(); }
  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  [[nodiscard]] const Error& error() const {
    HEFU_ASSERT(!ok());
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace hefu
