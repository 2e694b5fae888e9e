#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "crypto/keys.h"
#include "crypto/note.h"
#include "crypto/result.h"
#include "ledger/charter/tenure.h"

namespace hefu {

/// One member of a federation as the charter names it.
struct Member {
  std::string id;  ///< unified social credit code
  std::string name_zh;
  std::string name_en;
  std::string domain;                             ///< "imust.baotou.example"
  std::string origin;                             ///< its log: "<domain>/hefu/<epoch>"
  std::map<std::string, std::string> attributes;  ///< kind, parent, controller, tier …
  std::multimap<KeyRole, PublicKey> keys;         ///< those it has now

  // What became of it since the founding, rising by time. Empty in a founding charter: the member
  // is active, and its keys and attributes are as they stand above.
  std::vector<ParticipationFrom> participations;
  std::vector<KeyTerm> terms;  ///< of every key it ever had, if any ever changed
  std::vector<AttributeFrom> described;
  std::string successor;             ///< member id; set where it was merged
  std::vector<EndedLog> ended_logs;  ///< of its earlier epochs; `origin` is that of the present one

  /// Set in `Charter::ended` alone: where the log of this epoch ended.
  std::optional<EndedLog> end;

  /// Whether it takes part: at a moment, and by all that is known.
  [[nodiscard]] Participation participation_at(Moment at) const;
  [[nodiscard]] Participation participation() const;
  [[nodiscard]] bool is_active() const { return participation() == Participation::kActive; }
  /// Whether the key was its key of that role at a moment.
  [[nodiscard]] bool holds(KeyRole role, const PublicKey& key, Moment at) const;
  /// Every key it ever had for the role, the present ones first.
  [[nodiscard]] std::vector<PublicKey> keys_ever(KeyRole role) const;
  /// The keys that sign or signed the checkpoints of `origin`, the present one first: those of this
  /// epoch. A key of an earlier one, whoever has it by now, says nothing of the new log.
  [[nodiscard]] std::vector<PublicKey> log_keys() const;
  /// How many entries of its earlier epochs count: they all come before this epoch's.
  [[nodiscard]] std::uint64_t entries_before() const;
  /// The origin of the epoch after this one.
  [[nodiscard]] std::string next_origin() const;
  /// The attribute on a date; empty if there is none.
  [[nodiscard]] std::string attribute_on(const std::string& key, Date date) const;

  [[nodiscard]] std::optional<PublicKey> key(KeyRole role) const;  ///< the first of that role
  [[nodiscard]] std::string log_name() const;      ///< "<domain>@<epoch>", the log in the HTTP API
  [[nodiscard]] std::string root_name() const;     ///< "<domain>/hefu/root", signs the charter
  [[nodiscard]] std::string log_vkey() const;      ///< C2SP vkey, type 01, name = origin
  [[nodiscard]] std::string witness_name() const;  ///< "<domain>/hefu/witness"
  [[nodiscard]] std::string witness_vkey() const;  ///< C2SP vkey, type 04
  // A vkey is empty if the member has no such key, which no member of a parsed charter lacks.

  bool operator==(const Member&) const = default;
};

/// The founding document of a federation: members, keys, witness quorum, governing authority.
/// A signed note (C2SP signed-note) whose text is "hefu/charter/v1\n" and one line of canonical
/// JSON, {"authority","members":[…],"name","quorum"}, members sorted by id and written as in
/// member_json.h; signed by the root key of every founding member under its `root_name`.
struct Charter {
  Digest federation;  ///< SHA-256 of the note text: the federation's id
  std::string name;
  std::string authority;        ///< member id of the governing authority
  std::uint32_t quorum = 1;     ///< cosignatures needed by other members' witnesses
  std::vector<Member> members;  ///< sorted by id; those that left stay, because their logs do
  std::string note;             ///< the exact signed bytes of the founding document

  // What the members decided since (ledger/governance). As here in a founding charter.
  std::uint32_t council = 0;   ///< votes of members that a decision needs; 0: the authority decides
  std::uint64_t revision = 0;  ///< decisions in force
  std::optional<Digest> base;  ///< id of the last of them
  std::vector<QuorumFrom> quorums;         ///< rising by time; empty: `quorum` since the founding
  std::vector<AuthorityFrom> authorities;  ///< rising by time; empty: `authority` since then
  std::optional<Moment> closed;            ///< since when the federation is closed
  /// The members in their earlier epochs, as owners of the logs that have ended; `end` is set.
  /// Made by `index_keys`.
  std::vector<Member> ended;

  /// What the next decision builds on: the last one, or the federation's id.
  [[nodiscard]] const Digest& decision() const { return base ? *base : federation; }
  /// The cosignatures a checkpoint needed at a moment.
  [[nodiscard]] std::uint32_t quorum_at(Moment at) const;
  /// Who was the authority at a moment.
  [[nodiscard]] const std::string& authority_at(Moment at) const;
  /// How many members take part.
  [[nodiscard]] std::size_t active_count() const;
  /// The owners of all logs that count, each epoch of a member after the one before; those that
  /// ended without an entry are left out. They live as long as this charter is not changed.
  [[nodiscard]] std::vector<const Member*> log_owners() const;
  /// Makes `key_index` and `ended` anew after a change of members or keys.
  void index_keys();

  [[nodiscard]] const Member* member(std::string_view id) const;
  /// Whose log this is, of whichever epoch.
  [[nodiscard]] const Member* by_origin(std::string_view origin) const;
  /// Whose log this is by the name the HTTP API has for it: the member's credit code or domain for
  /// its present log, Member::log_name for any.
  [[nodiscard]] const Member* by_log_name(std::string_view wanted) const;
  /// By a key that is or was its node key.
  [[nodiscard]] const Member* by_node_key(const PublicKey& key) const;
  /// The member and role behind an event signer's key id, if any; of former keys too.
  struct Signer {
    const Member* member;
    KeyRole role;
    PublicKey key;
  };
  [[nodiscard]] std::optional<Signer> signer(const KeyId& id) const;

  /// Where a key stands: `member` is an index into `members`.
  struct KeyPlace {
    std::size_t member;
    KeyRole role;
    PublicKey key;
  };
  /// Every key by its id, because `signer` is asked once per event. `parse_charter` fills it; in a
  /// charter put together by hand it is empty and `signer` searches the members.
  std::unordered_map<KeyId, KeyPlace> key_index;
};

/// Most founding members: each one signs the note. Source: kNoteSignaturesMax.
inline constexpr std::size_t kCharterMembersMax = kNoteSignaturesMax;
inline constexpr std::size_t kCharterBytesMax = kNoteBytesMax;

/// Smallest safe quorum for n members when a log's own witness never counts and f of the others may
/// lie or have lost state: floor((m+f)/2)+1 with m = n-1, and 0 for a single member, which has
/// nobody to ask. A result above m means that no quorum is safe: find more witnesses. Source:
/// design study, log practice §4.
std::uint32_t quorum_for(std::uint32_t members, std::uint32_t faulty);

/// The note text (to sign) for the given founding facts; the members may come in any order. The
/// quorum must be at least quorum_for(n, 0) and at most n-1. Each member has exactly one root, log
/// and witness key, at most one node key, and any number of others.
/// Errors: kInvalid naming member and field (bad credit code, domain, origin, duplicate domain or
/// key, unacceptable key, missing role, authority not a member, unsafe quorum with the number
/// needed); kTooLarge (kCharterMembersMax, kCharterBytesMax).
Result<std::string> charter_text(const std::string& name, const std::string& authority,
                                 std::uint32_t quorum, std::span<const Member> members);

/// Reads a charter's text before or without its signatures (`note` stays empty): what a member
/// looks at before it signs. Refuses everything `charter_text` would not have written, byte for
/// byte. Errors: those of `charter_text`; kUnsupported (another version of the format).
Result<Charter> read_charter_text(std::string_view text);

/// A member's signature on a text that `read_charter_text` accepts.
NoteSignature sign_charter(const std::string& text, const std::string& domain,
                           const SecretKey& root_key);

/// The complete note: text and the founding members' signatures, sorted by name. Errors: those of
/// `parse_charter`.
Result<std::string> assemble_charter(const std::string& text,
                                     std::span<const NoteSignature> signatures);

/// Reads a charter note and verifies the root signature of every member in it; signatures by others
/// are ignored.
/// Errors: kInvalid, kTooLarge (1 MiB), kUnverified naming the members whose signature is missing.
Result<Charter> parse_charter(std::string_view note);

}  // namespace hefu
