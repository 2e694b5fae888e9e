#include "crypto/secret_text.h"

#include <sodium.h>

namespace hefu {

SecretText::SecretText(std::string&& text) : characters_(text.begin(), text.end()) {
  sodium_memzero(text.data(), text.size());
  text.clear();
}

SecretText& SecretText::operator=(SecretText&& other) noexcept {
  characters_.swap(other.characters_);  // the old characters are wiped with `other`
  return *this;
}

SecretText::~SecretText() {
  sodium_memzero(characters_.data(), characters_.size());
}

}  // namespace hefu
