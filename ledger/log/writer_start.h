#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/keys.h"
#include "crypto/note.h"
#include "crypto/result.h"

namespace hefu {

/// The number of a start of a log's one writer, signed with the log's key: ever higher. Whoever
/// shows a later one proves that another writer with this key was started, so nobody can stop a
/// writer by merely saying so.
///
///     "hefu/writer-start/v1\n" origin "\n" decimal "\n"      as a signed note
///
/// Its first line is no origin (those have a domain), so it can never be read as a checkpoint.
std::string sign_writer_start(const std::string& origin, std::uint64_t number,
                              const SecretKey& log_key);

/// Verifies it; `log_key` is named like the origin. Errors: kInvalid, kTooLarge (form),
/// kUnverified.
Result<std::uint64_t> open_writer_start(std::string_view note, const VerifierKey& log_key);

}  // namespace hefu
