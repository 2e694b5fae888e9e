#include "tools/init.h"

#include <filesystem>
#include <iostream>

#include <boost/json.hpp>

#include "crypto/encoding.h"
#include "crypto/key_file.h"
#include "crypto/note.h"
#include "ledger/charter/charter.h"
#include "ledger/charter/member_json.h"
#include "ledger/event/canonical_json.h"
#include "node/files.h"
#include "tools/home.h"
#include "tools/json.h"

namespace hefu {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr std::size_t kFileBytesMax = std::size_t{1} << 20;

/// The configuration of a new node. What is commented out shows the default.
std::string node_config(const Init& options) {
  return "# Configuration of this institution's node; `hefud --config hefud.toml` runs it.\n"
         "# Paths are relative to this file.\n\n"
         "charter = \"charter.note\"\n"
         "member = \"" +
         options.id +
         "\"\n"
         "data = \"data\"\n"
         "keys = \"keys\"\n"
         "# passphrase_file = \"passphrase\"   # else the environment variable HEFU_PASSPHRASE\n\n"
         "[http]\n"
         "listen = \"" +
         options.http +
         "\"\n\n"
         "[peer]\n"
         "listen = \"" +
         options.peer +
         "\"\n\n"
         "# One block per other member of the federation:\n"
         "# [[peers]]\n"
         "# member = \"<credit code>\"\n"
         "# address = \"host:port\"\n";
}

Result<void> write_key(Context& context, const fs::path& path, const SecretKey& key,
                       const std::string& label, const SecretText& words) {
  if (fs::exists(path)) {
    return Error{Errc::kConflict, path.string() + " exists", "a key is never overwritten"};
  }
  return write_file_atomically(path, seal_key(key, label, words.view(), context.entropy),
                               FileMode::kPrivate);
}

Result<void> make_home(Context& context, const Init& options, Member* member) {
  const fs::path top = context.home;
  if (fs::exists(top / "member.json")) {
    return Error{Errc::kConflict, top.string() + " is a home folder already",
                 "choose another folder; keys are never overwritten"};
  }
  member->id = options.id;
  member->name_zh = options.name_zh;
  member->name_en = options.name_en.empty() ? options.name_zh : options.name_en;
  member->domain = options.domain;
  member->origin = options.domain + "/hefu/1";
  member->attributes["kind"] = options.kind;
  for (const std::string& item : options.attributes) {
    const auto equals = item.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Error{Errc::kInvalid, "--attribute " + item, "write key=value"};
    }
    member->attributes[item.substr(0, equals)] = item.substr(equals + 1);
  }

  std::vector<std::pair<KeyRole, SecretKey>> keys;
  for (const KeyRole role : {KeyRole::kRoot, KeyRole::kLog, KeyRole::kWitness, KeyRole::kNode,
                             KeyRole::kRegistrar, KeyRole::kSeal}) {
    keys.emplace_back(role, SecretKey::generate(context.entropy));
    member->keys.emplace(role, keys.back().second.public_key());
  }
  // The card is read back before anything is written, so that bad names leave no folder behind.
  if (auto card = member_from_json(member_to_json(*member)); !card) {
    return card.error();
  }
  auto words = passphrase(context, true);
  if (!words) {
    return words.error();
  }
  for (const fs::path& folder : {top, top / "keys", top / "data"}) {
    if (auto ok = create_private_dir(folder); !ok) {
      return ok;
    }
  }
  for (const auto& [role, key] : keys) {
    const std::string label = options.domain + " " + name(role);
    const fs::path path = top / "keys" / (std::string(name(role)) + ".key");
    if (auto ok = write_key(context, path, key, label, *words); !ok) {
      return ok;
    }
  }
  if (auto ok = write_file_atomically(top / "hefud.toml", node_config(options), FileMode::kShared);
      !ok) {
    return ok;
  }
  // Last, because this file makes the folder a home.
  return write_file_atomically(top / "member.json", canonical_json(member_to_json(*member)) + "\n",
                               FileMode::kShared);
}

std::string key_line(const PublicKey& key) {
  return "public key " + base64_encode(key.bytes) + "\nkey id     " + key_id(key).digest.hex() +
         "\n";
}

/// A charter file being signed: its text, and the signatures so far.
Result<Note> read_charter_draft(const std::string& path) {
  auto content = read_file(path, kFileBytesMax);
  if (!content) {
    return content.error();
  }
  if (auto note = parse_note(*content)) {
    return note;
  }
  Note unsigned_note;
  unsigned_note.text = *content;
  return unsigned_note;
}

}  // namespace

int run(Context& context, const Init& options) {
  if (context.home.empty()) {
    return report(context,
                  Error{Errc::kInvalid, "where should the home folder be?", "add --home DIR"});
  }
  Member member;
  if (auto ok = make_home(context, options, &member); !ok) {
    return report(context, ok.error());
  }
  if (context.json) {
    print_json(member_to_json(member), false);
    return kExitOk;
  }
  std::cout << "made " << context.home << " for " << member.name_zh << " (" << member.id << ")\n"
            << "  log     " << member.origin << "\n"
            << "  keys    " << context.home << "/keys/*.key, sealed with your passphrase\n"
            << "  card    " << context.home << "/member.json: give this to the others\n"
            << "Keep keys/root.key offline once the charter is signed.\n"
            << "Next: found a federation,\n"
               "  hefu charter found --name … --authority … CARD… --out charter.note\n"
               "or ask to join one whose charter.note you were given,\n"
               "  hefu charter join --charter charter.note --out … --home DIR\n";
  return kExitOk;
}

int run(Context& context, const KeyNew& options) {
  const auto role = key_role(options.role);
  if (!role || *role == KeyRole::kGuest) {
    return report(context, Error{Errc::kInvalid, options.role + " is not a key role",
                                 "root, log, witness, node, registrar, reviewer, seal, auditor"});
  }
  auto words = passphrase(context, true);
  if (!words) {
    return report(context, words.error());
  }
  const SecretKey key = SecretKey::generate(context.entropy);
  if (auto ok = write_key(context, options.out, key, options.role, *words); !ok) {
    return report(context, ok.error());
  }
  if (context.json) {
    print_json(json::object{{"file", options.out},
                            {"role", options.role},
                            {"public", base64_encode(key.public_key().bytes)},
                            {"key_id", key_id(key.public_key()).digest.hex()}},
               false);
  } else {
    std::cout << "wrote " << options.out << " (" << options.role << ")\n"
              << key_line(key.public_key());
  }
  return kExitOk;
}

int run(Context& context, const KeyShow& options) {
  auto text = read_file(options.file, kFileBytesMax);
  if (!text) {
    return report(context, text.error());
  }
  auto key = key_file_public(*text);
  if (!key) {
    return report(context, key.error().during(options.file));
  }
  if (context.json) {
    print_json(
        json::object{{"public", base64_encode(key->bytes)}, {"key_id", key_id(*key).digest.hex()}},
        false);
  } else {
    std::cout << key_line(*key);
  }
  return kExitOk;
}

int run(Context& context, const KeyPasswd& options) {
  auto text = read_file(options.file, kFileBytesMax);
  if (!text) {
    return report(context, text.error());
  }
  auto old_words = passphrase(context, false);
  if (!old_words) {
    return report(context, old_words.error());
  }
  auto key = open_key(*text, old_words->view());
  if (!key) {
    return report(context, key.error());
  }
  Context fresh;
  fresh.passphrase_file = options.new_passphrase_file;
  auto new_words = passphrase(fresh, true);
  if (!new_words) {
    return report(context, new_words.error());
  }
  if (new_words->view() == old_words->view()) {
    return report(context, Error{Errc::kInvalid, "the new passphrase is the old one",
                                 "give it with --new-passphrase-file, or unset HEFU_PASSPHRASE to "
                                 "be asked"});
  }
  auto label = key_file_label(*text);
  if (!label) {
    return report(context, label.error());
  }
  const std::string sealed = seal_key(*key, *label, new_words->view(), context.entropy);
  if (auto ok = write_file_atomically(options.file, sealed, FileMode::kPrivate); !ok) {
    return report(context, ok.error());
  }
  std::cout << "sealed " << options.file << " under the new passphrase\n";
  return kExitOk;
}

int run(Context& context, const CharterFound& options) {
  std::vector<Member> members;
  for (const std::string& path : options.cards) {
    auto member = read_card(path);
    if (!member) {
      return report(context, member.error());
    }
    members.push_back(std::move(*member));
  }
  const auto count = static_cast<std::uint32_t>(members.size());
  const std::uint32_t quorum =
      options.quorum != 0 || count < 2 ? options.quorum : quorum_for(count, 0);
  auto text = charter_text(options.name, options.authority, quorum, members);
  if (!text) {
    return report(context, text.error());
  }
  if (auto ok = write_file_atomically(options.out, *text, FileMode::kShared); !ok) {
    return report(context, ok.error());
  }
  std::cout << "wrote " << options.out << ": " << count << " members, quorum " << quorum
            << ", unsigned\nNext: each member runs  hefu charter sign " << options.out
            << " --home DIR\n";
  return kExitOk;
}

int run(Context& context, const CharterSign& options) {
  auto home = Home::open(context);
  if (!home) {
    return report(context, home.error());
  }
  auto draft = read_charter_draft(options.file);
  auto card = home->card();
  if (!draft || !card) {
    return report(context, !draft ? draft.error() : card.error());
  }
  auto content = read_charter_text(draft->text);
  if (!content) {
    return report(context, content.error().during(options.file));
  }
  if (content->member(card->id) == nullptr) {
    return report(context, Error{Errc::kConflict,
                                 options.file + " does not name " + card->name_zh + " (" +
                                     card->id + ") as a member",
                                 "is this the right charter, or the right --home?"});
  }
  auto key = home->key(context, KeyRole::kRoot);
  if (!key) {
    return report(context, key.error());
  }
  const NoteSignature signature = sign_charter(draft->text, card->domain, *key);
  std::erase_if(draft->signatures, [&](const NoteSignature& other) {
    return other.name == signature.name && other.key_id == signature.key_id;
  });
  draft->signatures.push_back(signature);
  const std::string note = format_note(draft->text, draft->signatures);
  if (auto ok = write_file_atomically(options.file, note, FileMode::kShared); !ok) {
    return report(context, ok.error());
  }
  std::cout << "signed " << options.file << " as " << card->domain;
  if (auto charter = parse_charter(note)) {
    std::cout << "; complete: federation " << charter->federation.hex() << "\n"
              << "Next: copy it to charter.note in every home folder\n";
  } else {
    std::cout << "; other signatures are still missing\n";
  }
  return kExitOk;
}

int run(Context& context, const CharterShow& options) {
  auto charter = read_charter(options.file);
  if (!charter) {
    return report(context, charter.error());
  }
  json::array members;
  for (const Member& member : charter->members) {
    members.push_back(member_to_json(member));
  }
  if (context.json) {
    print_json(json::object{{"federation", charter->federation.hex()},
                            {"name", charter->name},
                            {"authority", charter->authority},
                            {"quorum", charter->quorum},
                            {"members", members}},
               false);
    return kExitOk;
  }
  std::cout << charter->name << "\n  federation " << charter->federation.hex() << "\n  quorum "
            << charter->quorum << " of " << charter->members.size() - 1 << " other witnesses\n";
  for (const Member& member : charter->members) {
    std::cout << "  " << member.id << "  " << member.name_zh << " (" << member.name_en << ")  "
              << member.origin << (member.id == charter->authority ? "  authority" : "") << "\n";
  }
  return kExitOk;
}

}  // namespace hefu
