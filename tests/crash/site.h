#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "crypto/bytes.h"
#include "ledger/log/checkpoint.h"
#include "node/store.h"
#include "tests/support/federation.h"

namespace hefu::crash {

inline constexpr std::size_t kMembers = 3;

/// Ends the program: what it checks is not so.
[[noreturn]] void give_up(const std::string& why);
/// What a client was told.
struct Acknowledged {
  std::uint64_t index = 0;
  bool replicated = false;
};

/// One member of a federation of three on loopback: its folder, its real `hefud`, and what that
/// acknowledged. Thread-safe as far as clients and checks go.
class Site {
 public:
  /// `ports`: two for every member, of HTTP and of peers.
  Site(const std::filesystem::path& root, const TestFederation& federation, std::size_t number,
       const std::vector<std::uint16_t>& ports);

  [[nodiscard]] std::filesystem::path data() const { return folder_ / "data"; }
  [[nodiscard]] std::filesystem::path log_file() const { return folder_ / "hefud.log"; }
  [[nodiscard]] const std::string& http() const { return http_; }

  /// `option`: one more argument for `hefud`.
  void start(const std::string& option = "");
  void kill(int signal);
  /// Waits until the node has said this in its journal, since its first start.
  void await_said(const std::string& what, std::chrono::seconds patience) const;
  /// After a kill: the disk is gone, and with it what was only stored.
  void lose_disk();

  /// "writing", or a flag of the status.
  [[nodiscard]] bool status_says(const char* key) const;
  void await(const char* key, std::chrono::seconds patience) const;

  /// Appends events [next, next + count) of this member at a level until they are answered for or
  /// `stop`. What fails is sent again, as a person would.
  void append(std::uint64_t next, std::size_t count, bool stored, const std::atomic<bool>& stop);
  /// Appends until told to stop.
  void append_until(const std::atomic<bool>& stop, std::uint64_t seed);

  /// Gives up if something this member acknowledged is not in the store. `own`: the store is its.
  void check(const Store& store, bool own) const;
  /// Events acknowledged, and those of them as replicated.
  [[nodiscard]] std::pair<std::size_t, std::size_t> counts() const;

 private:
  void take(BytesView answer, const std::vector<Bytes>& envelopes);

  const std::filesystem::path folder_;
  const TestFederation& federation_;
  const std::size_t number_;
  const std::string http_;
  pid_t process_ = -1;
  mutable std::mutex mutex_;
  std::map<Bytes, Acknowledged> acknowledged_;  // guarded by mutex_
  std::vector<Checkpoint> checkpoints_;         // guarded by mutex_
};

/// A federation's nodes in folders below `root`, started, each allowed to append.
std::vector<std::unique_ptr<Site>> start_sites(const std::filesystem::path& root,
                                               const TestFederation& federation);

}  // namespace hefu::crash
