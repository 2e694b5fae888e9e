#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/event/event.h"
#include "ledger/event/field_type.h"

namespace hefu {

/// One field of an event type.
struct Field {
  std::string name;
  FieldType type;
  bool required = false;
  /// Never in Event::fields; always a commitment, also where the value is absent, so that a log
  /// does not show which personal facts exist (privacy study §2).
  bool personal = false;
  std::optional<Title> title;
  std::string note;
};

/// How an event of a type becomes a fact for indicators (ledger/record/fact.h). Names of fields;
/// empty: no such part.
struct FactMapping {
  std::string actor = "issuer";  ///< "issuer", or a party field
  std::string org;               ///< unit it is attributed to; absent: the actor
  /// Party fields, tried in order: the first party in them that is not of the actor's institution.
  std::vector<std::string> counterparty;
  std::string date;      ///< absent, or the event has no such field: Event::occurred_on
  std::string start;     ///< first day of validity
  std::string end;       ///< last day of validity
  std::string registry;  ///< party whose own countersignature confirms it: a payer, a register
};

struct EventType {
  std::string name;
  Title title;
  std::string description;
  std::vector<Field> fields;             ///< in the order of forms and printed tables
  std::vector<std::string> states;       ///< of the record it opens; the first is the initial one
  std::vector<std::string> transitions;  ///< for people
  std::string signed_by;                 ///< for people
  std::string countersigned_by;          ///< for people
  /// Party fields whose institutions, other than the issuer's, must countersign before the record
  /// is confirmed. Empty: nobody needs to.
  std::vector<std::string> countersign;
  Visibility visibility = Visibility::kMembers;  ///< where the author says nothing else
  std::optional<FactMapping> fact;  ///< none: protocol types, which count for nothing themselves
  bool protocol = false;            ///< built in: speaks about other events
  bool needs_record = false;        ///< Event::record must name the record it speaks about

  [[nodiscard]] const Field* field(std::string_view field_name) const;

  /// The parties an event of this type names in a field, whatever its shape (party, list, tuple,
  /// one-of), as written there (with units), in order. Empty if the event has no such field.
  [[nodiscard]] std::vector<std::string> parties_in(const Event& event,
                                                    std::string_view field_name) const;
  /// The institutions that must countersign this event: those named in its countersign fields,
  /// without units, without the issuer's, sorted and unique.
  [[nodiscard]] std::vector<std::string> required_countersigners(const Event& event) const;
};

/// What events may say: a signed, versioned document in the authority's log, of JSON:
///
///     {"id", "version", "title": {"zh","en"}, "types": [
///       {"name", "title", "description", "fields": [{"name","type","required","personal","title",
///        "note"}], "lifecycle": {"states","transitions"}, "signed_by", "countersigned_by",
///        "countersign", "visibility", "fact": {"actor","org","counterparty","date","start","end",
///        "registry"}}],
///      "words": {"university": {"zh","en"}}}
///
/// `words`: what people call the values of enum fields, the same in every field that takes them.
/// The protocol types (countersignature, dispute, anchor …) are in every catalogue and cannot be
/// redefined.
class Catalogue {
 public:
  /// The protocol types alone, named "protocol/1".
  Catalogue();

  /// Errors: kTooLarge (4 MiB, 512 types, 256 fields), kInvalid naming the type and field: unknown
  /// key, bad type expression, field named twice, rule that names no party field.
  static Result<Catalogue> parse(std::string_view json);

  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] const std::string& version() const { return version_; }
  [[nodiscard]] std::string name() const { return id_ + "/" + version_; }
  [[nodiscard]] const Title& title() const { return title_; }
  /// SHA-256 of `text`.
  [[nodiscard]] Digest digest() const;
  /// The document in canonical JSON (RFC 8785).
  [[nodiscard]] const std::string& text() const { return text_; }

  [[nodiscard]] const EventType* find(std::string_view type) const;
  /// Domain types in the document's order, then the protocol types.
  [[nodiscard]] std::span<const EventType> types() const { return types_; }

 private:
  Result<void> read(std::string_view text, bool protocol);

  std::string id_;
  std::string version_;
  Title title_;
  std::string text_;
  std::vector<EventType> types_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
};

/// Whether an event may be appended under this catalogue: limits, issuer, known type, each field
/// known, of its type, present if required and not in clear if personal, each personal field and no
/// other committed to. Errors: kUnsupported for a type or catalogue this is not (the event is
/// *uninterpreted*, which a replica accepts and an author does not); else kInvalid or kTooLarge.
/// The message names the field and the reason, the hint says what to write instead.
Result<void> validate(const Event& event, const Catalogue& catalogue);

}  // namespace hefu
