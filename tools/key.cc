#include "tools/key.h"

#include <filesystem>
#include <iostream>
#include <optional>

#include <boost/json.hpp>

#include "crypto/encoding.h"
#include "crypto/key_file.h"
#include "node/files.h"
#include "tools/home.h"
#include "tools/json.h"
#include "tools/submit.h"

namespace hefu {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

Result<KeyRole> read_role(const std::string& text) {
  const auto role = key_role(text);
  if (!role) {
    return Error{Errc::kInvalid, text + " is not a key role",
                 "root, log, witness, node, registrar, reviewer, seal, auditor"};
  }
  return *role;
}

/// Certifies a key by an event signed with the home's root key.
Result<json::value> certify(Context& context, Desk& desk, KeyRole role, const PublicKey& key,
                            std::optional<Date> last_day) {
  const Moment now = system_now();
  Event event;
  event.type = "key-certification";
  event.issuer = desk.card.id;
  event.occurred_on = now.date();
  event.created_at = now;
  event.visibility = Visibility::kPublic;
  event.fields["key"] = Value{Bytes(key.bytes.begin(), key.bytes.end())};
  event.fields["role"] = Value{std::string(name(role))};
  event.fields["valid_from"] = Value{last_day ? std::min(now.date(), *last_day) : now.date()};
  if (last_day) {
    event.fields["valid_to"] = Value{*last_day};
  }
  auto catalogue = fetch_catalogue(desk.node);
  if (!catalogue) {
    return catalogue.error();
  }
  Prepared prepared;
  if (auto made = prepare(context, std::move(event), *catalogue, &prepared); !made) {
    return made.error();
  }
  return submit(context, desk, prepared, KeyRole::kRoot);
}

/// Whether the node goes by this key of the member already.
bool in_force(HttpClient& node, const std::string& member, KeyRole role, const PublicKey& key) {
  const auto members = node.get_json("/v1/members");
  if (!members || !members->is_object()) {
    return false;  // it begins anew just now
  }
  for (const json::value& item : array_at(members->as_object(), "members")) {
    if (text_at(item.as_object(), "id") != member) {
      continue;
    }
    for (const json::value& held : array_at(item.as_object(), "keys")) {
      if (text_at(held.as_object(), "role") == name(role) &&
          text_at(held.as_object(), "public") == base64_encode(key.bytes)) {
        return true;
      }
    }
  }
  return false;
}

/// Puts the next key into the place of the present one, which is kept under another name. There is
/// a key file under the usual name at every moment: the node may be reading it.
Result<void> take_place(const fs::path& next, const fs::path& present) {
  int number = 1;
  const auto former = [&] {
    return present.parent_path() /
           (present.stem().string() + "-former-" + std::to_string(number) + ".key");
  };
  while (fs::exists(former())) {
    ++number;
  }
  std::error_code failed;
  fs::create_hard_link(present, former(), failed);
  if (!failed) {
    fs::rename(next, present, failed);
  }
  return failed ? Result<void>(Error{Errc::kIo,
                                     "replacing " + present.string() + ": " + failed.message(), ""})
                : Result<void>();
}

/// The key made to be the next: left by an attempt before, or new.
Result<PublicKey> next_key(Context& context, const fs::path& path, const std::string& label) {
  if (fs::exists(path)) {
    const auto text = read_file(path, kKeyFileBytesMax);
    return text ? key_file_public(*text) : Result<PublicKey>(text.error());
  }
  auto words = passphrase(context, true);
  if (!words) {
    return words.error();
  }
  const SecretKey key = SecretKey::generate(context.entropy);
  if (auto ok = write_file_atomically(path, seal_key(key, label, words->view(), context.entropy),
                                      FileMode::kPrivate);
      !ok) {
    return ok.error();
  }
  return key.public_key();
}

}  // namespace

int run(Context& context, const KeyRotate& options) {
  const auto role = read_role(options.role);
  auto desk = role ? open_desk(context) : Result<Desk>(role.error());
  if (!desk) {
    return report(context, desk.error());
  }
  const fs::path present = desk->home.key_path(*role);
  const fs::path next = present.parent_path() / (options.role + "-next.key");
  const auto key = next_key(context, next, desk->card.domain + " " + options.role);
  if (!key) {
    return report(context, key.error());
  }
  if (!in_force(desk->node, desk->card.id, *role, *key)) {
    if (auto receipt = certify(context, *desk, *role, *key, std::nullopt); !receipt) {
      return report(context, receipt.error());
    }
    if (!context.json) {
      std::cout << "certified " << base64_encode(key->bytes) << " as " << options.role << " key\n";
    }
  }
  // Keys that sign events count from their certificate on; the others once witnesses have dated it.
  for (std::int64_t waited = 0; is_single(*role); ++waited) {
    if (in_force(desk->node, desk->card.id, *role, *key)) {
      break;
    }
    if (waited >= options.patience_s) {
      return report(context,
                    Error{Errc::kUnavailable, "too few witnesses have dated the new key so far",
                          "it is kept in " + next.string() +
                              "; run this again later: it goes on where it stopped"});
    }
    pause_ms(1000);
  }
  if (fs::exists(present)) {
    if (auto ok = take_place(next, present); !ok) {
      return report(context, ok.error());
    }
  } else {
    std::error_code failed;
    fs::rename(next, present, failed);
    if (failed) {
      return report(context, Error{Errc::kIo, "renaming " + next.string(), failed.message()});
    }
  }
  if (context.json) {
    print_json(json::object{{"role", options.role}, {"public", base64_encode(key->bytes)}}, false);
  } else {
    std::cout << "in force; " << present.string() << " holds it, the one before is kept beside it\n"
              << (is_single(*role)
                      ? ""
                      : "The key before still counts: end it with `hefu key revoke`\n");
  }
  return kExitOk;
}

int run(Context& context, const KeyRevoke& options) {
  const auto role = read_role(options.role);
  const auto day =
      options.last_day.empty() ? std::optional(system_now().date()) : Date::parse(options.last_day);
  if (!role || !day) {
    return report(context, !role ? role.error()
                                 : Error{Errc::kInvalid, "--last-day " + options.last_day,
                                         "write YYYY-MM-DD"});
  }
  std::optional<PublicKey> key;
  if (const auto bytes = base64_decode(options.key)) {
    key = PublicKey::from_bytes(*bytes);
  }
  if (!key) {
    const auto file = read_file(options.key, kKeyFileBytesMax);
    const auto read = file ? key_file_public(*file) : Result<PublicKey>(file.error());
    if (!read) {
      return report(context, read.error().during(options.key));
    }
    key = *read;
  }
  auto desk = open_desk(context);
  if (!desk) {
    return report(context, desk.error());
  }
  auto receipt = certify(context, *desk, *role, *key, *day);
  if (!receipt) {
    return report(context, receipt.error());
  }
  if (context.json) {
    print_json(*receipt, false);
  } else {
    std::cout << "revoked: the last day of this " << options.role << " key is " << day->text()
              << "\n";
  }
  return kExitOk;
}

}  // namespace hefu
