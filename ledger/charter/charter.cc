#include "ledger/charter/charter.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace hefu {

namespace {

std::string root_key_name(const std::string& domain) {
  return domain + "/hefu/root";
}

}  // namespace

std::optional<PublicKey> Member::key(KeyRole role) const {
  const auto found = keys.find(role);
  return found == keys.end() ? std::nullopt : std::optional(found->second);
}

std::string Member::log_name() const {
  return domain + "@" + std::to_string(epoch_of(origin));
}

std::string Member::root_name() const {
  return root_key_name(domain);
}

std::string Member::log_vkey() const {
  const auto log_key = key(KeyRole::kLog);
  return log_key ? VerifierKey::make(origin, kNoteEd25519, *log_key).text() : "";
}

std::string Member::witness_name() const {
  return domain + "/hefu/witness";
}

std::string Member::witness_vkey() const {
  const auto witness_key = key(KeyRole::kWitness);
  return witness_key ? VerifierKey::make(witness_name(), kNoteCosignature, *witness_key).text()
                     : "";
}

const Member* Charter::member(std::string_view id) const {
  for (const Member& member : members) {
    if (member.id == id) {
      return &member;
    }
  }
  return nullptr;
}

const Member* Charter::by_origin(std::string_view origin) const {
  for (const Member& member : members) {
    if (member.origin == origin) {
      return &member;
    }
  }
  for (const Member& past : ended) {
    if (past.origin == origin) {
      return &past;
    }
  }
  return nullptr;
}

const Member* Charter::by_log_name(std::string_view wanted) const {
  for (const Member& member : members) {
    if (member.id == wanted || member.domain == wanted || member.log_name() == wanted) {
      return &member;
    }
  }
  for (const Member& past : ended) {
    if (past.log_name() == wanted) {
      return &past;
    }
  }
  return nullptr;
}

const Member* Charter::by_node_key(const PublicKey& key) const {
  for (const Member& member : members) {
    const auto keys = member.keys_ever(KeyRole::kNode);
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) {
      return &member;
    }
  }
  return nullptr;
}

std::optional<Charter::Signer> Charter::signer(const KeyId& id) const {
  if (!key_index.empty()) {
    const auto found = key_index.find(id);
    return found == key_index.end() ? std::nullopt
                                    : std::optional(Signer{&members[found->second.member],
                                                           found->second.role, found->second.key});
  }
  for (const Member& member : members) {
    for (const auto& [role, key] : member.keys) {
      if (key_id(key) == id) {
        return Signer{&member, role, key};
      }
    }
    for (const KeyTerm& term : member.terms) {
      if (key_id(term.key) == id) {
        return Signer{&member, term.role, term.key};
      }
    }
  }
  return std::nullopt;
}

std::uint32_t quorum_for(std::uint32_t members, std::uint32_t faulty) {
  return members < 2 ? 0 : (members - 1 + faulty) / 2 + 1;
}

NoteSignature sign_charter(const std::string& text, const std::string& domain,
                           const SecretKey& root_key) {
  return sign_note(text, root_key_name(domain), root_key);
}

Result<std::string> assemble_charter(const std::string& text,
                                     std::span<const NoteSignature> signatures) {
  if (signatures.empty()) {
    return Error{Errc::kUnverified, "charter: no signatures",
                 "collect the root signature of every founding member"};
  }
  if (const auto read = read_charter_text(text); !read) {
    return read.error();
  }
  std::vector<NoteSignature> sorted(signatures.begin(), signatures.end());
  std::sort(sorted.begin(), sorted.end(),
            [](const NoteSignature& left, const NoteSignature& right) {
              return std::tie(left.name, left.key_id) < std::tie(right.name, right.key_id);
            });
  std::string note = format_note(text, sorted);
  if (const auto parsed = parse_charter(note); !parsed) {
    return parsed.error();
  }
  return note;
}

Result<Charter> parse_charter(std::string_view note_text) {
  const auto note = parse_note(note_text);
  if (!note) {
    return note.error().during("charter");
  }
  auto charter = read_charter_text(note->text);
  if (!charter) {
    return charter;
  }
  std::vector<VerifierKey> roots;
  std::string missing;
  for (const Member& member : charter->members) {
    const VerifierKey root =
        VerifierKey::make(member.root_name(), kNoteEd25519, *member.key(KeyRole::kRoot));
    const bool has_line = std::any_of(note->signatures.begin(), note->signatures.end(),
                                      [&root](const NoteSignature& line) {
                                        return line.name == root.name && line.key_id == root.id;
                                      });
    if (!has_line) {
      missing += (missing.empty() ? "" : ", ") + member.id + " (" + member.domain + ")";
    }
    roots.push_back(root);
  }
  if (!missing.empty()) {
    return Error{Errc::kUnverified, "charter: the root signature is missing of " + missing,
                 "every founding member signs the same text with its root key"};
  }
  // Every root has a line, and verify_note refuses the note if one of them does not hold.
  const auto verified = verify_note(*note, roots);
  if (!verified) {
    return verified.error().during("charter");
  }
  HEFU_ASSERT(verified->size() == roots.size());
  charter->note = note_text;
  return charter;
}

}  // namespace hefu
