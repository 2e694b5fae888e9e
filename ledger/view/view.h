#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "ledger/aggregate/agg_tree.h"
#include "ledger/charter/charter.h"
#include "ledger/programme/figure.h"
#include "ledger/programme/pack.h"
#include "ledger/programme/period.h"
#include "ledger/view/contribution.h"
#include "ledger/view/state.h"
#include "ledger/view/view_attestation.h"

namespace hefu {

/// One leaf of a view's tree.
struct ViewLeaf {
  Bytes key;
  std::int64_t value = 0;  ///< in 1/scale of the indicator's unit
  Bytes payload;
  bool operator==(const ViewLeaf&) const = default;
};

/// The leaves of one tree, by key.
using ViewLeaves = std::vector<ViewLeaf>;

/// An indicator's figure for the whole programme, taken apart: what an attestation is about, and
/// what it was made from.
struct View {
  ViewAttestation attestation;
  ViewLeaves units;  ///< key: the unit's; value: what it adds to the figure
  ViewLeaves
      claims;  ///< key: org path || 0 || the unit's; value: what that institution is credited
};

/// A record that counts for a leaf, in the version that counts.
struct CountedRecord {
  EventId record;
  EventId version;
  bool operator==(const CountedRecord&) const = default;
};

/// A leaf's payload: record and version of each record that counts for it, 64 bytes each, by
/// record.
Bytes view_payload(const std::vector<CountedRecord>& records);
/// Errors: kInvalid if it is none.
Result<std::vector<CountedRecord>> read_view_payload(BytesView payload);

/// A unit's key in the trees: SHA-256("hefu/unit-key/v1\n" || view id || cut || key tuple), 32
/// bytes. Of another view or cut, the same unit has another one.
Digest unit_key(const ViewAttestation& attestation, const std::string& tuple);

/// The beginning of the keys of everything an organisation and those below it claim: the ids from
/// the top of its tree down to it, each followed by "/".
Bytes org_path(const World& world, const std::string& org);

/// What to attest.
struct ViewRequest {
  std::string pack;  ///< id, or id/version
  std::string period;
  std::string indicator;
};

/// Computes a view. A pure function of (cut, pack): every node gets the same roots. Errors: those
/// of `contributions`; kNotFound (pack), kInvalid (period); kTooLarge (a scale or sum that does not
/// fit, a path of organisations over 900 bytes).
Result<View> make_view(const LedgerState& state, const ViewRequest& request);

/// Makes the views of one pack and period, evaluating the pack once for all of them.
class ViewMaker {
 public:
  /// `state` must outlive it. Errors: kNotFound (pack), kInvalid (period), those of `evaluate`.
  static Result<ViewMaker> make(const LedgerState& state, const std::string& pack,
                                const std::string& period);

  [[nodiscard]] const Pack& pack() const { return pack_; }
  [[nodiscard]] const Period& period() const { return period_; }
  [[nodiscard]] const std::vector<Figure>& figures() const { return figures_; }
  /// The units behind an indicator. Errors: those of `contributions`.
  [[nodiscard]] Result<std::vector<Contribution>> units(const std::string& indicator) const;
  /// As make_view.
  [[nodiscard]] Result<View> view(const std::string& indicator) const;

 private:
  ViewMaker(const LedgerState& state, Pack pack, Period period, std::vector<Figure> figures)
      : state_(&state),
        pack_(std::move(pack)),
        period_(std::move(period)),
        figures_(std::move(figures)) {}

  const LedgerState* state_;
  Pack pack_;
  Period period_;
  std::vector<Figure> figures_;  // of the whole programme
};

/// The tree over leaves as they are, whatever their order. Errors: those of AggTree::build.
Result<AggTree> view_tree(const ViewLeaves& leaves);

/// Their keys and payload hashes, for proofs.
std::vector<Bytes> keys_of(const ViewLeaves& leaves);
std::vector<Digest> payload_hashes_of(const ViewLeaves& leaves);

}  // namespace hefu
