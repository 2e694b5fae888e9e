#include "ledger/programme/text_form.h"

#include "ledger/event/text.h"

namespace hefu {

namespace {

std::string with_lf(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      out.push_back(text[i]);
    } else if (i + 1 == text.size() || text[i + 1] != '\n') {
      out.push_back('\n');
    }
  }
  return out;
}

}  // namespace

std::optional<std::string> normal_text(std::string_view text) {
  return normalised(with_lf(text));
}

}  // namespace hefu
