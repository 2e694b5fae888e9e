#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ledger/agreement/agreement.h"
#include "tests/simulation/member_node.h"
#include "tests/support/federation.h"

namespace hefu::simulation {

/// Holds what the honest members' nodes say of agreements against the rules as
/// tests/reference/agreement.h has them, and against what any node said before: a version that took
/// effect or died anywhere, ever, has done so everywhere and for good, and of the versions of an
/// agreement one at most takes effect. Each node is looked at with its own knowledge, as far as it
/// holds cosigned checkpoints, which is another one on every node and at every time. Acts are read
/// from the entries themselves. Violations are thrown.
class AgreementWatch {
 public:
  AgreementWatch(const TestFederation& federation, std::set<std::size_t> liars)
      : federation_(federation), liars_(std::move(liars)) {}

  /// Judges every agreement as far as this running node knows it. The node's logs are what the
  /// oracle has seen: an honest log has one history, of which a node holds a beginning.
  void look(MemberNode& node);

  struct Counts {
    std::uint64_t compared = 0;   ///< fates of a version, as a node judged it, with the reference's
    std::uint64_t effective = 0;  ///< versions that took effect
    std::uint64_t dead = 0;
  };
  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  /// What the watch needs of one honest log, as far as any node has shown it.
  struct Log {
    std::uint64_t size = 0;
    std::vector<LoggedEvent> acts;
    std::vector<WitnessedHead> heads;
  };
  void read_on(MemberNode& node, std::size_t owner, std::uint64_t size);
  void compare(const Agreement& agreement, const std::vector<LoggedEvent>& acts,
               const std::vector<WitnessedHead>& heads, const std::string& where);
  void remember(const Agreement& agreement, const std::string& where);

  const TestFederation& federation_;
  const std::set<std::size_t> liars_;
  std::map<std::size_t, Log> logs_;  // by owner
  std::map<EventId, Verdict> final_;
  Counts counts_;
};

}  // namespace hefu::simulation
