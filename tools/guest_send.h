#pragma once

#include <string>

#include "crypto/result.h"
#include "tools/context.h"
#include "tools/guest/answer.h"
#include "tools/guest/receipt.h"
#include "tools/http_client.h"

namespace hefu {

/// Sends what a guest signed to `path` of its host's node and checks the promise that comes back.
/// Errors carry no path, because it may hold a link's token. kUnverified if the host promises
/// something else.
Result<GuestReceiptFile> send_answer(HttpClient& node, const std::string& path,
                                     const GuestAnswerFile& answer);

/// Asks a node for the proof that the event is in its log, once; puts it into the receipt. Whether
/// there was one that holds. Error kUnverified if there was one that does not.
Result<bool> complete_receipt(HttpClient& node, const CheckedReceipt& checked,
                              GuestReceiptFile* receipt);

/// The same, again and again for so many seconds.
Result<bool> await_proof(HttpClient& node, GuestReceiptFile* receipt, std::int64_t seconds);

}  // namespace hefu
