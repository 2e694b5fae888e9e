#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"

namespace hefu {

/// Bounds of one policy. Source: those of C2SP tlog-policy for its own entries are looser.
inline constexpr std::size_t kAttestPartiesMax = 64;
inline constexpr std::size_t kAttestPolicyBytesMax = 8000;

/// Members whose attestations may count for a figure, by id, with their kind: whoever takes part
/// and is neither the institution reported on nor related to it.
using Attesters = std::map<std::string, std::string>;

/// What a policy still asks for.
struct MissingAttesters {
  std::string party;              ///< name of the line in the policy
  std::size_t has = 0;            ///< members, or parties of a group, that attested
  std::size_t needed = 0;         ///< 0: nobody is left who could
  std::vector<std::string> from;  ///< members, or parties, that have not; sorted
  bool operator==(const MissingAttesters&) const = default;
};

/// Which members must have computed a figure before it is called recomputed: a pack's rule. The
/// grammar is that of C2SP tlog-policy, with members and kinds of members instead of witnesses:
///
///     member <name> <credit code>
///     kind <name> all|any|majority|<k> <kind>... | *
///     group <name> all|any|<k> <party>...        parties stand on lines above, each in one group
///     engines <k>                                at most once: so many different engines
///     quorum <name>|none                         exactly once
///
/// Items are parted by spaces and tabs; lines whose first character is "#", and empty lines, say
/// nothing. `all` and `majority` of a kind are of those who may count; of nobody they are never
/// met. `quorum none` asks for no attestation.
class AttestPolicy {
 public:
  /// Errors: kInvalid and kTooLarge, naming the line.
  static Result<AttestPolicy> parse(std::string_view text);
  /// Where a pack says nothing: more than half of those who may count.
  static const AttestPolicy& by_default();
  static constexpr std::string_view kDefaultText =
      "kind independent majority *\nquorum independent\n";

  struct Verdict {
    bool met = false;
    std::vector<MissingAttesters> missing;  ///< in the policy's order; empty if met
  };
  /// Judges who attested one and the same result. `attested` holds members of `eligible`; others in
  /// it add nothing. `engines`: how many different engines they used.
  [[nodiscard]] Verdict judge(const Attesters& eligible, const std::set<std::string>& attested,
                              std::size_t engines) const;

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  friend class AttestPolicyReader;

  enum class Form : std::uint8_t { kMember, kKind, kGroup };
  enum class Threshold : std::uint8_t { kAll, kMajority, kNumber };
  struct Party {
    std::string name;
    Form form = Form::kMember;
    Threshold threshold = Threshold::kNumber;
    std::size_t number = 1;
    std::string member;                // of kMember
    std::vector<std::string> kinds;    // of kKind; empty: whatever kind
    std::vector<std::size_t> parties;  // of kGroup, smaller than its own place
  };
  struct State {
    std::size_t has = 0;
    std::size_t needed = 0;
    std::vector<std::string> from;
    [[nodiscard]] bool met() const { return needed > 0 && has >= needed; }
  };
  [[nodiscard]] State state_of(const Party& party, const std::vector<State>& before,
                               const Attesters& eligible,
                               const std::set<std::string>& attested) const;
  /// What keeps a party from being met, down to members and kinds.
  void explain(std::size_t place, const std::vector<State>& states,
               std::vector<MissingAttesters>* missing) const;

  std::string text_;
  std::vector<Party> parties_;
  std::optional<std::size_t> quorum_;  // none: nothing is asked for
  std::size_t engines_ = 1;
};

}  // namespace hefu
