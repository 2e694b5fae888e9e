#pragma once

#include <set>
#include <string>

#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/programme/kept_pack.h"
#include "ledger/view/state.h"

namespace hefu {

/// Which figures to compute: all indicators of a pack for a period and an organisation.
struct FigureRequest {
  std::string pack;       ///< "<id>" (the last published version) or "<id>/<version>"
  std::string period;     ///< "2025", "2025-H1", "2025-Q3", "2025-05", "2024-AY"
  std::string unit;       ///< organisation; empty: the whole programme
  std::string indicator;  ///< report only this one; empty: all
};

/// The figures of one request. A pure function of (cut, pack): the same on every node and in the
/// verifier, byte for byte.
struct FigureReport {
  std::string pack;     ///< pack id
  std::string version;  ///< pack version
  Digest pack_digest;
  /// Event types a reader must hold completely to compute this: the pack's and
  /// `always_needed_types`.
  std::set<std::string> types_needed;
  /// Canonical JSON, what a bundle claims and a verifier compares: {"format":1,"federation","cut",
  /// "missing","pack":{…},"period","unit","indicators":[…],"units":[…],"adds_up":{…},
  /// "asserts":[…] (only if the pack has assertions)}.
  std::string report;
  /// The same with "table": {"zh","en"}, for people. Not compared: how a table looks may change.
  std::string display;
};

/// Errors: kNotFound (no such pack published by the authority, no such indicator in it), kInvalid
/// (period), kUnsupported (the pack asks for something this version does not compute).
Result<FigureReport> compute_figures(const Charter& charter, const LedgerState& state,
                                     const FigureRequest& request);

/// The same with figures that are kept of the pack, over the facts and directory of the state.
Result<FigureReport> compute_figures(const LedgerState& state, const FigureRequest& request,
                                     KeptPack& kept);

/// The published pack that a request names. Error: kNotFound.
Result<const Document*> find_pack(const LedgerState& state, const std::string& wanted);

/// Event types that can change or void any record, and those the organisation directory is made
/// from. They are in every bundle.
std::set<std::string> always_needed_types();

}  // namespace hefu
