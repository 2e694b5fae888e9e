#include "api/envelope_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hefu {
namespace {

using ::testing::HasSubstr;

TEST(EnvelopeList, RoundTrips) {
  const std::vector<Bytes> envelopes{Bytes{1}, Bytes(65535, 7), Bytes{2, 3}};
  const auto list = encode_envelope_list(envelopes);
  ASSERT_TRUE(list);
  EXPECT_EQ(list->size(), 3 * 2 + 1 + 65535 + 2U);
  const auto back = decode_envelope_list(*list);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, envelopes);
}

TEST(EnvelopeList, IsLengthAndEnvelopeInBigEndianOrder) {
  const auto list = encode_envelope_list(std::vector<Bytes>{Bytes(258, 9)});
  ASSERT_TRUE(list);
  EXPECT_EQ((*list)[0], 1);
  EXPECT_EQ((*list)[1], 2);
}

TEST(EnvelopeList, RefusesNothingAtAll) {
  EXPECT_EQ(decode_envelope_list({}).error().code, Errc::kInvalid);
  EXPECT_EQ(encode_envelope_list({}).error().code, Errc::kInvalid);
}

TEST(EnvelopeList, NamesTheEnvelopeThatIsEmptyOrCutOff) {
  EXPECT_THAT(decode_envelope_list(Bytes{0, 1, 9, 0, 0}).error().message,
              HasSubstr("envelope 1: empty"));
  EXPECT_THAT(decode_envelope_list(Bytes{0, 1, 9, 0}).error().message,
              HasSubstr("envelope 1: cut off"));
  EXPECT_THAT(decode_envelope_list(Bytes{0, 3, 9, 9}).error().message,
              HasSubstr("envelope 0: cut off: 2 of 3"));
}

TEST(EnvelopeList, EveryCutOfAListIsRefusedUnlessItFallsBetweenEnvelopes) {
  const auto list = encode_envelope_list(std::vector<Bytes>{Bytes{1, 2}, Bytes{3}});
  ASSERT_TRUE(list);
  for (std::size_t size = 0; size < list->size(); ++size) {
    EXPECT_EQ(decode_envelope_list(BytesView(*list).first(size)).ok(), size == 4) << size;
  }
}

TEST(EnvelopeList, BoundsTheNumberAndTheSize) {
  std::vector<Bytes> many(kEnvelopesMax, Bytes{1});
  const auto list = encode_envelope_list(many);
  ASSERT_TRUE(list);
  EXPECT_TRUE(decode_envelope_list(*list));
  Bytes one_more = *list;
  append(one_more, Bytes{0, 1, 1});
  EXPECT_EQ(decode_envelope_list(one_more).error().code, Errc::kTooLarge);
  many.push_back(Bytes{1});
  EXPECT_EQ(encode_envelope_list(many).error().code, Errc::kTooLarge);
  EXPECT_EQ(encode_envelope_list(std::vector<Bytes>{Bytes(65536)}).error().code, Errc::kTooLarge);
  EXPECT_EQ(encode_envelope_list(std::vector<Bytes>{Bytes{}}).error().code, Errc::kInvalid);
}

}  // namespace
}  // namespace hefu
