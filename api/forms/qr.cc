#include <memory>
#include <vector>

#include <png.h>
#include <qrencode.h>

#include "api/forms/paper.h"

namespace hefu::forms {

namespace {

constexpr std::size_t kModulePixels = 8;
/// Source: ISO/IEC 18004, a quiet zone of four modules.
constexpr std::size_t kQuietModules = 4;
/// Source: ISO/IEC 18004, table 7: version 40, level M, bytes.
constexpr std::size_t kTextBytesMax = 2'331;

}  // namespace

Result<std::string> qr_png(std::string_view text) {
  if (text.size() > kTextBytesMax) {
    return Error{Errc::kTooLarge, "the locator is too long for a QR code",
                 "give a shorter address of the node"};
  }
  const std::unique_ptr<QRcode, void (*)(QRcode*)> code(
      QRcode_encodeString8bit(std::string(text).c_str(), 0, QR_ECLEVEL_M), QRcode_free);
  if (code == nullptr) {
    return Error{Errc::kIo, "cannot make the QR code", ""};
  }
  const auto modules = static_cast<std::size_t>(code->width);
  const std::size_t side = (modules + 2 * kQuietModules) * kModulePixels;
  std::vector<std::uint8_t> pixels(side * side, 0xFF);
  for (std::size_t y = 0; y < modules * kModulePixels; ++y) {
    for (std::size_t x = 0; x < modules * kModulePixels; ++x) {
      const std::size_t module = y / kModulePixels * modules + x / kModulePixels;
      if ((code->data[module] & 1U) != 0) {
        const std::size_t margin = kQuietModules * kModulePixels;
        pixels[(y + margin) * side + x + margin] = 0;
      }
    }
  }
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = image.height = static_cast<png_uint_32>(side);
  image.format = PNG_FORMAT_GRAY;
  png_alloc_size_t size = 0;
  std::string bytes;
  if (png_image_write_get_memory_size(image, size, 0, pixels.data(), 0, nullptr) != 0) {
    bytes.resize(size);
  }
  if (bytes.empty() ||
      png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels.data(), 0, nullptr) == 0) {
    return Error{Errc::kIo, std::string("cannot make the QR code: ") + image.message, ""};
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace hefu::forms
