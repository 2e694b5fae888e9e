#pragma once

#include <cstddef>

#include "ledger/event/event.h"

namespace hefu {

/// Largest canonical event, in bytes: what is left of an envelope after its own fields (152 bytes)
/// and the longest batch path (20 hashes of 32 bytes), so that every event fits in every batch, in
/// whole words of 8 bytes.
inline constexpr std::size_t kEventBytesMax =
    (kEnvelopeBytesMax - 152 - std::size_t{20} * 32) / 8 * 8;

/// Most public fields, and most commitments, of one event.
inline constexpr std::size_t kFieldsMax = 256;
/// Longest text value, in bytes of UTF-8.
inline constexpr std::size_t kTextBytesMax = std::size_t{16} * 1024;
/// Most elements of all lists of one event together. The encoding can state a list of many empty
/// elements in a few bytes, so this protects memory and not just taste.
inline constexpr std::size_t kListElementsMax = 20'000;
/// Deepest nesting of lists: a list of tuples of lists of tuples.
inline constexpr int kListDepthMax = 4;
/// Longest name of a type, field or commitment, in bytes.
inline constexpr std::size_t kNameBytesMax = 64;
/// Longest issuer, catalogue name or programme id, in bytes.
inline constexpr std::size_t kIdBytesMax = 128;
/// Most programmes one event is recorded for.
inline constexpr std::size_t kProgrammesMax = 64;
/// Most evidence hashes of one event; more documents are attached by later events.
inline constexpr std::size_t kEvidenceMax = 256;

/// Whether an event keeps these limits and has one form: names of [A-Za-z0-9._-], texts as
/// check_text wants them, dates within 1900 to 2199, decimals without trailing zeros, programmes
/// sorted. What its author writes and what a reader accepts is the same. Errors: kInvalid,
/// kTooLarge and kUnsupported (schema), naming the field.
Result<void> check_limits(const Event& event);

}  // namespace hefu
