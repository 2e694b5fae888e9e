#pragma once

#include <span>

#include "crypto/result.h"
#include "ledger/bundle/bundle.h"
#include "ledger/view/ledger.h"

namespace hefu {

/// The same bundle with every entry of every log in it (level L4 of the design study "verifiable
/// views" §6), so that nothing rests on an index: a log's own index is its owner's word. `logs`
/// hold each log up to its checkpoint in the bundle, or further. Errors: kInvalid (a log is
/// missing, or too short), kCorrupt (not the entries that lead to its checkpoint).
Result<Bundle> make_whole(const Bundle& bundle, std::span<const LogContents> logs);

/// Whether the bundle is of level 4: no log in it rests on an index. That all entries are there is
/// for verify_bundle to say.
bool is_whole(const Bundle& bundle);

}  // namespace hefu
