#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "ledger/fraud/fraud_proof.h"
#include "ledger/view/first_difference.h"
#include "ledger/view/state.h"
#include "ledger/view/view.h"
#include "ledger/view/view_attestation.h"
#include "ledger/view/view_file.h"

namespace hefu {

/// Somebody's word about a figure, and what it was made from, if that is here.
struct Testimony {
  std::string member;              ///< id; empty: computed here
  ViewAttestation attestation;     ///< what it signed
  const ViewFile* file = nullptr;  ///< the leaves it published; must outlive this
};

/// A line for people.
struct WhyLine {
  std::string zh;
  std::string en;
};

/// Why two testimonies differ, and who is wrong.
struct WhyAnswer {
  enum class Outcome : std::uint8_t {
    kAgree,        ///< they say the same
    kOtherFigure,  ///< about different indicators or periods: nothing to compare
    kOtherPack,    ///< by different packs: both may be right
    kOtherCut,     ///< at different cuts: both may be right
    kOtherEngine,  ///< by engines that differ: nobody is convicted of that
    kDecided,      ///< `wrong` says who
    kUndecided,    ///< what is here is not enough to tell
  };
  Outcome outcome = Outcome::kUndecided;
  /// Where they first differ, where both showed their leaves; pointers into `left` and `right`.
  struct First {
    ViewTree tree = ViewTree::kUnits;
    Bytes key;
    std::optional<ViewLeaf> left;  ///< values in 1/scale; none: no such leaf
    std::optional<ViewLeaf> right;
    std::optional<ViewLeaf> given;  ///< what the events give; set only if they were at hand
    std::int64_t scale = 1;         ///< of all three
    std::size_t opened = 0;         ///< nodes of the trees that were looked at
  };
  std::optional<First> first;
  std::vector<std::string> wrong;  ///< members that are wrong, by id; empty unless decided
  /// What `hefu fraud prove` can make of a wrong one that showed its leaves.
  struct Proof {
    std::string member;
    FraudKind kind = FraudKind::kWrongLeaf;
  };
  std::vector<Proof> proofs;
  std::vector<WhyLine> lines;  ///< the whole answer in words
};

/// "agree", "other-cut", "decided" and so on.
const char* name(WhyAnswer::Outcome outcome);

/// Compares two testimonies by descending their trees (first_difference.h), and holds the first
/// leaf at which they differ against what the events give. `state`: of the attested cut; null where
/// no events are at hand, and then nobody is called wrong. Of whoever shows no leaves, or others
/// than it signed for, the roots alone are held against the events. Checks no signature.
/// Errors: those of make_view.
Result<WhyAnswer> why(const Testimony& left, const Testimony& right, const LedgerState* state);

}  // namespace hefu
