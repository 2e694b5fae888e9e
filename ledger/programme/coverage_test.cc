#include "ledger/programme/coverage.h"

#include <gtest/gtest.h>

namespace hefu {
namespace {

constexpr const char* kHead = R"(ppf = 1
[pack]
id = "p"
version = "1.0.0"
title = { zh = "试" }
issuer = "me"
valid = { from = 2024-01-01, to = 2025-12-31 }

[[indicator]]
id = "visits"
title = { zh = "走访" }
types = ["visit"]
key = ["id"]
time = { mode = "occurred" }
measure = { kind = "count" }

[[indicator]]
id = "half"
title = { zh = "占比" }
measure = { kind = "ratio", num = "visits", den = "visits" }
)";

constexpr const char* kRows = R"(
[[row]]
id = "r1"
indicators = ["visits", "half"]

[[row]]
id = "r2"
note = "text only"
)";

std::string test(const std::string& dates, const std::string& expect) {
  std::string events;
  for (std::size_t at = 0, n = 0; at < dates.size(); at += 11) {
    events += "  { id = \"e" + std::to_string(n++) +
              "\", type = \"visit\", actor = \"a\", date = " + dates.substr(at, 10) + " },\n";
  }
  return "\n[[test]]\nperiod = \"2024\"\nevents = [\n" + events + "]\nexpect = { " + expect +
         " }\n";
}

Coverage covered(const std::string& toml, const std::vector<std::string>& rows = {}) {
  const auto pack = Pack::from_toml(toml);
  EXPECT_TRUE(pack.ok()) << pack.error().message;
  const auto out = pack ? coverage(*pack, rows) : Result<Coverage>(pack.error());
  EXPECT_TRUE(out.ok());
  return out ? *out : Coverage{};
}

using Names = std::vector<std::string>;

TEST(Coverage, TellsRowsCarriedFromRowsWithAReason) {
  const Coverage out = covered(std::string(kHead) + kRows);
  EXPECT_EQ(out.measured, 1U);
  EXPECT_EQ(out.not_measured, Names{"r2"});
  EXPECT_TRUE(out.missing.empty());
  EXPECT_TRUE(out.no_row.empty());
}

TEST(Coverage, NamesRowsThePackForgotAndRowsNobodyAskedFor) {
  const Coverage out = covered(std::string(kHead) + kRows, {"r3", "r1"});
  EXPECT_EQ(out.missing, Names{"r3"});
  EXPECT_EQ(out.unknown, Names{"r2"});
}

TEST(Coverage, NamesIndicatorsWithoutRow) {
  EXPECT_EQ(covered(kHead).no_row, (Names{"visits", "half"}));
}

TEST(Coverage, AnIndicatorIsTriedBothWays) {
  EXPECT_EQ(covered(kHead).no_positive, (Names{"visits", "half"}));
  const Coverage counts_only =
      covered(std::string(kHead) + test("2024-05-01", "\"visits\" = 1, \"half\" = 1"));
  EXPECT_TRUE(counts_only.no_positive.empty());
  EXPECT_EQ(counts_only.no_negative, (Names{"visits", "half"}));
  const Coverage refuses_one =
      covered(std::string(kHead) + test("2024-05-01 2023-05-01", "\"visits\" = 1, \"half\" = 1"));
  EXPECT_TRUE(refuses_one.no_negative.empty());
  const Coverage nothing =
      covered(std::string(kHead) + test("2023-05-01", "\"visits\" = 0, \"half\" = \"na\""));
  EXPECT_TRUE(nothing.no_negative.empty());
  EXPECT_EQ(nothing.no_positive, (Names{"visits", "half"}));
}

TEST(Coverage, ARowNeedsAnIndicatorThatExistsOrAReason) {
  for (const char* row :
       {"\n[[row]]\nid = \"r\"\n", "\n[[row]]\nid = \"r\"\nindicators = [\"x\"]\n",
        "\n[[row]]\nid = \"r\"\nnote = \"a\"\n[[row]]\nid = \"r\"\nnote = \"b\"\n",
        "\n[[row]]\nid = \"r\"\nwhy = \"a\"\nnote = \"b\"\n"}) {
    const auto pack = Pack::from_toml(std::string(kHead) + row);
    ASSERT_FALSE(pack.ok()) << row;
    EXPECT_NE(pack.error().message.find("row"), std::string::npos) << pack.error().message;
  }
}

}  // namespace
}  // namespace hefu
