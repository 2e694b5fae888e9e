#include "ledger/witness/request.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ledger/log/lines.h"

namespace hefu {

namespace {

constexpr std::string_view kOld = "old ";

}  // namespace

Result<AddCheckpoint> parse_add_checkpoint(std::string_view body) {
  const auto old_line = take_line(body);
  const auto old_size = old_line && old_line->starts_with(kOld)
                            ? parse_decimal_line(old_line->substr(kOld.size()))
                            : std::nullopt;
  if (!old_size) {
    return Error{Errc::kInvalid, "old size: want \"old <decimal>\" in the first line", ""};
  }
  auto proof = take_hash_lines(body, "consistency proof");
  if (!proof) {
    return proof.error();
  }
  auto submitted = parse_checkpoint(body);
  if (!submitted) {
    return submitted.error();
  }
  return AddCheckpoint{*old_size, std::move(*proof), std::move(*submitted)};
}

std::string format_add_checkpoint(std::uint64_t old_size, std::span<const Digest> proof,
                                  std::string_view checkpoint_note) {
  return std::string(kOld) + std::to_string(old_size) + "\n" + hash_lines(proof) + "\n" +
         std::string(checkpoint_note);
}

Result<WitnessAnswer> read_cosignature_answer(const Note& submitted, std::string_view body,
                                              const VerifierKey& witness) {
  auto lines = parse_signature_lines(body);
  if (!lines) {
    return lines.error().during("answer of " + witness.name);
  }
  const auto own = std::find_if(lines->begin(), lines->end(), [&](const NoteSignature& line) {
    return line.name == witness.name && line.key_id == witness.id;
  });
  if (own == lines->end()) {
    return Error{Errc::kUnverified, "answer of " + witness.name + ": has no line of its key", ""};
  }
  const Note answered{submitted.text, {*own}};
  const auto cosignatures =
      verify_cosignatures(answered, std::span<const VerifierKey>(&witness, 1));
  if (!cosignatures) {
    return cosignatures.error();
  }
  if (cosignatures->empty() || cosignatures->front().time == 0) {
    return Error{Errc::kUnverified, "answer of " + witness.name + ": is not a dated cosignature",
                 ""};
  }
  return WitnessAnswer{*own, cosignatures->front()};
}

Result<std::uint64_t> read_size_answer(std::string_view body) {
  const auto line = take_line(body);
  const auto size = line ? parse_decimal_line(*line) : std::nullopt;
  if (!size || !body.empty()) {
    return Error{Errc::kInvalid, "size answer: want one decimal number and a newline", ""};
  }
  return *size;
}

}  // namespace hefu
