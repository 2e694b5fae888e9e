#include "tools/sheet/zip_parts.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include <zip.h>

#include "tools/sheet/limits.h"

namespace hefu::sheet {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{64} * 1024;
constexpr const char* kSaveAgain = "open the file in a spreadsheet program and save it again";

zip_t* zip_of(const std::unique_ptr<void, void (*)(void*)>& archive) {
  return static_cast<zip_t*>(archive.get());
}

Error damaged() {
  return Error{Errc::kInvalid, "the workbook is damaged", kSaveAgain};
}

std::string lower(const char* name) {
  std::string text(name == nullptr ? "" : name);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

ZipParts::ZipParts(void* archive)
    : archive_(archive, [](void* opened) { zip_discard(static_cast<zip_t*>(opened)); }) {}

Result<ZipParts> ZipParts::open(BytesView bytes) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t* archive = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
  zip_error_fini(&error);
  if (archive == nullptr) {
    zip_source_free(source);
    return Error{Errc::kInvalid, "not a workbook: it cannot be unpacked", kSaveAgain};
  }
  ZipParts parts(archive);
  const zip_int64_t count = zip_get_num_entries(archive, 0);
  if (count > kPartsMax) {
    return Error{Errc::kTooLarge, "the workbook holds more than 2,000 files", ""};
  }
  // Two files of one name: one program shows the one, another the other.
  std::set<std::string> names;
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* name = zip_get_name(archive, static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW);
    if (name == nullptr || !names.insert(lower(name)).second) {
      return Error{Errc::kInvalid, "the workbook holds two files of one name",
                   "no spreadsheet program writes such a file: do not trust it"};
    }
  }
  return parts;
}

bool ZipParts::has(const std::string& name) const {
  return zip_name_locate(zip_of(archive_), name.c_str(), ZIP_FL_NOCASE) >= 0;
}

Result<void> ZipParts::read(const std::string& name,
                            const std::function<Result<void>(BytesView, bool)>& take) {
  const zip_int64_t index = zip_name_locate(zip_of(archive_), name.c_str(), ZIP_FL_NOCASE);
  if (index < 0) {
    return Error{Errc::kNotFound, "the workbook has no " + name, kSaveAgain};
  }
  const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(
      zip_fopen_index(zip_of(archive_), static_cast<zip_uint64_t>(index), 0), &zip_fclose);
  if (!file) {
    return Error{Errc::kUnsupported, "the workbook's " + name + " is encrypted or packed unusually",
                 "save the workbook as .xlsx, without a password"};
  }
  Bytes piece(kPieceBytes);
  while (true) {
    const zip_int64_t got = zip_fread(file.get(), piece.data(), piece.size());
    if (got < 0) {
      return damaged();
    }
    unpacked_ += static_cast<std::size_t>(got);
    if (unpacked_ > kUnpackedBytesMax) {
      return Error{Errc::kTooLarge, "the workbook unpacks to more than 256 MiB", "split it"};
    }
    if (auto ok = take(BytesView(piece.data(), static_cast<std::size_t>(got)), got == 0); !ok) {
      return ok;
    }
    if (got == 0) {
      return {};
    }
  }
}

}  // namespace hefu::sheet
