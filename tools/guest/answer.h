#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/result.h"

namespace hefu {

/// What a guest signed offline: {"format":"hefu/guest-answer/v1","charter","host","record",
/// "envelopes":[base64]}, the answer last.
struct GuestAnswerFile {
  std::string charter, host, record;
  std::vector<Bytes> envelopes;

  [[nodiscard]] std::string text() const;
  /// Errors: kInvalid, kTooLarge.
  static Result<GuestAnswerFile> parse(std::string_view text);
};

}  // namespace hefu
