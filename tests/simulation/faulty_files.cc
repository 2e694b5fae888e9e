#include "tests/simulation/faulty_files.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "crypto/result.h"

namespace hefu::simulation {
namespace {

using rocksdb::IOStatus;

std::string tidy(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (c != '/' || out.empty() || out.back() != '/') {
      out.push_back(c);
    }
  }
  if (out.size() > 1 && out.back() == '/') {
    out.pop_back();
  }
  return out;
}

/// The information log of RocksDB, unwritten.
class NoLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

class Lock final : public rocksdb::FileLock {
 public:
  explicit Lock(std::string held) : path(std::move(held)) {}
  const std::string path;
};

}  // namespace

struct FaultyFiles::File {
  std::string bytes;
  std::size_t synced = 0;
  bool deaf = false;  // a sync failed: nothing behind `synced` is ever saved
};

/// One change of a name.
struct FaultyFiles::Step {
  std::string path;
  FilePtr file;         // what the name means from now on; none: it is gone
  std::string vacated;  // of a rename: the name it had
};

class FaultyFiles::Disk {
 public:
  std::map<std::string, std::string> files;
};

class FaultyFiles::Writer final : public rocksdb::FSWritableFile {
 public:
  Writer(FaultyFiles& files, FilePtr file, std::uint64_t life)
      : files_(files), file_(std::move(file)), life_(life) {}
  IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions&,
                  rocksdb::IODebugContext*) override {
    return files_.write(*file_, data.ToStringView(), life_);
  }
  IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions&,
                  const rocksdb::DataVerificationInfo&, rocksdb::IODebugContext*) override {
    return files_.write(*file_, data.ToStringView(), life_);
  }
  IOStatus Truncate(std::uint64_t size, const rocksdb::IOOptions&,
                    rocksdb::IODebugContext*) override {
    const std::lock_guard lock(files_.mutex_);
    if (auto off = files_.off(life_); !off.ok()) {
      return off;
    }
    file_->bytes.resize(size);
    file_->synced = std::min<std::size_t>(file_->synced, size);
    return IOStatus::OK();
  }
  IOStatus Close(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    return IOStatus::OK();
  }
  IOStatus Flush(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    return IOStatus::OK();  // to the kernel: no step towards the disk
  }
  IOStatus Sync(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    return files_.sync(*file_, life_);
  }
  IOStatus RangeSync(std::uint64_t, std::uint64_t, const rocksdb::IOOptions&,
                     rocksdb::IODebugContext*) override {
    return IOStatus::OK();  // a hint to start writing; promises nothing
  }
  [[nodiscard]] bool IsSyncThreadSafe() const override { return true; }
  std::uint64_t GetFileSize(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    const std::lock_guard lock(files_.mutex_);
    return file_->bytes.size();
  }

 private:
  FaultyFiles& files_;
  const FilePtr file_;
  const std::uint64_t life_;
};

class FaultyFiles::Reader final : public rocksdb::FSRandomAccessFile {
 public:
  Reader(const FaultyFiles& files, FilePtr file, std::uint64_t life)
      : files_(files), file_(std::move(file)), life_(life) {}
  IOStatus Read(std::uint64_t offset, std::size_t n, const rocksdb::IOOptions&,
                rocksdb::Slice* result, char* scratch, rocksdb::IODebugContext*) const override {
    const std::lock_guard lock(files_.mutex_);
    if (auto off = files_.off(life_); !off.ok()) {
      return off;
    }
    const std::string& bytes = file_->bytes;
    const std::size_t begin = std::min<std::size_t>(offset, bytes.size());
    const std::size_t count = std::min(n, bytes.size() - begin);
    std::copy_n(bytes.data() + begin, count, scratch);
    *result = rocksdb::Slice(scratch, count);
    return IOStatus::OK();
  }

 private:
  const FaultyFiles& files_;
  const FilePtr file_;
  const std::uint64_t life_;
};

class FaultyFiles::Sequence final : public rocksdb::FSSequentialFile {
 public:
  Sequence(const FaultyFiles& files, FilePtr file, std::uint64_t life)
      : reader_(files, std::move(file), life) {}
  IOStatus Read(std::size_t n, const rocksdb::IOOptions& options, rocksdb::Slice* result,
                char* scratch, rocksdb::IODebugContext* context) override {
    auto read = reader_.Read(at_, n, options, result, scratch, context);
    at_ += read.ok() ? result->size() : 0;
    return read;
  }
  IOStatus Skip(std::uint64_t n) override {
    at_ += n;
    return IOStatus::OK();
  }

 private:
  const Reader reader_;
  std::uint64_t at_ = 0;
};

class FaultyFiles::Directory final : public rocksdb::FSDirectory {
 public:
  Directory(FaultyFiles& files, std::uint64_t life) : files_(files), life_(life) {}
  IOStatus Fsync(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    return files_.sync_names(life_);
  }
  IOStatus Close(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    return IOStatus::OK();
  }

 private:
  FaultyFiles& files_;
  const std::uint64_t life_;
};

FaultyFiles::FaultyFiles(std::uint64_t seed) : dice_(seed) {}
FaultyFiles::~FaultyFiles() = default;

// --- faults ---

void FaultyFiles::arm(const Fault& fault) {
  const std::lock_guard lock(mutex_);
  fault_ = fault;
}

void FaultyFiles::disarm() {
  const std::lock_guard lock(mutex_);
  fault_.reset();
}

bool FaultyFiles::armed() const {
  const std::lock_guard lock(mutex_);
  return fault_.has_value();
}

void FaultyFiles::set_lying(bool lying) {
  const std::lock_guard lock(mutex_);
  lying_ = lying;
}

void FaultyFiles::set_full(bool full) {
  const std::lock_guard lock(mutex_);
  full_ = full;
}

std::string FaultyFiles::flip_bit(std::string_view ending) {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<std::string, File*>> candidates;
  for (const auto& [path, file] : names_) {
    if (path.ends_with(ending) && file->synced > 0) {
      candidates.emplace_back(path, file.get());
    }
  }
  if (candidates.empty()) {
    return {};
  }
  const auto& [path, file] = candidates[dice_.next() % candidates.size()];
  // RocksDB ends its tables with the time and other things of this run: they differ in length from
  // one run to the next, and a seed has to find the same bit again.
  const bool table = ending == ".sst";
  const std::size_t at =
      dice_.next() %
      (table ? std::bit_floor(std::max<std::size_t>(file->synced / 2, 1)) : file->synced);
  file->bytes[at] = static_cast<char>(file->bytes[at] ^ (1 << (dice_.next() % 8)));
  return path;
}

void FaultyFiles::crash() {
  const std::lock_guard lock(mutex_);
  down_ = true;
  ++life_;
  fault_.reset();
  locks_.clear();
  const std::size_t kept = dice_.next() % (journal_.size() + 1);
  counts_.names_lost += journal_.size() - kept;
  for (std::size_t i = 0; i < kept; ++i) {
    const Step& step = journal_[i];
    durable_.erase(step.vacated);
    if (step.file) {
      durable_[step.path] = step.file;
    } else {
      durable_.erase(step.path);
    }
  }
  journal_.clear();
  for (const auto& [path, file] : durable_) {
    const std::size_t unsynced = file->bytes.size() - file->synced;
    if (unsynced > 0) {
      const bool torn = !file->deaf && dice_.next() % 2 == 0;
      const std::size_t more = torn ? dice_.next() % (unsynced + 1) : 0;
      counts_.torn += more > 0 ? 1 : 0;
      file->bytes.resize(file->synced + more);
    }
    // What is on the disk after the cut is on the disk.
    file->synced = file->bytes.size();
    file->deaf = false;
  }
  names_ = durable_;
}

void FaultyFiles::restart() {
  const std::lock_guard lock(mutex_);
  down_ = false;
}

std::shared_ptr<const FaultyFiles::Disk> FaultyFiles::copy() const {
  const std::lock_guard lock(mutex_);
  auto disk = std::make_shared<Disk>();
  for (const auto& [path, file] : durable_) {
    disk->files[path] = file->bytes.substr(0, file->synced);
  }
  return disk;
}

void FaultyFiles::put_back(const Disk& disk) {
  wipe();
  const std::lock_guard lock(mutex_);
  for (const auto& [path, bytes] : disk.files) {
    names_[path] = std::make_shared<File>(File{bytes, bytes.size(), false});
  }
  durable_ = names_;
}

void FaultyFiles::wipe() {
  const std::lock_guard lock(mutex_);
  HEFU_ASSERT(down_);
  names_.clear();
  durable_.clear();
  journal_.clear();
}

FaultyFiles::Counts FaultyFiles::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

std::uint64_t FaultyFiles::bytes() const {
  const std::lock_guard lock(mutex_);
  std::uint64_t bytes = 0;
  for (const auto& [path, file] : names_) {
    bytes += file->bytes.size();
  }
  return bytes;
}

// --- what the handles do; all called with mutex_ held or taking it ---

IOStatus FaultyFiles::off(std::uint64_t life) const {
  return down_ || life != life_ ? IOStatus::IOError("the power is off") : IOStatus::OK();
}

std::optional<FaultyFiles::Fault> FaultyFiles::due(Call call) {
  if (!fault_ || fault_->call != call || --fault_->countdown > 0) {
    return std::nullopt;
  }
  ++counts_.failed;
  return std::exchange(fault_, std::nullopt);
}

namespace {

IOStatus status_of(FaultyFiles::Cause cause) {
  return cause == FaultyFiles::Cause::kNoSpace ? IOStatus::NoSpace("No space left on device")
                                               : IOStatus::IOError("Input/output error");
}

}  // namespace

IOStatus FaultyFiles::write(File& file, std::string_view bytes, std::uint64_t life) {
  const std::lock_guard lock(mutex_);
  if (auto is_off = off(life); !is_off.ok()) {
    return is_off;
  }
  ++counts_.writes;
  if (full_) {
    ++counts_.failed;
    return status_of(Cause::kNoSpace);
  }
  const auto fault = due(Call::kWrite);
  if (!fault || fault->effect == Effect::kKept) {
    file.bytes.append(bytes);
  }
  return fault ? status_of(fault->cause) : IOStatus::OK();
}

IOStatus FaultyFiles::sync(File& file, std::uint64_t life) {
  const std::lock_guard lock(mutex_);
  if (auto is_off = off(life); !is_off.ok()) {
    return is_off;
  }
  ++counts_.syncs;
  const auto fault = due(Call::kSync);
  if (fault && fault->effect == Effect::kLost) {
    file.deaf = true;
  }
  if (!file.deaf && !lying_) {
    file.synced = file.bytes.size();
  }
  return fault ? status_of(fault->cause) : IOStatus::OK();
}

IOStatus FaultyFiles::sync_names(std::uint64_t life) {
  const std::lock_guard lock(mutex_);
  if (auto is_off = off(life); !is_off.ok()) {
    return is_off;
  }
  ++counts_.syncs;
  const auto fault = due(Call::kSync);
  if (!fault || fault->effect == Effect::kKept) {
    durable_ = names_;
    journal_.clear();
  }
  return fault ? status_of(fault->cause) : IOStatus::OK();
}

void FaultyFiles::note(Step step) {
  names_.erase(step.vacated);
  if (step.file) {
    names_[step.path] = step.file;
  } else {
    names_.erase(step.path);
  }
  journal_.push_back(std::move(step));
}

FaultyFiles::FilePtr FaultyFiles::find(const std::string& path) const {
  const auto found = names_.find(path);
  return found == names_.end() ? nullptr : found->second;
}

// --- rocksdb::FileSystem ---

IOStatus FaultyFiles::NewSequentialFile(const std::string& path, const rocksdb::FileOptions&,
                                        std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                        rocksdb::IODebugContext*) {
  const std::lock_guard lock(mutex_);
  if (auto is_off = off(life_); !is_off.ok()) {
    return is_off;
  }
  FilePtr found = find(tidy(path));
  if (!found) {
    return IOStatus::PathNotFound(path);
  }
  *file = std::make_unique<Sequence>(*this, std::move(found), life_);
  return IOStatus::OK();
}

IOStatus FaultyFiles::NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions&,
                                          std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                          rocksdb::IODebugContext*) {
  const std::lock_guard lock(mutex_);
  if (auto is_off = off(life_); !is_off.ok()) {
    return is_off;
  }
  FilePtr found = find(tidy(path));
  if (!found) {
    return IOStatus::PathNotFound(path);
  }
  *file = std::make_unique<Reader>(*this, std::move(found), life_);
  return IOStatus::OK();
}

IOStatus FaultyFiles::NewWritableFile(const std::string& path, const rocksdb::FileOptions&,
                                      std::unique_ptr<rocksdb::FSWritableFile>* file,
                                      rocksdb::IODebugContext*) {
  const std::lock_guard lock(mutex_);
  if (auto is_off = off(life_); !is_off.ok()) {
    return is_off;
  }
  if (full_) {
    ++counts_.failed;
    return status_of(Cause::kNoSpace);
  }
  auto made = std::make_shared<File>();
  note({tidy(path), made, {}});
  *file = std::make_unique<Writer>(*this, std::move(made), life_);
  return IOStatus::OK();
}

IOStatus FaultyFiles::NewDirectory(const std::string& path, const rocksdb::IOOptions&,
                                   std::unique_ptr<rocksdb::FSDirectory>* directory,
                                   rocksdb::IODebugContext*) {
  const std::lock_guard lock(mutex_);
  if (auto is_off = off(life_); !is_off.ok()) {
    return is_off;
  }
  if (!directories_.contains(tidy(path))) {
    return IOStatus::PathNotFound(path);
  }
  *directory = std::make_unique<Directory>(*this, life_);
  return IOStatus::OK();
}

IOStatus FaultyFiles::FileExists(const std::string& path, const rocksdb::IOOptions&,
                                 rocksdb::IODebugContext*) {
  const std::lock_guard lock(mutex_);
  if (auto is_off = off(life_); !is_off.ok()) {
    return is_off;
  }
  const std::string name = tidy(path);
  return names_.contains(name) || directories_.contains(name) ? IOStatus::OK()
                                                              : IOStatus::NotFound();
}

IOStatus FaultyFiles::GetChildren(const std::string& path, const rocksdb::IOOptions&,
                                  std::vector<std::string>* names, rocksdb::IODebugContext*) {
  const std::lock_guard lock(mutex_);
  names->clear();
  if (auto is_off = off(life_); !is_off.ok()) {
    return is_off;
  }
  const std::string directory = tidy(path);
  if (!directories_.contains(directory)) {
    return IOStatus::PathNotFound(path);
  }
  const auto take = [&](const std::string& name) {
    if (name.size() > directory.size() + 1 && name.starts_with(directory + "/") &&
        name.find('/', directory.size() + 1) == std::string::npos) {
      names->push_back(name.substr(directory.size() + 1));
    }
  };
  for (const auto& [name, file] : names_) {
    take(name);
  }
  for (const std::string& name : directories_) {
    take(name);
  }
  return IOStatus::OK();
}

IOStatus FaultyFiles::DeleteFile(const std::string& path, const rocksdb::IOOptions&,
                                 rocksdb::IODebugContext*) {
  const std::lock_guard lock(mutex_);
  if (auto is_off = off(life_); !is_off.ok()) {
    return is_off;
  }
  if (!find(tidy(path))) {
    return IOStatus::PathNotFound(path);
  }
  note({tidy(path), nullptr, {}});
  return IOStatus::OK();
}

IOStatus FaultyFiles::CreateDir(const std::string& path, const rocksdb::IOOptions&,
                                rocksdb::IODebugContext*) {
  const std::lock_guard lock(mutex_);
  if (auto is_off = off(life_); !is_off.ok()) {
    return is_off;
  }
  return directories_.insert(tidy(path)).second ? IOStatus::OK() : IOStatus::IOError("exists");
}

IOStatus FaultyFiles::CreateDirIfMissing(const std::string& path, const rocksdb::IOOptions&,
                                         rocksdb::IODebugContext*) {
  const std::lock_guard lock(mutex_);
  if (auto is_off = off(life_); !is_off.ok()) {
    return is_off;
  }
  directories_.insert(tidy(path));
  return IOStatus::OK();
}

IOStatus FaultyFiles::DeleteDir(const std::string& path, const rocksdb::IOOptions&,
                                rocksdb::IODebugContext*) {
  const std::lock_guard lock(mutex_);
  if (auto is_off = off(life_); !is_off.ok()) {
    return is_off;
  }
  return directories_.erase(tidy(path)) > 0 ? IOStatus::OK() : IOStatus::PathNotFound(path);
}

IOStatus FaultyFiles::GetFileSize(const std::string& path, const rocksdb::IOOptions&,
                                  std::uint64_t* size, rocksdb::IODebugContext*) {
  const std::lock_guard lock(mutex_);
  if (auto is_off = off(life_); !is_off.ok()) {
    return is_off;
  }
  const FilePtr found = find(tidy(path));
  if (!found) {
    return IOStatus::PathNotFound(path);
  }
  *size = found->bytes.size();
  return IOStatus::OK();
}

IOStatus FaultyFiles::GetFileModificationTime(const std::string& path, const rocksdb::IOOptions&,
                                              std::uint64_t* time, rocksdb::IODebugContext*) {
  const std::lock_guard lock(mutex_);
  if (!find(tidy(path))) {
    return IOStatus::PathNotFound(path);
  }
  *time = 0;
  return IOStatus::OK();
}

IOStatus FaultyFiles::RenameFile(const std::string& from, const std::string& to,
                                 const rocksdb::IOOptions&, rocksdb::IODebugContext*) {
  const std::lock_guard lock(mutex_);
  if (auto is_off = off(life_); !is_off.ok()) {
    return is_off;
  }
  FilePtr found = find(tidy(from));
  if (!found) {
    return IOStatus::PathNotFound(from);
  }
  note({tidy(to), std::move(found), tidy(from)});
  return IOStatus::OK();
}

IOStatus FaultyFiles::LockFile(const std::string& path, const rocksdb::IOOptions&,
                               rocksdb::FileLock** lock, rocksdb::IODebugContext*) {
  const std::lock_guard guard(mutex_);
  *lock = nullptr;
  if (auto is_off = off(life_); !is_off.ok()) {
    return is_off;
  }
  if (!locks_.insert(tidy(path)).second) {
    return IOStatus::IOError("lock " + path, "already held");
  }
  *lock = new Lock(tidy(path));  // RocksDB gives it back to UnlockFile
  return IOStatus::OK();
}

IOStatus FaultyFiles::UnlockFile(rocksdb::FileLock* lock, const rocksdb::IOOptions&,
                                 rocksdb::IODebugContext*) {
  const std::unique_ptr<Lock> held(static_cast<Lock*>(lock));
  const std::lock_guard guard(mutex_);
  if (!down_) {
    locks_.erase(held->path);
  }
  return IOStatus::OK();
}

IOStatus FaultyFiles::GetTestDirectory(const rocksdb::IOOptions&, std::string* path,
                                       rocksdb::IODebugContext*) {
  *path = "/test";
  return IOStatus::OK();
}

IOStatus FaultyFiles::NewLogger(const std::string&, const rocksdb::IOOptions&,
                                std::shared_ptr<rocksdb::Logger>* logger,
                                rocksdb::IODebugContext*) {
  *logger = std::make_shared<NoLogger>();
  return IOStatus::OK();
}

IOStatus FaultyFiles::GetAbsolutePath(const std::string& path, const rocksdb::IOOptions&,
                                      std::string* absolute, rocksdb::IODebugContext*) {
  *absolute = tidy(path);
  return IOStatus::OK();
}

IOStatus FaultyFiles::IsDirectory(const std::string& path, const rocksdb::IOOptions&, bool* is,
                                  rocksdb::IODebugContext*) {
  const std::lock_guard lock(mutex_);
  *is = directories_.contains(tidy(path));
  return *is || find(tidy(path)) ? IOStatus::OK() : IOStatus::PathNotFound(path);
}

// --- FaultyEnv ---

FaultyEnv::FaultyEnv(const std::shared_ptr<FaultyFiles>& files)
    : EnvWrapper(rocksdb::NewCompositeEnv(files)) {
  file_system_ = files;
}

std::size_t FaultyEnv::run_background() {
  for (std::size_t done = 0;; ++done) {
    Job job{};
    {
      const std::lock_guard lock(mutex_);
      if (jobs_.empty()) {
        return done;
      }
      job = jobs_.front();
      jobs_.erase(jobs_.begin());
    }
    job.function(job.arg);
  }
}

void FaultyEnv::Schedule(void (*function)(void*), void* arg, Priority priority, void* tag,
                         void (*unscheduled)(void*)) {
  const std::lock_guard lock(mutex_);
  jobs_.push_back({function, arg, priority, tag, unscheduled});
}

int FaultyEnv::UnSchedule(void* tag, Priority priority) {
  std::vector<Job> dropped;
  {
    const std::lock_guard lock(mutex_);
    const auto begin = std::stable_partition(jobs_.begin(), jobs_.end(), [&](const Job& job) {
      return job.tag != tag || job.priority != priority;
    });
    dropped.assign(begin, jobs_.end());
    jobs_.erase(begin, jobs_.end());
  }
  for (const Job& job : dropped) {
    if (job.unscheduled != nullptr) {
      job.unscheduled(job.arg);
    }
  }
  return static_cast<int>(dropped.size());
}

unsigned int FaultyEnv::GetThreadPoolQueueLen(Priority priority) const {
  const std::lock_guard lock(mutex_);
  return static_cast<unsigned int>(std::count_if(
      jobs_.begin(), jobs_.end(), [&](const Job& job) { return job.priority == priority; }));
}

}  // namespace hefu::simulation
