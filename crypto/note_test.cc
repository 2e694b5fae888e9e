#include "crypto/note.h"

#include <string>
#include <vector>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "tests/reference/vector_files.h"

namespace hefu {
namespace {

namespace json = boost::json;

SecretKey test_key(std::uint8_t fill) {
  SecretKey::Seed seed{};
  seed.fill(fill);
  return SecretKey::from_seed(seed);
}

VerifierKey known(const std::string& name, const SecretKey& key) {
  return VerifierKey::make(name, kNoteEd25519, key.public_key());
}

std::string text_of(const json::value& value) {
  return json::value_to<std::string>(value);
}

std::vector<VerifierKey> parse_all(const json::array& vkeys) {
  std::vector<VerifierKey> keys;
  for (const json::value& vkey : vkeys) {
    const auto key = VerifierKey::parse(text_of(vkey));
    EXPECT_TRUE(key) << text_of(vkey);
    keys.push_back(*key);
  }
  return keys;
}

/// Our verdict in the words of the vectors.
std::string verdict(const std::string& bytes, const std::vector<VerifierKey>& keys) {
  const auto note = parse_note(bytes);
  if (!note) {
    EXPECT_EQ(note.error().code, Errc::kInvalid) << note.error().message;
    return "malformed";
  }
  const auto verified = verify_note(*note, keys);
  if (verified) {
    EXPECT_EQ(verified->size(), keys.size());
    return "ok";
  }
  EXPECT_EQ(verified.error().code, Errc::kUnverified);
  return verified.error().message.ends_with("is bad") ? "invalid-signature" : "unverified";
}

// tests/vectors/signed_note.json: 22 notes with the verdict of Go's x/mod.
TEST(Note, GivesTheVerdictOfXModOnEveryPublishedNote) {
  const json::value vectors = json::parse(reference::vector_file("crypto/signed_note.json"));
  int count = 0;
  for (const json::value& item : vectors.at("notes").as_array()) {
    SCOPED_TRACE(text_of(item.at("name")));
    const Bytes bytes = base64_decode(text_of(item.at("note_base64"))).value();
    EXPECT_EQ(verdict(std::string(as_text(bytes)), parse_all(item.at("vkeys").as_array())),
              text_of(item.at("result")));
    if (const auto* text = item.as_object().if_contains("text")) {
      const auto note = parse_note(as_text(bytes));
      ASSERT_TRUE(note);
      EXPECT_EQ(note->text, text_of(*text));
      EXPECT_EQ(format_note(note->text, note->signatures), as_text(bytes));
    }
    ++count;
  }
  EXPECT_EQ(count, 22);
}

TEST(VerifierKey, GivesThePublishedVerdictOnEveryVkey) {
  const json::value vectors = json::parse(reference::vector_file("crypto/signed_note.json"));
  int count = 0;
  for (const json::value& item : vectors.at("vkeys").as_array()) {
    const std::string vkey = text_of(item.at("vkey"));
    const auto key = VerifierKey::parse(vkey);
    EXPECT_EQ(key.ok(), item.at("valid").as_bool()) << vkey;
    if (key) {
      EXPECT_EQ(key->text(), vkey);
    }
    ++count;
  }
  EXPECT_EQ(count, 7);
}

TEST(VerifierKey, IsMadeFromTheSeedsOfThePublishedKeys) {
  const json::value vectors = json::parse(reference::vector_file("crypto/signed_note.json"));
  for (const json::value& item : vectors.at("keys").as_array()) {
    const Bytes seed = hex_decode(text_of(item.at("seed"))).value();
    const SecretKey key =
        SecretKey::from_seed(std::span<const std::uint8_t, SecretKey::kSeedSize>(seed));
    EXPECT_EQ(hex_encode(key.public_key().bytes), text_of(item.at("public")));
    const auto type = static_cast<std::uint8_t>(item.at("type").as_int64());
    const VerifierKey made = VerifierKey::make(text_of(item.at("name")), type, key.public_key());
    EXPECT_EQ(made.text(), text_of(item.at("vkey")));
    Bytes id;
    append_be(id, made.id);
    EXPECT_EQ(hex_encode(id), text_of(item.at("key_id")));
    const auto read = VerifierKey::parse(made.text());
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, made);
  }
}

// The example in the text of C2SP signed-note.
TEST(Note, OpensTheExampleOfTheSpecification) {
  const auto path = reference::fetched_vectors("c2sp_signed_note_example.json");
  if (!path) {
    std::printf("c2sp_signed_note_example.json is not here, so its note was not opened\n");
    return;
  }
  const json::value vectors = json::parse(reference::read_file(*path));
  const auto key = VerifierKey::parse(text_of(vectors.at("vkey")));
  ASSERT_TRUE(key);
  const auto note = parse_note(text_of(vectors.at("note")));
  ASSERT_TRUE(note) << note.error().message;
  EXPECT_EQ(note->text, text_of(vectors.at("text")));
  const auto verified = verify_note(*note, std::vector{*key});
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_EQ(verified->front(), *key);
}

TEST(Note, SignsWhatItThenOpens) {
  const SecretKey key = test_key(1);
  const std::string text = "hefu/charter/v1\n合符\n\nsecond paragraph\n";
  const std::string note = format_note(text, std::vector{sign_note(text, "a.example/x", key)});
  const auto read = parse_note(note);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->text, text);
  const auto verified = verify_note(*read, std::vector{known("a.example/x", key)});
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_EQ(verified->front().name, "a.example/x");
}

TEST(Note, RefusesEveryChangedBit) {
  const SecretKey key = test_key(1);
  const std::string text = "origin\n7\n";
  const std::string note = format_note(text, std::vector{sign_note(text, "a.example", key)});
  const std::vector<VerifierKey> keys{known("a.example", key)};
  for (std::size_t bit = 0; bit < note.size() * 8; ++bit) {
    std::string damaged = note;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    const auto read = parse_note(damaged);
    EXPECT_FALSE(read && verify_note(*read, keys)) << "bit " << bit;
  }
}

TEST(Note, RefusesEveryOtherBase64FormOfTheSameSignature) {
  const SecretKey key = test_key(1);
  const std::string text = "origin\n";
  // 4 + 64 bytes end in "xx=": the last digit has two unused bits.
  const std::string note = format_note(text, std::vector{sign_note(text, "a.example", key)});
  ASSERT_TRUE(note.ends_with("=\n"));
  const std::size_t last_digit = note.size() - 3;
  std::string trailing_bits = note;
  ++trailing_bits[last_digit];
  EXPECT_FALSE(parse_note(trailing_bits));
  std::string unpadded = note;
  unpadded.erase(note.size() - 2, 1);
  EXPECT_FALSE(parse_note(unpadded));
  std::string spaced = note;
  spaced.insert(note.size() - 1, " ");
  EXPECT_FALSE(parse_note(spaced));
  std::string url_safe = text + "\n\u2014 a.example " + "-_-_-_-_-_-_\n";
  EXPECT_FALSE(parse_note(url_safe));
}

TEST(Note, SplitsAtTheLastEmptyLine) {
  const SecretKey key = test_key(1);
  const std::string inner = format_note("inner\n", std::vector{sign_note("inner\n", "a", key)});
  // A note may be the text of another note; its own signature lines are then text.
  const auto outer = parse_note(format_note(inner, std::vector{sign_note(inner, "b", key)}));
  ASSERT_TRUE(outer);
  EXPECT_EQ(outer->text, inner);
  ASSERT_EQ(outer->signatures.size(), 1u);
  EXPECT_EQ(outer->signatures[0].name, "b");
  EXPECT_FALSE(verify_note(*outer, std::vector{known("a", key)}));
}

TEST(Note, BindsTheKeyNameSoThatASignatureCannotBeRelabelled) {
  const SecretKey key = test_key(1);
  const std::string text = "origin\n";
  NoteSignature relabelled = sign_note(text, "a.example", key);
  relabelled.name = "b.example";
  const auto note = parse_note(format_note(text, std::vector{relabelled}));
  ASSERT_TRUE(note);
  const std::vector<VerifierKey> keys{known("a.example", key), known("b.example", key)};
  EXPECT_FALSE(verify_note(*note, keys));
}

TEST(Note, IgnoresUnknownLinesOfAnyTypeAndLength) {
  const SecretKey key = test_key(1);
  const std::string text = "origin\n";
  const NoteSignature grease{"grease.invalid", 7, Bytes(3000, 0x5a)};
  const auto note =
      parse_note(format_note(text, std::vector{grease, sign_note(text, "a.example", key)}));
  ASSERT_TRUE(note);
  EXPECT_EQ(note->signatures.front(), grease);
  EXPECT_TRUE(verify_note(*note, std::vector{known("a.example", key)}));
}

TEST(Note, LooksOnlyAtTheFirstLineOfOneKeyAsXModDoes) {
  const SecretKey key = test_key(1);
  const std::string text = "origin\n";
  const NoteSignature good = sign_note(text, "a.example", key);
  NoteSignature bad = good;
  bad.bytes[10] ^= 1;
  const std::vector<VerifierKey> keys{known("a.example", key)};
  const auto good_first = parse_note(format_note(text, std::vector{good, bad}));
  const auto bad_first = parse_note(format_note(text, std::vector{bad, good}));
  ASSERT_TRUE(good_first && bad_first);
  const auto verified = verify_note(*good_first, keys);
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->size(), 1u);
  EXPECT_FALSE(verify_note(*bad_first, keys));
}

TEST(Note, RefusesASignatureOfAnyOtherLengthByAKnownKey) {
  const SecretKey key = test_key(1);
  const std::string text = "origin\n";
  for (const std::size_t size : {1u, 63u, 65u, 72u}) {
    NoteSignature wrong = sign_note(text, "a.example", key);
    wrong.bytes.resize(size);
    const auto note = parse_note(format_note(text, std::vector{wrong}));
    ASSERT_TRUE(note);
    const auto verified = verify_note(*note, std::vector{known("a.example", key)});
    ASSERT_FALSE(verified);
    EXPECT_EQ(verified.error().code, Errc::kUnverified);
  }
}

TEST(Note, LeavesCosignatureKeysToTheCosignatureCode) {
  const SecretKey key = test_key(1);
  const std::string text = "origin\n";
  const VerifierKey witness = VerifierKey::make("w", kNoteCosignature, key.public_key());
  // A plain signature dressed up with the key id of the witness: not a type-01 key, not counted.
  const NoteSignature line{"w", witness.id, sign_note(text, "w", key).bytes};
  const auto note = parse_note(format_note(text, std::vector{line}));
  ASSERT_TRUE(note);
  EXPECT_FALSE(verify_note(*note, std::vector{witness}));
}

TEST(Note, RefusesTwoKnownKeysThatShareNameAndId) {
  const SecretKey key = test_key(1);
  const std::string text = "origin\n";
  const auto note = parse_note(format_note(text, std::vector{sign_note(text, "a", key)}));
  ASSERT_TRUE(note);
  VerifierKey twin = known("a", key);
  twin.key = test_key(2).public_key();
  const auto verified = verify_note(*note, std::vector{known("a", key), twin});
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().code, Errc::kInvalid);
  // The very same key given twice is no contradiction.
  EXPECT_TRUE(verify_note(*note, std::vector{known("a", key), known("a", key)}));
}

TEST(Note, RefusesMoreThanAHundredSignaturesAndMoreThanAMebibyte) {
  const std::string text = "origin\n";
  const std::vector<NoteSignature> hundred(100, NoteSignature{"a", 1, Bytes{1}});
  EXPECT_TRUE(parse_note(format_note(text, hundred)));
  const std::vector<NoteSignature> more(101, NoteSignature{"a", 1, Bytes{1}});
  const auto many = parse_note(format_note(text, more));
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error().code, Errc::kTooLarge);
  const auto large = parse_note(std::string(kNoteBytesMax, 'a') + "\n");
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, Errc::kTooLarge);
}

TEST(Note, RefusesNamesWithUnicodeSpacesPlusOrControlCharacters) {
  for (const char* name : {"a\u00a0b", "a\u2003b", "a\u3000b", "a\u0085b", "a+b", "", "a\tb"}) {
    EXPECT_FALSE(is_key_name(name)) << name;
    EXPECT_FALSE(parse_note("text\n\n\u2014 " + std::string(name) + " AAAAAAA=\n")) << name;
  }
  for (const char* name : {"包头.example/合符", "a", "x-y_z/0"}) {
    EXPECT_TRUE(is_key_name(name)) << name;
    EXPECT_TRUE(parse_note("text\n\n\u2014 " + std::string(name) + " AAAAAAA=\n")) << name;
  }
  EXPECT_TRUE(is_key_name(std::string(255, 'a')));
  EXPECT_FALSE(is_key_name(std::string(256, 'a')));
}

TEST(SignatureLines, AreReadAloneAsAWitnessSendsThem) {
  const NoteSignature one{"w1", 1, Bytes(72, 1)};
  const NoteSignature two{"w2", 2, Bytes(72, 2)};
  const auto lines = parse_signature_lines(one.line() + two.line());
  ASSERT_TRUE(lines);
  EXPECT_EQ(*lines, (std::vector{one, two}));
  EXPECT_FALSE(parse_signature_lines(""));
  EXPECT_FALSE(parse_signature_lines(one.line() + "\n"));
  EXPECT_FALSE(parse_signature_lines("x" + one.line()));
  EXPECT_FALSE(parse_signature_lines(one.line().substr(0, one.line().size() - 1)));
}

TEST(VerifierKey, RefusesUpperCaseIdsForeignTypesAndUselessKeys) {
  const VerifierKey good = known("a.example", test_key(1));
  const std::string text = good.text();
  std::string upper = text;
  for (std::size_t i = text.find('+'); i < text.find('+') + 9; ++i) {
    upper[i] = static_cast<char>(std::toupper(upper[i]));
  }
  ASSERT_NE(upper, text);
  EXPECT_FALSE(VerifierKey::parse(upper));

  const auto mldsa =
      VerifierKey::parse(VerifierKey::make("a.example", 0x06, test_key(1).public_key()).text());
  ASSERT_FALSE(mldsa);
  EXPECT_EQ(mldsa.error().code, Errc::kUnsupported);

  PublicKey small_order{};
  small_order.bytes[0] = 1;  // the identity: every signature with a matching R would verify
  const auto useless =
      VerifierKey::parse(VerifierKey::make("a.example", kNoteEd25519, small_order).text());
  ASSERT_FALSE(useless);
  EXPECT_EQ(useless.error().code, Errc::kInvalid);
  EXPECT_NE(useless.error().message.find("a.example"), std::string::npos);
}

TEST(VerifierKey, GivesOneKeyDifferentIdsForItsTwoTypes) {
  const PublicKey key = test_key(1).public_key();
  EXPECT_NE(VerifierKey::make("a", kNoteEd25519, key).id,
            VerifierKey::make("a", kNoteCosignature, key).id);
}

}  // namespace
}  // namespace hefu
