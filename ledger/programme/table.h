#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/programme/assert_outcome.h"
#include "ledger/programme/figure.h"
#include "ledger/programme/pack.h"

namespace hefu {

/// Language of what people read.
enum class TableLanguage : std::uint8_t { kChinese, kEnglish };

/// Terminal columns a text takes: East Asian wide characters take two (Unicode width, utf8proc).
std::size_t text_width(std::string_view text);

/// A plain-text table for terminals: indicator, value, target, verdict, evidence (facts counted by
/// grade) and what is not counted. Where `suppress_small_cells`, values the pack forbids to publish
/// are shown as "<n". Lines end in LF.
std::string indicator_table(const Pack& pack, const std::vector<Figure>& figures,
                            TableLanguage language, bool suppress_small_cells = false);

/// A plain-text table of the figures that have a baseline or a commitment beside them: indicator,
/// baselines, commitments, actual value. Empty if none has. Values the pack forbids to publish are
/// shown as they are.
std::string beside_table(const Pack& pack, const std::vector<Figure>& figures,
                         TableLanguage language);

/// One line for each assertion that does not hold, errors marked "!!", warnings "!"; those of
/// severity ok and those not applicable are left out. Empty if all hold.
std::string assertion_lines(const Pack& pack, const std::vector<AssertOutcome>& outcomes,
                            TableLanguage language);

}  // namespace hefu
