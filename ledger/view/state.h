#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "ledger/audit/engagement.h"
#include "ledger/charter/charter.h"
#include "ledger/cut/cut.h"
#include "ledger/cut/head_observation.h"
#include "ledger/event/catalogue.h"
#include "ledger/governance/governance.h"
#include "ledger/record/fact.h"
#include "ledger/record/fold.h"
#include "ledger/record/persistent_map.h"
#include "ledger/view/document.h"
#include "ledger/view/ledger.h"

namespace hefu {

/// Where an entry stands: the line of its log, the epoch, and the index.
struct EntryPlace {
  std::string line;
  std::uint32_t epoch = 1;
  std::uint64_t index = 0;
  auto operator<=>(const EntryPlace&) const = default;
};
EntryPlace entry_place(std::string_view origin, std::uint64_t index);

/// Everything that follows from the logs at a cut. A copy is cheap: what is large is shared.
struct LedgerState {
  Cut cut;
  PersistentMap<EntryPlace, LoggedEvent> events;
  PersistentMap<EntryPlace, WitnessedHead> heads;    ///< by the anchors that state them
  PersistentMap<EntryPlace, ObservedHead> observed;  ///< by the observations
  /// Entries of a schema this version does not know, left out of `events`: by origin.
  std::map<std::string, std::uint64_t> uninterpreted;
  std::map<std::string, Moment, std::less<>> reach;  ///< the latest dated head, by line of logs
  std::shared_ptr<const Governance> governance;      ///< with the charter in force
  /// The last one the authority published; the protocol types alone if none.
  std::shared_ptr<const Catalogue> catalogue;
  std::shared_ptr<const std::vector<Document>> documents;  ///< what the authority published
  Records records;
  /// By record id in hex; as audits leave them (ledger/audit/effect.h).
  PersistentMap<std::string, Fact> facts;
  std::shared_ptr<const World> world;
  std::shared_ptr<const std::vector<Engagement>> audits;

  /// An agreement, with how far this state's heads reach in time.
  [[nodiscard]] std::optional<Agreement> agreement(const EventId& id) const;
};

/// Reads the logs, works out the charter in force (settle.h), folds records, makes facts and the
/// organisation directory. A pure function of (charter, logs): the charter as it was founded;
/// `verifier` as in `read_ledger`, `begin` as in `settle_ledger`. Errors: those of `read_ledger`,
/// and kInvalid if a published catalogue cannot be read.
Result<LedgerState> build_state(const Charter& charter, const Cut& cut,
                                std::span<const LogContents> logs, EnvelopeVerifier* verifier,
                                const Charter* begin = nullptr);

/// The catalogue that the last of these documents is; one of the protocol types alone if none is.
/// Error: kInvalid if it cannot be read.
Result<Catalogue> published_catalogue(const std::vector<Document>& documents);

}  // namespace hefu
