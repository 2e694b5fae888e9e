#include "node/operator_token.h"

#include <system_error>
#include <utility>

#include "crypto/encoding.h"
#include "node/files.h"

namespace hefu {
namespace {

constexpr const char* kFile = "operator-token";
constexpr std::size_t kBytesMax = 256;

}  // namespace

Result<OperatorToken> OperatorToken::make(const std::filesystem::path& data, Entropy& entropy) {
  const std::string token = hex_encode(entropy.take<32>());
  const auto file = data / kFile;
  if (auto written = write_file_atomically(file, token + "\n", FileMode::kPrivate); !written) {
    return written.error();
  }
  return OperatorToken(file, sha256(as_bytes(token)));
}

OperatorToken::OperatorToken(OperatorToken&& other) noexcept
    : file_(std::exchange(other.file_, {})), digest_(other.digest_) {}

OperatorToken::~OperatorToken() {
  if (!file_.empty()) {
    std::error_code gone;
    std::filesystem::remove(file_, gone);
  }
}

Result<std::string> read_operator_token(const std::filesystem::path& data) {
  auto text = read_file(data / kFile, kBytesMax);
  if (!text) {
    return text.error();
  }
  while (!text->empty() && text->back() == '\n') {
    text->pop_back();
  }
  return text;
}

}  // namespace hefu
