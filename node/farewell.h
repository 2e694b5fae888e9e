#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "node/peer_messages.h"
#include "node/store.h"

namespace hefu {

/// Whether a member's node takes part among the others: active, or suspended, which still reads.
bool takes_part(const Member& member);

/// What members that take part no more may still read here: every log as far as this node held it
/// when it took up that decision. So they learn of it, and of why, from what the others went by,
/// however late they come; and of nothing that was recorded since.
/// Kept in the store's meta, because the members come when they come. Immutable once opened.
class Farewells {
 public:
  Farewells() = default;
  /// Notes the heads shown now for every member that took part when this was last opened on this
  /// store and does so no more, and forgets them for one that takes part again. A store that is
  /// opened for the first time never knew the others as members, and has nothing to tell them.
  /// Errors: kIo, kCorrupt.
  static Result<Farewells> open(Store& store, const Charter& charter, const HeadsAnswer& now);

  /// The heads shown to a member that takes part no more; null: it is not answered here.
  [[nodiscard]] const HeadsAnswer* of(std::string_view member) const;

 private:
  std::map<std::string, HeadsAnswer, std::less<>> heads_;  // by member id
};

/// Whether one of these heads is of this log and of that size at least.
bool reaches(const HeadsAnswer& heads, std::string_view origin, std::uint64_t size);

}  // namespace hefu
