#include "ledger/view/view.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "ledger/programme/evaluate.h"
#include "ledger/programme/organisation.h"
#include "ledger/programme/pack_attest.h"
#include "ledger/view/document.h"

namespace hefu {

namespace {

constexpr std::size_t kOrgPathBytesMax = 900;
constexpr std::size_t kCountedBytes = 2 * Digest::kSize;

Error does_not_fit(const std::string& what) {
  return Error{Errc::kTooLarge, "view: " + what, "attest a coarser indicator"};
}

/// The least common denominator of all values.
Result<std::int64_t> common_scale(const std::vector<Contribution>& units) {
  std::int64_t scale = 1;
  const auto take = [&](const Fraction& value) {
    if (value.den() > kViewScaleMax) {
      return false;
    }
    const auto den = static_cast<std::int64_t>(value.den());
    scale = scale / std::gcd(scale, den) * den;  // below 10^18, and bounded again at once
    return scale <= kViewScaleMax;
  };
  for (const Contribution& unit : units) {
    bool fits = take(unit.value);
    for (const auto& [org, value] : unit.claims) {
      fits = fits && take(value);
    }
    if (!fits) {
      return does_not_fit("its values have no common denominator up to 10^9");
    }
  }
  return scale;
}

Result<std::int64_t> scaled(const Fraction& value, std::int64_t scale) {
  const auto whole = value.times(Fraction(scale));
  if (!whole || whole->den() != 1 || whole->num() > std::numeric_limits<std::int64_t>::max()) {
    return does_not_fit("a value does not fit 63 bits");
  }
  if (whole->num() < 0) {
    return Error{Errc::kUnsupported, "view: a unit adds less than nothing",
                 "attest what is added and what is taken away as two indicators"};
  }
  return static_cast<std::int64_t>(whole->num());
}

/// What counts for a unit, or for one institution's claim of it.
Result<Bytes> payload_of(const Contribution& unit, const Records& records) {
  std::vector<CountedRecord> counted;
  for (const Fact* fact : unit.facts) {
    const auto id = Digest::from_hex(fact->id);
    const Record* record = id ? records.record(EventId{*id}) : nullptr;
    if (record == nullptr) {
      return Error{Errc::kInvalid, "view: no record " + fact->id + " is behind what counts", ""};
    }
    counted.push_back({record->id, record->current.id});
  }
  std::sort(counted.begin(), counted.end(),
            [](const CountedRecord& a, const CountedRecord& b) { return a.record < b.record; });
  return view_payload(counted);
}

Result<AttestedTree> attested(const ViewLeaves& leaves, const Digest& view_id) {
  const auto tree = view_tree(leaves);
  return tree ? Result<AttestedTree>(AttestedTree{tree->size(), tree->sum(), tree->root(view_id)})
              : Result<AttestedTree>(tree.error());
}

Result<void> add_leaves(const Contribution& unit, const LedgerState& state, View* view) {
  const Digest key = unit_key(view->attestation, unit.unit);
  auto payload = payload_of(unit, state.records);
  const auto value =
      payload ? scaled(unit.value, view->attestation.scale) : Result<std::int64_t>(payload.error());
  if (!value) {
    return value.error();
  }
  view->units.push_back({to_bytes(key.view()), *value, *payload});
  for (const auto& [org, credited] : unit.claims) {
    const auto claim = scaled(credited, view->attestation.scale);
    if (!claim) {
      return claim.error();
    }
    Bytes path = org_path(*state.world, org);
    if (path.size() > kOrgPathBytesMax) {
      return does_not_fit("the organisations above " + org + " have too long a path");
    }
    path.push_back(0);
    append(path, key.view());
    view->claims.push_back({std::move(path), *claim, *payload});
  }
  return {};
}

}  // namespace

Bytes view_payload(const std::vector<CountedRecord>& records) {
  Bytes out;
  for (const CountedRecord& one : records) {
    append(out, one.record.digest.view());
    append(out, one.version.digest.view());
  }
  return out;
}

Result<std::vector<CountedRecord>> read_view_payload(BytesView payload) {
  std::vector<CountedRecord> out;
  if (payload.size() % kCountedBytes != 0) {
    return Error{Errc::kInvalid, "view leaf: its payload is no list of records", ""};
  }
  for (std::size_t at = 0; at < payload.size(); at += kCountedBytes) {
    out.push_back(
        {EventId{*Digest::from_bytes(payload.subspan(at, Digest::kSize))},
         EventId{*Digest::from_bytes(payload.subspan(at + Digest::kSize, Digest::kSize))}});
  }
  return out;
}

Digest unit_key(const ViewAttestation& attestation, const std::string& tuple) {
  return sha256({as_bytes("hefu/unit-key/v1\n"), attestation.view_id().view(),
                 attestation.cut.view(), as_bytes(tuple)});
}

Bytes org_path(const World& world, const std::string& org) {
  const auto upwards = ancestry(world, org);
  Bytes path;
  for (auto above = upwards.rbegin(); above != upwards.rend(); ++above) {
    append(path, std::string_view(*above));
    path.push_back('/');
  }
  return path;
}

Result<ViewMaker> ViewMaker::make(const LedgerState& state, const std::string& wanted,
                                  const std::string& wanted_period) {
  const auto slash = wanted.find('/');
  const std::string version = slash == std::string::npos ? "" : wanted.substr(slash + 1);
  const Document* document =
      find_document(*state.documents, "pack", wanted.substr(0, slash), version);
  if (document == nullptr) {
    return Error{Errc::kNotFound, "the authority's log holds no pack " + wanted,
                 "`hefu pack list` shows the published ones"};
  }
  auto pack = Pack::from_json(document->content);
  if (!pack) {
    return pack.error();
  }
  auto period = Period::parse(wanted_period, pack->valid);
  auto figures = period ? evaluate(*pack, *state.world, state.facts, *period)
                        : Result<std::vector<Figure>>(period.error());
  return figures ? Result<ViewMaker>(
                       ViewMaker(state, *std::move(pack), *std::move(period), *std::move(figures)))
                 : Result<ViewMaker>(figures.error());
}

Result<std::vector<Contribution>> ViewMaker::units(const std::string& indicator) const {
  return contributions(pack_, *state_->world, state_->facts, period_, figures_, indicator);
}

Result<View> make_view(const LedgerState& state, const ViewRequest& request) {
  const auto maker = ViewMaker::make(state, request.pack, request.period);
  return maker ? maker->view(request.indicator) : Result<View>(maker.error());
}

Result<View> ViewMaker::view(const std::string& indicator) const {
  const auto units = this->units(indicator);
  const auto scale = units ? common_scale(*units) : Result<std::int64_t>(units.error());
  if (!scale) {
    return scale.error();
  }
  View view;
  view.attestation = {pack_.id,
                      pack_.digest(),
                      indicator,
                      period_.text,
                      state_->cut.id(),
                      std::string(kViewEngine),
                      *scale,
                      {},
                      {},
                      vectors_digest(pack_)};
  const Cut& cut = state_->cut;
  if (cut.logs.size() <= kAttestedHeadsMax && cut.missing.size() <= kAttestedHeadsMax) {
    for (const CutLog& log : cut.logs) {
      view.attestation.heads.push_back({log.checkpoint.origin, log.checkpoint.size});
    }
    view.attestation.missing = cut.missing;
  }
  for (const Contribution& unit : *units) {
    if (auto added = add_leaves(unit, *state_, &view); !added) {
      return added.error();
    }
  }
  for (ViewLeaves* leaves : {&view.units, &view.claims}) {
    std::sort(leaves->begin(), leaves->end(),
              [](const ViewLeaf& a, const ViewLeaf& b) { return a.key < b.key; });
  }
  const Digest id = view.attestation.view_id();
  const auto by_unit = attested(view.units, id);
  const auto by_org = attested(view.claims, id);
  if (!by_unit || !by_org) {
    return by_unit ? by_org.error() : by_unit.error();
  }
  view.attestation.units = *by_unit;
  view.attestation.claims = *by_org;
  return view;
}

Result<AggTree> view_tree(const ViewLeaves& leaves) {
  std::vector<AggNode> nodes;
  nodes.reserve(leaves.size());
  for (const ViewLeaf& leaf : leaves) {
    if (leaf.value < 0) {
      return Error{Errc::kInvalid, "view: a leaf has a negative value", ""};
    }
    nodes.push_back(agg_leaf(leaf.value, leaf.key, leaf.payload));
  }
  return AggTree::build(std::move(nodes));
}

std::vector<Bytes> keys_of(const ViewLeaves& leaves) {
  std::vector<Bytes> keys;
  for (const ViewLeaf& leaf : leaves) {
    keys.push_back(leaf.key);
  }
  return keys;
}

std::vector<Digest> payload_hashes_of(const ViewLeaves& leaves) {
  std::vector<Digest> hashes;
  for (const ViewLeaf& leaf : leaves) {
    hashes.push_back(agg_payload_hash(leaf.payload));
  }
  return hashes;
}

}  // namespace hefu
