// Forms, filled forms and the undertakings over them, as one office hands them to another: what is
// read is written again as it was, and everything that is shown of it can be made.

#include <cstdint>
#include <string_view>

#include "api/forms/form.h"
#include "api/forms/paper.h"
#include "api/forms/undertaking.h"
#include "crypto/bytes.h"
#include "tests/support/federation.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hefu;  // NOLINT(google-build-using-namespace)
  const std::string_view text = as_text(BytesView(data, size));
  if (const auto form = forms::Form::parse(text)) {
    HEFU_ASSERT(!form->title.empty());
    HEFU_ASSERT(!form->periods("2025").empty());
    (void)form->asks_for_commitments();
    (void)form->asks_for_reports();
  }
  if (const auto paper = forms::Paper::parse(text)) {
    HEFU_ASSERT(forms::Paper::parse(paper->json())->root() == paper->root());
    (void)paper->locator();
    (void)forms::printed_parts(*paper);
    (void)forms::provenance_lines(*paper);
    (void)forms::foot_line(*paper);
  }
  static const TestFederation kFederation(3);
  static const forms::Paper kPaper = [] {
    forms::Paper paper;
    paper.title = "t";
    paper.undertaking = "u";
    return paper;
  }();
  if (const auto signers = forms::verify_undertaking(kPaper, text, kFederation.charter())) {
    HEFU_ASSERT(!text.empty());
  }
  return 0;
}
