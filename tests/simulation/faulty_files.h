#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include "tests/support/seeded_entropy.h"

namespace hefu::simulation {

/// A disk in memory that can lose power, fill up, fail and rot. All choices come from one seed.
///
/// What is modelled, after ext4 with data=ordered, and a little harsher:
/// - Bytes of a file survive a power cut as far as the file was synced. Of the bytes behind that, a
///   prefix may survive, of any length. Files are append-only, as RocksDB's are, so a synced prefix
///   is all there is to remember.
/// - Creating, renaming and deleting a name is one step of an ordered journal: a power cut keeps a
///   prefix of the steps since a directory was last synced. A file's own sync does not commit the
///   journal (on ext4 it does): who forgets to sync the directory is found out.
/// - Directories themselves are there for good once made.
/// - A failed sync loses what it should have saved, for good, although reading still shows it and
///   later syncs succeed (what Linux does); or saves it and fails all the same.
/// Not modelled: writes that land in the wrong place, reads that fail and then succeed, reordering
/// inside one file, unlinked files coming back.
///
/// RocksDB's own information log is thrown away. Thread-safe.
class FaultyFiles final : public rocksdb::FileSystem {
 public:
  enum class Call : std::uint8_t { kWrite, kSync };
  enum class Cause : std::uint8_t { kIo, kNoSpace };
  /// What a failing call does to the disk all the same.
  enum class Effect : std::uint8_t { kLost, kKept };
  struct Fault {
    Call call = Call::kWrite;
    std::uint64_t countdown = 1;  ///< 1: the next such call
    Cause cause = Cause::kIo;
    Effect effect = Effect::kLost;
  };
  struct Counts {
    std::uint64_t writes = 0;
    std::uint64_t syncs = 0;
    std::uint64_t failed = 0;      ///< calls that failed because of a fault or a full disk
    std::uint64_t torn = 0;        ///< files that kept part of their unsynced end in a crash
    std::uint64_t names_lost = 0;  ///< steps of the journal that a crash undid
  };
  class Disk;

  explicit FaultyFiles(std::uint64_t seed);
  ~FaultyFiles() override;

  // --- faults ---
  /// One fault at a time; it fires once.
  void arm(const Fault& fault);
  void disarm();
  [[nodiscard]] bool armed() const;
  /// A disk that lies: syncs succeed and save nothing. What no program can survive, and what a
  /// program that forgets to sync looks like.
  void set_lying(bool lying);
  /// While full, nothing can be written or created.
  void set_full(bool full);
  /// Turns one bit of one synced file with this ending; its path, or empty if there is none.
  std::string flip_bit(std::string_view ending);

  /// The power goes. From now on every call fails, until `restart`.
  void crash();
  void restart();
  /// A copy of what would survive a power cut that tears nothing.
  [[nodiscard]] std::shared_ptr<const Disk> copy() const;
  /// Puts a copy in place of what is here. Only while crashed.
  void put_back(const Disk& disk);
  /// Only while crashed.
  void wipe();

  [[nodiscard]] Counts counts() const;
  /// Bytes in all files that exist.
  [[nodiscard]] std::uint64_t bytes() const;

  // --- rocksdb::FileSystem ---
  const char* Name() const override { return "FaultyFiles"; }
  rocksdb::IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions&,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                      rocksdb::IODebugContext*) override;
  rocksdb::IOStatus NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions&,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                        rocksdb::IODebugContext*) override;
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions&,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext*) override;
  rocksdb::IOStatus NewDirectory(const std::string& path, const rocksdb::IOOptions&,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext*) override;
  rocksdb::IOStatus FileExists(const std::string& path, const rocksdb::IOOptions&,
                               rocksdb::IODebugContext*) override;
  rocksdb::IOStatus GetChildren(const std::string& path, const rocksdb::IOOptions&,
                                std::vector<std::string>* names, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions&,
                               rocksdb::IODebugContext*) override;
  rocksdb::IOStatus CreateDir(const std::string& path, const rocksdb::IOOptions&,
                              rocksdb::IODebugContext*) override;
  rocksdb::IOStatus CreateDirIfMissing(const std::string& path, const rocksdb::IOOptions&,
                                       rocksdb::IODebugContext*) override;
  rocksdb::IOStatus DeleteDir(const std::string& path, const rocksdb::IOOptions&,
                              rocksdb::IODebugContext*) override;
  rocksdb::IOStatus GetFileSize(const std::string& path, const rocksdb::IOOptions&,
                                std::uint64_t* size, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus GetFileModificationTime(const std::string& path, const rocksdb::IOOptions&,
                                            std::uint64_t* time, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions&, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus LockFile(const std::string& path, const rocksdb::IOOptions&,
                             rocksdb::FileLock** lock, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus UnlockFile(rocksdb::FileLock* lock, const rocksdb::IOOptions&,
                               rocksdb::IODebugContext*) override;
  rocksdb::IOStatus GetTestDirectory(const rocksdb::IOOptions&, std::string* path,
                                     rocksdb::IODebugContext*) override;
  rocksdb::IOStatus NewLogger(const std::string& path, const rocksdb::IOOptions&,
                              std::shared_ptr<rocksdb::Logger>* logger,
                              rocksdb::IODebugContext*) override;
  rocksdb::IOStatus GetAbsolutePath(const std::string& path, const rocksdb::IOOptions&,
                                    std::string* absolute, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus IsDirectory(const std::string& path, const rocksdb::IOOptions&, bool* is,
                                rocksdb::IODebugContext*) override;

 private:
  struct File;
  struct Step;
  class Writer;
  class Reader;
  class Sequence;
  class Directory;
  using FilePtr = std::shared_ptr<File>;

  [[nodiscard]] FilePtr find(const std::string& path) const;
  rocksdb::IOStatus off(std::uint64_t life) const;
  std::optional<Fault> due(Call call);
  rocksdb::IOStatus write(File& file, std::string_view bytes, std::uint64_t life);
  rocksdb::IOStatus sync(File& file, std::uint64_t life);
  rocksdb::IOStatus sync_names(std::uint64_t life);
  void note(Step step);

  mutable std::mutex mutex_;
  // All guarded by mutex_.
  SeededEntropy dice_;
  std::uint64_t life_ = 1;  // counts restarts: what was opened before one is dead
  bool down_ = false;
  bool full_ = false;
  bool lying_ = false;
  std::optional<Fault> fault_;
  Counts counts_;
  std::map<std::string, FilePtr> names_;    // as programs see them
  std::map<std::string, FilePtr> durable_;  // as the disk would after a power cut
  std::vector<Step> journal_;               // from durable_ to names_
  std::set<std::string> directories_;
  std::set<std::string> locks_;
};

/// RocksDB's surroundings on such a disk, without threads: background work waits in a queue until
/// somebody runs it.
class FaultyEnv final : public rocksdb::EnvWrapper {
 public:
  explicit FaultyEnv(const std::shared_ptr<FaultyFiles>& files);

  /// Runs what RocksDB has left for its background threads, on this thread, until nothing is left.
  /// How many pieces that were.
  std::size_t run_background();

  const char* Name() const override { return "FaultyEnv"; }
  void Schedule(void (*function)(void*), void* arg, Priority priority, void* tag,
                void (*unscheduled)(void*)) override;
  int UnSchedule(void* tag, Priority priority) override;
  unsigned int GetThreadPoolQueueLen(Priority priority) const override;
  void SetBackgroundThreads(int, Priority) override {}
  void IncBackgroundThreadsIfNeeded(int, Priority) override {}
  int GetBackgroundThreads(Priority priority) override { return priority == BOTTOM ? 0 : 1; }
  void LowerThreadPoolIOPriority(Priority) override {}
  rocksdb::Status LowerThreadPoolCPUPriority(Priority, rocksdb::CpuPriority) override {
    return rocksdb::Status::OK();
  }
  void LowerThreadPoolCPUPriority(Priority) override {}

 private:
  struct Job {
    void (*function)(void*);
    void* arg;
    Priority priority;
    void* tag;
    void (*unscheduled)(void*);
  };
  mutable std::mutex mutex_;
  std::vector<Job> jobs_;  // guarded by mutex_
};

}  // namespace hefu::simulation
