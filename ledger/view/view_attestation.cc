#include "ledger/view/view_attestation.h"

#include <limits>
#include <optional>

#include "ledger/aggregate/agg_tree.h"
#include "ledger/event/protocol_event.h"

namespace hefu {

namespace {

constexpr std::size_t kTextMax = 255;

Error bad_field(const char* field, const std::string& reason) {
  return Error{Errc::kInvalid, std::string("view attestation field ") + field + ": " + reason, ""};
}

/// Reads fields one after the other; keeps the first thing wrong.
class Fields {
 public:
  explicit Fields(const Event& event) : event_(event) {}

  void text(const char* field, std::string* out) {
    const Value* value = event_.field(field);
    const bool is_line = value != nullptr && value->text() != nullptr && !value->text()->empty() &&
                         value->text()->size() <= kTextMax &&
                         value->text()->find('\n') == std::string::npos;
    take(field, is_line, "not one line of 1 to 255 bytes");
    *out = is_line ? *value->text() : "";
  }
  void digest(const char* field, Digest* out) {
    const Value* value = event_.field(field);
    const bool is_digest = value != nullptr && value->digest() != nullptr;
    take(field, is_digest, "a digest is missing");
    *out = is_digest ? *value->digest() : Digest{};
  }
  void number(const char* field, std::int64_t least, std::int64_t most, std::int64_t* out) {
    const Value* value = event_.field(field);
    const bool fits = value != nullptr && value->integer() != nullptr &&
                      *value->integer() >= least && *value->integer() <= most;
    take(field, fits,
         "not a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    *out = fits ? *value->integer() : least;
  }
  void optional_digest(const char* field, std::optional<Digest>* out) {
    const Value* value = event_.field(field);
    take(field, value == nullptr || value->digest() != nullptr, "not a digest");
    if (value != nullptr && value->digest() != nullptr) {
      *out = *value->digest();
    }
  }
  /// Pairs of an origin and a size, rising by origin; or nothing.
  void heads(const char* field, std::vector<AttestedHead>* out) {
    for (const Value& item : items(field)) {
      const Value::List* pair = item.list();
      const bool is_head = pair != nullptr && pair->size() == 2 && (*pair)[0].text() != nullptr &&
                           (*pair)[1].integer() != nullptr && *(*pair)[1].integer() >= 0;
      take(field, is_head, "not pairs of an origin and a size");
      if (!is_head) {
        return;
      }
      out->push_back({*(*pair)[0].text(), static_cast<std::uint64_t>(*(*pair)[1].integer())});
      const bool rises = out->size() == 1 || (*out)[out->size() - 2].origin < out->back().origin;
      take(field, rises, "the origins do not rise");
    }
  }
  void origins(const char* field, std::vector<std::string>* out) {
    for (const Value& item : items(field)) {
      take(field, item.text() != nullptr, "not a list of origins");
      if (item.text() != nullptr) {
        out->push_back(*item.text());
        take(field, out->size() == 1 || (*out)[out->size() - 2] < out->back(),
             "the origins do not rise");
      }
    }
  }
  void tree(const std::string& name, AttestedTree* out) {
    std::int64_t leaves = 0;
    number((name + "_leaves").c_str(), 0, static_cast<std::int64_t>(kAggLeavesMax), &leaves);
    out->leaves = static_cast<std::uint64_t>(leaves);
    number((name + "_sum").c_str(), 0, std::numeric_limits<std::int64_t>::max(), &out->sum);
    digest((name + "_root").c_str(), &out->root);
  }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  const Value::List& items(const char* field) {
    static const Value::List kNone;
    const Value* value = event_.field(field);
    const bool good = value == nullptr ||
                      (value->list() != nullptr && value->list()->size() <= kAttestedHeadsMax);
    take(field, good, "not a list of at most " + std::to_string(kAttestedHeadsMax));
    return value != nullptr && good ? *value->list() : kNone;
  }
  void take(const char* field, bool good, const std::string& reason) {
    if (!good && !error_) {
      error_ = bad_field(field, reason);
    }
  }

  const Event& event_;
  std::optional<Error> error_;
};

void put_tree(const std::string& name, const AttestedTree& tree, Event* event) {
  event->fields[name + "_leaves"] = Value{static_cast<std::int64_t>(tree.leaves)};
  event->fields[name + "_sum"] = Value{tree.sum};
  event->fields[name + "_root"] = Value{tree.root};
}

}  // namespace

Digest ViewAttestation::view_id() const {
  return sha256(
      as_bytes("hefu/view/v1\n" + indicator + "\n" + period + "\n" + pack_digest.hex() + "\n"));
}

Event make_view_attestation(const std::string& issuer, const ViewAttestation& attestation,
                            Moment now, const std::array<std::uint8_t, 16>& nonce) {
  Event event = protocol_event(kViewAttestationType, issuer, now, nonce);
  put_attestation(attestation, &event);
  return event;
}

void put_attestation(const ViewAttestation& attestation, Event* event) {
  event->fields["pack"] = Value{attestation.pack};
  event->fields["pack_digest"] = Value{attestation.pack_digest};
  event->fields["indicator"] = Value{attestation.indicator};
  event->fields["period"] = Value{attestation.period};
  event->fields["cut"] = Value{attestation.cut};
  event->fields["engine"] = Value{attestation.engine};
  event->fields["scale"] = Value{attestation.scale};
  put_tree("units", attestation.units, event);
  put_tree("claims", attestation.claims, event);
  if (attestation.vectors) {
    event->fields["vectors"] = Value{*attestation.vectors};
  }
  if (!attestation.heads.empty()) {
    Value::List heads;
    for (const AttestedHead& head : attestation.heads) {
      heads.push_back(
          Value{Value::List{Value{head.origin}, Value{static_cast<std::int64_t>(head.size)}}});
    }
    event->fields["heads"] = Value{std::move(heads)};
  }
  if (!attestation.missing.empty()) {
    Value::List missing;
    for (const std::string& origin : attestation.missing) {
      missing.push_back(Value{origin});
    }
    event->fields["missing"] = Value{std::move(missing)};
  }
}

Result<ViewAttestation> read_view_attestation(const Event& event) {
  if (event.type != kViewAttestationType) {
    return Error{Errc::kInvalid, "not a view attestation but an event of type " + event.type, ""};
  }
  return read_attestation(event);
}

Result<ViewAttestation> read_attestation(const Event& event) {
  ViewAttestation out;
  Fields fields(event);
  fields.text("pack", &out.pack);
  fields.digest("pack_digest", &out.pack_digest);
  fields.text("indicator", &out.indicator);
  fields.text("period", &out.period);
  fields.digest("cut", &out.cut);
  fields.text("engine", &out.engine);
  fields.number("scale", 1, kViewScaleMax, &out.scale);
  fields.tree("units", &out.units);
  fields.tree("claims", &out.claims);
  fields.optional_digest("vectors", &out.vectors);
  fields.heads("heads", &out.heads);
  fields.origins("missing", &out.missing);
  return fields.error() ? Result<ViewAttestation>(*fields.error())
                        : Result<ViewAttestation>(std::move(out));
}

}  // namespace hefu
