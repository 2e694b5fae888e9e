#include "tools/charter.h"

#include <algorithm>
#include <iostream>
#include <optional>

#include <boost/json.hpp>

#include "crypto/encoding.h"
#include "crypto/key_file.h"
#include "ledger/charter/member_json.h"
#include "ledger/event/canonical_json.h"
#include "ledger/governance/join_request.h"
#include "ledger/governance/proposal.h"
#include "ledger/log/checkpoint.h"
#include "node/config.h"
#include "node/files.h"
#include "tools/full_id.h"
#include "tools/home.h"
#include "tools/json.h"
#include "tools/submit.h"

namespace hefu {

namespace json = boost::json;

namespace {

constexpr std::int32_t kDecideDays = 14;

Result<json::object> fetch(HttpClient& node, const std::string& path) {
  auto document = node.get_json(path);
  if (!document) {
    return document.error();
  }
  if (!document->is_object()) {
    return Error{Errc::kInvalid, "the node's answer to " + path + " is no JSON object", ""};
  }
  return document->as_object();
}

Result<std::pair<std::string, std::string>> split(const std::string& option,
                                                  const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return Error{Errc::kInvalid, option + " " + text, "write name=value"};
  }
  return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

/// A public key: in base64, or that of a key file.
Result<PublicKey> read_public(const std::string& text) {
  if (const auto bytes = base64_decode(text)) {
    if (const auto key = PublicKey::from_bytes(*bytes)) {
      return *key;
    }
  }
  const auto file = read_file(text, kKeyFileBytesMax);
  if (!file) {
    return Error{Errc::kInvalid, text + " is neither a key file nor a public key in base64", ""};
  }
  auto key = key_file_public(*file);
  return key ? std::move(key) : Result<PublicKey>(key.error().during(text));
}

Result<std::optional<Date>> read_date(const std::string& option, const std::string& text) {
  if (text.empty()) {
    return std::optional<Date>();
  }
  const auto date = Date::parse(text);
  if (!date) {
    return Error{Errc::kInvalid, option + " " + text, "write YYYY-MM-DD"};
  }
  return date;
}

Result<void> read_keys(const CharterPropose& options, CharterProposal* proposal) {
  for (const std::string& item : options.keys) {
    const auto pair = split("--key", item);
    const auto role = pair ? key_role(pair->first) : std::nullopt;
    if (!role) {
      return Error{Errc::kInvalid, "--key " + item,
                   "write role=FILE; roles: root, log, witness, node, registrar, reviewer, seal, "
                   "auditor"};
    }
    const auto key = read_public(pair->second);
    if (!key) {
      return key.error();
    }
    proposal->keys.emplace_back(*role, *key);
  }
  for (const std::string& item : options.revoked) {
    const auto key = read_public(item);
    if (!key) {
      return key.error();
    }
    proposal->revoked.push_back(*key);
  }
  return {};
}

/// One more than the highest attempt at this decision, so that nobody's earlier yes is in the way.
std::int64_t next_attempt(const json::object& governance, const std::string& base) {
  std::int64_t last = 0;
  for (const json::value& item : array_at(governance, "proposals")) {
    const json::object& proposal = item.as_object();
    const json::value* attempt = proposal.if_contains("attempt");
    if (text_at(proposal, "base") == base && attempt != nullptr && attempt->is_int64()) {
      last = std::max(last, attempt->get_int64());
    }
  }
  return last + 1;
}

Result<CharterProposal> read_options(const CharterPropose& options, Date today) {
  CharterProposal proposal;
  const auto change = charter_change(options.change);
  if (!change) {
    return Error{Errc::kInvalid, options.change + " is no change of a charter",
                 "admit, suspend, reinstate, expel, leave, replace-keys, new-epoch, set-rules, "
                 "describe, merge, close"};
  }
  proposal.change = *change;
  proposal.reason = options.reason;
  proposal.member = options.member;
  proposal.successor = options.successor;
  if (!options.request.empty()) {
    auto note = read_file(options.request, kJoinRequestBytesMax);
    auto request = note ? parse_join_request(*note) : Result<JoinRequest>(note.error());
    if (!request) {
      return request.error().during(options.request);
    }
    proposal.request = *note;
    proposal.member = request->member.id;
  }
  const auto text = [](const std::string& given) {
    return given.empty() ? std::nullopt : std::optional(given);
  };
  proposal.authority = text(options.authority);
  proposal.name_zh = text(options.name_zh);
  proposal.name_en = text(options.name_en);
  if (options.council >= 0) {
    proposal.council = static_cast<std::uint32_t>(options.council);
  }
  if (options.quorum >= 0) {
    proposal.quorum = static_cast<std::uint32_t>(options.quorum);
  }
  for (const std::string& item : options.attributes) {
    auto pair = split("--attribute", item);
    if (!pair) {
      return pair.error();
    }
    proposal.attributes.push_back(*std::move(pair));
  }
  auto revoked_from = read_date("--revoked-from", options.revoked_from);
  auto effective_on = read_date("--effective-on", options.effective_on);
  auto decide_by = read_date("--decide-by", options.decide_by);
  for (const auto* date : {&revoked_from, &effective_on, &decide_by}) {
    if (!*date) {
      return date->error();
    }
  }
  proposal.revoked_from = *revoked_from;
  proposal.effective_on = *effective_on;
  proposal.decide_by = decide_by->value_or(Date{today.days + kDecideDays});
  if (auto keys = read_keys(options, &proposal); !keys) {
    return keys.error();
  }
  return proposal;
}

/// Fills in what a new epoch needs besides the new key: which log follows, and where the present
/// one ends.
Result<void> complete_new_epoch(HttpClient& node, const json::object& members,
                                const CharterPropose& options, CharterProposal* proposal) {
  std::string origin;
  for (const json::value& item : array_at(members, "members")) {
    if (text_at(item.as_object(), "id") == proposal->member) {
      origin = text_at(item.as_object(), "origin");
    }
  }
  if (origin.empty()) {
    return Error{Errc::kNotFound, "--member " + proposal->member + ": no such member",
                 "`hefu charter status` lists them"};
  }
  proposal->origin = std::string(line_of(origin)) + "/" + std::to_string(epoch_of(origin) + 1);
  if (!options.checkpoint.empty()) {
    auto note = read_file(options.checkpoint, kProposalCheckpointBytesMax);
    if (!note) {
      return note.error();
    }
    proposal->checkpoint = *std::move(note);
    return {};
  }
  auto note = node.get("/log/" + proposal->member + "/checkpoint");
  if (note) {
    proposal->checkpoint = std::string(as_text(*note));
  } else if (note.error().code != Errc::kNotFound) {
    return note.error();
  }  // else no quorum ever witnessed anything of it
  return {};
}

Event charter_event(std::string_view type, const std::string& issuer, Moment now) {
  Event event;
  event.type = type;
  event.issuer = issuer;
  event.occurred_on = now.date();
  event.created_at = now;
  event.visibility = Visibility::kPublic;
  return event;
}

Event ballot_event(const std::string& issuer, Moment now, const Digest& proposal,
                   const Digest& base, const std::string& choice, const std::string& reason) {
  Event event = charter_event(kCharterBallotType, issuer, now);
  event.fields["proposal"] = Value{proposal};
  event.fields["base"] = Value{base};
  event.fields["choice"] = Value{choice};
  if (!reason.empty()) {
    event.fields["reason"] = Value{reason};
  }
  return event;
}

Result<json::value> send(Context& context, Desk& desk, Event event, EventId* id) {
  auto catalogue = fetch_catalogue(desk.node);
  if (!catalogue) {
    return catalogue.error();
  }
  Prepared prepared;
  auto made = prepare(context, std::move(event), *catalogue, &prepared);
  if (!made) {
    return made.error();
  }
  *id = *made;
  return submit(context, desk, prepared, KeyRole::kSeal);
}

/// Whether this member has a vote under the rules now in force.
bool decides(const json::object& members, const std::string& id) {
  const json::value* council = members.if_contains("council");
  const bool by_council = council != nullptr && council->is_int64() && council->get_int64() > 0;
  return by_council || text_at(members, "authority") == id;
}

void print_proposal(const json::object& proposal) {
  std::cout << "  " << text_at(proposal, "id") << "\n    " << text_at(proposal, "change");
  for (const char* field : {"member", "successor", "origin", "authority", "name_zh", "name_en"}) {
    if (const std::string text = text_at(proposal, field); !text.empty()) {
      std::cout << "  " << field << " " << text;
    }
  }
  for (const char* field : {"council", "quorum"}) {
    if (const json::value* number = proposal.if_contains(field)) {
      std::cout << "  " << field << " " << json::serialize(*number);
    }
  }
  std::cout << "\n    " << text_at(proposal, "decision");
  if (const std::string why = text_at(proposal, "because"); !why.empty()) {
    std::cout << ": " << why;
  }
  if (const std::string since = text_at(proposal, "effective"); !since.empty()) {
    std::cout << ", in force since " << since;
  } else if (text_at(proposal, "decision") == "open") {
    std::cout << ", to be decided by " << text_at(proposal, "decide_by");
  }
  std::cout << "; proposed by " << text_at(proposal, "proposer") << ": "
            << text_at(proposal, "reason") << "\n";
  for (const json::value& vote : array_at(proposal, "votes")) {
    std::cout << "    " << text_at(vote.as_object(), "member") << "  "
              << text_at(vote.as_object(), "state") << "\n";
  }
}

}  // namespace

int run(Context& context, const CharterJoin& options) {
  auto home = Home::open(context);
  if (!home) {
    return report(context, home.error());
  }
  auto card = home->card();
  auto charter = options.charter.empty() ? home->charter() : read_charter(options.charter);
  if (!card || !charter) {
    return report(context, !card ? card.error() : charter.error());
  }
  std::string peer = options.peer;
  if (peer.empty()) {
    const auto text = read_file(home->path() / "hefud.toml", kConfigBytesMax);
    auto config = text ? parse_config(*text, home->path()) : Result<Config>(text.error());
    if (!config) {
      return report(context, config.error().during("hefud.toml"));
    }
    peer = config->peer.host + ":" + std::to_string(config->peer.port);
  }
  if (const auto address = HostPort::parse(peer); !address) {
    return report(context, address.error().during("--peer"));
  }
  card->attributes["peer"] = peer;
  auto key = home->key(context, KeyRole::kRoot);
  if (!key) {
    return report(context, key.error());
  }
  auto note = make_join_request(charter->federation, *card, *key);
  if (!note) {
    return report(context, note.error());
  }
  if (auto ok = write_file_atomically(options.out, *note, FileMode::kShared); !ok) {
    return report(context, ok.error());
  }
  std::cout
      << "wrote " << options.out << ": " << card->name_zh << " asks to join federation "
      << charter->federation.hex() << "\nIts node is reached at " << peer
      << "\nNext: give the file to a member, who runs\n  hefu charter propose admit --request "
      << options.out << " --reason …\nand start this node: it follows the logs and begins its "
      << "own once it is admitted\n";
  return kExitOk;
}

int run(Context& context, const CharterPropose& options) {
  const Moment now = system_now();
  auto proposal = read_options(options, now.date());
  auto desk = proposal ? open_desk(context) : Result<Desk>(proposal.error());
  if (!desk) {
    return report(context, desk.error());
  }
  auto members = fetch(desk->node, "/v1/members");
  auto governance = members ? fetch(desk->node, "/v1/governance") : members;
  if (!governance) {
    return report(context, governance.error());
  }
  const auto base = Digest::from_hex(text_at(*members, "decision"));
  if (!base) {
    return report(context, Error{Errc::kInvalid, "the node does not say what is in force", ""});
  }
  if (proposal->change == CharterChange::kLeave && proposal->member.empty()) {
    proposal->member = desk->card.id;
  }
  if (proposal->change == CharterChange::kNewEpoch) {
    if (auto completed = complete_new_epoch(desk->node, *members, options, &*proposal);
        !completed) {
      return report(context, completed.error());
    }
    if (!context.json) {
      const auto end = parse_checkpoint(proposal->checkpoint);
      std::cout << "the log would end with " << (end ? end->checkpoint.size : 0)
                << " entries, and go on as " << proposal->origin << "\n";
    }
  }
  proposal->base = *base;
  proposal->attempt = next_attempt(*governance, base->hex());
  Event event = charter_event(kCharterProposalType, desk->card.id, now);
  event.fields = proposal_fields(*proposal);
  EventId id;
  auto receipt = send(context, *desk, std::move(event), &id);
  if (!receipt) {
    return report(context, receipt.error());
  }
  // Whether one's vote is asked for shows when the node has taken the proposal up; the rules of
  // today say so at once.
  const bool votes = !options.no_vote && decides(*members, desk->card.id);
  Error no_vote;
  for (int tries = 0; votes && tries < 60; ++tries) {
    EventId ballot;
    auto cast = send(context, *desk, ballot_event(desk->card.id, now, id.digest, *base, "yes", ""),
                     &ballot);
    if (cast) {
      no_vote = Error{};
      break;
    }
    no_vote = cast.error();
    if (no_vote.code != Errc::kNotFound) {
      break;
    }
    pause_ms(500);
  }
  if (context.json) {
    print_json(json::object{{"proposal", id.hex()}, {"voted", votes && no_vote.message.empty()}},
               false);
  } else {
    std::cout << "proposed " << options.change << "\n  proposal " << id.hex() << "\n"
              << (votes && no_vote.message.empty()
                      ? "and voted yes; it is passed once witnesses have dated enough votes\n"
                      : "")
              << "Next: those who decide run  hefu charter vote " << id.hex() << " yes\n";
  }
  return no_vote.message.empty() ? kExitOk : report(context, no_vote.during("voting for it"));
}

int run(Context& context, const CharterVote& options) {
  auto desk = open_desk(context);
  auto governance = desk ? fetch(desk->node, "/v1/governance") : Result<json::object>(desk.error());
  if (!governance) {
    return report(context, governance.error());
  }
  const auto proposal = full_id(desk->node, options.proposal);
  const json::object* found = nullptr;
  for (const json::value& item : array_at(*governance, "proposals")) {
    if (proposal && text_at(item.as_object(), "id") == proposal->hex()) {
      found = &item.as_object();
    }
  }
  const auto base = found == nullptr ? std::nullopt : Digest::from_hex(text_at(*found, "base"));
  if (!proposal || !base) {
    return report(context, Error{Errc::kNotFound, "no open proposal " + options.proposal,
                                 "`hefu charter status` lists them; it may not have come in yet"});
  }
  EventId id;
  auto receipt = send(context, *desk,
                      ballot_event(desk->card.id, system_now(), proposal->digest, *base,
                                   options.choice, options.reason),
                      &id);
  if (!receipt) {
    return report(context, receipt.error());
  }
  if (context.json) {
    print_json(*receipt, false);
  } else {
    std::cout << "voted " << options.choice << " on " << text_at(*found, "change") << "\n  ballot "
              << id.hex() << "\nIt counts once witnesses have dated it: hefu charter status\n";
  }
  return kExitOk;
}

int run(Context& context, const CharterStatus& /*options*/) {
  auto node = open_node(context);
  auto members = node ? fetch(*node, "/v1/members") : Result<json::object>(node.error());
  auto governance = members ? fetch(*node, "/v1/governance") : members;
  if (!governance) {
    return report(context, governance.error());
  }
  if (context.json) {
    print_json(json::object{{"members", *members}, {"governance", *governance}}, false);
    return kExitOk;
  }
  const json::value* council = members->if_contains("council");
  const bool by_council = council != nullptr && council->is_int64() && council->get_int64() > 0;
  std::cout << text_at(*members, "name") << "\n  federation " << text_at(*members, "federation")
            << "\n  revision   " << json::serialize(members->at("revision")) << ", decision "
            << text_at(*members, "decision") << "\n  decides    "
            << (by_council ? "the council, " + json::serialize(*council) + " votes"
                           : "the authority, " + text_at(*members, "authority"))
            << "\n  quorum     " << json::serialize(members->at("quorum")) << " witnesses\n";
  if (const std::string closed = text_at(*members, "closed"); !closed.empty()) {
    std::cout << "  closed since " << closed << "\n";
  }
  for (const json::value& item : array_at(*members, "members")) {
    const json::object& member = item.as_object();
    const json::object* name = object_at(member, "name");
    std::cout << "  " << text_at(member, "id") << "  " << text_at(member, "participation") << "  "
              << (name == nullptr ? "" : text_at(*name, "zh")) << "  " << text_at(member, "origin");
    if (const std::string successor = text_at(member, "successor"); !successor.empty()) {
      std::cout << "  succeeded by " << successor;
    }
    for (const json::value& ended : array_at(member, "ended_logs")) {
      std::cout << "\n    " << text_at(ended.as_object(), "origin") << " ended with "
                << json::serialize(ended.at("size")) << " entries on "
                << text_at(ended.as_object(), "ended");
    }
    std::cout << "\n";
  }
  bool open = false;
  for (const json::value& item : array_at(*governance, "proposals")) {
    if (text_at(item.as_object(), "decision") == "open") {
      std::cout << (open ? "" : "Open proposals\n");
      open = true;
      print_proposal(item.as_object());
    }
  }
  if (!open) {
    std::cout << "No open proposals.\n";
  }
  return kExitOk;
}

int run(Context& context, const CharterHistory& /*options*/) {
  auto node = open_node(context);
  auto governance = node ? fetch(*node, "/v1/governance") : Result<json::object>(node.error());
  if (!governance) {
    return report(context, governance.error());
  }
  if (context.json) {
    print_json(*governance, false);
    return kExitOk;
  }
  std::cout << "Decisions\n";
  for (const json::value& item : array_at(*governance, "decisions")) {
    print_proposal(item.as_object());
  }
  std::cout << "Keys members changed themselves\n";
  for (const json::value& item : array_at(*governance, "rotations")) {
    const json::object& rotation = item.as_object();
    const json::value* ended = rotation.if_contains("ended");
    std::cout << "  " << text_at(rotation, "effective") << "  " << text_at(rotation, "member")
              << "  " << text_at(rotation, "role") << "  " << text_at(rotation, "public")
              << (ended != nullptr && ended->is_bool() && ended->get_bool() ? "  ended" : "")
              << "\n";
  }
  std::cout << "Other proposals\n";
  for (const json::value& item : array_at(*governance, "proposals")) {
    print_proposal(item.as_object());
  }
  return kExitOk;
}

}  // namespace hefu
