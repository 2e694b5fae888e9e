#pragma once

#include <functional>
#include <memory>
#include <string>

#include "crypto/bytes.h"
#include "crypto/result.h"

namespace hefu::sheet {

/// The files inside a zip file that is held in memory (libzip). Nothing is ever written to disk, so
/// the names inside matter only for being looked up.
class ZipParts {
 public:
  /// `bytes` must outlive the object. Errors: kInvalid (no zip file, damaged, two files of one
  /// name), kTooLarge (kPartsMax).
  static Result<ZipParts> open(BytesView bytes);

  /// Whether there is a file of this name, in whatever case.
  [[nodiscard]] bool has(const std::string& name) const;
  /// Unpacks a file piece by piece. All files read through this object together unpack to at most
  /// kUnpackedBytesMax, counted, whatever the zip file says of their sizes.
  /// Errors: kNotFound, kUnsupported (encrypted, or packed in a way no spreadsheet program uses),
  /// kTooLarge, kInvalid (damaged), and those of `take`.
  Result<void> read(const std::string& name,
                    const std::function<Result<void>(BytesView piece, bool last)>& take);

 private:
  explicit ZipParts(void* archive);
  std::unique_ptr<void, void (*)(void*)> archive_;  // a zip_t, whose header stays out of this one
  std::size_t unpacked_ = 0;
};

}  // namespace hefu::sheet
