#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "crypto/result.h"
#include "node/catch_up.h"
#include "node/peer_messages.h"
#include "node/replica.h"

namespace hefu {

/// Puts a request to one peer. Errors: those of PeerClient::call, and kInvalid for an answer that
/// cannot be read.
using Ask = std::function<Result<PeerAnswer>(const PeerRequest&)>;

/// The fault that a failed call is evidence of.
Fault fault_of_call(const Error& error);

/// Packages taken, or ranges fetched, in one visit to a peer, so that other business with it does
/// not wait for the end of a long log.
inline constexpr int kPackagesPerVisit = 16;

/// A catch-up that several peers take part in, as one of them.
struct SharedCatchUp {
  CatchUp* catch_up = nullptr;  ///< none: alone
  std::string peer;
};

/// Brings a replica up to a checkpoint that a peer shows, with entries of that peer. The caller
/// holds `replica.writing()`. `stopping` is asked between packages. `shared`: a log that is far
/// behind is fetched in ranges that others fetch too (`help`), and after kPackagesPerVisit of them
/// this returns without a fault, to be called again. The diagnosis is about the log
/// (bad-checkpoint, bad-proof, bad-entry, unknown-key, fork) or about the peer (unreachable,
/// wrong-key, protocol). Errors: kIo, kCorrupt of the store; after those the process has to stop.
Result<PeerVerdict> fetch(const Ask& ask, Replica& replica, std::string_view checkpoint_note,
                          const std::function<Moment()>& now, const std::function<bool()>& stopping,
                          const SharedCatchUp& shared = {});

/// Fetches ranges for a catch-up that another peer's thread leads, as long as there are any to
/// fetch. The verdict is about the peer: unreachable, wrong-key, protocol, bad-proof, slow.
PeerVerdict help(const Ask& ask, const std::string& peer, const std::string& origin,
                 CatchUp& catch_up, const std::function<bool()>& stopping);

}  // namespace hefu
