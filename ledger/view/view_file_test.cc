#include "ledger/view/view_file.h"

#include <gtest/gtest.h>

namespace hefu {
namespace {

ViewFile sample() {
  ViewFile file;
  file.envelope = to_bytes("an envelope");
  file.proof = "a proof";
  file.units.leaves = {{to_bytes("a"), 1, {}}, {to_bytes("b"), 2, Bytes(64, 7)}};
  file.claims.leaves = {{to_bytes("c"), 3, {}}};
  file.claims.nodes = {{1, -3, sha256(as_bytes("node"))}};
  return file;
}

TEST(ViewFile, HasOneSequenceOfBytes) {
  const Bytes bytes = sample().encode();
  const auto read = ViewFile::decode(bytes);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, sample());
  EXPECT_EQ(read->encode(), bytes);
}

TEST(ViewFile, RefusesWhatIsCutOffOrGoesOnNamingTheField) {
  const Bytes bytes = sample().encode();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto read = ViewFile::decode(BytesView(bytes).first(i));
    ASSERT_FALSE(read) << i;
    EXPECT_NE(read.error().message.find("view file: "), std::string::npos);
  }
  Bytes longer = bytes;
  longer.push_back(0);
  EXPECT_NE(ViewFile::decode(longer).error().message.find("end"), std::string::npos);
}

TEST(ViewFile, BelievesNoLengthThatTheFileHasNoRoomFor) {
  Bytes file = to_bytes(kViewMagic);
  file.insert(file.end(), 8, 0);     // no envelope, no proof
  file.insert(file.end(), 4, 0xff);  // four thousand million leaves
  EXPECT_NE(ViewFile::decode(file).error().message.find("leaves"), std::string::npos);
  Bytes negative = sample().encode();
  const std::string_view text = as_text(negative);
  negative[text.find("a proof") + 7 + 4 + 4 + 1] = 0x80;  // the first leaf's value
  EXPECT_NE(ViewFile::decode(negative).error().message.find("value"), std::string::npos);
}

TEST(ViewFile, TellsAnotherVersionFromAnotherFile) {
  EXPECT_EQ(ViewFile::decode(as_bytes("hefu-view/2\n")).error().code, Errc::kUnsupported);
  EXPECT_EQ(ViewFile::decode(as_bytes("hefu-bundle/1\n")).error().code, Errc::kInvalid);
}

}  // namespace
}  // namespace hefu
