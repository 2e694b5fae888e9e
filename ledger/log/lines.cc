#include "ledger/log/lines.h"

#include <charconv>
#include <system_error>

#include "crypto/encoding.h"
#include "ledger/merkle/proof.h"

namespace hefu {

std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<std::uint64_t> parse_decimal_line(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) {
    return std::nullopt;
  }
  // from_chars takes no sign for an unsigned type, no space and no prefix; it must also end here.
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value > kTreeSizeMax) {
    return std::nullopt;
  }
  return value;
}

std::optional<Digest> parse_hash_line(std::string_view text) {
  static constexpr std::size_t kBase64Size = 44;
  if (text.size() != kBase64Size) {
    return std::nullopt;
  }
  const auto bytes = base64_decode(text);
  return bytes ? Digest::from_bytes(*bytes) : std::nullopt;
}

Result<std::vector<Digest>> take_hash_lines(std::string_view& text, const std::string& field) {
  std::vector<Digest> hashes;
  for (;;) {
    const auto line = take_line(text);
    if (!line) {
      return Error{Errc::kInvalid, field + ": the empty line after the hashes is missing", ""};
    }
    if (line->empty()) {
      return hashes;
    }
    const std::string number = std::to_string(hashes.size() + 1);
    if (hashes.size() == kProofHashesMax) {
      return Error{Errc::kTooLarge,
                   field + ": more than " + std::to_string(kProofHashesMax) + " hashes", ""};
    }
    const auto hash = parse_hash_line(*line);
    if (!hash) {
      return Error{Errc::kInvalid, field + ": hash " + number + " is not base64 of 32 bytes", ""};
    }
    hashes.push_back(*hash);
  }
}

std::string hash_lines(std::span<const Digest> hashes) {
  std::string text;
  for (const Digest& hash : hashes) {
    text += base64_encode(hash.view());
    text += '\n';
  }
  return text;
}

}  // namespace hefu
