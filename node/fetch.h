#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "crypto/result.h"
#include "node/peer_messages.h"
#include "node/replica.h"

namespace hefu {

/// Puts a request to one peer. Errors: those of PeerClient::call, and kInvalid for an answer that
/// cannot be read.
using Ask = std::function<Result<PeerAnswer>(const PeerRequest&)>;

/// The fault that a failed call is evidence of.
Fault fault_of_call(const Error& error);

/// Brings a replica up to a checkpoint that a peer shows, with entries of that peer. The caller
/// holds `replica.writing()`. `stopping` is asked between packages. The diagnosis is about the log
/// (bad-checkpoint, bad-proof, bad-entry, unknown-key, fork) or about the peer (unreachable,
/// wrong-key, protocol). Errors: kIo, kCorrupt of the store; after those the process has to stop.
Result<PeerVerdict> fetch(const Ask& ask, Replica& replica, std::string_view checkpoint_note,
                          const std::function<Moment()>& now,
                          const std::function<bool()>& stopping);

}  // namespace hefu
