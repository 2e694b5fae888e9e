#include "ledger/closing/acts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/event/catalogue.h"
#include "tests/support/closing_acts.h"

namespace hefu {
namespace {

using testing::HasSubstr;
using testing_closing::Acts;
using testing_closing::digest_of;

EventId id_of(const char* text) {
  return EventId{digest_of(text)};
}

/// The event as an author would sign it.
Event signed_by(const Acts& acts, Event event) {
  event.issuer = acts.id(0);
  event.occurred_on = *Date::parse("2026-01-20");
  return event;
}

template <typename T>
void expect_refused(const Result<T>& read, const std::string& why) {
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::kInvalid);
  EXPECT_THAT(read.error().message, HasSubstr(why));
}

TEST(ClosingActs, SurviveTheirEncodingAndFitTheCatalogue) {
  const Acts acts;
  const Catalogue catalogue;
  CutProposal cut = acts.cut();
  cut.logs[2].anchor = std::nullopt;
  cut.missing = {cut.logs[3].origin};
  const ClosingScope scope{"p", digest_of("p"), "2025-Q4", id_of("cut"), cut.cut().id()};
  const std::vector<EventId> ids{std::min(id_of("a"), id_of("b")),
                                 std::max(id_of("a"), id_of("b"))};
  const Event events[] = {
      make_event(cut),
      make_event(CutCosignature{id_of("cut"), cut.cut().id()}),
      make_event(PeriodClosing{scope, ids, digest_of("f"), 2, id_of("before"), "更正"}),
      make_event(FigureApproval{scope, "12150000000000027U/c1", ApprovalLevel::kConfirm,
                                digest_of("f"), ids}),
      make_event(ApprovalWithdrawal{id_of("a"), "有误"}),
      make_event(Statement{scope, digest_of("f")}),
      make_event(
          StatementDecision{id_of("s"), digest_of("f"), StatementVerdict::kReturned, "请核对"})};
  for (const Event& made : events) {
    const Event event = signed_by(acts, made);
    EXPECT_TRUE(concerns_closing(event.type));
    const auto valid = validate(event, catalogue);
    EXPECT_TRUE(valid) << event.type << ": " << valid.error().message;
    const auto bytes = encode_event(event);
    ASSERT_TRUE(bytes) << bytes.error().message;
    EXPECT_EQ(*decode_event(*bytes), event);
  }
  EXPECT_EQ(*read_cut_proposal(events[0]), cut);
  const auto closing = read_period_closing(events[2]);
  ASSERT_TRUE(closing);
  EXPECT_EQ(closing->scope, scope);
  EXPECT_EQ(closing->previous, id_of("before"));
  EXPECT_EQ(closing->cosignatures, ids);
  const auto approval = read_figure_approval(events[3]);
  ASSERT_TRUE(approval);
  EXPECT_EQ(approval->level, ApprovalLevel::kConfirm);
  EXPECT_EQ(approval->rests_on, ids);
  EXPECT_EQ(read_statement_decision(events[6])->verdict, StatementVerdict::kReturned);
  EXPECT_FALSE(concerns_closing("countersignature"));
}

TEST(ClosingActs, ACutIsWhatItsLogsMakeIt) {
  const Acts acts;
  Event event = make_event(acts.cut());
  event.fields["cut"] = Value{digest_of("another")};
  expect_refused(read_cut_proposal(event), "field cut");
  // One more missing log is another cut.
  event = make_event(acts.cut());
  event.fields["missing"] = Value{Value::List{Value{std::string("m9.example/hefu/1")}}};
  expect_refused(read_cut_proposal(event), "field cut");
}

TEST(ClosingActs, RefuseLogsThatAreNotInOrderOrHaveNoPlace) {
  const Acts acts;
  CutProposal cut = acts.cut();
  std::swap(cut.logs[0], cut.logs[1]);
  expect_refused(read_cut_proposal(make_event(cut)), "field logs");
  cut = acts.cut();
  cut.logs[1] = cut.logs[0];
  expect_refused(read_cut_proposal(make_event(cut)), "field logs");
  cut = acts.cut();
  cut.logs[0].anchor = 10;
  expect_refused(read_cut_proposal(make_event(cut)), "field logs");
  cut = acts.cut();
  cut.missing = {"b/hefu/1", "a/hefu/1"};
  expect_refused(read_cut_proposal(make_event(cut)), "field missing");
}

TEST(ClosingActs, RefuseWhatIsNoPeriodNoVintageOrNoSortedList) {
  const Acts acts;
  const ClosingScope scope{"p", digest_of("p"), "2025-13", id_of("c"), digest_of("c")};
  expect_refused(read_statement(make_event(Statement{scope, digest_of("f")})), "field period");
  ClosingScope year = scope;
  year.period = "2025";
  expect_refused(
      read_period_closing(make_event(PeriodClosing{year, {}, digest_of("f"), 0, {}, ""})),
      "field vintage");
  Event event = make_event(PeriodClosing{year, {id_of("a")}, digest_of("f"), 1, {}, ""});
  event.fields["cosignatures"] =
      Value{Value::List{Value{id_of("a").digest}, Value{id_of("a").digest}}};
  expect_refused(read_period_closing(event), "field cosignatures");
  expect_refused(read_statement(event), "not a statement");
}

}  // namespace
}  // namespace hefu
