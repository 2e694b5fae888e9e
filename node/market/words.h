#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hefu {

/// How much of one text is looked at, in UTF-16 units; what stands beyond is not found.
inline constexpr std::size_t kIndexedUnitsMax = 2048;

/// Takes texts apart into words, Chinese ones by ICU's dictionary (libicu, BreakIterator), which a
/// language without spaces needs. Any bytes may be handed in: what is no UTF-8 becomes U+FFFD, and
/// control characters separate words like any other sign. Not thread-safe: use one per thread, or a
/// lock.
class Words {
 public:
  Words();
  ~Words();
  Words(const Words&) = delete;
  Words& operator=(const Words&) = delete;

  /// What two texts have in common however they were typed: NFKC with case folded (Ａ is a, ２ is
  /// 2), cut to kIndexedUnitsMax.
  [[nodiscard]] std::string folded(std::string_view text) const;

  /// The words of a folded text in their order, repeated ones again. Letters and numbers: as they
  /// stand, from two characters on, unless numbers. Chinese: the dictionary's words of two
  /// characters or more; where it knows none ("数|控", "产|教"), each two characters that stand
  /// together; one that stands alone only if the whole text is that character.
  [[nodiscard]] std::vector<std::string> of(std::string_view folded) const;

  /// Name and version of what takes them apart, e.g. "ICU 72.1": with another one words may differ.
  [[nodiscard]] static std::string segmentation();

 private:
  struct Breaks;
  std::unique_ptr<Breaks> breaks_;
};

/// Whether a word says that something is wanted or offered, or how many, and not what ("需要",
/// "企业", "with", "两名").
bool is_common_word(std::string_view word);

}  // namespace hefu
