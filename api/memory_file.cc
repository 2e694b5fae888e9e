#include "api/memory_file.h"

#include <cerrno>
#include <cstddef>
#include <system_error>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hefu {
namespace {

Error failed(const std::string& what) {
  return Error{Errc::kIo,
               "cannot " + what + ": " + std::error_code(errno, std::generic_category()).message(),
               "is there memory left, and is /proc mounted?"};
}

Result<std::string> content_of(int file) {
  struct stat about {};
  if (::fstat(file, &about) != 0) {
    return failed("look at a file in memory");
  }
  std::string content(static_cast<std::size_t>(about.st_size), '\0');
  for (std::size_t at = 0; at < content.size();) {
    const ssize_t count =
        ::pread(file, content.data() + at, content.size() - at, static_cast<off_t>(at));
    if (count <= 0) {
      return failed("read a file in memory");
    }
    at += static_cast<std::size_t>(count);
  }
  return content;
}

}  // namespace

Result<std::string> written_to_memory(
    const std::function<Result<void>(const std::string& path)>& write) {
  const int file = ::memfd_create("hefu", MFD_CLOEXEC);
  if (file < 0) {
    return failed("make a file in memory");
  }
  const auto written = write("/proc/self/fd/" + std::to_string(file));
  auto content = written ? content_of(file) : Result<std::string>(written.error());
  ::close(file);
  return content;
}

}  // namespace hefu
