#pragma once

#include <filesystem>
#include <string>

#include "crypto/digest.h"
#include "crypto/entropy.h"
#include "crypto/result.h"

namespace hefu {

/// How the operator of a node is known to it: by being able to read the file "operator-token" in
/// its data folder (0600 in 0700). hefud writes a new one whenever it starts and removes it when it
/// stops; `hefu` on the same machine, under the same user, sends it along. So the operator needs no
/// account, makes the first ones, and there is nothing to leak that lasts longer than the process.
class OperatorToken {
 public:
  /// Errors: kIo.
  static Result<OperatorToken> make(const std::filesystem::path& data, Entropy& entropy);
  OperatorToken(OperatorToken&& other) noexcept;
  OperatorToken& operator=(OperatorToken&& other) = delete;
  ~OperatorToken();

  /// SHA-256 of the token.
  [[nodiscard]] const Digest& digest() const { return digest_; }

 private:
  OperatorToken(std::filesystem::path file, const Digest& digest)
      : file_(std::move(file)), digest_(digest) {}
  std::filesystem::path file_;  // empty once moved from
  Digest digest_;
};

/// The token of the node that runs on this data folder. Errors: kNotFound (none runs, or it is
/// another user's), kIo.
Result<std::string> read_operator_token(const std::filesystem::path& data);

}  // namespace hefu
