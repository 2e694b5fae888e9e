#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hefu {

/// A text nobody may find in memory after its use: a passphrase. Not copyable; its characters are
/// wiped when it goes.
class SecretText {
 public:
  SecretText() = default;
  /// Takes the text over: what was handed in is wiped.
  explicit SecretText(std::string&& text);

  SecretText(SecretText&& other) noexcept = default;
  SecretText& operator=(SecretText&& other) noexcept;
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;
  ~SecretText();

  /// Valid as long as the object is.
  [[nodiscard]] std::string_view view() const { return {characters_.data(), characters_.size()}; }

 private:
  std::vector<char>
      characters_;  // not a string: moving a short string leaves its characters behind
};

}  // namespace hefu
