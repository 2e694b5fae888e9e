#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "crypto/result.h"

namespace hefu {

/// Who may read a file this program writes.
enum class FileMode : std::uint16_t {
  kPrivate = 0600,  ///< keys and anything else only the owner may see
  kShared = 0644,   ///< charters, bundles, certificates
};

/// The whole content of a regular file.
/// Errors: kNotFound, kTooLarge (more than `bytes_max`; nothing beyond the bound is read), kInvalid
/// (not a regular file), kIo.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t bytes_max);

/// Whether users other than the owner and its group may read the file; false if there is none.
bool others_may_read(const std::filesystem::path& path);

/// Replaces `path` by a file with exactly this content and mode, or leaves what was there: writes a
/// temporary file in the same folder, syncs it, renames it over `path`, syncs the folder. A crash
/// at any moment leaves the old file or the new one, never a mixture. Errors: kIo.
Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view content,
                                   FileMode mode);

/// Creates `path` and its missing parents, readable by the owner only (0700). A folder that exists
/// is accepted if it belongs to this user and nobody else may write into it.
/// Errors: kUnauthorised (others may write there, or it is another user's), kInvalid (not a
/// folder), kIo.
Result<void> create_private_dir(const std::filesystem::path& path);

}  // namespace hefu
