// narrative: the latest text, kept by its hash and never scored.
#include <algorithm>

#include "crypto/digest.h"
#include "ledger/programme/evaluation.h"
#include "ledger/programme/tally.h"

namespace hefu {

namespace {

/// A text's length as people count it.
std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

}  // namespace

Result<Figure> Evaluation::from_narrative(const PackIndicator& indicator, const Node& node) {
  auto scope = in_scope(indicator, node);
  if (!scope) {
    return scope.error();
  }
  Figure out;
  const Fact* latest = nullptr;
  std::string_view text;
  for (CandidateFact& one : *scope) {
    const FieldView view = indicator.measure.quantity.value->read(*one.fact);
    const auto* words = std::get_if<std::string_view>(&view);
    if (!one.left_out && words == nullptr) {
      one.left_out = LeftOut::kNoValue;
    } else if (!one.left_out &&
               characters_in(*words) > static_cast<std::size_t>(indicator.measure.max_chars)) {
      one.left_out = LeftOut::kTooLong;
    }
    if (!one.left_out && (latest == nullptr || is_later(indicator.rule.time, *one.fact, *latest))) {
      latest = one.fact;
      text = *words;
    }
    tally(out, one);
  }
  if (latest != nullptr) {
    out.narrative = sha256(as_bytes(text)).hex();
    out.units = 1;
  }
  return out;
}

}  // namespace hefu
