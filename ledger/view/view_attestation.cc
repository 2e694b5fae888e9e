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
  void tree(const std::string& name, AttestedTree* out) {
    std::int64_t leaves = 0;
    number((name + "_leaves").c_str(), 0, static_cast<std::int64_t>(kAggLeavesMax), &leaves);
    out->leaves = static_cast<std::uint64_t>(leaves);
    number((name + "_sum").c_str(), 0, std::numeric_limits<std::int64_t>::max(), &out->sum);
    digest((name + "_root").c_str(), &out->root);
  }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
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
  event.fields["pack"] = Value{attestation.pack};
  event.fields["pack_digest"] = Value{attestation.pack_digest};
  event.fields["indicator"] = Value{attestation.indicator};
  event.fields["period"] = Value{attestation.period};
  event.fields["cut"] = Value{attestation.cut};
  event.fields["engine"] = Value{attestation.engine};
  event.fields["scale"] = Value{attestation.scale};
  put_tree("units", attestation.units, &event);
  put_tree("claims", attestation.claims, &event);
  return event;
}

Result<ViewAttestation> read_view_attestation(const Event& event) {
  if (event.type != kViewAttestationType) {
    return Error{Errc::kInvalid, "not a view attestation but an event of type " + event.type, ""};
  }
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
  return fields.error() ? Result<ViewAttestation>(*fields.error())
                        : Result<ViewAttestation>(std::move(out));
}

}  // namespace hefu
