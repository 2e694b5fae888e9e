// What a member does for its guests: invite, admit, revoke, list, submit.

#include <chrono>
#include <iostream>
#include <thread>

#include <boost/json.hpp>

#include "crypto/encoding.h"
#include "crypto/key_file.h"
#include "ledger/event/canonical_json.h"
#include "ledger/event/envelope.h"
#include "ledger/record/guest_events.h"
#include "ledger/record/guest_link.h"
#include "node/files.h"
#include "tools/guest.h"
#include "tools/guest/answer.h"
#include "tools/guest/format.h"
#include "tools/guest_send.h"
#include "tools/json.h"
#include "tools/submit.h"

namespace hefu {

namespace json = boost::json;

namespace {

std::string days_from(Date today, std::int64_t days) {
  return Date{today.days + static_cast<std::int32_t>(days)}.text();
}

/// The fields every admission has.
json::object terms(const std::string& party, const std::string& name, const std::string& check,
                   const PublicKey& key, std::int64_t key_days) {
  const Date today = system_now().date();
  return json::object{{"guest", party},
                      {"guest_name", name},
                      {"key", base64_encode(key.bytes)},
                      {"identity_check", check},
                      {"valid_from", today.text()},
                      {"valid_to", days_from(today, key_days)}};
}

Result<EventId> record_admission(Context& context, Desk& desk, json::object event) {
  auto catalogue = fetch_catalogue(desk.node);
  if (!catalogue) {
    return catalogue.error();
  }
  event["type"] = std::string(kGuestAdmissionType);
  Prepared prepared;
  auto id = prepare(context, event, *catalogue, desk.card.id, system_now(), &prepared);
  if (!id) {
    return id;
  }
  auto receipt = submit(context, desk, prepared, KeyRole::kRegistrar);
  return receipt ? id : Result<EventId>(receipt.error());
}

/// Warns of what would make the guest's answer count for nothing.
Result<void> check_record(HttpClient& node, const std::string& id, const std::string& party) {
  auto document = node.get_json("/v1/records/" + url_encode(id));
  if (!document) {
    return document.error().during("the record");
  }
  const json::object* record = document->if_object();
  bool named = false;
  if (record != nullptr) {
    for (const json::value& required : array_at(*record, "required")) {
      named = named || (required.is_string() && required.get_string() == party);
    }
  }
  if (!named) {
    std::cerr << "note: the record does not ask for a countersignature of " << party << "\n";
  }
  return {};
}

/// The node's own answer to the link, as soon as the admission has reached its log.
Result<json::object> await_invitation(HttpClient& node, const std::string& token) {
  constexpr int kTries = 60;
  constexpr std::chrono::milliseconds kPause{250};
  auto answer = node.get_json("/v1/invitations/" + token);
  for (int i = 0; i < kTries && !answer && answer.error().code == Errc::kNotFound; ++i) {
    std::this_thread::sleep_for(kPause);
    answer = node.get_json("/v1/invitations/" + token);
  }
  if (!answer) {
    return answer.error().during("asking the node about the new link");
  }
  const json::object* object = answer->if_object();
  return object == nullptr ? Result<json::object>(Error{
                                 Errc::kInvalid, "the node's answer is not an invitation", ""})
                           : Result<json::object>(*object);
}

}  // namespace

int run(Context& context, const GuestInvite& options) {
  auto desk = open_desk(context);
  if (!desk) {
    return report(context, desk.error());
  }
  if (auto fits = check_record(desk->node, options.record, options.party); !fits) {
    return report(context, fits.error());
  }
  std::string base = options.public_url;
  if (base.empty()) {
    auto url = desk->home.node_url();
    if (!url) {
      return report(context, url.error());
    }
    base = *url;
  }
  const GuestLink link = GuestLink::make(base, context.entropy);
  json::object fields = terms(options.party, options.name, options.checked_by,
                              link.key().public_key(), options.key_days);
  fields["use"] = "link";
  fields["open_until"] = days_from(system_now().date(), options.valid_days);
  fields["token"] = guest_token_digest(link.token()).hex();
  fields["asks_about"] = options.record;
  auto id = record_admission(context, *desk, json::object{{"fields", fields}});
  if (!id) {
    return report(context, id.error());
  }
  auto invitation = await_invitation(desk->node, link.token());
  if (!invitation) {
    return report(context, invitation.error());
  }
  if (!options.out.empty()) {
    (*invitation)["format"] = "hefu/guest-request/v1";
    (*invitation)["link"] = link.text();
    if (auto ok = write_file_atomically(options.out, json::serialize(*invitation) + "\n",
                                        FileMode::kPrivate);
        !ok) {
      return report(context, ok.error());
    }
  }
  if (context.json) {
    print_json(
        json::object{
            {"admission", id->hex()}, {"link", link.text()}, {"open_until", fields["open_until"]}},
        false);
    return kExitOk;
  }
  std::cout << "introduced " << options.name << " (" << options.party << ") as a guest\n"
            << "  admission  " << id->hex() << "\n"
            << "  open until " << text_at(fields, "open_until") << ", works once\n"
            << "The link, shown only now; give it to the guest alone, by the channel you checked:\n"
            << "  " << link.text() << "\n";
  if (!options.out.empty()) {
    std::cout << "For a guest without network: " << options.out << ", which holds the link too\n";
  }
  return kExitOk;
}

int run(Context& context, const GuestAdmit& options) {
  auto desk = open_desk(context);
  if (!desk) {
    return report(context, desk.error());
  }
  auto bytes = base64_decode(options.key);
  if (!bytes) {
    const auto file = read_file(options.key, kKeyFileBytesMax);
    const auto key = file ? key_file_public(*file) : Result<PublicKey>(file.error());
    if (!key) {
      return report(context, Error{Errc::kInvalid, "--key is neither base64 nor a key file",
                                   "`hefu guest key` prints the guest's public key"});
    }
    bytes = Bytes(key->bytes.begin(), key->bytes.end());
  }
  const auto key = PublicKey::from_bytes(*bytes);
  if (!key) {
    return report(context, Error{Errc::kInvalid, "--key is not 32 bytes of base64", ""});
  }
  json::object fields =
      terms(options.party, options.name, options.checked_by, *key, options.key_days);
  fields["use"] = "own";
  if (!options.valid_from.empty()) {
    fields["valid_from"] = options.valid_from;
  }
  auto id = record_admission(context, *desk, json::object{{"fields", std::move(fields)}});
  if (!id) {
    return report(context, id.error());
  }
  if (context.json) {
    print_json(json::object{{"admission", id->hex()}}, false);
  } else {
    std::cout << "introduced the key of " << options.name << " (" << options.party
              << ")\n  admission " << id->hex() << "\n";
  }
  return kExitOk;
}

int run(Context& context, const GuestRevoke& options) {
  auto desk = open_desk(context);
  if (!desk) {
    return report(context, desk.error());
  }
  auto document = desk->node.get_json("/v1/events/" + url_encode(options.admission));
  if (!document) {
    return report(context, document.error());
  }
  const json::object* row = document->if_object();
  const json::object* event = row == nullptr ? nullptr : object_at(*row, "event");
  const json::object* says = event == nullptr ? nullptr : object_at(*event, "fields");
  if (says == nullptr || text_at(*event, "type") != kGuestAdmissionType ||
      text_at(*event, "issuer") != desk->card.id) {
    return report(context, Error{Errc::kInvalid, "this is no admission by " + desk->card.name_zh,
                                 "`hefu guest list` shows the admissions"});
  }
  const Date today = system_now().date();
  const std::string last = options.last_day.empty() ? days_from(today, -1) : options.last_day;
  json::object fields = *says;
  fields["valid_to"] = last;
  fields["reason"] = options.reason;
  if (fields.contains("open_until") && text_at(fields, "open_until") > last) {
    fields["open_until"] = last;
  }
  auto id = record_admission(
      context, *desk,
      json::object{{"supersedes", options.admission}, {"fields", std::move(fields)}});
  if (!id) {
    return report(context, id.error());
  }
  if (context.json) {
    print_json(json::object{{"terms", id->hex()}, {"valid_to", last}}, false);
  } else {
    std::cout << "what this guest's key signs counts no more if recorded after " << last
              << "\n  event " << id->hex() << "\n";
  }
  return kExitOk;
}

int run(Context& context, const GuestList& options) {
  auto node = open_node(context);
  auto document = node ? node->get_json("/v1/guests") : Result<json::value>(node.error());
  if (!document) {
    return report(context, document.error());
  }
  json::array shown;
  for (const json::value& item : array_at(document->as_object(), "guests")) {
    if (options.party.empty() || text_at(item.as_object(), "guest") == options.party) {
      shown.push_back(item);
    }
  }
  if (context.json) {
    print_json(json::object{{"guests", std::move(shown)}}, false);
    return kExitOk;
  }
  for (const json::value& item : shown) {
    const json::object& one = item.as_object();
    std::cout << text_at(one, "guest") << "  " << text_at(one, "name") << "\n  introduced by "
              << text_at(one, "introduced_by") << ", checked by " << text_at(one, "identity_check")
              << ", " << text_at(one, "valid_from") << " to " << text_at(one, "valid_to")
              << "\n  key " << text_at(one, "key") << "\n  admission " << text_at(one, "admission")
              << "\n";
    for (const json::value& rival : array_at(one, "conflicts")) {
      std::cout << "  CONFLICT: " << text_at(rival.as_object(), "introduced_by")
                << " introduced the key " << text_at(rival.as_object(), "key") << "\n";
    }
  }
  if (shown.empty()) {
    std::cout << "no guests at the present cut\n";
  }
  return kExitOk;
}

int run(Context& context, const GuestSubmit& options) {
  auto node = open_node(context);
  if (!node) {
    return report(context, node.error());
  }
  const auto text = read_file(options.file, kGuestFileBytesMax);
  const auto answer = text ? GuestAnswerFile::parse(*text) : Result<GuestAnswerFile>(text.error());
  if (!answer) {
    return report(context, answer.error());
  }
  auto receipt = send_answer(*node, "/v1/answers", *answer);
  if (!receipt) {
    return report(context, receipt.error());
  }
  if (auto ok = write_file_atomically(options.out, receipt->text(), FileMode::kShared); !ok) {
    return report(context, ok.error());
  }
  if (context.json) {
    print_json(json::object{{"receipt", options.out}}, false);
  } else {
    std::cout << "recorded. The guest's receipt, to give back to it: " << options.out << "\n";
  }
  return kExitOk;
}

}  // namespace hefu
