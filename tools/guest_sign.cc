// What a guest does with a key of its own: look, sign, send, and look again later.

#include <iostream>

#include <boost/json.hpp>
#include <unistd.h>

#include "crypto/encoding.h"
#include "ledger/event/canonical_json.h"
#include "ledger/event/envelope.h"
#include "ledger/event/event_json.h"
#include "ledger/record/guest_events.h"
#include "ledger/record/guest_link.h"
#include "node/files.h"
#include "tools/guest.h"
#include "tools/guest/answer.h"
#include "tools/guest/format.h"
#include "tools/guest/receipt.h"
#include "tools/guest_folder.h"
#include "tools/guest_send.h"
#include "tools/json.h"
#include "tools/submit.h"

namespace hefu {

namespace json = boost::json;

namespace {

/// What a guest is asked to sign, as far as it could be checked here.
struct Question {
  Charter charter;
  Member host;
  std::string guest, guest_name, record, admission, catalogue;
  EventId target;
  Event event;
  bool signature_checked = false;  ///< of the event, with a key of the charter
  std::string terms;               ///< for people
};

Error not_asked(const std::string& what) {
  return Error{Errc::kUnverified, "the host's question does not hold: " + what,
               "do not sign; ask the host"};
}

/// Reads the event as its author signed it, from the envelope: what the host says beside it is not
/// looked at.
Result<void> read_target(const json::object& target, Question* question) {
  const auto bytes = base64_decode(text_at(target, "envelope"));
  const auto envelope = bytes ? decode_envelope(*bytes) : Result<Envelope>(Error{});
  const auto event = envelope ? decode_event(envelope->event) : Result<Event>(Error{});
  if (!event) {
    return not_asked("the event is not a signed event");
  }
  question->target = envelope->id();
  question->event = *event;
  if (const auto signer = question->charter.signer(envelope->signer)) {
    EnvelopeVerifier verifier;
    if (!verifier.verify(*envelope, signer->key) || signer->member->id != event->issuer) {
      return not_asked("the event is not signed by " + event->issuer);
    }
    question->signature_checked = true;
  }
  const bool about = question->target.hex() == question->record ||
                     (event->record && event->record->hex() == question->record) ||
                     event->supersedes.has_value();
  return about ? Result<void>() : not_asked("the event is of another record");
}

Result<Charter> agreed_charter(const std::string& note, const std::string& known) {
  auto charter = parse_charter(note);
  if (!charter || known.empty()) {
    return charter ? charter : charter.error().during("the host's charter");
  }
  const auto mine = read_charter(known);
  if (!mine) {
    return mine.error();
  }
  return mine->federation == charter->federation
             ? charter
             : Result<Charter>(not_asked("its charter is not the one you trust"));
}

Result<Question> read_invitation(const json::object& document, const GuestLink& link,
                                 const std::string& known_charter) {
  Question question;
  auto charter = agreed_charter(text_at(document, "charter"), known_charter);
  if (!charter) {
    return charter.error();
  }
  question.charter = *std::move(charter);
  const json::object* host = object_at(document, "host");
  const json::object* guest = object_at(document, "guest");
  const json::object* target = object_at(document, "target");
  const Member* member = host == nullptr ? nullptr : question.charter.member(text_at(*host, "id"));
  if (member == nullptr || guest == nullptr || target == nullptr) {
    return not_asked("it names no member as host, no guest or no record");
  }
  if (text_at(document, "link_key") != base64_encode(link.key().public_key().bytes)) {
    return not_asked("the link's key is not the one the host introduced");
  }
  question.host = *member;
  question.guest = text_at(*guest, "id");
  question.guest_name = text_at(*guest, "name");
  question.record = text_at(document, "record");
  question.admission = text_at(document, "admission");
  question.catalogue = text_at(document, "catalogue");
  question.terms = member->name_zh + " introduces your key, identity checked by " +
                   text_at(document, "identity_check") + "; the key is good from " +
                   text_at(document, "valid_from") + " to " + text_at(document, "valid_to") +
                   "; the link until " + text_at(document, "open_until");
  auto read = read_target(*target, &question);
  return read ? Result<Question>(std::move(question)) : Result<Question>(read.error());
}

std::string shown_value(const json::value& value) {
  // Without a catalogue a value says its kind: {"$date": ".."}.
  if (const json::object* kind = value.if_object(); kind != nullptr && kind->size() == 1) {
    return shown_value(kind->begin()->value());
  }
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

/// Says plainly what will be signed. Titles come from the catalogue, values from the signed event.
void show(const Question& question, const Catalogue* catalogue) {
  const Event& event = question.event;
  const EventType* type = catalogue == nullptr ? nullptr : catalogue->find(event.type);
  const Member* author = question.charter.member(event.issuer);
  const auto line = [](const std::string& name, const std::string& value) {
    std::cerr << "    " << name << ": " << value << "\n";
  };
  std::cerr << "\n"
            << question.charter.name << " (federation "
            << question.charter.federation.hex().substr(0, 16) << "…)\n"
            << (author == nullptr ? event.issuer : author->name_zh + " (" + event.issuer + ")")
            << " has recorded, and asks you, " << question.guest_name << " (" << question.guest
            << "), to confirm:\n\n  "
            << (type == nullptr ? event.type : type->title.zh + " / " + type->title.en) << "\n";
  line("date / 日期", event.occurred_on.text());
  const json::value form = event_to_json(event, catalogue);
  for (const json::key_value_pair& field : form.at("fields").as_object()) {
    const std::string name(field.key());
    const Field* known = type == nullptr ? nullptr : type->field(name);
    line(known == nullptr || !known->title ? name : name + " / " + known->title->zh,
         shown_value(field.value()));
  }
  if (!event.commitments.empty()) {
    line("personal fields / 个人信息",
         std::to_string(event.commitments.size()) + " sealed: only their author can open them");
  }
  line("event", question.target.hex());
  std::cerr << "\n  "
            << (question.signature_checked ? "The author's signature holds."
                                           : "The author signed with a key that the charter does "
                                             "not name; this program cannot check it.")
            << "\n  " << question.terms << "\n\n";
}

/// "countersignature", "rejection", or nothing.
std::string decide(GuestDecision* decision) {
  if (decision->confirm || decision->reject) {
    return decision->confirm ? "countersignature" : "rejection";
  }
  if (isatty(STDIN_FILENO) == 0) {
    return "";
  }
  std::cerr << "Confirm (c), reject (r), or leave (any other)? " << std::flush;
  std::string said;
  std::getline(std::cin, said);
  if (said == "c" || said == "C") {
    return "countersignature";
  }
  if (said != "r" && said != "R") {
    return "";
  }
  std::cerr << "Reason: " << std::flush;
  std::getline(std::cin, decision->text);
  return decision->text.empty() ? "" : "rejection";
}

Result<GuestDecision> checked_decision(const GuestDecision& decision) {
  if (decision.confirm && decision.reject) {
    return Error{Errc::kInvalid, "confirm or reject, not both", ""};
  }
  if (decision.reject && decision.text.empty()) {
    return Error{Errc::kInvalid, "a rejection needs --reason", ""};
  }
  return decision;
}

Result<Bytes> sign_event(Context& context, Event event, const Question& question,
                         const SecretKey& key) {
  const Moment now = system_now();
  event.issuer = question.guest;
  event.catalogue = question.catalogue;
  event.occurred_on = now.date();
  event.created_at = now;
  event.nonce = context.entropy.take<16>();
  const auto bytes = encode_event(event);
  auto signed_events =
      bytes ? sign_batch(std::span(&*bytes, 1), key) : Result<std::vector<Bytes>>(bytes.error());
  return signed_events ? Result<Bytes>(std::move(signed_events->front()))
                       : Result<Bytes>(signed_events.error());
}

Event answer_event(const std::string& type, const Question& question, const std::string& text) {
  Event event;
  event.type = type;
  event.record = EventId{*Digest::from_hex(question.record)};
  event.fields["target"] = Value{question.target.digest};
  if (!text.empty()) {
    event.fields[type == "rejection" ? "reason" : "remark"] = Value{text};
  }
  return event;
}

/// The key's own event, signed with the link's key, and the answer, signed with the guest's own.
Result<GuestAnswerFile> sign_answer(Context& context, const Question& question,
                                    const SecretKey& own, const GuestLink* link,
                                    const std::string& type, const std::string& text) {
  GuestAnswerFile answer{question.charter.note, question.host.id, question.record, {}};
  if (link != nullptr) {
    Event event;
    event.type = std::string(kGuestKeyType);
    const auto& bytes = own.public_key().bytes;
    event.fields["admission"] = Value{*Digest::from_hex(question.admission)};
    event.fields["key"] = Value{Bytes(bytes.begin(), bytes.end())};
    auto named = sign_event(context, std::move(event), question, link->key());
    if (!named) {
      return named.error();
    }
    answer.envelopes.push_back(*std::move(named));
  }
  auto envelope = sign_event(context, answer_event(type, question, text), question, own);
  if (!envelope) {
    return envelope.error();
  }
  answer.envelopes.push_back(*std::move(envelope));
  return answer;
}

int finish(Context& context, HttpClient& node, const GuestFolder& folder, GuestReceiptFile receipt,
           std::int64_t wait) {
  const auto id = decode_envelope(receipt.envelope)->id().hex();
  const auto path = folder.receipt_path(id);
  if (auto ok = write_file_atomically(path, receipt.text(), FileMode::kShared); !ok) {
    return report(context, ok.error());
  }
  auto proved = await_proof(node, &receipt, wait);
  if (!proved) {
    return report(context, proved.error());
  }
  if (auto ok = write_file_atomically(path, receipt.text(), FileMode::kShared); !ok) {
    return report(context, ok.error());
  }
  const auto promise = parse_promise(receipt.promise);
  const std::string by = Moment{static_cast<std::int64_t>(promise ? promise->by : 0) * 1000}.text();
  if (context.json) {
    print_json(
        json::object{
            {"event", id}, {"receipt", path.string()}, {"promised_by", by}, {"proved", *proved}},
        false);
    return kExitOk;
  }
  std::cout << "signed and sent\n  event    " << id << "\n  receipt  " << path.string()
            << "\n  promised to be in the log of " << receipt.host << " by " << by << "\n";
  if (*proved) {
    std::cout << "  and it is: a quorum of the other members has seen it there\n";
  } else {
    std::cout << "  not seen there by a quorum yet: `hefu guest receipt verify " << path.string()
              << " --node-url URL` asks any member\n";
  }
  return kExitOk;
}

/// The invitation behind a link or in a request file, and the link.
Result<std::pair<json::object, GuestLink>> read_question(const std::string& given, bool offline) {
  if (given.starts_with("http://") || given.starts_with("https://")) {
    auto link = GuestLink::parse(given);
    if (!link) {
      return link.error();
    }
    HttpClient node(link->base());
    auto document = node.get_json("/v1/invitations/" + link->token());
    if (!document) {
      return document.error().message.starts_with("no answer")
                 ? Error{Errc::kUnavailable, "no answer from " + link->base(), "try again later"}
                 : document.error();
    }
    const json::object* object = document->if_object();
    return object == nullptr ? Error{Errc::kInvalid, "the host's answer is not an invitation", ""}
                             : Result<std::pair<json::object, GuestLink>>({*object, *link});
  }
  const auto text = read_file(given, kGuestFileBytesMax);
  auto document = text ? parse_json(*text, kGuestFileBytesMax) : Result<json::value>(text.error());
  if (!document) {
    return document.error();
  }
  const json::object* object = document->if_object();
  if (object == nullptr || text_at(*object, "format") != "hefu/guest-request/v1") {
    return Error{Errc::kInvalid, "this is neither a link nor a request file", ""};
  }
  auto link = GuestLink::parse(text_at(*object, "link"));
  if (!link) {
    return link.error();
  }
  // With network, the host knows better than the file how things stand.
  return offline ? Result<std::pair<json::object, GuestLink>>({*object, *link})
                 : read_question(link->text(), false);
}

}  // namespace

int run(Context& context, const GuestKeyNew& options) {
  const auto folder = GuestFolder::open(options.folder);
  if (!folder) {
    return report(context, folder.error());
  }
  const auto key = folder->key_for(context, options.party);
  if (!key) {
    return report(context, key.error());
  }
  const std::string text = base64_encode(key->public_key().bytes);
  if (context.json) {
    print_json(json::object{{"guest", options.party}, {"key", text}}, false);
  } else {
    std::cout << "the key of " << options.party << " is in " << folder->key_path().string()
              << ", sealed\n  public  " << text
              << "\nA member introduces it: hefu guest admit --party " << options.party << " --key "
              << text << " …\n";
  }
  return kExitOk;
}

int run(Context& context, const GuestOpen& options) {
  auto decision = checked_decision(options.decision);
  const auto folder = GuestFolder::open(options.folder);
  if (!decision || !folder) {
    return report(context, decision ? folder.error() : decision.error());
  }
  auto asked = read_question(options.link, !options.out.empty());
  if (!asked) {
    return report(context, asked.error());
  }
  const GuestLink& link = asked->second;
  HttpClient node(link.base());
  const std::string path = "/v1/invitations/" + link.token() + "/answer";
  auto question = read_invitation(asked->first, link, options.charter);
  if (!question) {
    return report(context, question.error());
  }
  const auto kept_path = folder->answer_path(question->admission);
  const auto kept = read_file(kept_path, kGuestFileBytesMax);
  const auto sent_before =
      kept ? GuestAnswerFile::parse(*kept) : Result<GuestAnswerFile>(kept.error());
  if (sent_before && options.out.empty()) {
    std::cerr << "you have signed the answer to this link before: sending the same again\n";
    auto receipt = send_answer(node, path, *sent_before);
    return receipt ? finish(context, node, *folder, *std::move(receipt), options.wait)
                   : report(context, receipt.error());
  }
  if (const std::string state = text_at(asked->first, "state"); state != "open") {
    return report(context, Error{Errc::kUnauthorised, "the link is " + state,
                                 "a guest that has a key signs with it; without it, ask the host "
                                 "for a new link"});
  }
  std::optional<Catalogue> catalogue;
  if (options.out.empty()) {
    if (auto fetched = fetch_catalogue(node)) {
      catalogue = *std::move(fetched);
    }
  }
  show(*question, catalogue ? &*catalogue : nullptr);
  const std::string type = decide(&*decision);
  if (type.empty()) {
    return report(context, Error{Errc::kInvalid, "nothing was signed",
                                 "say --confirm, or --reject --reason TEXT"});
  }
  const auto own = folder->key_for(context, question->guest);
  const auto known = folder->meet(question->charter);
  if (!own || !known) {
    return report(context, own ? known.error() : own.error());
  }
  const auto answer = sign_answer(context, *question, *own, &link, type, decision->text);
  if (!answer) {
    return report(context, answer.error());
  }
  if (!options.out.empty()) {
    if (auto ok = write_file_atomically(options.out, answer->text(), FileMode::kShared); !ok) {
      return report(context, ok.error());
    }
    std::cout << "signed: give " << options.out << " to " << question->host.name_zh
              << ", and ask for the receipt\n";
    return kExitOk;
  }
  // Kept first: if the host's answer is lost on its way, the same is sent again.
  if (auto ok = write_file_atomically(kept_path, answer->text(), FileMode::kShared); !ok) {
    return report(context, ok.error());
  }
  auto receipt = send_answer(node, path, *answer);
  if (!receipt) {
    return report(context, receipt.error());
  }
  return finish(context, node, *folder, *std::move(receipt), options.wait);
}

int run(Context& context, const GuestCountersign& options) {
  auto decision = checked_decision(options.decision);
  const auto folder = GuestFolder::open(options.folder);
  if (!decision || !folder) {
    return report(context, decision ? folder.error() : decision.error());
  }
  const auto guest = folder->guest();
  auto node = open_node(context);
  if (!guest || !node) {
    return report(context, guest ? node.error() : guest.error());
  }
  auto note = node->get("/v1/charter");
  auto charter = note ? agreed_charter(std::string(as_text(*note)), options.charter)
                      : Result<Charter>(note.error());
  auto status = charter ? node->get_json("/v1/status") : Result<json::value>(charter.error());
  auto record = status ? node->get_json("/v1/records/" + url_encode(options.record)) : status;
  if (!record) {
    return report(context, record.error());
  }
  const json::array& versions = array_at(record->as_object(), "versions");
  auto target = versions.empty() ? Result<json::value>(not_asked("the record has no version"))
                                 : node->get_json("/v1/events/" + shown_value(versions.back()));
  auto catalogue = fetch_catalogue(*node);
  if (!target || !catalogue) {
    return report(context, target ? catalogue.error() : target.error());
  }
  Question question;
  question.charter = *std::move(charter);
  const Member* host = question.charter.member(text_at(status->as_object(), "member"));
  if (host == nullptr) {
    return report(context, not_asked("the node is no member's"));
  }
  question.host = *host;
  question.guest = *guest;
  question.guest_name = *guest;
  question.record = options.record;
  question.catalogue = catalogue->name();
  question.terms = "It is recorded in the log of " + host->name_zh + ".";
  if (auto read = read_target(target->as_object(), &question); !read) {
    return report(context, read.error());
  }
  show(question, &*catalogue);
  const std::string type = decide(&*decision);
  if (type.empty()) {
    return report(context, Error{Errc::kInvalid, "nothing was signed",
                                 "say --confirm, or --reject --reason TEXT"});
  }
  const auto own = folder->key(context);
  const auto known = folder->meet(question.charter);
  if (!own || !known) {
    return report(context, own ? known.error() : own.error());
  }
  const auto answer = sign_answer(context, question, *own, nullptr, type, decision->text);
  auto receipt = answer ? send_answer(*node, "/v1/answers", *answer)
                        : Result<GuestReceiptFile>(answer.error());
  if (!receipt) {
    return report(context, receipt.error());
  }
  return finish(context, *node, *folder, *std::move(receipt), options.wait);
}

int run(Context& context, const GuestHistory& options) {
  const auto folder = GuestFolder::open(options.folder);
  const auto guest = folder ? folder->guest() : Result<std::string>(folder.error());
  const auto own = guest ? folder->public_key() : Result<PublicKey>(guest.error());
  auto node = own ? open_node(context) : Result<HttpClient>(own.error());
  if (!node) {
    return report(context, node.error());
  }
  json::array shown;
  bool foreign = false;
  std::string from;
  do {
    auto page = node->get_json(with_query("/v1/events", {{"issuer", *guest}, {"from", from}}));
    if (!page) {
      return report(context, page.error());
    }
    for (const json::value& item : array_at(page->as_object(), "events")) {
      const std::string id = text_at(item.as_object(), "id");
      auto whole = node->get_json("/v1/events/" + id);
      const auto bytes =
          whole ? base64_decode(text_at(whole->as_object(), "envelope")) : std::nullopt;
      const auto envelope = bytes ? decode_envelope(*bytes) : Result<Envelope>(Error{});
      const json::object* event = object_at(item.as_object(), "event");
      if (!envelope || event == nullptr) {
        return report(context, Error{Errc::kUnverified, "event " + id + " cannot be read", ""});
      }
      const std::string type = text_at(*event, "type");
      EnvelopeVerifier verifier;
      const bool mine = envelope->signer == key_id(*own) && verifier.verify(*envelope, *own);
      // A guest-key is signed with a link's key; whose key it names is what matters.
      const json::object* fields = object_at(*event, "fields");
      const bool names_mine = type == kGuestKeyType && fields != nullptr &&
                              text_at(*fields, "key") == base64_encode(own->bytes);
      foreign = foreign || (!mine && !names_mine);
      shown.push_back(json::object{{"event", id},
                                   {"type", type},
                                   {"occurred_on", text_at(*event, "occurred_on")},
                                   {"record", text_at(*event, "record")},
                                   {"log", text_at(item.as_object(), "log")},
                                   {"signed_by_you", mine || names_mine}});
    }
    from = text_at(page->as_object(), "next");
  } while (!from.empty());
  if (context.json) {
    print_json(json::object{{"guest", *guest}, {"events", shown}}, false);
    return foreign ? kExitBad : kExitOk;
  }
  std::cout << "in the name of " << *guest << ", as this node knows:\n";
  for (const json::value& item : shown) {
    const json::object& one = item.as_object();
    std::cout << "  " << text_at(one, "occurred_on") << "  " << text_at(one, "type") << "  "
              << text_at(one, "log") << "  record " << text_at(one, "record").substr(0, 16)
              << (one.at("signed_by_you").as_bool() ? "  with your key" : "  NOT WITH YOUR KEY")
              << "\n";
  }
  if (foreign) {
    std::cout << "Somebody else's key speaks in your name: `hefu guest list --party " << *guest
              << "` shows who introduced it\n";
  }
  return foreign ? kExitBad : kExitOk;
}

}  // namespace hefu
