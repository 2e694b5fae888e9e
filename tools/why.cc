#include "tools/why.h"

#include <algorithm>
#include <deque>
#include <iostream>
#include <map>
#include <optional>

#include <boost/json.hpp>

#include "crypto/encoding.h"
#include "ledger/bundle/bundle_state.h"
#include "ledger/bundle/verify.h"
#include "ledger/bundle/whole.h"
#include "ledger/event/envelope.h"
#include "ledger/fraud/why.h"
#include "ledger/view/attested.h"
#include "ledger/view/document.h"
#include "node/files.h"
#include "tools/home.h"
#include "tools/json.h"
#include "tools/ledger_copy.h"
#include "tools/submit.h"

namespace hefu {

namespace json = boost::json;

namespace {

/// An attestation to be looked at, and the view file it was published with, if that is here.
struct Witness {
  std::string member;
  EventId event;
  ViewAttestation attestation;
  const ViewFile* file = nullptr;
  std::string path;  ///< of the view file

  [[nodiscard]] Testimony testimony() const { return {member, attestation, file}; }
};

/// The view files named by the user, by the event they belong to.
struct ViewFiles {
  std::deque<ViewFile> files;
  std::map<EventId, std::pair<const ViewFile*, std::string>> by_event;
};

Result<ViewFiles> read_views(const std::vector<std::string>& paths) {
  ViewFiles out;
  for (const std::string& path : paths) {
    const auto content = read_file(path, kViewFileBytesMax);
    auto file = content ? ViewFile::decode(as_bytes(*content)) : Result<ViewFile>(content.error());
    const auto envelope = file ? decode_envelope(file->envelope) : Result<Envelope>(file.error());
    if (!envelope) {
      return envelope.error().during(path);
    }
    out.files.push_back(*std::move(file));
    out.by_event[envelope->id()] = {&out.files.back(), path};
  }
  return out;
}

Result<Charter> founding_charter(const Context& context, const std::string& trust) {
  if (!trust.empty()) {
    return read_charter(trust);
  }
  const auto home = Home::open(context);
  return home ? home->charter() : Result<Charter>(home.error());
}

/// The view files as witnesses, each opened by its proof. Errors: kUnverified naming the file.
Result<std::vector<Witness>> open_views(const ViewFiles& views, const Charter& charter) {
  std::vector<Witness> out;
  for (const auto& [event, found] : views.by_event) {
    const auto by = open_attestation({found.first->envelope, found.first->proof}, charter);
    if (!by) {
      return by.error().during(found.second);
    }
    out.push_back({by->member->id, event, by->attestation, found.first, found.second});
  }
  return out;
}

/// A bundle that holds, its state, and whether it is of whole logs.
struct Evidence {
  Bundle bundle;
  LedgerState state;
};
Result<Evidence> read_evidence(const std::string& path, const Charter& founding) {
  const auto content = read_file(path, kBundleBytesMax);
  auto bundle = content ? decode_bundle(as_bytes(*content)) : Result<Bundle>(content.error());
  if (!bundle) {
    return bundle.error().during(path);
  }
  if (!verify_bundle(*bundle, founding).good()) {
    return Error{Errc::kUnverified, path + " does not hold", "see `hefu bundle verify`"};
  }
  auto state = bundle_state(*bundle);
  return state ? Result<Evidence>(Evidence{*std::move(bundle), *std::move(state)})
               : Result<Evidence>(state.error());
}

/// The attestations in a bundle that no view file is here of.
void add_attached(const Bundle& bundle, const Charter& charter, std::vector<Witness>* witnesses) {
  for (const LoggedStatement& statement : bundle.attestations) {
    const auto envelope = decode_envelope(statement.envelope);
    const auto by = open_attestation(statement, charter);
    if (!envelope || !by) {
      continue;  // verify_bundle has said what is wrong with it
    }
    const bool known = std::any_of(witnesses->begin(), witnesses->end(),
                                   [&](const Witness& one) { return one.event == envelope->id(); });
    if (!known) {
      witnesses->push_back({by->member->id, envelope->id(), by->attestation, nullptr, ""});
    }
  }
}

/// What is computed here, as if somebody had published it.
struct Own {
  View view;
  ViewFile file;
};
Result<Own> compute(const LedgerState& state, const ViewAttestation& asked) {
  const auto document = std::find_if(
      state.documents->begin(), state.documents->end(),
      [&](const Document& one) { return one.kind == "pack" && one.digest == asked.pack_digest; });
  if (document == state.documents->end()) {
    return Error{Errc::kNotFound,
                 "the authority's log holds no pack " + asked.pack_digest.hex() + " at this cut",
                 ""};
  }
  auto view =
      make_view(state, {document->id + "/" + document->version, asked.period, asked.indicator});
  if (!view) {
    return view.error();
  }
  Own own{*std::move(view), {}};
  own.file.units.leaves = own.view.units;
  own.file.claims.leaves = own.view.claims;
  return own;
}

/// One witness held against something, as printed.
struct Answered {
  const Witness* witness = nullptr;
  const Witness* against = nullptr;  ///< null: what the events give
  WhyAnswer answer;
};

json::value leaf_json(const std::optional<ViewLeaf>& leaf) {
  if (!leaf) {
    return nullptr;
  }
  json::array records;
  const auto counted = read_view_payload(leaf->payload);
  if (counted) {
    for (const CountedRecord& one : *counted) {
      records.push_back(json::object{{"record", one.record.hex()}, {"version", one.version.hex()}});
    }
  }
  return json::object{{"value", leaf->value}, {"records", std::move(records)}};
}

json::object answer_json(const Answered& one) {
  json::array wrong;
  for (const std::string& member : one.answer.wrong) {
    wrong.emplace_back(member);
  }
  json::array proofs;
  for (const WhyAnswer::Proof& proof : one.answer.proofs) {
    proofs.push_back(json::object{{"member", proof.member}, {"kind", name(proof.kind)}});
  }
  json::array lines;
  for (const WhyLine& line : one.answer.lines) {
    lines.push_back(json::object{{"zh", line.zh}, {"en", line.en}});
  }
  json::object out{{"member", one.witness->member},
                   {"attestation", one.witness->event.hex()},
                   {"cut", one.witness->attestation.cut.hex()},
                   {"outcome", name(one.answer.outcome)},
                   {"wrong", std::move(wrong)},
                   {"proofs", std::move(proofs)},
                   {"lines", std::move(lines)}};
  if (one.against != nullptr) {
    out["against"] = one.against->member;
  }
  if (const auto& first = one.answer.first) {
    out["first"] = json::object{{"tree", first->tree == ViewTree::kUnits ? "units" : "claims"},
                                {"key", hex_encode(first->key)},
                                {"scale", first->scale},
                                {"left", leaf_json(first->left)},
                                {"right", leaf_json(first->right)},
                                {"given", leaf_json(first->given)},
                                {"opened", static_cast<std::int64_t>(first->opened)}};
  }
  return out;
}

void print_answer(const Answered& one, const std::string& bundle, bool english) {
  std::cout << "● " << one.witness->member << (english ? "  attestation " : "  复算声明 ")
            << one.witness->event.hex().substr(0, 16) << "…\n";
  for (const WhyLine& line : one.answer.lines) {
    std::cout << "  " << (english ? line.en : line.zh) << "\n";
  }
  for (const WhyAnswer::Proof& proof : one.answer.proofs) {
    const bool needs_events =
        proof.kind == FraudKind::kWrongLeaf || proof.kind == FraudKind::kSuperseded;
    std::cout << (english ? "  It can be proven to anybody: " : "  可向任何人证明：")
              << "hefu fraud prove " << name(proof.kind) << " --view " << one.witness->path
              << (needs_events ? " --bundle " + (bundle.empty() ? "WHOLE.hefu" : bundle) : "")
              << " --out f.hefu-fraud\n";
  }
}

int exit_code(const std::vector<Answered>& answers) {
  const bool undecided = std::any_of(answers.begin(), answers.end(), [](const Answered& one) {
    return one.answer.outcome == WhyAnswer::Outcome::kUndecided;
  });
  return undecided ? kExitIncomplete : kExitOk;
}

int show(const Context& context, const FigureWhy& options, const std::vector<Answered>& answers,
         const std::vector<MemberDissent>& dissents) {
  if (context.json) {
    json::array all;
    for (const Answered& one : answers) {
      all.push_back(answer_json(one));
    }
    json::array against;
    for (const MemberDissent& one : dissents) {
      against.push_back(json::object{{"member", one.member},
                                     {"event", one.event.hex()},
                                     {"attestation", one.dissent.attestation.hex()}});
    }
    print_json(json::object{{"indicator", options.indicator},
                            {"answers", std::move(all)},
                            {"dissents", std::move(against)}},
               false);
    return exit_code(answers);
  }
  for (const Answered& one : answers) {
    print_answer(one, options.bundle, options.english);
    for (const MemberDissent& dissent : dissents) {
      if (dissent.dissent.attestation == one.witness->event) {
        std::cout << (options.english ? "  Dissent signed by " : "  已签署复算异议：")
                  << dissent.member << "\n";
      }
    }
  }
  return exit_code(answers);
}

Error nobody_attested(const FigureWhy& options) {
  return Error{Errc::kNotFound, "nobody attested " + options.indicator + " in what is here",
               "`hefu view attest` makes an attestation; `hefu figure show` says who did"};
}

/// Holds every witness against what the events of its cut give.
Result<std::vector<Answered>> against_events(const std::vector<Witness>& witnesses,
                                             const LedgerState& state) {
  std::vector<Answered> out;
  for (const Witness& witness : witnesses) {
    const ViewAttestation& asked = witness.attestation;
    const auto own = compute(state, asked);
    if (!own) {
      return own.error().during("attestation of " + witness.member);
    }
    // Of another cut it is for `why` to say so.
    const Testimony here{"", own->view.attestation, &own->file};
    auto answer = why(witness.testimony(), here, asked.cut == state.cut.id() ? &state : nullptr);
    if (!answer) {
      return answer.error();
    }
    out.push_back({&witness, nullptr, *std::move(answer)});
  }
  return out;
}

/// Without events: each against the first one.
Result<std::vector<Answered>> against_each_other(const std::vector<Witness>& witnesses) {
  std::vector<Answered> out;
  for (std::size_t i = 1; i < witnesses.size(); ++i) {
    auto answer = why(witnesses[i].testimony(), witnesses[0].testimony(), nullptr);
    if (!answer) {
      return answer.error();
    }
    out.push_back({&witnesses[i], &witnesses[0], *std::move(answer)});
  }
  return out;
}

int run_offline(const Context& context, const FigureWhy& options, const ViewFiles& views,
                const Charter& founding) {
  std::optional<Evidence> evidence;
  if (!options.bundle.empty()) {
    auto read = read_evidence(options.bundle, founding);
    if (!read) {
      return report(context, read.error());
    }
    evidence = *std::move(read);
  }
  const Charter& charter = evidence ? evidence->state.governance->charter : founding;
  auto witnesses = open_views(views, charter);
  if (!witnesses) {
    return report(context, witnesses.error());
  }
  if (evidence) {
    add_attached(evidence->bundle, charter, &*witnesses);
  }
  std::erase_if(*witnesses,
                [&](const Witness& one) { return one.attestation.indicator != options.indicator; });
  if (witnesses->empty()) {
    return report(context, nobody_attested(options));
  }
  if (!evidence && witnesses->size() < 2) {
    return report(context, Error{Errc::kInvalid, "one view alone differs from nothing",
                                 "give another with --view, or the events with --bundle"});
  }
  const auto answers =
      evidence ? against_events(*witnesses, evidence->state) : against_each_other(*witnesses);
  if (!answers) {
    return report(context, answers.error());
  }
  if (evidence && !is_whole(evidence->bundle)) {
    std::cerr << "note: the bundle takes the logs' own indexes on their owners' word; whole logs "
                 "(`hefu bundle whole`) trust none\n";
  }
  return show(context, options, *answers, {});
}

/// What the logs of a node say of one figure.
struct AtNode {
  LedgerCopy copy;
  LedgerState state;
  ViewStatements said;
};
Result<AtNode> read_node(const Context& context, const Charter& founding) {
  auto node = open_node(context);
  auto copy = node ? LedgerCopy::download(*node, founding) : Result<LedgerCopy>(node.error());
  auto state = copy ? copy->state() : Result<LedgerState>(copy.error());
  if (!state) {
    return state.error();
  }
  ViewStatements said = view_statements(*state);
  return AtNode{*std::move(copy), *std::move(state), std::move(said)};
}

std::vector<Witness> witnesses_of(const AtNode& at, const ViewFiles& views, const std::string& pack,
                                  const std::string& period, const std::string& indicator) {
  std::vector<Witness> out;
  for (const MemberAttestation& one : at.said.attestations) {
    const ViewAttestation& said = one.attestation;
    if (!one.entitled || said.pack != pack || said.period != period ||
        said.indicator != indicator) {
      continue;
    }
    Witness witness{one.member, one.event, said, nullptr, ""};
    if (const auto found = views.by_event.find(one.event); found != views.by_event.end()) {
      witness.file = found->second.first;
      witness.path = found->second.second;
    }
    out.push_back(std::move(witness));
  }
  return out;
}

int run_at_node(const Context& context, const FigureWhy& options, const ViewFiles& views,
                const Charter& founding) {
  const auto at = read_node(context, founding);
  if (!at) {
    return report(context, at.error());
  }
  const auto witnesses = witnesses_of(*at, views, options.pack, options.period, options.indicator);
  if (witnesses.empty()) {
    return report(context, nobody_attested(options));
  }
  std::map<Digest, Result<LedgerState>> states;
  std::vector<Answered> answers;
  for (const Witness& witness : witnesses) {
    const Digest& cut = witness.attestation.cut;
    auto found = states.find(cut);
    if (found == states.end()) {
      found = states.emplace(cut, at->copy.state_at(witness.attestation)).first;
    }
    if (!found->second) {
      std::cerr << "note: " << witness.member << ": " << found->second.error().message << "\n";
      states.erase(found);  // another of this cut may tell more
      continue;
    }
    auto answer = against_events({witness}, *found->second);
    if (!answer) {
      return report(context, answer.error());
    }
    answer->front().witness = &witness;
    answers.push_back(std::move(answer->front()));
  }
  if (answers.empty()) {
    return report(context, Error{Errc::kNotFound, "none of the attested cuts can be made again",
                                 "use a bundle of the cut: --bundle FILE"});
  }
  return show(context, options, answers, at->said.dissents);
}

/// The dissent from one attestation, if there is anything to disagree with.
Result<std::optional<ViewDissent>> dissent_from(const Witness& witness, const LedgerCopy& copy) {
  const auto state = copy.state_at(witness.attestation);
  const auto own = state ? compute(*state, witness.attestation) : Result<Own>(state.error());
  if (!own) {
    return own.error();
  }
  const Testimony here{"", own->view.attestation, &own->file};
  const auto answer = why(witness.testimony(), here, nullptr);
  if (!answer) {
    return answer.error();
  }
  if (answer->outcome == WhyAnswer::Outcome::kAgree) {
    return std::optional<ViewDissent>();
  }
  ViewDissent dissent{witness.event, own->view.attestation, std::nullopt};
  if (answer->first) {
    // As both have it, each in its own denominator.
    const auto leaf = [&](const ViewFile& file) -> const ViewLeaf* {
      const ViewLeaves& leaves =
          answer->first->tree == ViewTree::kUnits ? file.units.leaves : file.claims.leaves;
      const auto at = std::find_if(leaves.begin(), leaves.end(), [&](const ViewLeaf& one) {
        return one.key == answer->first->key;
      });
      return at == leaves.end() ? nullptr : &*at;
    };
    dissent.first = dissent_leaves(answer->first->tree, {0, answer->first->key, leaf(*witness.file),
                                                         leaf(own->file), answer->first->opened});
  }
  return std::optional(std::move(dissent));
}

void print_dissent(const Witness& witness, const ViewDissent& dissent) {
  std::cout << "disagrees with " << witness.member << " about " << witness.attestation.indicator
            << ": sum " << witness.attestation.units.sum << "/" << witness.attestation.scale
            << " attested, " << dissent.own.units.sum << "/" << dissent.own.scale << " here\n";
  if (dissent.first) {
    std::cout << "  first at leaf " << hex_encode(dissent.first->key).substr(0, 32)
              << "… of the tree of "
              << (dissent.first->tree == ViewTree::kUnits ? "units" : "claims") << "\n";
  } else {
    std::cout << "  no leaves of it are here, so which one differs is not said (--view FILE)\n";
  }
}

}  // namespace

int run(Context& context, const FigureWhy& options) {
  const bool at_node = options.bundle.empty() && !options.pack.empty();
  if (!at_node && options.bundle.empty() && options.views.empty()) {
    return report(context, Error{Errc::kInvalid, "nothing to look at",
                                 "name view files and a bundle, or --pack and --period to ask a "
                                 "node"});
  }
  if (at_node && options.period.empty()) {
    return report(context, Error{Errc::kInvalid, "no period is named", "--period 2025"});
  }
  const auto founding = founding_charter(context, options.trust);
  const auto views = founding ? read_views(options.views) : Result<ViewFiles>(founding.error());
  if (!views) {
    return report(context, views.error());
  }
  return at_node ? run_at_node(context, options, *views, *founding)
                 : run_offline(context, options, *views, *founding);
}

int run(Context& context, const ViewDissentMake& options) {
  const auto role = key_role(options.role);
  auto desk = open_desk(context);
  const auto founding = desk ? desk->home.charter() : Result<Charter>(desk.error());
  const auto views = founding ? read_views(options.views) : Result<ViewFiles>(founding.error());
  const auto at = views ? read_node(context, *founding) : Result<AtNode>(views.error());
  if (!role || !at) {
    return report(
        context,
        role ? at.error() : Error{Errc::kInvalid, "no role of keys is called " + options.role, ""});
  }
  const std::string& self = desk->card.id;
  const auto catalogue = fetch_catalogue(desk->node);
  if (!catalogue) {
    return report(context, catalogue.error());
  }
  Prepared prepared;
  std::size_t agreed = 0;
  for (const Witness& witness :
       witnesses_of(*at, *views, options.pack, options.period, options.indicator)) {
    const bool done = std::any_of(
        at->said.dissents.begin(), at->said.dissents.end(), [&](const MemberDissent& one) {
          return one.member == self && one.entitled && one.dissent.attestation == witness.event;
        });
    if (witness.member == self || done) {
      continue;
    }
    const auto dissent = dissent_from(witness, at->copy);
    if (!dissent) {
      std::cerr << "note: " << witness.member << ": " << dissent.error().message << "\n";
      continue;
    }
    if (!*dissent) {
      ++agreed;
      continue;
    }
    if (!context.json) {
      print_dissent(witness, **dissent);
    }
    const auto id = prepare(context, make_view_dissent(self, **dissent, system_now(), {}),
                            *catalogue, &prepared);
    if (!id) {
      return report(context, id.error());
    }
  }
  if (prepared.ids.empty()) {
    return report(context, Error{Errc::kNotFound,
                                 "there is nothing to disagree with: " + std::to_string(agreed) +
                                     " attestations of others say what comes out here",
                                 ""});
  }
  if (options.dry_run) {
    return kExitOk;
  }
  const auto receipt = submit(context, *desk, prepared, *role, "witnessed");
  if (!receipt) {
    return report(context, receipt.error());
  }
  if (context.json) {
    print_json(*receipt, false);
  } else {
    for (const EventId& id : prepared.ids) {
      std::cout << "dissent recorded: " << id.hex() << "\n";
    }
  }
  return kExitOk;
}

}  // namespace hefu
