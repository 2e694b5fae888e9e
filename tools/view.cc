#include "tools/view.h"

#include <iostream>

#include <boost/json.hpp>

#include "ledger/aggregate/key_range.h"
#include "ledger/bundle/bundle_state.h"
#include "ledger/bundle/verify.h"
#include "ledger/event/envelope.h"
#include "ledger/fraud/judge.h"
#include "ledger/view/view_file.h"
#include "node/files.h"
#include "tools/home.h"
#include "tools/json.h"
#include "tools/submit.h"

namespace hefu {

namespace json = boost::json;

namespace {

/// Questions to the node until the attestation is witnessed: twenty seconds.
constexpr int kProofTries = 40;
constexpr int kProofPauseMs = 500;

json::object tree_json(const AttestedTree& tree) {
  return {{"leaves", tree.leaves}, {"sum", tree.sum}, {"root", tree.root.hex()}};
}

json::object to_json(const ViewAttestation& attestation) {
  return {{"pack", attestation.pack},
          {"pack_digest", attestation.pack_digest.hex()},
          {"indicator", attestation.indicator},
          {"period", attestation.period},
          {"cut", attestation.cut.hex()},
          {"engine", attestation.engine},
          {"scale", attestation.scale},
          {"units", tree_json(attestation.units)},
          {"claims", tree_json(attestation.claims)}};
}

std::string text(const AttestedTree& tree, std::int64_t scale) {
  return std::to_string(tree.leaves) + " leaves, sum " + std::to_string(tree.sum) +
         (scale == 1 ? "" : "/" + std::to_string(scale)) + ", root " + tree.root.hex();
}

void print(const ViewAttestation& attestation) {
  std::cout << attestation.indicator << " of " << attestation.pack << " for " << attestation.period
            << " at cut " << attestation.cut.hex() << "\n  units   "
            << text(attestation.units, attestation.scale) << "\n  claims  "
            << text(attestation.claims, attestation.scale) << "\n";
}

/// The view of a bundle that holds.
Result<View> view_of(const Context& context, const ViewAttest& options) {
  const auto home = Home::open(context);
  const auto charter = home ? home->charter() : Result<Charter>(home.error());
  const auto content =
      charter ? read_file(options.bundle, kBundleBytesMax) : Result<std::string>(charter.error());
  const auto bundle = content ? decode_bundle(as_bytes(*content)) : Result<Bundle>(content.error());
  if (!bundle) {
    return bundle.error();
  }
  if (!verify_bundle(*bundle, *charter).good()) {
    return Error{Errc::kUnverified, options.bundle + " does not hold",
                 "see `hefu bundle verify`; nothing is attested from it"};
  }
  const auto state = bundle_state(*bundle);
  return state ? make_view(*state, {bundle->claim.pack, bundle->claim.period, options.indicator})
               : Result<View>(state.error());
}

/// A proof that the event is in its log, as soon as a quorum has seen it; empty if that takes too
/// long.
std::string await_proof(HttpClient& node, const EventId& id) {
  for (int i = 0; i < kProofTries; ++i) {
    if (const auto proof = node.get("/v1/events/" + id.hex() + "/proof")) {
      return std::string(as_text(*proof));
    }
    pause_ms(kProofPauseMs);
  }
  return "";
}

/// Signs, submits, and gives what to publish.
Result<ViewFile> publish(Context& context, const View& view, KeyRole role) {
  auto desk = open_desk(context);
  const auto catalogue = desk ? fetch_catalogue(desk->node) : Result<Catalogue>(desk.error());
  const auto key = catalogue ? desk->home.key(context, role) : Result<SecretKey>(catalogue.error());
  if (!key) {
    return key.error();
  }
  Prepared prepared;
  const auto id =
      prepare(context, make_view_attestation(desk->card.id, view.attestation, system_now(), {}),
              *catalogue, &prepared);
  // Ed25519 signs alike every time: this is the envelope that is submitted.
  const auto envelopes =
      id ? sign_batch(prepared.encoded, *key) : Result<std::vector<Bytes>>(id.error());
  const auto receipt = envelopes ? submit(desk->node, prepared, *key, "witnessed")
                                 : Result<json::value>(envelopes.error());
  if (!receipt) {
    return receipt.error();
  }
  ViewFile file;
  file.envelope = envelopes->front();
  file.proof = await_proof(desk->node, *id);
  file.units.leaves = view.units;
  file.claims.leaves = view.claims;
  return file;
}

}  // namespace

int run(Context& context, const ViewAttest& options) {
  const auto role = key_role(options.role);
  if (!role) {
    return report(context, Error{Errc::kInvalid, "no role of keys is called " + options.role, ""});
  }
  if (options.out.empty() && !options.dry_run) {
    return report(context, Error{Errc::kInvalid, "no file is named for the leaves",
                                 "--out FILE, or --dry-run to sign nothing"});
  }
  const auto view = view_of(context, options);
  if (!view) {
    return report(context, view.error());
  }
  if (!options.dry_run) {
    const auto file = publish(context, *view, *role);
    const auto written =
        file ? write_file_atomically(options.out, as_text(file->encode()), FileMode::kShared)
             : Result<void>(file.error());
    if (!written) {
      return report(context, written.error());
    }
    if (file->proof.empty()) {
      std::cerr << "the attestation is recorded, but not yet witnessed: the file has no proof of "
                   "it\n";
    }
  }
  if (context.json) {
    print_json(to_json(view->attestation), false);
    return kExitOk;
  }
  print(view->attestation);
  if (!options.dry_run) {
    std::cout << "attested, and the leaves written to " << options.out
              << "\nPublish it with the bundle it was computed from: whoever doubts a leaf needs "
                 "both.\n";
  }
  return kExitOk;
}

int run(Context& context, const ViewShow& options) {
  const auto content = read_file(options.file, kViewFileBytesMax);
  const auto file =
      content ? ViewFile::decode(as_bytes(*content)) : Result<ViewFile>(content.error());
  Result<Charter> charter = Error{};
  if (!options.trust.empty()) {
    charter = read_charter(options.trust);
  } else {
    const auto home = Home::open(context);
    charter = home ? home->charter() : Result<Charter>(home.error());
  }
  if (!file || !charter) {
    return report(context, file ? charter.error() : file.error());
  }
  const auto by = open_attestation({file->envelope, file->proof}, *charter);
  if (!by) {
    return report(context, by.error().during(options.file));
  }
  const ViewAttestation& attestation = by->attestation;
  const auto units = view_tree(file->units.leaves);
  const auto claims = units ? view_tree(file->claims.leaves) : Result<AggTree>(units.error());
  if (!claims || units->root(attestation.view_id()) != attestation.units.root ||
      claims->root(attestation.view_id()) != attestation.claims.root) {
    return report(context,
                  Error{Errc::kUnverified, "the leaves do not lead to what was attested",
                        "`hefu fraud prove wrong-arithmetic` if the file holds nodes as well"});
  }
  if (!options.org.empty()) {
    Bytes path = to_bytes(options.org);
    path.push_back('/');
    const KeyRange range = KeyRange::with_prefix(path);
    const auto proof = prove_key_range(*claims, keys_of(file->claims.leaves),
                                       payload_hashes_of(file->claims.leaves), range);
    const auto total = verify_key_range(claims->size(), range, proof, attestation.view_id(),
                                        attestation.claims.root);
    if (!total) {
      return report(context, total.error());
    }
    if (context.json) {
      print_json(json::object{{"org", options.org},
                              {"claims", total->count},
                              {"sum", total->sum},
                              {"scale", attestation.scale},
                              {"proof_bytes", proof.encode().size()}},
                 false);
    } else {
      std::cout << options.org << ": " << total->count << " claims, sum " << total->sum
                << (attestation.scale == 1 ? "" : "/" + std::to_string(attestation.scale))
                << ", proven in " << proof.encode().size() << " bytes\n";
    }
    return kExitOk;
  }
  if (context.json) {
    json::object out = to_json(attestation);
    out["member"] = by->member->id;
    print_json(out, false);
  } else {
    std::cout << "✓ attested by " << by->member->id << " " << by->member->name_zh
              << ", in its own log, seen by a quorum\n✓ the leaves lead to what was attested\n";
    print(attestation);
  }
  return kExitOk;
}

}  // namespace hefu
