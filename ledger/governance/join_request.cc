#include "ledger/governance/join_request.h"

#include <vector>

#include <boost/json.hpp>

#include "crypto/note.h"
#include "ledger/charter/member_json.h"
#include "ledger/event/canonical_json.h"

namespace hefu {

namespace {

constexpr std::string_view kVersionLine = "hefu/join/v1\n";
constexpr std::size_t kHexDigits = 64;

Error bad(const std::string& reason, const std::string& hint = "") {
  return Error{Errc::kInvalid, "request to join: " + reason, hint};
}

std::string text_of(const Digest& federation, const Member& member) {
  return std::string(kVersionLine) + federation.hex() + "\n" +
         canonical_json(member_to_json(member)) + "\n";
}

Result<void> check_roles(const Member& member) {
  for (const KeyRole role : {KeyRole::kRoot, KeyRole::kLog, KeyRole::kWitness, KeyRole::kNode}) {
    if (member.keys.count(role) != 1) {
      return bad(
          "the card has " + std::to_string(member.keys.count(role)) + " " + name(role) + " keys",
          "a member has exactly one root, log, witness and node key");
    }
  }
  return {};
}

}  // namespace

Result<std::string> make_join_request(const Digest& federation, const Member& member,
                                      const SecretKey& root_key) {
  const std::string text = text_of(federation, member);
  const NoteSignature signature = sign_note(text, member.root_name(), root_key);
  std::string note = format_note(text, std::span(&signature, 1));
  if (const auto read = parse_join_request(note); !read) {
    return read.error();
  }
  return note;
}

Result<JoinRequest> parse_join_request(std::string_view text) {
  if (text.size() > kJoinRequestBytesMax) {
    return Error{Errc::kTooLarge, "request to join: more than 12 KiB", "leave attributes out"};
  }
  const auto note = parse_note(text);
  if (!note) {
    return note.error().during("request to join");
  }
  std::string_view rest = note->text;
  if (!rest.starts_with(kVersionLine)) {
    return bad("the first line is not hefu/join/v1", "is this the right file?");
  }
  rest.remove_prefix(kVersionLine.size());
  if (rest.size() < kHexDigits + 2 || rest[kHexDigits] != '\n' || rest.back() != '\n') {
    return bad("not a federation's id and a member card");
  }
  const auto federation = Digest::from_hex(rest.substr(0, kHexDigits));
  if (!federation) {
    return bad("the second line is not a federation's id");
  }
  rest = rest.substr(kHexDigits + 1);
  rest.remove_suffix(1);
  const auto card = parse_json(rest, kJoinRequestBytesMax);
  if (!card) {
    return card.error().during("request to join");
  }
  auto member = member_from_json(*card);
  if (!member) {
    return member.error().during("request to join");
  }
  if (auto ok = check_roles(*member); !ok) {
    return ok.error();
  }
  if (text_of(*federation, *member) != note->text) {
    return bad("not in canonical form", "use the file as `hefu charter join` wrote it");
  }
  const std::vector<VerifierKey> root = {
      VerifierKey::make(member->root_name(), kNoteEd25519, *member->key(KeyRole::kRoot))};
  if (const auto verified = verify_note(*note, root); !verified || verified->empty()) {
    return Error{Errc::kUnverified,
                 "request to join: not signed with the root key of " + member->domain,
                 "the institution signs its request itself"};
  }
  return JoinRequest{*federation, *std::move(member)};
}

}  // namespace hefu
