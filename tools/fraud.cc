#include "tools/fraud.h"

#include <iostream>
#include <optional>
#include <vector>

#include <boost/json.hpp>

#include "ledger/bundle/bundle_state.h"
#include "ledger/bundle/verify.h"
#include "ledger/event/envelope.h"
#include "ledger/fraud/judge.h"
#include "ledger/fraud/prove.h"
#include "node/files.h"
#include "tools/home.h"
#include "tools/json.h"
#include "tools/whole_log.h"

namespace hefu {

namespace json = boost::json;

namespace {

/// The founding charter that the reader knows.
Result<Charter> founding_charter(const Context& context, const std::string& file) {
  if (!file.empty()) {
    return read_charter(file);
  }
  auto home = Home::open(context);
  auto charter = home ? home->charter() : Result<Charter>(home.error());
  if (!charter) {
    Error error = charter.error();
    error.hint = "name the charter you know with --trust";
    return error;
  }
  return charter;
}

Result<Bundle> read_bundle(const std::string& path) {
  const auto content = read_file(path, kBundleBytesMax);
  auto bundle = content ? decode_bundle(as_bytes(*content)) : Result<Bundle>(content.error());
  return bundle ? bundle : Result<Bundle>(bundle.error().during(path));
}

/// The charter in force by what a bundle shows of decisions, if the bundle holds.
Result<Charter> charter_in_force(const Charter& founding, const std::string& path) {
  const auto bundle = read_bundle(path);
  if (!bundle) {
    return bundle.error();
  }
  if (!verify_bundle(*bundle, founding).good()) {
    return Error{Errc::kUnverified, path + " does not hold", "see `hefu bundle verify`"};
  }
  const auto state = bundle_state(*bundle);
  return state ? Result<Charter>(state->governance->charter) : Result<Charter>(state.error());
}

int exit_code(const FraudVerdict& verdict) {
  switch (verdict.outcome) {
    case FraudVerdict::Outcome::kProven:
      return kExitOk;
    case FraudVerdict::Outcome::kNotProven:
      return kExitBad;
    case FraudVerdict::Outcome::kNotJudged:
      return kExitIncomplete;
  }
  return kExitBad;
}

const char* word(const FraudVerdict& verdict) {
  switch (verdict.outcome) {
    case FraudVerdict::Outcome::kProven:
      return "proven";
    case FraudVerdict::Outcome::kNotProven:
      return "not-proven";
    case FraudVerdict::Outcome::kNotJudged:
      return "not-judged";
  }
  return "";
}

void print_json_verdict(FraudKind kind, const FraudVerdict& verdict) {
  json::array found;
  for (const std::string& line : verdict.found) {
    found.emplace_back(line);
  }
  json::object out{{"verdict", word(verdict)}, {"kind", name(kind)}, {"found", found}};
  if (!verdict.accused.empty()) {
    out["member"] = verdict.accused;
    out["statement"] = verdict.statement;
  }
  if (!verdict.why_not.empty()) {
    out["reason"] = verdict.why_not;
  }
  print_json(out, false);
}

void print_verdict(FraudKind kind, const FraudVerdict& verdict, const Charter& charter) {
  if (!verdict.accused.empty()) {
    const Member* member = charter.member(verdict.accused);
    std::cout << "✓ signed by " << verdict.accused
              << (member == nullptr ? std::string() : " " + member->name_zh)
              << ", in its own log, seen by a quorum\n  " << verdict.statement << "\n";
  }
  for (const std::string& line : verdict.found) {
    std::cout << "✓ " << line << "\n";
  }
  switch (verdict.outcome) {
    case FraudVerdict::Outcome::kProven:
      std::cout << "PROVEN: " << name(kind)
                << ". Nobody need be trusted for it. Not proven: who held the key, and whether it "
                   "was meant.\n";
      return;
    case FraudVerdict::Outcome::kNotProven:
      std::cout << "✗ " << verdict.why_not
                << "\nNOT PROVEN: this file convicts nobody. It does not acquit anybody either.\n";
      return;
    case FraudVerdict::Outcome::kNotJudged:
      std::cout << "? " << verdict.why_not << "\nNOT JUDGED: what is here is not enough to tell.\n";
      return;
  }
}

int show_verdict(const Context& context, FraudKind kind, const FraudVerdict& verdict,
                 const Charter& charter) {
  if (context.json) {
    print_json_verdict(kind, verdict);
  } else {
    print_verdict(kind, verdict, charter);
  }
  return exit_code(verdict);
}

Result<ViewFile> read_view(const std::string& path) {
  if (path.empty()) {
    return Error{Errc::kInvalid, "no view is named", "--view FILE: what `hefu view attest` wrote"};
  }
  const auto content = read_file(path, kViewFileBytesMax);
  auto view = content ? ViewFile::decode(as_bytes(*content)) : Result<ViewFile>(content.error());
  return view ? view : Result<ViewFile>(view.error().during(path));
}

/// A whole log as a node gives it.
struct Downloaded {
  std::vector<Bytes> entries;
  LogContents contents;
  std::string head;
};

Result<Downloaded> download(HttpClient& node, const Charter& charter, const std::string& wanted) {
  const auto member = find_member(charter, wanted);
  const auto note =
      member ? node.get("/log/" + member->domain + "/checkpoint") : Result<Bytes>(member.error());
  const auto head =
      note ? parse_checkpoint(as_text(*note)) : Result<SignedCheckpoint>(note.error());
  if (!head) {
    return head.error();
  }
  Downloaded out;
  out.head = std::string(as_text(*note));
  auto read = download_log(node, *member, head->checkpoint.size,
                           [&](std::uint64_t, BytesView entry) -> Result<void> {
                             out.entries.push_back(to_bytes(entry));
                             return {};
                           });
  if (!read) {
    return read.error();
  }
  out.contents = {member->origin, head->checkpoint.size, {}};
  for (std::uint64_t i = 0; i < out.entries.size(); ++i) {
    out.contents.entries.push_back({i, out.entries[i]});
  }
  return out;
}

/// `charter` becomes the one in force: log keys may have been replaced since the founding.
Result<FraudProof> find_in_log(const Context& context, const FraudProve& options,
                               Charter* charter) {
  if (options.log.empty()) {
    return Error{Errc::kInvalid, "no log is named", "--log MEMBER: whose log to look at"};
  }
  auto node = open_node(context);
  auto in_force = node ? verified_charter(*node, *charter) : Result<Charter>(node.error());
  if (!in_force) {
    return in_force.error();
  }
  *charter = *std::move(in_force);
  const auto log = download(*node, *charter, options.log);
  if (!log) {
    return log.error();
  }
  if (options.bundle.empty()) {
    return find_index_omission(*charter, log->contents, log->head);
  }
  const auto bundle = read_bundle(options.bundle);
  return bundle ? find_index_omission(*bundle, log->contents) : Result<FraudProof>(bundle.error());
}

Result<FraudProof> find_in_view(const FraudProve& options) {
  const auto view = read_view(options.view);
  if (!view) {
    return view.error();
  }
  if (view->proof.empty()) {
    return Error{Errc::kInvalid, options.view + ": its attestation is in no log yet",
                 "a fraud is what somebody has signed and others have seen"};
  }
  if (options.kind == name(FraudKind::kWrongArithmetic)) {
    return find_wrong_arithmetic(*view);
  }
  if (options.kind == name(FraudKind::kDuplicate)) {
    return find_duplicate(*view);
  }
  const auto bundle = read_file(options.bundle, kBundleBytesMax);
  if (!bundle) {
    return Error{Errc::kInvalid, "the events to judge by are missing",
                 "--bundle FILE: whole logs of the view's cut, from `hefu bundle whole`"};
  }
  return find_wrong_leaf(*view, as_bytes(*bundle));
}

}  // namespace

int run(Context& context, const FraudProve& options) {
  auto charter = founding_charter(context, options.trust);
  if (!charter) {
    return report(context, charter.error());
  }
  const bool in_log = options.kind == name(FraudKind::kIndexOmission);
  const auto found = in_log ? find_in_log(context, options, &*charter) : find_in_view(options);
  if (!found) {
    return report(context, found.error());
  }
  const FraudVerdict verdict = judge_fraud(*found, *charter);
  if (verdict.outcome == FraudVerdict::Outcome::kProven) {
    const Bytes file = found->encode();
    if (auto written = write_file_atomically(options.out, as_text(file), FileMode::kShared);
        !written) {
      return report(context, written.error());
    }
  }
  const int code = show_verdict(context, found->kind(), verdict, *charter);
  if (code == kExitOk && !context.json) {
    std::cout << "written to " << options.out << "; anybody verifies it with: hefu fraud verify "
              << options.out << " --trust <charter>\n";
  }
  return code;
}

int run(Context& context, const FraudVerify& options) {
  auto charter = founding_charter(context, options.trust);
  if (charter && !options.bundle.empty()) {
    charter = charter_in_force(*charter, options.bundle);
  }
  const auto content =
      charter ? read_file(options.file, kFraudProofBytesMax) : Result<std::string>(charter.error());
  if (!content) {
    return report(context, content.error());
  }
  const auto proof = FraudProof::decode(as_bytes(*content));
  if (!proof) {
    // A file that does not even parse proves nothing.
    Error error = proof.error().during(options.file);
    error.code = error.code == Errc::kInvalid ? Errc::kUnverified : error.code;
    return report(context, error);
  }
  return show_verdict(context, proof->kind(), judge_fraud(*proof, *charter), *charter);
}

int run(Context& context, const FraudShow& options) {
  const auto content = read_file(options.file, kFraudProofBytesMax);
  const auto proof =
      content ? FraudProof::decode(as_bytes(*content)) : Result<FraudProof>(content.error());
  if (!proof) {
    return report(context, proof.error().during(options.file));
  }
  json::object out{{"kind", name(proof->kind())}, {"bytes", content->size()}};
  if (const auto* omission = std::get_if<IndexOmission>(&proof->is)) {
    out["index"] = omission->of_supersessions ? "supersession" : "type";
    out["entry"] = omission->index;
    const auto envelope = decode_envelope(omission->event);
    if (const auto event = envelope ? decode_event(envelope->event) : Result<Event>(Error{})) {
      out["event"] = envelope->id().hex();
      out["type"] = event->type;
    }
  } else {
    const LoggedStatement& statement = std::visit(
        [](const auto& one) -> const LoggedStatement& {
          if constexpr (requires { one.attestation; }) {
            return one.attestation;
          } else {
            return one.anchor;
          }
        },
        proof->is);
    const auto envelope = decode_envelope(statement.envelope);
    const auto event = envelope ? decode_event(envelope->event) : Result<Event>(envelope.error());
    const auto attested = event ? read_view_attestation(*event) : Result<ViewAttestation>(Error{});
    if (attested) {
      out["attestation"] = envelope->id().hex();
      out["issuer"] = event->issuer;
      out["indicator"] = attested->indicator;
      out["period"] = attested->period;
      out["cut"] = attested->cut.hex();
    }
  }
  print_json(out, !context.json);
  return kExitOk;
}

}  // namespace hefu
