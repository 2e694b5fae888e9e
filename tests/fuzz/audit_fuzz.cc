// An audit file is read by people who got it from the audited: reading and verifying end with a
// verdict, and nothing counts as proven without a charter the reader trusts.

#include <cstdint>

#include "ledger/assurance/audit_file.h"

namespace {

using namespace hefu;  // NOLINT(google-build-using-namespace): a fuzzer's own file

void try_file(const Bytes& bytes) {
  const auto file = AuditFile::decode(bytes);
  if (!file) {
    return;
  }
  HEFU_ASSERT(file->encode() == bytes);
  const BundleVerdict verdict = verify_audit_file(*file, std::nullopt);
  HEFU_ASSERT(!verdict.good() || !verdict.complete);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView bytes(data, size);
  try_file(to_bytes(bytes));
  // And with what comes first in place, so that time goes into what follows it: two bytes say how
  // long the report is.
  if (size > 2) {
    const std::size_t length = (std::size_t{data[0]} << 8U | data[1]) % (size - 1);
    const BytesView rest = bytes.subspan(2);
    try_file(AuditFile{std::string(as_text(rest.first(length))), to_bytes(rest.subspan(length))}
                 .encode());
  }
  return 0;
}
