#include "ledger/charter/charter.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "ledger/event/canonical_json.h"
#include "ledger/event/uscc.h"

namespace hefu {
namespace {

std::string credit_code(int number) {
  const std::string digits = std::to_string(100 + number);
  const std::string first17 = "12150200MB0000" + digits;
  return first17 + credit_code_check(first17);
}

SecretKey key_of(int member, KeyRole role) {
  SecretKey::Seed seed{};
  seed[0] = static_cast<std::uint8_t>(member);
  seed[1] = static_cast<std::uint8_t>(role);
  seed[2] = 0x77;
  return SecretKey::from_seed(seed);
}

Member make_member(int number) {
  Member member;
  member.id = credit_code(number);
  member.name_zh = "第" + std::to_string(number) + "学院";
  member.name_en = "College " + std::to_string(number);
  member.domain = "c" + std::to_string(number) + ".baotou.example";
  member.origin = member.domain + "/hefu/1";
  member.attributes = {{"kind", "college"}, {"tier", "vocational"}};
  for (const KeyRole role : {KeyRole::kRoot, KeyRole::kLog, KeyRole::kWitness, KeyRole::kNode,
                             KeyRole::kRegistrar, KeyRole::kSeal}) {
    member.keys.emplace(role, key_of(number, role).public_key());
  }
  return member;
}

std::vector<Member> make_members(int count) {
  std::vector<Member> members;
  for (int i = 1; i <= count; ++i) {
    members.push_back(make_member(i));
  }
  return members;
}

std::string text_of(const std::vector<Member>& members, std::uint32_t quorum) {
  const auto text = charter_text("包头产教联合体", members.front().id, quorum, members);
  EXPECT_TRUE(text) << text.error().message;
  return text ? *text : "";
}

std::vector<NoteSignature> sign_all(const std::string& text, int count) {
  std::vector<NoteSignature> signatures;
  for (int i = 1; i <= count; ++i) {
    signatures.push_back(sign_charter(text, make_member(i).domain, key_of(i, KeyRole::kRoot)));
  }
  return signatures;
}

std::string note_of(int count, std::uint32_t quorum) {
  const std::string text = text_of(make_members(count), quorum);
  const auto note = assemble_charter(text, sign_all(text, count));
  EXPECT_TRUE(note) << note.error().message;
  return note ? *note : "";
}

/// The refusal of founding facts: its message; "" if they are accepted.
std::string refusal(const std::vector<Member>& members, std::uint32_t quorum) {
  const auto text = charter_text("f", members.empty() ? "" : members.front().id, quorum, members);
  if (text) {
    return "";
  }
  EXPECT_EQ(text.error().code, Errc::kInvalid);
  return text.error().message;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Charter, ReadsBackWhatTheMembersFounded) {
  const auto charter = parse_charter(note_of(4, 2));
  ASSERT_TRUE(charter) << charter.error().message;
  EXPECT_EQ(charter->name, "包头产教联合体");
  EXPECT_EQ(charter->authority, credit_code(1));
  EXPECT_EQ(charter->quorum, 2u);
  ASSERT_EQ(charter->members.size(), 4u);
  EXPECT_TRUE(std::is_sorted(charter->members.begin(), charter->members.end(),
                             [](const Member& a, const Member& b) { return a.id < b.id; }));
  const Member* second = charter->member(credit_code(2));
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(second->name_zh, "第2学院");
  EXPECT_EQ(second->name_en, "College 2");
  EXPECT_EQ(second->domain, "c2.baotou.example");
  EXPECT_EQ(second->attributes.at("tier"), "vocational");
  EXPECT_EQ(second->keys, make_member(2).keys);
}

TEST(Charter, IsTheNoteThatWasGivenAndItsIdIsTheHashOfItsText) {
  const std::string note = note_of(3, 2);
  const auto charter = parse_charter(note);
  ASSERT_TRUE(charter);
  EXPECT_EQ(charter->note, note);
  EXPECT_EQ(charter->federation, sha256(as_bytes(text_of(make_members(3), 2))));
}

TEST(Charter, TextIsOneLineOfCanonicalJsonWhateverTheOrderOfMembers) {
  std::vector<Member> members = make_members(3);
  const std::string text = text_of(members, 2);
  EXPECT_TRUE(text.starts_with("hefu/charter/v1\n{\"authority\":\""));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  const auto json = parse_json(text.substr(16, text.size() - 17), kCharterBytesMax);
  ASSERT_TRUE(json);
  EXPECT_EQ("hefu/charter/v1\n" + canonical_json(*json) + "\n", text);
  std::reverse(members.begin(), members.end());
  const auto reversed = charter_text("包头产教联合体", credit_code(1), 2, members);
  ASSERT_TRUE(reversed);
  EXPECT_EQ(*reversed, text);
}

TEST(Charter, NoteIsTheSameWhateverTheOrderOfSignatures) {
  const std::string text = text_of(make_members(3), 2);
  std::vector<NoteSignature> signatures = sign_all(text, 3);
  const auto one = assemble_charter(text, signatures);
  std::reverse(signatures.begin(), signatures.end());
  const auto two = assemble_charter(text, signatures);
  ASSERT_TRUE(one && two);
  EXPECT_EQ(*one, *two);
}

TEST(Charter, FindsMembersByOriginNodeKeyAndSignerKeyId) {
  const auto charter = parse_charter(note_of(4, 2));
  ASSERT_TRUE(charter);
  EXPECT_EQ(charter->by_origin("c3.baotou.example/hefu/1"), charter->member(credit_code(3)));
  EXPECT_EQ(charter->by_origin("c3.baotou.example/hefu/2"), nullptr);
  EXPECT_EQ(charter->member("12150200MB0000999X"), nullptr);
  EXPECT_EQ(charter->by_node_key(key_of(2, KeyRole::kNode).public_key()),
            charter->member(credit_code(2)));
  EXPECT_EQ(charter->by_node_key(key_of(2, KeyRole::kLog).public_key()), nullptr);

  const PublicKey seal = key_of(4, KeyRole::kSeal).public_key();
  const auto signer = charter->signer(key_id(seal));
  ASSERT_TRUE(signer);
  EXPECT_EQ(signer->member, charter->member(credit_code(4)));
  EXPECT_EQ(signer->role, KeyRole::kSeal);
  EXPECT_EQ(signer->key, seal);
  EXPECT_FALSE(charter->signer(key_id(key_of(9, KeyRole::kSeal).public_key())));
}

TEST(Charter, AnswersForSignersOfItsOwnMembersWhenCopiedOrPutTogetherByHand) {
  const auto charter = parse_charter(note_of(2, 1));
  ASSERT_TRUE(charter);
  const Charter copy = *charter;
  Charter by_hand;
  by_hand.members = charter->members;
  for (const Charter* other : {&copy, static_cast<const Charter*>(&by_hand)}) {
    const auto signer = other->signer(key_id(key_of(2, KeyRole::kLog).public_key()));
    ASSERT_TRUE(signer);
    EXPECT_EQ(signer->member, &other->members[1]);
    EXPECT_EQ(signer->role, KeyRole::kLog);
    EXPECT_FALSE(other->signer(KeyId{}));
  }
}

TEST(Charter, GivesLogAndWitnessTheirPublicKeyTexts) {
  const Member member = make_member(1);
  const auto log = VerifierKey::parse(member.log_vkey());
  ASSERT_TRUE(log);
  EXPECT_EQ(log->name, "c1.baotou.example/hefu/1");
  EXPECT_EQ(log->type, kNoteEd25519);
  EXPECT_EQ(log->key, key_of(1, KeyRole::kLog).public_key());
  const auto witness = VerifierKey::parse(member.witness_vkey());
  ASSERT_TRUE(witness);
  EXPECT_EQ(witness->name, "c1.baotou.example/hefu/witness");
  EXPECT_EQ(witness->type, kNoteCosignature);
  EXPECT_EQ(witness->key, key_of(1, KeyRole::kWitness).public_key());
  EXPECT_EQ(Member{}.log_vkey(), "");
  EXPECT_EQ(Member{}.witness_vkey(), "");
}

TEST(Charter, NamesTheMembersWhoseSignatureIsMissing) {
  const std::string text = text_of(make_members(4), 2);
  std::vector<NoteSignature> signatures = sign_all(text, 4);
  signatures.erase(signatures.begin() + 1, signatures.begin() + 3);
  const auto note = assemble_charter(text, signatures);
  ASSERT_FALSE(note);
  EXPECT_EQ(note.error().code, Errc::kUnverified);
  EXPECT_TRUE(has(note.error().message, credit_code(2)));
  EXPECT_TRUE(has(note.error().message, "c3.baotou.example"));
  EXPECT_FALSE(has(note.error().message, credit_code(1)));
  EXPECT_FALSE(assemble_charter(text, {}));
}

TEST(Charter, RefusesASignatureByAnyKeyButTheRootKey) {
  const std::string text = text_of(make_members(3), 2);
  std::vector<NoteSignature> signatures = sign_all(text, 3);
  signatures[1] = sign_charter(text, "c2.baotou.example", key_of(2, KeyRole::kLog));
  const auto by_log_key = assemble_charter(text, signatures);
  ASSERT_FALSE(by_log_key);
  EXPECT_EQ(by_log_key.error().code, Errc::kUnverified);
  signatures[1] = sign_charter(text, "c2.baotou.example", key_of(1, KeyRole::kRoot));
  EXPECT_FALSE(assemble_charter(text, signatures));
}

TEST(Charter, RefusesABadSignatureOfAMemberAmongGoodOnes) {
  const std::string text = text_of(make_members(3), 2);
  std::vector<NoteSignature> signatures = sign_all(text, 3);
  signatures[2].bytes[5] ^= 1;
  const auto note = assemble_charter(text, signatures);
  ASSERT_FALSE(note);
  EXPECT_EQ(note.error().code, Errc::kUnverified);
  EXPECT_TRUE(has(note.error().message, "c3.baotou.example"));
}

TEST(Charter, IgnoresSignaturesByOthers) {
  const std::string text = text_of(make_members(2), 1);
  std::vector<NoteSignature> signatures = sign_all(text, 2);
  signatures.push_back(sign_note(text, "bystander.example", key_of(9, KeyRole::kRoot)));
  EXPECT_TRUE(assemble_charter(text, signatures));
}

TEST(Charter, RefusesEveryChangedByteOfItsText) {
  const std::string note = note_of(2, 1);
  const std::size_t end = note.rfind("\n\n");
  for (std::size_t i = 0; i < end; ++i) {
    std::string damaged = note;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_FALSE(parse_charter(damaged)) << i;
  }
}

// §4 of the study: with m witnesses of which f may fail, floor((m+f)/2)+1.
TEST(Quorum, IsTheNumberOfTheStudy) {
  EXPECT_EQ(quorum_for(5, 1), 3u);
  EXPECT_EQ(quorum_for(6, 1), 4u);
  EXPECT_EQ(quorum_for(8, 2), 5u);
  EXPECT_EQ(quorum_for(2, 0), 1u);
  EXPECT_EQ(quorum_for(3, 0), 2u);
  EXPECT_EQ(quorum_for(1, 0), 0u);
}

TEST(Quorum, LeavesNoRoomForTwoHistories) {
  for (std::uint32_t members = 2; members < 60; ++members) {
    for (std::uint32_t faulty = 0; faulty < members; ++faulty) {
      const std::uint32_t q = quorum_for(members, faulty);
      const std::uint32_t witnesses = members - 1;
      EXPECT_GT(2 * q, witnesses + faulty);        // two quorums share an honest witness
      EXPECT_LE(2 * (q - 1), witnesses + faulty);  // one less would not be enough
    }
  }
}

TEST(Charter, RefusesAnUnsafeQuorumAndSaysHowManyAreNeeded) {
  const std::string low = refusal(make_members(6), 2);
  EXPECT_TRUE(has(low, "quorum")) << low;
  EXPECT_TRUE(has(low, "at least 3")) << low;
  EXPECT_TRUE(has(refusal(make_members(6), 0), "at least 3"));
  EXPECT_TRUE(has(refusal(make_members(6), 6), "never be reached"));
  EXPECT_EQ(refusal(make_members(6), 3), "");
  EXPECT_EQ(refusal(make_members(6), 5), "");
  EXPECT_NE(refusal(make_members(2), 0), "");
  EXPECT_EQ(refusal(make_members(2), 1), "");
}

TEST(Charter, OfASingleMemberHasQuorumZero) {
  EXPECT_EQ(refusal(make_members(1), 0), "");
  EXPECT_NE(refusal(make_members(1), 1), "");
  const auto charter = parse_charter(note_of(1, 0));
  ASSERT_TRUE(charter);
  EXPECT_EQ(charter->quorum, 0u);
}

TEST(Charter, RefusesOneKeyInTwoPlaces) {
  std::vector<Member> within = make_members(2);
  within[0].keys.emplace(KeyRole::kReviewer, key_of(1, KeyRole::kRegistrar).public_key());
  const std::string roles = refusal(within, 1);
  EXPECT_TRUE(has(roles, within[0].id) && has(roles, "registrar") && has(roles, "reviewer"))
      << roles;

  std::vector<Member> across = make_members(2);
  across[1].keys.emplace(KeyRole::kAuditor, key_of(1, KeyRole::kWitness).public_key());
  const std::string members = refusal(across, 1);
  EXPECT_TRUE(has(members, across[0].id) && has(members, across[1].id)) << members;
}

TEST(Charter, RefusesAKeyThatAnybodyCouldSignFor) {
  std::vector<Member> members = make_members(2);
  members[1].keys.erase(KeyRole::kSeal);
  members[1].keys.emplace(KeyRole::kSeal, PublicKey{});  // a point of order 4
  const std::string message = refusal(members, 1);
  EXPECT_TRUE(has(message, members[1].id) && has(message, "seal")) << message;
}

TEST(Charter, RefusesAMemberWithoutOrWithTwoRootLogOrWitnessKeys) {
  for (const KeyRole role : {KeyRole::kRoot, KeyRole::kLog, KeyRole::kWitness}) {
    std::vector<Member> without = make_members(2);
    without[1].keys.erase(role);
    EXPECT_TRUE(has(refusal(without, 1), std::string("0 keys of role ") + name(role)));
    std::vector<Member> two = make_members(2);
    two[1].keys.emplace(role, key_of(9, role).public_key());
    EXPECT_TRUE(has(refusal(two, 1), std::string("2 keys of role ") + name(role)));
  }
  std::vector<Member> without_node = make_members(2);
  without_node[1].keys.erase(KeyRole::kNode);
  EXPECT_EQ(refusal(without_node, 1), "");
  std::vector<Member> two_registrars = make_members(2);
  two_registrars[1].keys.emplace(KeyRole::kRegistrar, key_of(9, KeyRole::kRegistrar).public_key());
  EXPECT_EQ(refusal(two_registrars, 1), "");
}

TEST(Charter, RefusesBadOrSharedCreditCodesAndDomains) {
  std::vector<Member> bad_code = make_members(2);
  bad_code[1].id.back() = bad_code[1].id.back() == 'A' ? 'B' : 'A';
  EXPECT_TRUE(has(refusal(bad_code, 1), "check character"));

  std::vector<Member> twice = make_members(2);
  twice[1].id = twice[0].id;
  EXPECT_TRUE(has(refusal(twice, 1), "twice"));

  std::vector<Member> shared = make_members(2);
  shared[1].domain = shared[0].domain;
  shared[1].origin = shared[0].domain + "/hefu/2";
  EXPECT_TRUE(has(refusal(shared, 1), "already the domain of " + shared[0].id));
}

TEST(Charter, RefusesOriginsThatAreNotTheDomainAndAnEpoch) {
  for (const char* origin :
       {"c2.baotou.example/hefu/0", "c2.baotou.example/hefu/01", "c2.baotou.example/hefu/",
        "c2.baotou.example/hefu/1x", "c2.baotou.example/log/1", "c1.baotou.example/hefu/1",
        "c2.baotou.example/hefu/1/", "https://c2.baotou.example/hefu/1", ""}) {
    std::vector<Member> members = make_members(2);
    members[1].origin = origin;
    EXPECT_TRUE(has(refusal(members, 1), "origin")) << origin;
  }
  std::vector<Member> later = make_members(2);
  later[1].origin = "c2.baotou.example/hefu/12";
  EXPECT_EQ(refusal(later, 1), "");
}

TEST(Charter, RefusesAnAuthorityThatIsNoMemberAndAnEmptyFederation) {
  const auto stranger = charter_text("f", credit_code(9), 1, make_members(2));
  ASSERT_FALSE(stranger);
  EXPECT_TRUE(has(stranger.error().message, "authority"));
  EXPECT_TRUE(has(refusal({}, 0), "members"));
  EXPECT_FALSE(charter_text("", credit_code(1), 1, make_members(2)));
  EXPECT_FALSE(charter_text("a\x01", credit_code(1), 1, make_members(2)));
  EXPECT_FALSE(charter_text(std::string(201, 'x'), credit_code(1), 1, make_members(2)));
}

TEST(Charter, RefusesTextsThatMeanTheSameButAreWrittenDifferently) {
  const std::string text = text_of(make_members(2), 1);
  const auto signed_refusal = [](const std::string& changed) {
    const auto note = parse_charter(format_note(changed, sign_all(changed, 2)));
    EXPECT_FALSE(note) << changed;
    return note ? Errc::kIo : note.error().code;
  };
  const auto replaced = [&text](std::string_view from, std::string_view to) {
    std::string changed = text;
    return changed.replace(changed.find(from), from.size(), to);
  };
  EXPECT_TRUE(parse_charter(format_note(text, sign_all(text, 2))));
  EXPECT_EQ(signed_refusal(replaced("\"quorum\":1", "\"quorum\": 1")), Errc::kInvalid);
  EXPECT_EQ(signed_refusal(replaced("\"quorum\":1", "\"quorum\":1,\"x\":0")), Errc::kInvalid);
  EXPECT_EQ(signed_refusal(replaced("\"quorum\":1", "\"quorum\":-1")), Errc::kInvalid);
  EXPECT_EQ(signed_refusal(replaced("\"quorum\":1", "\"quorum\":4294967297")), Errc::kInvalid);
  EXPECT_EQ(signed_refusal(replaced("College 1", "\\u0043ollege 1")), Errc::kInvalid);
  EXPECT_EQ(signed_refusal(text + "\n"), Errc::kInvalid);
  EXPECT_EQ(signed_refusal("hefu/charter/v2\n" + text.substr(16)), Errc::kUnsupported);
  EXPECT_EQ(signed_refusal("example.com/log\n7\n"), Errc::kInvalid);
  EXPECT_EQ(signed_refusal("hefu/charter/v1\n[]\n"), Errc::kInvalid);

  // Members in another order.
  auto json = *parse_json(text.substr(16, text.size() - 17), kCharterBytesMax);
  auto& members = json.as_object()["members"].as_array();
  std::swap(members[0], members[1]);
  EXPECT_EQ(signed_refusal("hefu/charter/v1\n" + canonical_json(json) + "\n"), Errc::kInvalid);
}

TEST(Charter, IsReadBeforeItIsSigned) {
  const std::string text = text_of(make_members(3), 2);
  const auto draft = read_charter_text(text);
  ASSERT_TRUE(draft);
  EXPECT_EQ(draft->members.size(), 3u);
  EXPECT_EQ(draft->federation, sha256(as_bytes(text)));
  EXPECT_EQ(draft->note, "");
  EXPECT_FALSE(read_charter_text(text.substr(0, text.size() - 1)));
  EXPECT_FALSE(read_charter_text(""));
  EXPECT_EQ(read_charter_text(std::string(kCharterBytesMax + 1, 'x')).error().code,
            Errc::kTooLarge);
}

TEST(Charter, TakesAHundredFoundersAndNoMore) {
  const auto charter = parse_charter(note_of(100, 50));
  ASSERT_TRUE(charter) << charter.error().message;
  EXPECT_EQ(charter->members.size(), 100u);
  const auto more = charter_text("f", credit_code(1), 51, make_members(101));
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, Errc::kTooLarge);
}

TEST(KeyRole, NamesAreReadBack) {
  std::set<std::string> names;
  for (int i = 0; i < 8; ++i) {
    const auto role = static_cast<KeyRole>(i);
    EXPECT_EQ(key_role(name(role)), role);
    names.insert(name(role));
  }
  EXPECT_EQ(names.size(), 8u);
  EXPECT_FALSE(key_role("Root"));
  EXPECT_FALSE(key_role("unknown"));
  EXPECT_FALSE(key_role(""));
}

}  // namespace
}  // namespace hefu
