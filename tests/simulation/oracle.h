#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "crypto/digest.h"
#include "ledger/cut/cut.h"
#include "ledger/log/log_writer.h"
#include "ledger/merkle/memory_tree.h"
#include "tests/simulation/member_node.h"
#include "tests/support/federation.h"

namespace hefu::simulation {

/// A promise was not kept.
struct Violation {
  std::string what;
};

/// Holds what the nodes show against what was promised. Reads stores and overhears answers; knows
/// nothing of how they came about. Every check throws Violation.
class Oracle {
 public:
  Oracle(const TestFederation& federation, std::set<std::size_t> liars);

  /// A member's node has answered for an event.
  void answered(std::size_t member, AckLevel level, std::uint64_t index, BytesView envelope);
  /// A member's node has answered at the level `witnessed`: what is handed out for that event must
  /// hold for an outsider, now and for ever.
  void receipt(MemberNode& node, std::uint64_t index, BytesView envelope);
  /// A checkpoint note has left the node of the log's honest owner, or of another honest member.
  void released(const std::string& note);
  /// An honest node has sent these bytes.
  void overheard(BytesView answer);

  /// Looks at what a running node holds now. `whole`: at all of it once more, not only at what is
  /// new.
  void look(MemberNode& node, bool whole = false);
  /// How far each honest log reaches, by owner, with what is answered for beyond it.
  using Sizes = std::map<std::size_t, std::uint64_t>;
  [[nodiscard]] Sizes whole_federation() const;
  /// Whether every one of these nodes holds every honest log as far as this.
  [[nodiscard]] bool holds(const std::vector<MemberNode*>& nodes, const Sizes& sizes) const;
  /// The node's disk is gone or was put back to an earlier state: what it holds counts from now on,
  /// what others hold still stands. Events answered for as stored only, and not signed for since,
  /// may be lost with it.
  /// `all`: nothing is left of it, so the log has to say later that it was taken back.
  void disk_lost(std::size_t member, bool all);

  /// The records, facts and figures that follow from the honest members' logs at a cut that all
  /// these nodes hold are the same, byte for byte, on two of them, others every time.
  void compare_states(const std::vector<MemberNode*>& nodes);

  /// Whether all these nodes hold the same of every honest log, cosigned to its end, and have seen
  /// through every fork they hold both sides of; else what is missing.
  std::string not_converged(const std::vector<MemberNode*>& nodes);
  /// After the end: everything ever released, by the slow reference.
  void final_check(const std::vector<MemberNode*>& nodes);

  [[nodiscard]] std::uint64_t checks() const { return checks_; }
  [[nodiscard]] std::uint64_t states_compared() const { return states_compared_; }
  [[nodiscard]] std::uint64_t receipts() const { return receipts_.size(); }
  /// Entries in all honest logs.
  [[nodiscard]] std::uint64_t entries() const;
  [[nodiscard]] std::uint64_t answers(AckLevel level) const {
    return answers_.at(static_cast<std::size_t>(level));
  }
  [[nodiscard]] std::uint64_t forgiven() const { return forgiven_; }

 private:
  /// One log as one node holds it, or as it was first seen anywhere.
  struct Held {
    std::vector<Digest> leaves;
    MemoryTree tree;
    std::set<Digest> all;
    std::set<std::string> notes;  // checked: an entry that is there stays what it is
    void append(const Digest& leaf);
  };
  struct Answer {
    AckLevel level = AckLevel::kStored;
    std::uint64_t index = 0;
  };
  using Answers = std::map<Digest, Answer>;  // by leaf
  using Roots = std::map<std::uint64_t, Digest>;

  [[nodiscard]] bool honest(std::size_t member) const { return !liars_.contains(member); }
  struct Receipt {
    std::size_t owner;
    Digest leaf;
    std::string text;  // a .tlog-proof
  };
  void expect(bool kept, const std::string& what);
  void check_receipt(const Receipt& receipt);
  void check_note(Held& held, const std::string& note, const std::string& where);
  void check_released(std::size_t owner);
  Digest state_of(MemberNode& node, const Cut& cut);

  const TestFederation& federation_;
  const std::set<std::size_t> liars_;
  std::map<std::pair<std::size_t, std::size_t>, Held> held_;  // by node, log owner
  std::map<std::size_t, Held> first_seen_;                    // of honest logs
  std::map<std::size_t, Answers> answered_;                   // by member
  std::vector<Receipt> receipts_;
  std::map<std::size_t, std::uint64_t> must_tell_;  // of a recovery, from this index on; by member
  std::set<std::size_t> recovering_;       // lost their disk, have not yet taken everything back
  std::set<std::string> notes_;            // seen by `released`
  std::map<std::size_t, Roots> released_;  // by log owner
  std::map<std::size_t, std::uint64_t> released_checked_;  // up to this size
  std::vector<std::uint64_t> answers_ = {0, 0, 0};
  std::uint64_t checks_ = 0;
  std::uint64_t states_compared_ = 0;
  std::size_t comparisons_ = 0;
  std::uint64_t forgiven_ = 0;
};

}  // namespace hefu::simulation
