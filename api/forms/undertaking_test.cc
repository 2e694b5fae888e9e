#include "api/forms/undertaking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/federation.h"

namespace hefu::forms {
namespace {

class Undertaking : public testing::Test {
 protected:
  Undertaking() {
    paper_.title = "市域产教联合体推荐书";
    paper_.undertaking = "我承诺：真实、准确、有效。";
    paper_.cut = std::string(64, 'c');
    PaperPart line;
    line.text = "名称 甲联合体";
    paper_.parts.push_back(line);
  }
  std::string signed_by(std::initializer_list<std::size_t> members) {
    std::string note;
    for (const std::size_t index : members) {
      auto more = sign_undertaking(paper_, note, federation_.member(index),
                                   federation_.key(index, KeyRole::kSeal));
      EXPECT_TRUE(more) << more.error().message;
      note = *more;
    }
    return note;
  }
  TestFederation federation_{3};
  Paper paper_;
};

TEST_F(Undertaking, NamesEveryInstitutionThatSignedIt) {
  const auto seals = verify_undertaking(paper_, signed_by({2, 0}), federation_.charter());
  ASSERT_TRUE(seals) << seals.error().message;
  ASSERT_EQ(seals->size(), 2U);
  EXPECT_EQ((*seals)[0]->id, federation_.member(2).id);
  EXPECT_EQ((*seals)[1]->id, federation_.member(0).id);
}

TEST_F(Undertaking, DoesNotCoverAFormThatWasChangedSince) {
  const std::string note = signed_by({0});
  paper_.parts[0].text = "名称 乙联合体";
  const auto seals = verify_undertaking(paper_, note, federation_.charter());
  ASSERT_FALSE(seals);
  EXPECT_EQ(seals.error().code, Errc::kConflict);
  EXPECT_FALSE(
      sign_undertaking(paper_, note, federation_.member(1), federation_.key(1, KeyRole::kSeal)));
}

TEST_F(Undertaking, IsRefusedIfASignatureIsOfNobody) {
  const TestFederation strangers(3, 7);
  const auto note = sign_undertaking(paper_, signed_by({0}), strangers.member(1),
                                     strangers.key(1, KeyRole::kSeal));
  ASSERT_TRUE(note);
  const auto seals = verify_undertaking(paper_, *note, federation_.charter());
  ASSERT_FALSE(seals);
  EXPECT_EQ(seals.error().code, Errc::kUnverified);
}

TEST_F(Undertaking, IsRefusedIfSignedWithAnotherKeyThanTheSeal) {
  const auto note =
      sign_undertaking(paper_, "", federation_.member(0), federation_.key(0, KeyRole::kRegistrar));
  ASSERT_TRUE(note);
  EXPECT_FALSE(verify_undertaking(paper_, *note, federation_.charter()));
}

TEST_F(Undertaking, IsSignedOnceByEach) {
  const auto again = sign_undertaking(paper_, signed_by({0, 1}), federation_.member(1),
                                      federation_.key(1, KeyRole::kSeal));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::kConflict);
}

TEST_F(Undertaking, IsRefusedWhereTheDocumentHasNone) {
  paper_.undertaking.clear();
  const auto note =
      sign_undertaking(paper_, "", federation_.member(0), federation_.key(0, KeyRole::kSeal));
  ASSERT_FALSE(note);
  EXPECT_EQ(note.error().code, Errc::kUnsupported);
}

}  // namespace
}  // namespace hefu::forms
