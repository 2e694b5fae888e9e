#pragma once

#include <cstddef>

#include "crypto/bytes.h"

namespace hefu {

/// Whether the bytes are one message in Cap'n Proto's canonical form (encoding specification,
/// "Canonicalization"), with the further rules of event.capnp: pointers to structures, byte lists,
/// pointer lists and structure lists only, and no list without elements. At most
/// `elements_max` structures without content in one list, at most `depth_max` objects inside one
/// another.
///
/// The library's own isCanonical is not enough to make a second form impossible: up to at least
/// version 0.9.2 it ignores the top bit of the element count of a structure list. Everything hashed
/// and signed here depends on there being none, so the rules are checked in one place, in full.
bool is_canonical(BytesView message, std::size_t elements_max, int depth_max);

}  // namespace hefu
