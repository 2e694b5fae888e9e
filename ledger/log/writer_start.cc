#include "ledger/log/writer_start.h"

#include <charconv>
#include <span>

namespace hefu {
namespace {

constexpr std::string_view kFirstLine = "hefu/writer-start/v1\n";

}  // namespace

std::string sign_writer_start(const std::string& origin, std::uint64_t number,
                              const SecretKey& log_key) {
  const std::string text = std::string(kFirstLine) + origin + "\n" + std::to_string(number) + "\n";
  const NoteSignature line = sign_note(text, origin, log_key);
  return format_note(text, std::span(&line, 1));
}

Result<std::uint64_t> open_writer_start(std::string_view note, const VerifierKey& log_key) {
  const auto parsed = parse_note(note);
  if (!parsed) {
    return parsed.error();
  }
  const Error invalid{Errc::kInvalid, "not a writer's start of log " + log_key.name, ""};
  std::string_view text = parsed->text;
  const std::string begin = std::string(kFirstLine) + log_key.name + "\n";
  if (!text.starts_with(begin) || !text.ends_with('\n')) {
    return invalid;
  }
  text.remove_prefix(begin.size());
  text.remove_suffix(1);
  std::uint64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size() || text != std::to_string(number)) {
    return invalid;
  }
  const auto verified = verify_note(*parsed, std::span(&log_key, 1));
  return verified ? Result<std::uint64_t>(number) : verified.error();
}

}  // namespace hefu
