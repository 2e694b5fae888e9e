#include <algorithm>
#include <string>
#include <utility>

#include <kj/exception.h>

#include "crypto/keys.h"
#include "ledger/event/event.capnp.h"
#include "ledger/event/event.h"
#include "ledger/event/limits.h"
#include "ledger/event/wire.h"

namespace hefu {

namespace {

// Sizes of the structures of schema 1 in event.capnp.
constexpr std::size_t kEventData = 24;
constexpr std::size_t kEventPointers = 10;
constexpr std::size_t kValueData = 16;
constexpr std::size_t kValuePointers = 3;
constexpr std::size_t kPairPointers = 2;

using Kind = wire::Value::Kind;

void write_value(wire::Value::Builder out, const Value& value) {
  if (const auto* text = value.text()) {
    out.setKind(Kind::TEXT);
    if (!text->empty()) {
      out.setText(*text);
    }
  } else if (const auto* integer = value.integer()) {
    out.setKind(Kind::INTEGER);
    out.setNumber(*integer);
  } else if (const auto* boolean = std::get_if<bool>(&value.is)) {
    out.setKind(Kind::BOOLEAN);
    out.setNumber(*boolean ? 1 : 0);
  } else if (const auto* decimal = std::get_if<Decimal>(&value.is)) {
    out.setKind(Kind::DECIMAL);
    out.setNumber(decimal->units);
    out.setScale(decimal->scale);
  } else if (const auto* date = value.date()) {
    out.setKind(Kind::DATE);
    out.setNumber(date->days);
  } else if (const auto* digest = value.digest()) {
    out.setKind(Kind::DIGEST);
    out.setData(wire::data(digest->view()));
  } else if (const auto* bytes = std::get_if<Bytes>(&value.is)) {
    out.setKind(Kind::BYTES);
    if (!bytes->empty()) {
      out.setData(wire::data(*bytes));
    }
  } else if (const auto* list = value.list()) {
    out.setKind(Kind::LIST);
    if (!list->empty()) {
      auto elements = out.initList(static_cast<unsigned>(list->size()));
      for (unsigned i = 0; i < elements.size(); ++i) {
        write_value(elements[i], (*list)[i]);
      }
    }
  }
}

void write_event(wire::Event::Builder out, const Event& event) {
  out.setSchema(event.schema);
  out.setAlgorithm(static_cast<std::uint16_t>(Algorithm::kEd25519Sha256));
  out.setOccurredOn(event.occurred_on.days);
  out.setCreatedAt(event.created_at.ms);
  out.setVisibility(static_cast<std::uint16_t>(event.visibility));
  out.setType(event.type);
  out.setCatalogue(event.catalogue);
  out.setIssuer(event.issuer);
  out.setNonce(wire::data(event.nonce));
  if (event.record) {
    out.setRecord(wire::data(event.record->digest.view()));
  }
  if (event.supersedes) {
    out.setSupersedes(wire::data(event.supersedes->digest.view()));
  }
  if (!event.programmes.empty()) {
    auto programmes = out.initProgrammes(static_cast<unsigned>(event.programmes.size()));
    for (unsigned i = 0; i < programmes.size(); ++i) {
      programmes.set(i, event.programmes[i]);
    }
  }
  if (!event.fields.empty()) {
    auto fields = out.initFields(static_cast<unsigned>(event.fields.size()));
    unsigned i = 0;
    for (const auto& [name, value] : event.fields) {
      fields[i].setName(name);
      write_value(fields[i].initValue(), value);
      ++i;
    }
  }
  if (!event.commitments.empty()) {
    auto commitments = out.initCommitments(static_cast<unsigned>(event.commitments.size()));
    unsigned i = 0;
    for (const auto& [name, digest] : event.commitments) {
      commitments[i].setName(name);
      commitments[i].setDigest(wire::data(digest.view()));
      ++i;
    }
  }
  if (!event.evidence.empty()) {
    Bytes evidence;
    evidence.reserve(event.evidence.size() * Digest::kSize);
    for (const Digest& digest : event.evidence) {
      append(evidence, digest.view());
    }
    out.setEvidence(wire::data(evidence));
  }
}

// Reads one event. `at` says where it is, for whoever catches Cap'n Proto's exceptions.
class EventReader {
 public:
  std::string at = "event";

  Result<Event> read(wire::CanonicalMessage& message) {
    const auto in = message.root<wire::Event>();
    if (in.getSchema() != 1) {
      return Error{Errc::kUnsupported,
                   "schema: " + std::to_string(in.getSchema()) + " is not known",
                   "upgrade this program"};
    }
    if (in.getAlgorithm() != static_cast<std::uint16_t>(Algorithm::kEd25519Sha256)) {
      return Error{Errc::kUnsupported,
                   "algorithm: " + std::to_string(in.getAlgorithm()) + " is not known",
                   "upgrade this program"};
    }
    if (wire::has_unknown_fields(in, kEventData, kEventPointers) || in.getReserved16() != 0 ||
        in.getReserved32() != 0) {
      return refused("carries fields that schema 1 does not have");
    }
    Event event;
    event.schema = in.getSchema();
    event.occurred_on = Date{in.getOccurredOn()};
    event.created_at = Moment{in.getCreatedAt()};
    at = "visibility";
    if (in.getVisibility() > static_cast<std::uint16_t>(Visibility::kAuthority)) {
      return refused("not one of public, members, parties, authority");
    }
    event.visibility = static_cast<Visibility>(in.getVisibility());
    Result<void> done = read_header(in, event);
    if (done) {
      done = read_programmes(in, event);
    }
    if (done) {
      done = read_fields(in, event);
    }
    if (done) {
      done = read_commitments(in, event);
    }
    if (done) {
      done = read_evidence(in, event);
    }
    if (!done) {
      return done.error();
    }
    return event;
  }

 private:
  Error refused(const std::string& what) const {
    return Error{Errc::kInvalid, at + ": " + what,
                 "write events with encode_event or its equivalent; see event.capnp"};
  }

  // The canonical form knows no empty list, but an empty text has a byte, its final zero. One where
  // there should be a null pointer would be a second form of the same event.
  Error empty_text() const { return refused("an empty text that is present"); }

  Result<void> read_header(wire::Event::Reader in, Event& event) {
    at = "type";
    Result<void> done = read_text(in.hasType(), in.getType(), event.type);
    if (done) {
      at = "catalogue";
      done = read_text(in.hasCatalogue(), in.getCatalogue(), event.catalogue);
    }
    if (done) {
      at = "issuer";
      done = read_text(in.hasIssuer(), in.getIssuer(), event.issuer);
    }
    if (done) {
      done = read_nonce(in, event);
    }
    if (done) {
      at = "record";
      done = read_reference(in.hasRecord(), in.getRecord(), event.record);
    }
    if (done) {
      at = "supersedes";
      done = read_reference(in.hasSupersedes(), in.getSupersedes(), event.supersedes);
    }
    return done;
  }

  Result<void> read_text(bool present, capnp::Text::Reader text, std::string& out) {
    if (present && text.size() == 0) {
      return empty_text();
    }
    out.assign(text.begin(), text.size());
    return {};
  }

  Result<void> read_nonce(wire::Event::Reader in, Event& event) {
    at = "nonce";
    const BytesView nonce = wire::view(in.getNonce());
    if (nonce.size() != event.nonce.size()) {
      return refused("not 16 bytes");
    }
    std::copy(nonce.begin(), nonce.end(), event.nonce.begin());
    return {};
  }

  Result<void> read_reference(bool present, capnp::Data::Reader in, std::optional<EventId>& out) {
    if (!present) {
      return {};
    }
    const auto digest = Digest::from_bytes(wire::view(in));
    if (!digest) {
      return refused("not 32 bytes");
    }
    out = EventId{*digest};
    return {};
  }

  // A list of structures may be read from other encodings of a list, for the sake of old schemas;
  // each would be a second form.
  template <typename List>
  Result<void> check_list(bool present, List list, std::size_t size_max, capnp::ElementSize size) {
    if (list.size() > size_max) {
      return Error{Errc::kTooLarge, at + ": more than " + std::to_string(size_max), ""};
    }
    if (present && capnp::AnyList::Reader(list).getElementSize() != size) {
      return refused("encoded as another kind of list");
    }
    return {};
  }

  Result<void> read_programmes(wire::Event::Reader in, Event& event) {
    at = "programmes";
    const auto programmes = in.getProgrammes();
    if (auto ok =
            check_list(in.hasProgrammes(), programmes, kProgrammesMax, capnp::ElementSize::POINTER);
        !ok) {
      return ok;
    }
    for (const auto programme : programmes) {
      event.programmes.emplace_back(programme.begin(), programme.size());
    }
    return {};
  }

  Result<void> read_fields(wire::Event::Reader in, Event& event) {
    at = "fields";
    const auto fields = in.getFields();
    if (auto ok =
            check_list(in.hasFields(), fields, kFieldsMax, capnp::ElementSize::INLINE_COMPOSITE);
        !ok) {
      return ok;
    }
    for (const auto field : fields) {
      at = "fields";
      std::string name(field.getName().begin(), field.getName().size());
      if (auto ok = check_next_name(field, name, event.fields); !ok) {
        return ok;
      }
      at = "field " + name;
      if (!field.hasValue()) {
        return refused("without a value");
      }
      Value value;
      if (auto ok = read_value(field.getValue(), 0, value); !ok) {
        return ok;
      }
      event.fields.emplace_hint(event.fields.end(), std::move(name), std::move(value));
    }
    return {};
  }

  Result<void> read_commitments(wire::Event::Reader in, Event& event) {
    at = "commitments";
    const auto commitments = in.getCommitments();
    if (auto ok = check_list(in.hasCommitments(), commitments, kFieldsMax,
                             capnp::ElementSize::INLINE_COMPOSITE);
        !ok) {
      return ok;
    }
    for (const auto commitment : commitments) {
      at = "commitments";
      std::string name(commitment.getName().begin(), commitment.getName().size());
      if (auto ok = check_next_name(commitment, name, event.commitments); !ok) {
        return ok;
      }
      at = "commitment " + name;
      const auto digest = Digest::from_bytes(wire::view(commitment.getDigest()));
      if (!digest) {
        return refused("not 32 bytes");
      }
      event.commitments.emplace_hint(event.commitments.end(), std::move(name), *digest);
    }
    return {};
  }

  template <typename Pair, typename Map>
  Result<void> check_next_name(Pair pair, const std::string& name, const Map& so_far) {
    if (wire::has_unknown_fields(pair, 0, kPairPointers)) {
      return refused("carries fields that schema 1 does not have");
    }
    if (name.empty()) {
      return refused("without a name");
    }
    if (!so_far.empty() && so_far.rbegin()->first >= name) {
      return refused("not sorted by name, or one name twice");
    }
    return {};
  }

  Result<void> read_evidence(wire::Event::Reader in, Event& event) {
    at = "evidence";
    const BytesView evidence = wire::view(in.getEvidence());
    if (evidence.size() % Digest::kSize != 0) {
      return refused("not whole hashes of 32 bytes");
    }
    for (std::size_t i = 0; i < evidence.size(); i += Digest::kSize) {
      event.evidence.push_back(*Digest::from_bytes(evidence.subspan(i, Digest::kSize)));
    }
    return {};
  }

  // Whether a value uses just what its kind uses. One with anything else set is a second form.
  static bool uses_only(wire::Value::Reader in, bool number, bool text, bool data, bool list) {
    return in.getReserved8() == 0 && in.getReserved32() == 0 &&
           (in.getScale() == 0 || in.getKind() == Kind::DECIMAL) &&
           (number || in.getNumber() == 0) && (text || !in.hasText()) && (data || !in.hasData()) &&
           (list || !in.hasList());
  }

  Result<void> read_value(wire::Value::Reader in, int depth, Value& out) {
    const Kind kind = in.getKind();
    const bool text = kind == Kind::TEXT;
    const bool data = kind == Kind::DIGEST || kind == Kind::BYTES;
    const bool list = kind == Kind::LIST;
    if (kind > Kind::LIST) {
      return refused("a kind of value that schema 1 does not have");
    }
    if (wire::has_unknown_fields(in, kValueData, kValuePointers) ||
        !uses_only(in, !text && !data && !list, text, data, list)) {
      return refused("carries more than its kind of value has");
    }
    switch (kind) {
      case Kind::TEXT:
        if (in.hasText() && in.getText().size() == 0) {
          return empty_text();
        }
        out.is.emplace<std::string>(in.getText().begin(), in.getText().size());
        return {};
      case Kind::INTEGER:
        out.is = in.getNumber();
        return {};
      case Kind::BOOLEAN:
        if (in.getNumber() != 0 && in.getNumber() != 1) {
          return refused("a truth value that is neither 0 nor 1");
        }
        out.is = in.getNumber() == 1;
        return {};
      case Kind::DECIMAL:
        out.is = Decimal{in.getNumber(), in.getScale()};
        return {};
      case Kind::DATE:
        if (!std::in_range<std::int32_t>(in.getNumber())) {
          return refused("date outside the years 1900 to 2199");
        }
        out.is = Date{static_cast<std::int32_t>(in.getNumber())};
        return {};
      case Kind::DIGEST:
        return read_digest(in, out);
      case Kind::BYTES:
        out.is = to_bytes(wire::view(in.getData()));
        return {};
      case Kind::LIST:
        return read_list(in, depth + 1, out);
    }
    return refused("a kind of value that schema 1 does not have");
  }

  Result<void> read_digest(wire::Value::Reader in, Value& out) {
    const auto digest = Digest::from_bytes(wire::view(in.getData()));
    if (!digest) {
      return refused("a digest that is not 32 bytes");
    }
    out.is = *digest;
    return {};
  }

  Result<void> read_list(wire::Value::Reader in, int depth, Value& out) {
    if (depth > kListDepthMax) {
      return refused("lists nested deeper than 4");
    }
    const auto elements = in.getList();
    if (auto ok = check_list(in.hasList(), elements, kListElementsMax - elements_,
                             capnp::ElementSize::INLINE_COMPOSITE);
        !ok) {
      return ok;
    }
    elements_ += elements.size();
    Value::List list(elements.size());
    for (unsigned i = 0; i < elements.size(); ++i) {
      if (auto ok = read_value(elements[i], depth, list[i]); !ok) {
        return ok;
      }
    }
    out.is = std::move(list);
    return {};
  }

  std::size_t elements_ = 0;  // of all lists read so far
};

}  // namespace

Result<Bytes> encode_event(const Event& event) {
  if (const auto ok = check_limits(event); !ok) {
    return ok.error();
  }
  try {
    capnp::MallocMessageBuilder message;
    const auto root = message.initRoot<wire::Event>();
    write_event(root, event);
    Bytes bytes = wire::canonical_bytes(root);
    if (const auto ok = wire::check_message_size("event", bytes.size(), kEventBytesMax); !ok) {
      return ok.error();
    }
    return bytes;
  } catch (const kj::Exception&) {
    return Error{Errc::kTooLarge, "event: does not fit in one message",
                 "attach long documents as evidence"};
  }
}

Result<Event> decode_event(BytesView bytes) {
  if (const auto ok = wire::check_message("event", bytes, kEventBytesMax); !ok) {
    return ok.error();
  }
  EventReader reader;
  try {
    wire::CanonicalMessage message(bytes);
    auto event = reader.read(message);
    if (event) {
      if (const auto ok = check_limits(*event); !ok) {
        return ok.error();
      }
    }
    return event;
  } catch (const kj::Exception&) {
    return Error{Errc::kInvalid, reader.at + ": malformed",
                 "the bytes are damaged or not an event"};
  }
}

}  // namespace hefu
