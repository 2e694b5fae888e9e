#pragma once

#include <string>

#include "api/port.h"
#include "crypto/result.h"
#include "ledger/record/record.h"

namespace hefu {

/// The agreements among `records`, by id, as GET /v1/agreements lists them:
///
///     {"agreements":[{"id","title"?,"state","proposer","parties":[..],"versions","sign_by",
///      "valid_from","valid_to"?,"notice_days","renews_itself","signed":[..],"missing":[..],
///      "contests","last"?,"phase"?:{"on","state"}}],"next"}
///
/// What is said of an agreement is said of its last effective version, or of the newest if none
/// took effect; `versions` counts them all, `contests` the objections that are open, `last` is the
/// last day in force where that is known. Errors: kInvalid (from).
Result<std::string> agreements_json(const Records& records, const AgreementQuery& query);

}  // namespace hefu
