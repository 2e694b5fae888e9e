// `hefu event verify`: a receipt of one event, judged by a charter alone. No node, no network.

#include <iostream>
#include <optional>
#include <string>

#include <boost/json.hpp>

#include "crypto/encoding.h"
#include "ledger/event/canonical_json.h"
#include "ledger/event/event.h"
#include "ledger/log/tlog_proof.h"
#include "ledger/verdict/proof_verdict.h"
#include "node/files.h"
#include "tools/event.h"
#include "tools/exit_code.h"
#include "tools/home.h"
#include "tools/json.h"

namespace hefu {

namespace json = boost::json;

namespace {

/// What `hefu event show` prints of one event: its account, and the envelope in base64.
constexpr std::size_t kShownEventBytesMax = std::size_t{1} << 20;

Result<Bytes> shown_envelope(const std::string& path) {
  const auto text = read_file(path, kShownEventBytesMax);
  const auto document =
      text ? parse_json(*text, kShownEventBytesMax) : Result<json::value>(text.error());
  if (!document) {
    return document.error().during(path);
  }
  const json::object* shown = document->if_object();
  auto envelope = base64_decode(shown == nullptr ? "" : text_at(*shown, "envelope"));
  if (!envelope || envelope->empty()) {
    return Error{Errc::kInvalid, path + ": holds no envelope",
                 "it is what `hefu event show ID` prints"};
  }
  return *std::move(envelope);
}

const char* sign_of(BundleCheck::Outcome outcome) {
  switch (outcome) {
    case BundleCheck::Outcome::kGood:
      return "✓ ";
    case BundleCheck::Outcome::kBad:
      return "✗ ";
    case BundleCheck::Outcome::kUnchecked:
      return "– ";
  }
  return "";
}

void print_judged(const ProofVerdict& proof) {
  for (const BundleCheck& check : proof.checks) {
    std::cout << sign_of(check.outcome) << check.subject << ": " << check.text << "\n";
  }
  switch (proof.verdict) {
    case Judgement::kGood:
      std::cout << "GOOD: the event stands in that log, and enough other members saw it there.\n";
      break;
    case Judgement::kIncomplete:
      std::cout << "INCOMPLETE: nothing wrong was found, but which event or whose log it is could "
                   "not be settled.\n";
      break;
    case Judgement::kBad:
      std::cout << "BAD: this receipt does not hold.\n";
      break;
  }
}

}  // namespace

int run(Context& context, const EventVerify& options) {
  const auto charter = [&]() -> Result<Charter> {
    if (!options.trust.empty()) {
      auto read = read_charter(options.trust);
      return read ? read : Result<Charter>(read.error().during(options.trust));
    }
    const auto home = Home::open(context);
    if (!home) {
      return Error{home.error().code, "no charter to judge by",
                   "name the one you know with --trust"};
    }
    return home->charter();
  }();
  if (!charter) {
    return report(context, charter.error());
  }
  const auto proof = read_file(options.file, kProofBytesMax);
  if (!proof) {
    return report(context, proof.error());
  }
  std::optional<Bytes> envelope;
  if (!options.event.empty()) {
    auto read = shown_envelope(options.event);
    if (!read) {
      return report(context, read.error());
    }
    envelope = *std::move(read);
  }
  const ProofVerdict judged =
      judge_proof(*proof, envelope ? std::optional<BytesView>(*envelope) : std::nullopt, *charter);
  if (context.json) {
    print_json(to_json(judged), false);
  } else {
    print_judged(judged);
  }
  return exit_code(judged.verdict);
}

}  // namespace hefu
