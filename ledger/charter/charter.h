#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/keys.h"
#include "crypto/result.h"

namespace hefu {

/// What a key may sign. A member's keys differ from one another.
enum class KeyRole : std::uint8_t {
  kRoot,       ///< offline; certifies the others and signs the charter
  kLog,        ///< checkpoints of the member's own log
  kWitness,    ///< cosignatures on other members' logs
  kNode,       ///< the peer TLS identity
  kRegistrar,  ///< events of the institution
  kReviewer,   ///< second person
  kSeal,       ///< binds the institution: agreements
  kAuditor,
};

const char* name(KeyRole role);
std::optional<KeyRole> key_role(std::string_view name);

/// One member of a federation as the charter names it.
struct Member {
  std::string id;      ///< unified social credit code
  std::string name_zh;
  std::string name_en;
  std::string domain;  ///< "imust.baotou.example"
  std::string origin;  ///< its log: "<domain>/hefu/<epoch>"
  std::map<std::string, std::string> attributes;  ///< kind, parent, controller, tier …
  std::multimap<KeyRole, PublicKey> keys;

  [[nodiscard]] std::optional<PublicKey> key(KeyRole role) const;  ///< the first of that role
  [[nodiscard]] std::string log_vkey() const;      ///< C2SP vkey, type 01, name = origin
  [[nodiscard]] std::string witness_name() const;  ///< "<domain>/hefu/witness"
  [[nodiscard]] std::string witness_vkey() const;  ///< C2SP vkey, type 04
};

/// The founding document of a federation: members, keys, witness quorum, governing authority.
/// A signed note (C2SP signed-note) whose text is "hefu/charter/v1\n" and one line of canonical
/// JSON, signed by the root key of every founding member.
struct Charter {
  Digest federation;       ///< SHA-256 of the note text: the federation's id
  std::string name;
  std::string authority;   ///< member id of the governing authority
  std::uint32_t quorum = 1;  ///< cosignatures needed by other members' witnesses
  std::vector<Member> members;  ///< sorted by id
  std::string note;        ///< the exact signed bytes

  [[nodiscard]] const Member* member(std::string_view id) const;
  [[nodiscard]] const Member* by_origin(std::string_view origin) const;
  [[nodiscard]] const Member* by_node_key(const PublicKey& key) const;
  /// The member and role behind an event signer's key id, if any.
  struct Signer { const Member* member; KeyRole role; PublicKey key; };
  [[nodiscard]] std::optional<Signer> signer(const KeyId& id) const;
};

/// Smallest safe quorum for n members when a log's own witness never counts and f of the others may
/// lie or have lost state: floor((m+f)/2)+1 with m = n-1. Source: design study, log practice.
std::uint32_t quorum_for(std::uint32_t members, std::uint32_t faulty);

/// The note text (to sign) for the given founding facts. Errors: kInvalid naming member and field
/// (bad credit code, duplicate key, unacceptable key, unsafe quorum).
Result<std::string> charter_text(const std::string& name, const std::string& authority,
                                 std::uint32_t quorum, std::span<const Member> members);

/// Reads a charter note and verifies the root signature of every member in it.
/// Errors: kInvalid, kTooLarge (1 MiB), kUnverified naming the member whose signature is missing.
Result<Charter> parse_charter(std::string_view note);

}  // namespace hefu
