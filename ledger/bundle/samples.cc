#include "ledger/bundle/samples.h"

#include <algorithm>

#include "ledger/audit/sample.h"
#include "ledger/closing/acts.h"
#include "ledger/cut/anchor.h"
#include "ledger/cut/head_observation.h"
#include "ledger/view/document.h"
#include "ledger/view/figures.h"

namespace hefu {

namespace {

/// Types that only ever add to a record, date it, or publish a document: of these a bundle of
/// samples holds what the samples need.
constexpr std::string_view kOfSamples[] = {
    "countersignature", "evidence-attachment", "agreement-signature", "agreement-seen",
    "document-part",    kAnchorType,           kHeadObservationType};

void add_part(Bytes& out, BytesView part) {
  append_be(out, static_cast<std::uint32_t>(part.size()));
  append(out, part);
}

void add_joined(const FactRule& rule, std::set<std::string>* types) {
  for (const JoinRule& join : rule.joins) {
    types->insert(join.types.begin(), join.types.end());
  }
}

}  // namespace

Digest public_seed(const ViewAttestation& attestation, const std::string& value,
                   std::uint32_t asked) {
  const SampleSeed seed{
      attestation.cut, attestation.pack_digest, attestation.units.root, {}, {}, value};
  Bytes parts;
  add_part(parts, as_bytes("hefu/bundle-sample/v1"));
  add_part(parts, seed.digest().view());
  Bytes count;
  append_be(count, asked);
  add_part(parts, count);
  return sha256(parts);
}

Result<DrawnSamples> draw_samples(const Digest& seed, std::uint64_t leaves, const Cut& cut,
                                  std::uint32_t asked) {
  DrawnSamples out;
  if (leaves > 0) {
    auto drawn =
        draw_items(stratum_seed(seed, "leaves"), leaves, std::min<std::uint64_t>(asked, leaves));
    if (!drawn) {
      return drawn.error();
    }
    out.leaves = *std::move(drawn);
  }
  std::uint64_t entries = 0;
  for (const CutLog& log : cut.logs) {
    entries += log.checkpoint.size;
  }
  if (entries == 0) {
    return out;
  }
  const auto drawn =
      draw_items(stratum_seed(seed, "entries"), entries, std::min<std::uint64_t>(asked, entries));
  if (!drawn) {
    return drawn.error();
  }
  for (std::uint64_t number : *drawn) {
    auto log = cut.logs.begin();
    while (number >= log->checkpoint.size) {
      number -= log->checkpoint.size;
      ++log;
    }
    out.entries.push_back({log->checkpoint.origin, number});
  }
  return out;
}

std::set<std::string> sampled_whole_types() {
  std::set<std::string> types = always_needed_types();
  for (const std::string_view type : kOfSamples) {
    types.erase(std::string(type));
  }
  std::erase_if(types, [](const std::string& type) { return concerns_closing(type); });
  return types;
}

Result<Pack> claimed_pack(const LedgerState& state, const BundleClaim& claim) {
  const std::string id = claim.pack.substr(0, claim.pack.find('/'));
  for (const Document& document : *state.documents) {
    if (document.kind != "pack" || document.id != id) {
      continue;
    }
    auto pack = Pack::from_json(document.content);
    if (!pack || pack->digest() == claim.pack_digest) {
      return pack;
    }
  }
  return Error{Errc::kNotFound,
               "no pack " + id + " with digest " + claim.pack_digest.hex() +
                   " is published in the authority's log, as far as it is here",
               ""};
}

Result<std::set<std::string>> sampled_types(const LedgerState& state, const BundleClaim& claim) {
  const auto pack = claimed_pack(state, claim);
  if (!pack) {
    return pack.error();
  }
  const PackIndicator* indicator = pack->find_indicator(claim.indicator);
  if (indicator == nullptr) {
    return Error{Errc::kNotFound, "the pack has no indicator " + claim.indicator,
                 "`hefu figure show` lists them"};
  }
  std::set<std::string> types = sampled_whole_types();
  add_joined(indicator->rule, &types);
  for (const std::string& name : {indicator->from_set, indicator->in_set, indicator->not_in_set}) {
    const PackSet* set = name.empty() ? nullptr : pack->find_set(name);
    if (set == nullptr) {
      continue;
    }
    add_joined(set->rule, &types);
    if (name != indicator->from_set) {
      types.insert(set->rule.types.begin(), set->rule.types.end());
    }
  }
  if (const PackIndicator* superset = pack->find_indicator(indicator->subset_of)) {
    types.insert(superset->rule.types.begin(), superset->rule.types.end());
  }
  return types;
}

}  // namespace hefu
