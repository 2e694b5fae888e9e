#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/event/event.h"
#include "ledger/record/logged_event.h"

namespace hefu {

/// A document published in a log: a catalogue or a programme pack, as canonical JSON. An event
/// holds at most 64 KiB, so a document is published as several `document-part` events.
struct Document {
  std::string kind;  ///< "catalogue" or "pack"
  std::string id;
  std::string version;
  Digest digest;  ///< SHA-256 of the content
  std::string content;
  std::string origin;       ///< the log that published it
  std::uint64_t index = 0;  ///< of its last part: a later publication replaces an earlier one
  std::optional<Moment> recorded_by;
};

/// Bytes of content in one part: leaves room for the rest of the envelope.
inline constexpr std::size_t kDocumentPartBytes = std::size_t{48} * 1024;
/// Parts a document may have: 16 MiB.
inline constexpr std::int64_t kDocumentPartsMax = 341;

/// The field values of the events that publish a document, in order: to be drafted as events of
/// type `document-part`.
std::vector<std::map<std::string, Value>> document_parts(const std::string& kind,
                                                         const std::string& id,
                                                         const std::string& version,
                                                         const std::string& content);

/// Whether a document was published before another.
bool is_earlier(const Document& a, const Document& b);

/// The complete documents in a set of events that the charter's authority has published: whose
/// parts are all there, each signed in its own log and name by a key that may record for it at the
/// time (no reviewer or auditor, no key whose certificate has ended), and whose content has the
/// digest every part names. Incomplete ones are left out. Sorted by kind, id, then place of
/// publication.
/// Those of a former authority stay: what counts is who was the authority when they were recorded.
std::vector<Document> read_documents(std::span<const LoggedEvent* const> events,
                                     const Charter& charter);

/// The last published document of that kind and id (and version, unless empty).
const Document* find_document(const std::vector<Document>& documents, std::string_view kind,
                              std::string_view id, std::string_view version);

}  // namespace hefu
