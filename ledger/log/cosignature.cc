#include "ledger/log/cosignature.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ledger/merkle/proof.h"

namespace hefu {

namespace {

constexpr std::size_t kTimeSize = sizeof(std::uint64_t);
constexpr std::uint64_t kTimeMax = (std::uint64_t{1} << 63) - 1;

std::string signed_message(const std::string& checkpoint_text, std::uint64_t unix_seconds) {
  return "cosignature/v1\ntime " + std::to_string(unix_seconds) + "\n" + checkpoint_text;
}

/// The time of a cosignature line that holds, else nothing.
std::optional<std::uint64_t> verified_time(const std::string& text, const NoteSignature& line,
                                           const PublicKey& key) {
  if (line.bytes.size() != kTimeSize + Signature::kSize) {
    return std::nullopt;
  }
  const auto time = read_be<std::uint64_t>(line.bytes.data());
  const auto signature = Signature::from_bytes(BytesView(line.bytes).subspan(kTimeSize));
  if (time > kTimeMax || !signature ||
      !verify(key, as_bytes(signed_message(text, time)), *signature)) {
    return std::nullopt;
  }
  return time;
}

}  // namespace

NoteSignature cosign(const std::string& checkpoint_text, const std::string& witness_name,
                     const SecretKey& key, std::uint64_t unix_seconds) {
  HEFU_ASSERT(is_key_name(witness_name) && unix_seconds > 0 && unix_seconds <= kTimeMax);
  const Signature signature = sign(key, as_bytes(signed_message(checkpoint_text, unix_seconds)));
  Bytes bytes;
  append_be(bytes, unix_seconds);
  append(bytes, signature.bytes);
  const VerifierKey name = VerifierKey::make(witness_name, kNoteCosignature, key.public_key());
  return NoteSignature{witness_name, name.id, std::move(bytes)};
}

Result<std::vector<Cosignature>> verify_cosignatures(const Note& note,
                                                     std::span<const VerifierKey> witnesses) {
  std::vector<Cosignature> verified;
  for (const NoteSignature& line : note.signatures) {
    const auto is_of_line = [&line](const VerifierKey& key) {
      return key.type == kNoteCosignature && key.id == line.key_id && key.name == line.name;
    };
    const auto known = std::find_if(witnesses.begin(), witnesses.end(), is_of_line);
    if (known == witnesses.end()) {
      continue;
    }
    const bool ambiguous = std::any_of(known, witnesses.end(), [&](const VerifierKey& other) {
      return is_of_line(other) && other.key != known->key;
    });
    if (ambiguous) {
      return Error{Errc::kInvalid, "two known witness keys share the name and id of " + line.name,
                   "give one of them another name"};
    }
    // By public key, not by name: one key under two names is still one witness.
    const bool counted = std::any_of(
        verified.begin(), verified.end(),
        [&](const Cosignature& cosignature) { return cosignature.witness.key == known->key; });
    if (counted) {
      continue;
    }
    const auto time = verified_time(note.text, line, known->key);
    if (!time) {
      return Error{Errc::kUnverified, "the cosignature of " + known->name + " does not hold", ""};
    }
    verified.push_back(Cosignature{*known, *time});
  }
  return verified;
}

}  // namespace hefu
