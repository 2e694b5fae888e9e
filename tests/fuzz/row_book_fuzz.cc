// The book of the rows of a sheet that were recorded: a file beside the institution's keys, which
// anything may have damaged. What is read is written again as the same.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "crypto/bytes.h"
#include "tools/sheet/row_book.h"

namespace {

class Zeros final : public hefu::Entropy {
 public:
  void fill(std::span<std::uint8_t> out) override { std::fill(out.begin(), out.end(), 0); }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Zeros entropy;
  const std::string_view text = hefu::as_text(hefu::BytesView(data, size));
  if (const auto book = hefu::sheet::RowBook::read(text, entropy)) {
    const auto again = hefu::sheet::RowBook::read(book->text(), entropy);
    HEFU_ASSERT(again && again->text() == book->text());
  }
  return 0;
}
