#include <cstddef>
#include <cstdint>

#include "crypto/result.h"
#include "ledger/event/catalogue.h"

// A catalogue document from another institution's log: what is accepted must be read again from its
// canonical text as the same document, and a type expression from its own text as the same type.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = hefu::as_text({data, size});
  if (const auto type = hefu::FieldType::parse(text)) {
    const auto again = hefu::FieldType::parse(type->text());
    HEFU_ASSERT(again.ok() && *again == *type);
  }
  if (const auto catalogue = hefu::Catalogue::parse(text)) {
    const auto again = hefu::Catalogue::parse(catalogue->text());
    HEFU_ASSERT(again.ok() && again->digest() == catalogue->digest());
    HEFU_ASSERT(again->types().size() == catalogue->types().size());
  }
  return 0;
}
