#include "tests/support/federation.h"

#include <algorithm>
#include <utility>

#include "crypto/note.h"
#include "ledger/event/uscc.h"
#include "tests/support/seeded_entropy.h"

namespace hefu {

TestFederation::TestFederation(std::size_t size, std::uint64_t seed) {
  SeededEntropy entropy(seed);
  std::vector<Member> members;
  for (std::size_t index = 0; index < size; ++index) {
    std::string code = "1215020046000" + std::to_string(1000 + index);
    code += credit_code_check(code);
    ids_.push_back(code);
    Member member;
    member.id = code;
    member.name_zh = "成员" + std::to_string(index);
    member.name_en = "Member " + std::to_string(index);
    member.domain = "m" + std::to_string(index) + ".example";
    member.origin = member.domain + "/hefu/1";
    for (const KeyRole role :
         {KeyRole::kRoot, KeyRole::kLog, KeyRole::kWitness, KeyRole::kNode, KeyRole::kRegistrar,
          KeyRole::kReviewer, KeyRole::kSeal, KeyRole::kAuditor}) {
      const auto key_seed = entropy.take<SecretKey::kSeedSize>();
      seeds_.emplace(std::pair(index, role), key_seed);
      member.keys.emplace(role, SecretKey::from_seed(key_seed).public_key());
    }
    members.push_back(std::move(member));
  }
  const std::uint32_t quorum = quorum_for(static_cast<std::uint32_t>(size), 0);
  const auto text = charter_text("Test federation", ids_.front(), quorum, members);
  HEFU_ASSERT(text.ok());
  std::vector<NoteSignature> signatures;
  for (std::size_t index = 0; index < size; ++index) {
    signatures.push_back(
        sign_note(*text, members[index].domain + "/hefu/root", key(index, KeyRole::kRoot)));
  }
  auto charter = parse_charter(format_note(*text, signatures));
  if (!charter) {
    assertion_failed(charter.error().message.c_str(), __FILE__, __LINE__);
  }
  charter_ = std::move(*charter);
}

const Member& TestFederation::member(std::size_t index) const {
  return *charter_.member(ids_.at(index));
}

SecretKey TestFederation::key(std::size_t index, KeyRole role) const {
  return SecretKey::from_seed(seeds_.at({index, role}));
}

Event TestFederation::event(std::size_t issuer, std::uint64_t number) const {
  SeededEntropy entropy(number * 1000 + issuer);
  Event event;
  event.type = "retraction";
  event.catalogue = "protocol/1";
  event.issuer = ids_.at(issuer);
  event.occurred_on = *Date::from_civil(2026, 3, 1);
  event.created_at = Moment{1772000000000 + static_cast<std::int64_t>(number)};
  event.nonce = entropy.take<16>();
  event.visibility = Visibility::kPublic;
  event.record = EventId{Digest{entropy.take<32>()}};
  event.fields["target"] = Value{event.record->digest};
  event.fields["reason"] = Value{std::string("entered twice, see the first record of that day")};
  return event;
}

std::vector<Bytes> TestFederation::envelopes(std::size_t issuer, std::uint64_t first,
                                             std::size_t count) const {
  std::vector<Bytes> events;
  for (std::size_t i = 0; i < count; ++i) {
    auto bytes = encode_event(event(issuer, first + i));
    HEFU_ASSERT(bytes.ok());
    events.push_back(std::move(*bytes));
  }
  auto envelopes = sign_batch(events, key(issuer, KeyRole::kRegistrar));
  HEFU_ASSERT(envelopes.ok());
  return std::move(*envelopes);
}

}  // namespace hefu
