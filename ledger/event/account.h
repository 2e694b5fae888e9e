#pragma once

#include <map>
#include <string>
#include <vector>

#include "ledger/event/catalogue.h"
#include "ledger/event/event.h"
#include "ledger/event/opening.h"

namespace hefu {

/// One line of the account of an event.
struct AccountLine {
  std::string name;       ///< "issuer", "field valid_to": as error messages name it
  Title title;            ///< the catalogue's, or the name
  Title value;            ///< as people write it: money in yuan, truth as a word
  bool personal = false;  ///< sealed: only a commitment to it goes into the log
};

/// Says plainly what an event says, whole: nothing that is signed is left out but the nonce and the
/// form's versions, which mean nothing to people. Fields of a known type come in the catalogue's
/// order, others by name. Values of personal fields are shown where their openings are given, and
/// else as sealed.
std::vector<AccountLine> account_of(const Event& event, const Catalogue* catalogue,
                                    const std::map<std::string, Opening>& openings);

}  // namespace hefu
