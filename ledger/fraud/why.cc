#include "ledger/fraud/why.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "ledger/fraud/prove.h"
#include "ledger/fraud/why_words.h"
#include "ledger/view/document.h"

namespace hefu {

namespace {

using Outcome = WhyAnswer::Outcome;

ViewLeaves& leaves_of(View& view, ViewTree tree) {
  return tree == ViewTree::kUnits ? view.units : view.claims;
}
const ViewFile::Tree& tree_of(const ViewFile& file, ViewTree tree) {
  return tree == ViewTree::kUnits ? file.units : file.claims;
}

/// Whether the leaves in a file are those that were signed for.
bool are_attested(const ViewFile& file, const ViewAttestation& attestation) {
  for (const ViewTree which : {ViewTree::kUnits, ViewTree::kClaims}) {
    const auto tree = view_tree(tree_of(file, which).leaves);
    if (!tree || AttestedTree{tree->size(), tree->sum(), tree->root(attestation.view_id())} !=
                     attestation.tree(which)) {
      return false;
    }
  }
  return true;
}

/// Values in 1/factor of what they were in; none if one does not fit.
std::optional<ViewLeaves> scaled(ViewLeaves leaves, std::int64_t factor) {
  for (ViewLeaf& leaf : leaves) {
    if (leaf.value > std::numeric_limits<std::int64_t>::max() / factor) {
      return std::nullopt;
    }
    leaf.value *= factor;
  }
  return leaves;
}

std::optional<std::int64_t> common(std::int64_t a, std::int64_t b) {
  const std::int64_t factor = b / std::gcd(a, b);
  return a > std::numeric_limits<std::int64_t>::max() / factor ? std::nullopt
                                                               : std::optional(a * factor);
}

std::optional<ViewLeaf> leaf_at(const ViewLeaves& leaves, const Bytes& key) {
  const auto at = std::find_if(leaves.begin(), leaves.end(),
                               [&](const ViewLeaf& leaf) { return leaf.key == key; });
  return at == leaves.end() ? std::nullopt : std::optional(*at);
}

std::optional<ViewLeaf> copy_of(const ViewLeaf* leaf) {
  return leaf == nullptr ? std::nullopt : std::optional(*leaf);
}

class Answering {
 public:
  Answering(const Testimony& left, const Testimony& right, const LedgerState* state)
      : left_(left), right_(right), state_(state) {}

  Result<WhyAnswer> run() {
    const auto apart = what_is_asked();
    if (apart) {
      answer_.outcome = *apart;
      answer_.lines = words_apart(left_, right_, *apart);
      return std::move(answer_);
    }
    if (state_ != nullptr) {
      if (auto made = compute(); !made) {
        return made.error();
      }
    }
    find_first();
    decide();
    answer_.lines =
        words(left_, right_, answer_,
              WhyEvents{state_, given_ ? &*given_ : nullptr, figure_ ? &*figure_ : nullptr});
    return std::move(answer_);
  }

 private:
  /// What makes them incomparable or equal, if anything.
  [[nodiscard]] std::optional<Outcome> what_is_asked() const {
    const ViewAttestation& a = left_.attestation;
    const ViewAttestation& b = right_.attestation;
    if (a.indicator != b.indicator || a.period != b.period) {
      return Outcome::kOtherFigure;
    }
    if (a.pack_digest != b.pack_digest) {
      return Outcome::kOtherPack;
    }
    if (a.cut != b.cut) {
      return Outcome::kOtherCut;
    }
    return a.same_result(b) ? std::optional(Outcome::kAgree) : std::nullopt;
  }

  /// What the events give.
  Result<void> compute() {
    const ViewAttestation& asked = left_.attestation;
    if (state_->cut.id() != asked.cut) {
      return Error{Errc::kInvalid,
                   "the events are those of cut " + state_->cut.id().hex() + ", attested is cut " +
                       asked.cut.hex(),
                   "use the bundle that was attested from, or another of its cut"};
    }
    const auto document = std::find_if(
        state_->documents->begin(), state_->documents->end(),
        [&](const Document& one) { return one.kind == "pack" && one.digest == asked.pack_digest; });
    if (document == state_->documents->end()) {
      return Error{Errc::kNotFound,
                   "the authority's log holds no pack " + asked.pack_digest.hex() + " at this cut",
                   ""};
    }
    const auto maker =
        ViewMaker::make(*state_, document->id + "/" + document->version, asked.period);
    auto view = maker ? maker->view(asked.indicator) : Result<View>(maker.error());
    if (!view) {
      return view.error();
    }
    given_ = *std::move(view);
    const auto figure =
        std::find_if(maker->figures().begin(), maker->figures().end(),
                     [&](const Figure& one) { return one.indicator == asked.indicator; });
    figure_ = *figure;
    return {};
  }

  /// The leaves somebody signed for, if they are here.
  [[nodiscard]] const ViewFile* shown_by(const Testimony& one) const {
    return one.file != nullptr && are_attested(*one.file, one.attestation) ? one.file : nullptr;
  }

  void find_first() {
    const ViewFile* left = shown_by(left_);
    const ViewFile* right = shown_by(right_);
    auto scale = common(left_.attestation.scale, right_.attestation.scale);
    if (scale && given_) {
      scale = common(*scale, given_->attestation.scale);
    }
    if (left == nullptr || right == nullptr || !scale) {
      return;
    }
    for (const ViewTree which : {ViewTree::kUnits, ViewTree::kClaims}) {
      const auto a = scaled(tree_of(*left, which).leaves, *scale / left_.attestation.scale);
      const auto b = scaled(tree_of(*right, which).leaves, *scale / right_.attestation.scale);
      const auto one = a ? view_tree(*a) : Result<AggTree>(Error{});
      const auto other = b ? view_tree(*b) : Result<AggTree>(Error{});
      if (!one || !other) {
        return;
      }
      const auto difference = first_difference(*one, *a, *other, *b);
      if (!difference) {
        continue;
      }
      WhyAnswer::First first;
      first.tree = which;
      first.key = difference->key;
      first.left = copy_of(difference->left);
      first.right = copy_of(difference->right);
      first.scale = *scale;
      first.opened = difference->opened;
      if (given_) {
        const auto ours = scaled(leaves_of(*given_, which), *scale / given_->attestation.scale);
        first.given = ours ? leaf_at(*ours, first.key) : std::nullopt;
      }
      answer_.first = std::move(first);
      return;
    }
  }

  void decide() {
    if (left_.attestation.engine != right_.attestation.engine) {
      answer_.outcome = Outcome::kOtherEngine;
      return;
    }
    if (!given_ || left_.attestation.engine != kViewEngine) {
      answer_.outcome = Outcome::kUndecided;
      return;
    }
    answer_.outcome = Outcome::kDecided;
    for (const Testimony* one : {&left_, &right_}) {
      if (!one->attestation.same_result(given_->attestation)) {
        answer_.wrong.push_back(one->member);
        if (const auto kind = provable(*one)) {
          answer_.proofs.push_back({one->member, *kind});
        }
      }
    }
  }

  /// The proof that can be made from what somebody published.
  [[nodiscard]] std::optional<FraudKind> provable(const Testimony& one) const {
    if (one.file == nullptr) {
      return std::nullopt;
    }
    if (find_wrong_arithmetic(*one.file)) {
      return FraudKind::kWrongArithmetic;
    }
    if (find_duplicate(*one.file)) {
      return FraudKind::kDuplicate;
    }
    if (shown_by(one) == nullptr) {
      return std::nullopt;
    }
    for (const ViewLeaf& leaf : one.file->units.leaves) {
      for (const CountedRecord& record : counted_in(leaf)) {
        if (replaced_since(record, state_->records)) {
          return FraudKind::kSuperseded;
        }
      }
    }
    return FraudKind::kWrongLeaf;
  }

  const Testimony& left_;
  const Testimony& right_;
  const LedgerState* state_;
  std::optional<View> given_;
  std::optional<Figure> figure_;
  WhyAnswer answer_;
};

}  // namespace

const char* name(WhyAnswer::Outcome outcome) {
  switch (outcome) {
    case Outcome::kAgree:
      return "agree";
    case Outcome::kOtherFigure:
      return "other-figure";
    case Outcome::kOtherPack:
      return "other-pack";
    case Outcome::kOtherCut:
      return "other-cut";
    case Outcome::kOtherEngine:
      return "other-engine";
    case Outcome::kDecided:
      return "decided";
    case Outcome::kUndecided:
      return "undecided";
  }
  return "";
}

Result<WhyAnswer> why(const Testimony& left, const Testimony& right, const LedgerState* state) {
  return Answering(left, right, state).run();
}

}  // namespace hefu
