#pragma once

#include "crypto/result.h"
#include "ledger/bundle/bundle.h"
#include "ledger/charter/charter.h"
#include "ledger/fraud/fraud_proof.h"
#include "ledger/view/ledger.h"
#include "ledger/view/view_file.h"

namespace hefu {

/// These look for a fraud and make the proof of the first they find; none of them judges: ask
/// judge_fraud before anybody is accused. Errors, of all: kNotFound where there is nothing to be
/// found, kInvalid where what was handed in does not belong together.

/// An event that a log's own index leaves out. `whole` holds every entry of the log; `head` is a
/// cosigned checkpoint of it. An anchor holds only roots, so what was left out is searched for: by
/// leaving out one event after the other (lists of at most kSearchedListMax), until the roots
/// agree.
Result<FraudProof> find_index_omission(const Charter& charter, const LogContents& whole,
                                       const std::string& head);
inline constexpr std::uint64_t kSearchedListMax = 4096;

/// The same where somebody shows the index itself: a bundle whose slices of that log are complete
/// by the anchor in it, and yet not by the log.
Result<FraudProof> find_index_omission(const Bundle& bundle, const LogContents& whole);

/// A node of the trees in a view file that is not what its children add up to.
Result<FraudProof> find_wrong_arithmetic(const ViewFile& view);

/// Two leaves that are out of order.
Result<FraudProof> find_duplicate(const ViewFile& view);

/// A leaf that differs from what the bundle's events give, is missing, or is invented. Of kind
/// kSuperseded where it counts a version that was replaced. `bundle` are a bundle file's bytes.
Result<FraudProof> find_wrong_leaf(const ViewFile& view, BytesView bundle);

}  // namespace hefu
