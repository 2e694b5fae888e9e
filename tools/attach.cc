#include "tools/attach.h"

#include <iostream>

#include <boost/json.hpp>

#include "ledger/bundle/attestations.h"
#include "ledger/bundle/bundle_state.h"
#include "ledger/view/attested.h"
#include "ledger/view/view_file.h"
#include "node/files.h"
#include "tools/home.h"
#include "tools/json.h"
#include "tools/ledger_copy.h"

namespace hefu {

namespace json = boost::json;

namespace {

Result<std::vector<LoggedStatement>> from_views(const std::vector<std::string>& paths) {
  std::vector<LoggedStatement> out;
  for (const std::string& path : paths) {
    const auto content = read_file(path, kViewFileBytesMax);
    const auto file =
        content ? ViewFile::decode(as_bytes(*content)) : Result<ViewFile>(content.error());
    if (!file) {
      return file.error().during(path);
    }
    if (file->proof.empty()) {
      return Error{Errc::kInvalid, path + ": its attestation is in no log yet",
                   "attach it once others have seen it"};
    }
    out.push_back({file->envelope, file->proof});
  }
  return out;
}

/// Those about the bundle's cut, pack and period in the logs of a node.
Result<std::vector<LoggedStatement>> from_node(const Context& context, const Bundle& bundle,
                                               const Digest& cut) {
  const auto founding = parse_charter(bundle.charter);
  auto node = founding ? open_node(context) : Result<HttpClient>(founding.error());
  const auto copy =
      node ? LedgerCopy::download(*node, *founding) : Result<LedgerCopy>(node.error());
  const auto state = copy ? copy->state() : Result<LedgerState>(copy.error());
  if (!state) {
    return state.error();
  }
  std::vector<LoggedStatement> out;
  for (const MemberAttestation& one : view_statements(*state).attestations) {
    const ViewAttestation& said = one.attestation;
    if (said.cut != cut || said.pack_digest != bundle.claim.pack_digest ||
        said.period != bundle.claim.period) {
      continue;
    }
    auto statement = copy->statement(one.event);
    if (!statement) {
      return statement.error();
    }
    out.push_back(*std::move(statement));
  }
  return out;
}

}  // namespace

int run(Context& context, const BundleAttach& options) {
  const auto content = read_file(options.file, kBundleBytesMax);
  const auto bundle = content ? decode_bundle(as_bytes(*content)) : Result<Bundle>(content.error());
  const auto state = bundle ? bundle_state(*bundle) : Result<LedgerState>(bundle.error());
  if (!state) {
    return report(context, state.error().during(options.file));
  }
  auto statements = options.views.empty() ? from_node(context, *bundle, state->cut.id())
                                          : from_views(options.views);
  if (statements && statements->empty()) {
    statements = Error{Errc::kNotFound, "nobody attested these figures at this cut",
                       "`hefu view attest --bundle " + options.file + "` does"};
  }
  const auto with =
      statements ? attach_attestations(*bundle, *statements) : Result<Bundle>(statements.error());
  if (!with) {
    return report(context, with.error());
  }
  for (const BundleCheck& check : check_attestations(*with, *state, state->governance->charter)) {
    if (check.outcome == BundleCheck::Outcome::kBad) {
      return report(context, Error{Errc::kUnverified, check.subject + ": " + check.text,
                                   "attach only what holds; ask its author for the file again"});
    }
  }
  const auto written =
      write_file_atomically(options.out, as_text(encode_bundle(*with)), FileMode::kShared);
  if (!written) {
    return report(context, written.error());
  }
  if (context.json) {
    print_json(json::object{{"file", options.out}, {"attestations", with->attestations.size()}},
               false);
  } else {
    std::cout << "wrote " << options.out << " with " << with->attestations.size()
              << " attestations\nNext: hefu bundle verify " << options.out
              << " --trust CHARTER   (offline)\n";
  }
  return kExitOk;
}

}  // namespace hefu
