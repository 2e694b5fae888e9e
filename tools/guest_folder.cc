#include "tools/guest_folder.h"

#include <cstdlib>
#include <utility>

#include "crypto/key_file.h"
#include "node/files.h"
#include "tools/home.h"

namespace hefu {

Result<GuestFolder> GuestFolder::open(const std::string& given) {
  std::filesystem::path path = given;
  if (path.empty()) {
    const char* own = std::getenv("HEFU_GUEST_HOME");  // NOLINT(concurrency-mt-unsafe)
    const char* user = std::getenv("HOME");            // NOLINT(concurrency-mt-unsafe)
    if (own == nullptr && user == nullptr) {
      return Error{Errc::kNotFound, "no folder for the guest's key and receipts",
                   "name one with --guest-home DIR"};
    }
    path =
        own != nullptr ? std::filesystem::path(own) : std::filesystem::path(user) / ".hefu-guest";
  }
  for (const auto& folder : {path, path / "receipts", path / "answers"}) {
    if (auto made = create_private_dir(folder); !made) {
      return made.error();
    }
  }
  return GuestFolder(path);
}

std::filesystem::path GuestFolder::receipt_path(const std::string& event) const {
  return path_ / "receipts" / (event.substr(0, 16) + ".hefu-receipt");
}

std::filesystem::path GuestFolder::answer_path(const std::string& admission) const {
  return path_ / "answers" / (admission.substr(0, 16) + ".hefu-answer");
}

Result<std::string> GuestFolder::guest() const {
  const auto text = read_file(key_path(), kKeyFileBytesMax);
  if (!text) {
    return Error{Errc::kNotFound, "there is no key in " + path_.string(),
                 "`hefu guest open LINK` makes one, or `hefu guest key --party CODE`"};
  }
  return key_file_label(*text);
}

Result<PublicKey> GuestFolder::public_key() const {
  const auto text = read_file(key_path(), kKeyFileBytesMax);
  return text ? key_file_public(*text) : Result<PublicKey>(text.error());
}

Result<SecretKey> GuestFolder::key(const Context& context) const {
  const auto text = read_file(key_path(), kKeyFileBytesMax);
  if (!text) {
    return text.error().during("the guest's key");
  }
  auto words = passphrase(context, false);
  return words ? open_key(*text, words->view()) : Result<SecretKey>(words.error());
}

Result<SecretKey> GuestFolder::key_for(Context& context, const std::string& guest) const {
  if (const auto held = this->guest()) {
    if (*held != guest) {
      return Error{Errc::kConflict, "the key in " + path_.string() + " is that of " + *held,
                   "use another folder for " + guest + ": --guest-home DIR"};
    }
    return key(context);
  }
  auto words = passphrase(context, true);
  if (!words) {
    return words.error();
  }
  SecretKey made = SecretKey::generate(context.entropy);
  const std::string sealed = seal_key(made, guest, words->view(), context.entropy);
  auto written = write_file_atomically(key_path(), sealed, FileMode::kPrivate);
  return written ? Result<SecretKey>(std::move(made)) : Result<SecretKey>(written.error());
}

Result<bool> GuestFolder::meet(const Charter& charter) const {
  const auto path = path_ / ("charter-" + charter.federation.hex().substr(0, 16) + ".note");
  if (std::filesystem::exists(path)) {
    return true;
  }
  auto written = write_file_atomically(path, charter.note, FileMode::kShared);
  return written ? Result<bool>(false) : Result<bool>(written.error());
}

}  // namespace hefu
