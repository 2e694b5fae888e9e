#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ledger/cut/cut.h"
#include "ledger/cut/log_index.h"
#include "ledger/merkle/tree.h"
#include "ledger/view/ledger.h"
#include "tests/support/federation.h"

namespace hefu {

/// The logs of a test federation, held in memory: append events as a member, anchor, take a cut.
class TestLogs {
 public:
  explicit TestLogs(const TestFederation& federation);

  /// Signs an event with a member's key and appends it to that member's log. Fills issuer,
  /// created_at, nonce. Returns its id.
  EventId append(std::size_t member, Event event, KeyRole role = KeyRole::kRegistrar);
  /// Appends bytes as they are, signed or not.
  void append_raw(std::size_t member, const Bytes& envelope);
  /// The current checkpoint of a member's log, cosigned by all others at `seconds`.
  [[nodiscard]] std::string cosigned(std::size_t member, std::uint64_t seconds) const;
  /// Appends an anchor over the log as it stands, cosigned at `seconds`.
  void anchor(std::size_t member, std::uint64_t seconds);
  /// The member goes on in a new log, signed with another key, as its members may have decided: the
  /// old one ends with `size` entries, whatever else was appended to it.
  void begin_epoch(std::size_t member, std::uint64_t size, const SecretKey& log_key);
  /// Publishes a document of a kind in a member's log.
  void publish(std::size_t member, const std::string& kind, const std::string& id,
               const std::string& version, const std::string& content);

  [[nodiscard]] Cut cut(std::uint64_t seconds) const;
  /// Of a log that has ended, all of it: readers are to find out. Views into this object: valid
  /// while it lives and nothing is appended.
  [[nodiscard]] std::vector<LogContents> contents() const;
  [[nodiscard]] std::uint64_t size(std::size_t member) const {
    return logs_[member].entries.size();
  }

 private:
  struct Log {
    std::string origin;
    SecretKey::Seed key{};  // signs its checkpoints
    std::vector<Bytes> entries;
    MemoryTree tree;
    LogIndex index;
  };
  const TestFederation& federation_;
  std::vector<Log> logs_;                             // of members, by number
  std::vector<std::pair<Log, std::uint64_t>> ended_;  // and where
  std::uint64_t appended_ = 0;
};

}  // namespace hefu
