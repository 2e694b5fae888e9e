#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

/// Where tests find their files.
namespace hefu::reference {

/// The bytes of a file; a failed assertion and "" if it cannot be read.
inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << "cannot read " << path;
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

/// A file of tests/vectors.
inline std::string vector_file(const std::string& name) {
  return read_file(std::filesystem::path(HEFU_SOURCE_DIR) / "tests/vectors" / name);
}

/// The folder of vectors that others publish and that are not copied into this repository, or
/// nothing. It is named by HEFU_VECTORS.
inline std::optional<std::filesystem::path> fetched_vectors(const std::string& name) {
  const char* named = std::getenv("HEFU_VECTORS");
  const std::filesystem::path folder =
      named != nullptr ? std::filesystem::path(named)
                       : std::filesystem::path(HEFU_SOURCE_DIR) / "../shared/vectors/fetched";
  if (!std::filesystem::exists(folder / name)) {
    return std::nullopt;
  }
  return folder / name;
}

}  // namespace hefu::reference
