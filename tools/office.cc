#include "tools/office.h"

#include <array>
#include <cctype>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "node/files.h"

namespace hefu {

namespace {

constexpr std::size_t kPdfBytesMax = std::size_t{64} << 20U;
constexpr auto kPatience = std::chrono::minutes(2);
Error missing() {
  return Error{Errc::kUnavailable, "LibreOffice, which prints .pdf, did not do so",
               "install libreoffice-writer-nogui and fonts-noto-cjk, or write .docx and print it "
               "there"};
}

/// A folder that goes with the object.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "hefu-print-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) {
      path_ = name;
    }
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    if (!path_.empty()) {
      std::filesystem::remove_all(path_, ignored);
    }
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// The environment, with our own words for what must not vary.
std::vector<char*> environment(std::array<std::string, 2>* own) {
  std::vector<char*> all;
  for (char** item = environ; *item != nullptr; ++item) {
    const std::string_view text(*item);
    if (!text.starts_with("TZ=") && !text.starts_with("HOME=") && !text.starts_with("HEFU_")) {
      all.push_back(*item);
    }
  }
  for (std::string& item : *own) {
    all.push_back(item.data());
  }
  all.push_back(nullptr);
  return all;
}

/// Whether a process ended well in time; one that does not end is killed.
bool ended_well(pid_t process) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  int status = 0;
  while (::waitpid(process, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > until) {
      ::kill(-process, SIGKILL);  // the launcher and what it launched
      ::waitpid(process, &status, 0);
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool convert(const std::string& folder) {
  const std::string source = folder + "/paper.docx";
  std::array<std::string, 8> words = {"soffice",
                                      "-env:UserInstallation=file://" + folder + "/profile",
                                      "--headless",
                                      "--convert-to",
                                      "pdf:writer_pdf_Export",
                                      "--outdir",
                                      folder,
                                      source};
  std::vector<char*> arguments;
  for (std::string& word : words) {
    arguments.push_back(word.data());
  }
  arguments.push_back(nullptr);
  std::array<std::string, 2> own = {"TZ=UTC", "HOME=" + folder};
  std::vector<char*> variables = environment(&own);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  for (const int stream : {0, 1, 2}) {
    posix_spawn_file_actions_addopen(&files, stream, "/dev/null", O_RDWR, 0);
  }
  posix_spawnattr_t own_group;
  posix_spawnattr_init(&own_group);
  posix_spawnattr_setflags(&own_group, POSIX_SPAWN_SETPGROUP);
  pid_t process = 0;
  const int failed = ::posix_spawnp(&process, words[0].c_str(), &files, &own_group,
                                    arguments.data(), variables.data());
  posix_spawnattr_destroy(&own_group);
  posix_spawn_file_actions_destroy(&files);
  return failed == 0 && ended_well(process);
}

/// Writes digits over those that follow a mark, one for one: no byte of the file moves.
void write_over(std::string* pdf, std::string_view mark, std::string_view digits) {
  for (auto at = pdf->find(mark); at != std::string::npos; at = pdf->find(mark, at)) {
    at += mark.size();
    for (std::size_t i = 0; i < digits.size() && at + i < pdf->size() &&
                            std::isxdigit(static_cast<unsigned char>((*pdf)[at + i])) != 0;
         ++i) {
      (*pdf)[at + i] = digits[i];
    }
  }
}

/// LibreOffice dates what it prints, and numbers it by the time. Instead: the day the document is
/// dated (api/forms/paper_docx.cc), and a number that is the document's own. Marks: ISO 32000-1
/// §14.3.3 and §14.4; DocChecksum is LibreOffice's.
void without_time(std::string_view docx, std::string* pdf) {
  const std::string number = sha256(as_bytes(docx)).hex().substr(0, 32);
  write_over(pdf, "/CreationDate(D:", "19800101000000");
  write_over(pdf, "/ID [ <", number);
  write_over(pdf, "/ID [ <" + number + ">\n<", number);
  write_over(pdf, "/DocChecksum /", number);
}

}  // namespace

Result<std::string> pdf_of_docx(std::string_view docx) {
  const Folder folder;
  if (folder.path().empty()) {
    return Error{Errc::kIo, "cannot make a folder for temporary files", "is there room in TMPDIR?"};
  }
  if (auto written = write_file_atomically(folder.path() + "/paper.docx", docx, FileMode::kPrivate);
      !written) {
    return written.error();
  }
  if (!convert(folder.path())) {
    return missing();
  }
  auto pdf = read_file(folder.path() + "/paper.pdf", kPdfBytesMax);
  if (!pdf) {
    return missing();
  }
  without_time(docx, &*pdf);
  return pdf;
}

}  // namespace hefu
