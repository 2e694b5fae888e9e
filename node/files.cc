#include "node/files.h"

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hefu {
namespace {

namespace fs = std::filesystem;

std::string reason(int error) {
  return std::generic_category().message(error);
}

Error io_error(const std::string& doing, const fs::path& path, int error) {
  return Error{Errc::kIo, doing + " " + path.string() + ": " + reason(error), ""};
}

/// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool ok() const { return fd_ >= 0; }
  /// 0, or the error of close(2): on some file systems a full disk shows only here.
  int close() {
    if (fd_ < 0) {
      return 0;
    }
    const int answer = ::close(std::exchange(fd_, -1));
    return answer == 0 ? 0 : errno;
  }

 private:
  int fd_;
};

int write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0) {
      if (errno == EINTR) {
        continue;
      }
      return errno;
    }
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

int sync_dir(const fs::path& dir) {
  Descriptor fd(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.ok()) {
    return errno;
  }
  return ::fsync(fd.get()) == 0 ? 0 : errno;
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

}  // namespace

Result<std::string> read_file(const fs::path& path, std::size_t bytes_max) {
  // Opened without blocking: a FIFO in place of a file must not hang the program.
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.ok()) {
    if (errno == ENOENT) {
      return Error{Errc::kNotFound, "no file " + path.string(), "check the path"};
    }
    return io_error("cannot open", path, errno);
  }
  struct stat facts {};
  if (::fstat(fd.get(), &facts) != 0) {
    return io_error("cannot inspect", path, errno);
  }
  if (!S_ISREG(facts.st_mode)) {
    return Error{Errc::kInvalid, path.string() + " is not a regular file", ""};
  }
  const Error too_large{
      Errc::kTooLarge,
      path.string() + " has more than the " + std::to_string(bytes_max) + " bytes allowed here",
      ""};
  if (static_cast<std::uint64_t>(facts.st_size) > bytes_max) {
    return too_large;
  }
  std::string content;
  struct Buffer {
    char bytes[65536];
    ~Buffer() { ::explicit_bzero(bytes, sizeof(bytes)); }  // it may have held a passphrase
  } buffer;
  while (true) {
    const ssize_t got = ::read(fd.get(), buffer.bytes, sizeof(buffer.bytes));
    if (got < 0) {
      if (errno == EINTR) {
        continue;
      }
      return io_error("cannot read", path, errno);
    }
    if (got == 0) {
      return content;
    }
    content.append(buffer.bytes, static_cast<std::size_t>(got));
    if (content.size() > bytes_max) {  // it grew while we were reading
      return too_large;
    }
  }
}

bool others_may_read(const fs::path& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 && (facts.st_mode & S_IROTH) != 0;
}

Result<void> write_file_atomically(const fs::path& path, std::string_view content, FileMode mode) {
  std::string temporary = path.string() + ".XXXXXX";
  Descriptor fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd.ok()) {
    return io_error("cannot create a file beside", path, errno);
  }
  int error = write_all(fd.get(), content);
  if (error == 0 && ::fchmod(fd.get(), static_cast<mode_t>(mode)) != 0) {
    error = errno;
  }
  if (error == 0 && ::fsync(fd.get()) != 0) {
    error = errno;
  }
  if (const int close_error = fd.close(); error == 0) {
    error = close_error;
  }
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) {
    error = errno;
  }
  if (error != 0) {
    ::unlink(temporary.c_str());
    return io_error("cannot write", path, error);
  }
  if (const int sync_error = sync_dir(folder_of(path)); sync_error != 0) {
    return io_error("cannot sync the folder of", path, sync_error);
  }
  return {};
}

Result<void> create_private_dir(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) {
    if (path.has_parent_path() && !fs::exists(path.parent_path(), error)) {
      if (auto parent = create_private_dir(path.parent_path()); !parent) {
        return parent;
      }
    }
    if (::mkdir(path.c_str(), 0700) == 0) {
      if (const int sync_error = sync_dir(folder_of(path)); sync_error != 0) {
        return io_error("cannot sync the folder of", path, sync_error);
      }
      return {};
    }
    if (errno != EEXIST) {
      return io_error("cannot create folder", path, errno);
    }
  }
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) {
    return io_error("cannot inspect", path, errno);
  }
  if (!S_ISDIR(facts.st_mode)) {
    return Error{Errc::kInvalid, path.string() + " is not a folder", "move the file away"};
  }
  if (facts.st_uid != ::geteuid()) {
    return Error{Errc::kUnauthorised, "folder " + path.string() + " belongs to another user",
                 "run as that user, or choose another folder"};
  }
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Error{Errc::kUnauthorised, "others may write into folder " + path.string(),
                 "chmod go-w " + path.string()};
  }
  return {};
}

}  // namespace hefu
