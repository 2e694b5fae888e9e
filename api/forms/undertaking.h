#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/forms/paper.h"
#include "crypto/keys.h"
#include "crypto/note.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"

namespace hefu::forms {

/// What an institution signs over a filled form, with its seal key: a signed note (C2SP
/// signed-note, crypto/note.h), whose text is
///
///     hefu/undertaking/v1
///     <form root, 64 hex digits>
///     <title of the form>
///     <the undertaking as the document prints it>
///
/// Several institutions sign the same text: the document asks for their seals beside each other.
/// A key signs as "<domain>/hefu/seal".
std::string undertaking_text(const Paper& paper);

/// The note with one more signature; `note` is empty or what this wrote for the same form.
/// Errors: kInvalid (not a note), kConflict (it is about another form, or already signed by this
/// member), kUnsupported (the form has no undertaking).
Result<std::string> sign_undertaking(const Paper& paper, std::string_view note,
                                     const Member& member, const SecretKey& key);

/// The members whose seals are on the undertaking, in the order they signed.
/// Errors: kInvalid (not a note), kConflict (about another form: something was changed since),
/// kUnverified (a signature does not hold, or is of nobody the charter knows).
Result<std::vector<const Member*>> verify_undertaking(const Paper& paper, std::string_view note,
                                                      const Charter& charter);

}  // namespace hefu::forms
