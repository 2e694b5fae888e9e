#pragma once

#include <cstdint>
#include <functional>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "ledger/bundle/bundle.h"
#include "ledger/charter/charter.h"
#include "tools/http_client.h"

namespace hefu {

/// Downloads the entries [0, size) of a member's log from a node, bundle by bundle, and hands them
/// over in order. Shows how far it is on a terminal. Errors: those of the client, of the bundles,
/// and of `take`, which ends it.
Result<void> download_log(HttpClient& node, const Member& member, std::uint64_t size,
                          const std::function<Result<void>(std::uint64_t, BytesView)>& take);

/// The charter in force: the founding one, and every decision since, read from the logs themselves
/// with every signature and date verified; the node is not believed. Where nothing was decided it
/// downloads nothing. Errors: those of download_log and settle_ledger.
Result<Charter> verified_charter(HttpClient& node, const Charter& founding);

/// The same bundle with the whole logs of its cut, asked of a node. Verified to be the entries its
/// checkpoints name; the checkpoints themselves are for verify_bundle. Errors: those of
/// verified_charter, download_log and make_whole.
Result<Bundle> download_whole(HttpClient& node, const Bundle& bundle);

}  // namespace hefu
