// A witness killed between making its state durable and letting its cosignature out.

#include <array>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <rocksdb/env.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledger/witness/request.h"
#include "node/witness_service.h"
#include "tests/support/federation.h"
#include "tests/support/log.h"
#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

/// The operating system's files; once armed, the process dies right before or right after the next
/// sync.
class DeadlyEnv : public rocksdb::EnvWrapper {
 public:
  enum class Moment : std::uint8_t { kNever, kBeforeSync, kAfterSync };

  DeadlyEnv() : EnvWrapper(rocksdb::Env::Default()) {}
  void arm(Moment moment) { moment_ = moment; }

  rocksdb::Status NewWritableFile(const std::string& name,
                                  std::unique_ptr<rocksdb::WritableFile>* file,
                                  const rocksdb::EnvOptions& options) override {
    auto status = EnvWrapper::NewWritableFile(name, file, options);
    if (status.ok()) {
      *file = std::make_unique<File>(std::move(*file), *this);
    }
    return status;
  }

 private:
  class File : public rocksdb::WritableFileWrapper {
   public:
    File(std::unique_ptr<rocksdb::WritableFile> file, DeadlyEnv& env)
        : WritableFileWrapper(file.get()), file_(std::move(file)), env_(env) {}
    rocksdb::Status Sync() override {
      return dying([&] { return file_->Sync(); });
    }
    rocksdb::Status Fsync() override {
      return dying([&] { return file_->Fsync(); });
    }

   private:
    template <typename SyncFile>
    rocksdb::Status dying(const SyncFile& sync) {
      if (env_.moment_ == Moment::kBeforeSync) {
        ::kill(::getpid(), SIGKILL);
      }
      const auto status = sync();
      if (env_.moment_ == Moment::kAfterSync) {
        ::kill(::getpid(), SIGKILL);
      }
      return status;
    }
    const std::unique_ptr<rocksdb::WritableFile> file_;
    DeadlyEnv& env_;
  };
  Moment moment_ = Moment::kNever;
};

class WitnessCrash : public ::testing::Test {
 protected:
  struct Opened {
    std::unique_ptr<Store> store;
    std::unique_ptr<WitnessService> witness;
  };
  Opened open(rocksdb::Env* env = nullptr) const {
    Store::Options options;
    options.block_cache_bytes = 1 << 20;
    options.env = env;
    Opened opened;
    opened.store = *Store::open(dir_.path(), options);
    opened.witness = std::make_unique<WitnessService>(
        *opened.store, federation_.charter(), federation_.member(1),
        federation_.key(1, KeyRole::kWitness), [] { return 1'772'000'000U; }, nullptr);
    return opened;
  }

  static std::string request(const TestLog& log, std::uint64_t old_size, std::uint64_t size) {
    const auto proof = old_size == 0 ? std::vector<Digest>{} : log.proof(old_size, size).hashes;
    return format_add_checkpoint(old_size, proof, log.checkpoint(size));
  }

  /// In a process of its own: opens the store, asks the witness, and dies at the moment or lives.
  /// The status that got out; 0 if none did.
  int ask_and_die(const std::string& request, DeadlyEnv::Moment moment) const {
    std::array<int, 2> pipe{};
    EXPECT_EQ(::pipe(pipe.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      DeadlyEnv env;
      {
        const Opened opened = open(&env);
        env.arm(moment);
        const auto answer = opened.witness->add_checkpoint(request);
        const auto status = static_cast<std::uint16_t>(answer ? answer->status : 999);
        (void)!::write(pipe[1], &status, sizeof status);
      }
      std::_Exit(0);
    }
    ::close(pipe[1]);
    std::uint16_t status = 0;
    if (::read(pipe[0], &status, sizeof status) != sizeof status) {
      status = 0;
    }
    ::close(pipe[0]);
    int ended = 0;
    EXPECT_EQ(::waitpid(child, &ended, 0), child);
    EXPECT_EQ(WIFSIGNALED(ended), moment != DeadlyEnv::Moment::kNever);
    return status;
  }

  TemporaryDir dir_;
  TestFederation federation_{3};
  std::string origin_ = federation_.member(0).origin;
};

TEST_F(WitnessCrash, NeverLetsASecondHistoryThroughWhateverItWasKilledIn) {
  // The one history, and at each size another that goes on differently.
  std::vector<Bytes> history;
  std::uint64_t size = 0;
  int persisted_unanswered = 0;
  for (std::size_t round = 0; round < 18; ++round) {
    TestLog one(origin_, federation_.key(0, KeyRole::kLog));
    one.append(history);
    one.append(federation_.envelopes(0, 1'000 * round, 3));
    TestLog other(origin_, federation_.key(0, KeyRole::kLog));
    other.append(history);
    other.append(federation_.envelopes(0, 1'000 * round + 500, 3));
    const std::array moments{DeadlyEnv::Moment::kAfterSync, DeadlyEnv::Moment::kBeforeSync,
                             DeadlyEnv::Moment::kNever};
    const auto moment = moments.at(round % moments.size());
    const int answered = ask_and_die(request(one, size, size + 3), moment);
    EXPECT_EQ(answered, moment == DeadlyEnv::Moment::kNever ? 200 : 0);

    const Opened after = open();
    const auto remembered = *after.store->witnessed(origin_);
    const auto kept = remembered ? parse_checkpoint(*remembered)->checkpoint : Checkpoint{};
    const bool persisted = kept.size == size + 3;
    if (moment == DeadlyEnv::Moment::kAfterSync) {
      EXPECT_TRUE(persisted) << "round " << round;
      ++persisted_unanswered;
    }
    if (answered == 200) {
      EXPECT_TRUE(persisted) << "round " << round;
    }
    // The log comes with its other history. What is durable decides, answered or not.
    const int second = after.witness->add_checkpoint(request(other, size, size + 3))->status;
    const int again = after.witness->add_checkpoint(request(one, size, size + 3))->status;
    if (persisted) {
      EXPECT_EQ(kept.root, one.tree().root());
      EXPECT_EQ(second, 409) << "round " << round;
      EXPECT_EQ(again, 409) << "round " << round;  // it says where it stands
      EXPECT_EQ(after.witness->add_checkpoint(request(one, size + 3, size + 3))->status, 200);
      EXPECT_EQ(after.witness->add_checkpoint(request(other, size + 3, size + 3))->status, 422);
    } else {
      EXPECT_EQ(second, 200) << "round " << round;
      EXPECT_EQ(again, 409) << "round " << round;
    }
    const auto events = federation_.envelopes(0, 1'000 * round + (persisted ? 0 : 500), 3);
    history.insert(history.end(), events.begin(), events.end());
    size += 3;
  }
  EXPECT_EQ(persisted_unanswered, 6);
}

}  // namespace
}  // namespace hefu
