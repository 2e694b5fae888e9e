#include "tools/view.h"

#include <filesystem>
#include <iostream>
#include <vector>

#include <boost/json.hpp>

#include "ledger/aggregate/key_range.h"
#include "ledger/bundle/bundle_state.h"
#include "ledger/bundle/verify.h"
#include "ledger/event/envelope.h"
#include "ledger/programme/evaluate.h"
#include "ledger/view/statement.h"
#include "ledger/view/view_file.h"
#include "node/files.h"
#include "tools/home.h"
#include "tools/json.h"
#include "tools/submit.h"

namespace hefu {

namespace json = boost::json;

namespace {

/// Questions to the node until the attestation is witnessed: three minutes.
constexpr int kProofTries = 360;
constexpr int kProofPauseMs = 500;
/// Events of which a node answers with their proofs at once; of more, they are asked for later.
constexpr std::size_t kProvedAtOnceMax = 100;

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

/// The views asked for of a bundle that holds, by an engine that passes the pack's own tests.
Result<std::vector<View>> views_of(const Context& context, const ViewAttest& options) {
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
  const auto maker = state ? ViewMaker::make(*state, bundle->claim.pack, bundle->claim.period)
                           : Result<ViewMaker>(state.error());
  if (!maker) {
    return maker.error();
  }
  if (auto passed = run_pack_tests(maker->pack()); !passed) {
    return passed.error().during("this program does not pass the pack's own tests");
  }
  std::vector<View> out;
  if (!options.all) {
    auto view = maker->view(options.indicator);
    if (!view) {
      return view.error();
    }
    out.push_back(*std::move(view));
    return out;
  }
  for (const PackIndicator& indicator : maker->pack().indicators) {
    if (auto view = maker->view(indicator.id)) {
      out.push_back(*std::move(view));
    } else if (!context.json) {
      std::cerr << "not attested: " << view.error().message << "\n";
    }
  }
  return out.empty() ? Result<std::vector<View>>(
                           Error{Errc::kUnsupported, "no indicator of the pack has a tree", ""})
                     : Result<std::vector<View>>(std::move(out));
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

/// Signs all of them with one signature, submits, and gives what to publish.
Result<std::vector<ViewFile>> publish(Context& context, const std::vector<View>& views,
                                      KeyRole role) {
  auto desk = open_desk(context);
  const auto catalogue = desk ? fetch_catalogue(desk->node) : Result<Catalogue>(desk.error());
  const auto key = catalogue ? desk->home.key(context, role) : Result<SecretKey>(catalogue.error());
  if (!key) {
    return key.error();
  }
  Prepared prepared;
  for (const View& view : views) {
    const auto id =
        prepare(context, make_view_attestation(desk->card.id, view.attestation, system_now(), {}),
                *catalogue, &prepared);
    if (!id) {
      return id.error();
    }
  }
  // Ed25519 signs alike every time: these are the envelopes that are submitted.
  const auto envelopes = sign_batch(prepared.encoded, *key);
  const std::string_view ack = views.size() <= kProvedAtOnceMax ? "witnessed" : "";
  const auto receipt =
      envelopes ? submit(desk->node, prepared, *key, ack) : Result<json::value>(envelopes.error());
  if (!receipt) {
    return receipt.error();
  }
  std::vector<ViewFile> files;
  for (std::size_t i = 0; i < views.size(); ++i) {
    ViewFile& file = files.emplace_back();
    file.envelope = (*envelopes)[i];
    file.proof = await_proof(desk->node, prepared.ids[i]);
    file.units.leaves = views[i].units;
    file.claims.leaves = views[i].claims;
  }
  return files;
}

/// Where the leaves of a view go.
std::string path_for(const ViewAttest& options, const View& view) {
  return options.all
             ? (std::filesystem::path(options.out) / (view.attestation.indicator + ".hefu-view"))
                   .string()
             : options.out;
}

Result<void> write_files(const ViewAttest& options, const std::vector<View>& views,
                         const std::vector<ViewFile>& files) {
  std::size_t unproven = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto written = write_file_atomically(path_for(options, views[i]),
                                               as_text(files[i].encode()), FileMode::kShared);
    if (!written) {
      return written;
    }
    unproven += files[i].proof.empty() ? 1 : 0;
  }
  if (unproven > 0) {
    std::cerr << unproven << " attestations are recorded, but not yet witnessed: their files have "
              << "no proof of it\n";
  }
  return {};
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
  if (options.all != options.indicator.empty()) {
    return report(context, Error{Errc::kInvalid, "one indicator, or all of them",
                                 "--indicator ID, or --all"});
  }
  std::error_code failed;
  if (options.all && !options.dry_run) {
    std::filesystem::create_directories(options.out, failed);
  }
  const auto views =
      failed
          ? Result<std::vector<View>>(Error{Errc::kIo, options.out + ": " + failed.message(), ""})
          : views_of(context, options);
  if (!views) {
    return report(context, views.error());
  }
  if (!options.dry_run) {
    const auto files = publish(context, *views, *role);
    const auto written = files ? write_files(options, *views, *files) : Result<void>(files.error());
    if (!written) {
      return report(context, written.error());
    }
  }
  if (context.json) {
    json::array all;
    for (const View& view : *views) {
      all.push_back(to_json(view.attestation));
    }
    print_json(options.all ? json::value(std::move(all)) : std::move(all.front()), false);
    return kExitOk;
  }
  for (const View& view : *views) {
    print(view.attestation);
  }
  if (!options.dry_run) {
    std::cout << "attested" << (options.all ? " " + std::to_string(views->size()) + " figures" : "")
              << ", and the leaves written to " << options.out
              << "\nPublish them with the bundle they were computed from: whoever doubts a leaf "
                 "needs both.\n";
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
