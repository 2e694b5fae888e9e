#include "ledger/assurance/audit_file.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/assurance/audit_html.h"
#include "tests/support/audited.h"

namespace hefu {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing_assurance::Audited;

/// A finished audit of a few bases.
struct Finished : Audited {
  Finished() : Audited(6) {
    prepare();
    for (const StratumSample& stratum : sample()) {
      for (const SampleItem& item : stratum.items) {
        test(stratum.stratum.name, item.records.front(), "ok");
      }
    }
    bases.fix();
  }
  [[nodiscard]] AuditFile file() const { return {report(), bases.whole_bundle()}; }
};

std::string first_bad(const BundleVerdict& verdict) {
  for (const BundleCheck& check : verdict.checks) {
    if (check.outcome == BundleCheck::Outcome::kBad) {
      return check.subject + ": " + check.text;
    }
  }
  return "";
}

TEST(AuditFile, HoldsWhatItsLogsGive) {
  const Finished play;
  const AuditFile file = play.file();
  const auto read = AuditFile::decode(file.encode());
  ASSERT_TRUE(read);
  const BundleVerdict verdict = verify_audit_file(*read, play.bases.federation().charter());
  EXPECT_EQ(first_bad(verdict), "");
  EXPECT_TRUE(verdict.complete);
  EXPECT_EQ(verdict.report, file.report);
}

TEST(AuditFile, IsNotCompleteWhereTheAuditIsNotInOrder) {
  Audited play(4);
  play.engage();
  const AuditFile file{play.report(), play.bases.whole_bundle()};
  const BundleVerdict verdict = verify_audit_file(file, play.bases.federation().charter());
  EXPECT_EQ(first_bad(verdict), "");
  EXPECT_FALSE(verdict.complete);
}

TEST(AuditFile, IsRefusedWhereTheReportSaysAnythingElse) {
  const Finished play;
  const auto& charter = play.bases.federation().charter();
  AuditFile file = play.file();
  const auto at = file.report.find("\"outcome\":\"ok\"");
  ASSERT_NE(at, std::string::npos);
  AuditFile flattered = file;
  flattered.report.replace(file.report.find("\"deviations\":0"), 14, "\"deviations\":1");
  EXPECT_THAT(first_bad(verify_audit_file(flattered, charter)), HasSubstr("not what the logs"));
  AuditFile nameless = file;
  nameless.report = "{}";
  EXPECT_THAT(first_bad(verify_audit_file(nameless, charter)), HasSubstr("names no audit"));
  AuditFile slices = file;
  slices.bundle = play.bases.bundle();
  EXPECT_NE(first_bad(verify_audit_file(slices, charter)), "");
}

TEST(AuditFile, IsRefusedWithAnyByteChangedOrCutOff) {
  const Finished play;
  const auto& charter = play.bases.federation().charter();
  const Bytes good = play.file().encode();
  const std::uint64_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 dice(seed);
  const auto refused = [&](const Bytes& bytes) {
    const auto file = AuditFile::decode(bytes);
    return !file || !verify_audit_file(*file, charter).good();
  };
  ASSERT_FALSE(refused(good));
  for (int i = 0; i < 60; ++i) {
    Bytes bad = good;
    const std::size_t at = i < 20 ? static_cast<std::size_t>(i) : dice() % bad.size();
    bad[at] ^= static_cast<std::uint8_t>(1U << (dice() % 8));
    EXPECT_TRUE(refused(bad)) << "byte " << at;
    Bytes cut = good;
    cut.resize(dice() % good.size());
    EXPECT_TRUE(refused(cut)) << "cut to " << cut.size();
  }
}

TEST(AuditFile, AWithheldTestIsMissedByNobody) {
  const Finished play;
  AuditFile file = play.file();
  Bundle bundle = *decode_bundle(file.bundle);
  for (BundleLog& log : bundle.logs) {
    if (log.origin == play.bases.federation().member(play.auditor).origin) {
      log.entries.pop_back();
    }
  }
  file.bundle = encode_bundle(bundle);
  EXPECT_NE(first_bad(verify_audit_file(file, play.bases.federation().charter())), "");
}

TEST(AuditHtml, ShowsTheReportAndEscapesWhatPeopleWrote) {
  Finished play;
  play.say(play.auditor, kAuditFindingType,
           {{"engagement", Value{play.engagement.digest}},
            {"addressed_to", Audited::text(play.id(play.auditee()))},
            {"items", Value{Value::List{Value{play.recorded[0].digest}}}},
            {"rule", Audited::text("rule")},
            {"finding", Audited::text("<script>alert(\"x\")</script> & more")},
            {"severity", Audited::text("minor")},
            {"effect", Audited::text("none")}});
  play.bases.fix();
  const std::string report = play.report();
  const auto html = audit_html(report);
  ASSERT_TRUE(html) << html.error().message;
  EXPECT_THAT(*html, Not(HasSubstr("<script>")));
  EXPECT_THAT(*html, HasSubstr("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; more"));
  EXPECT_THAT(*html, HasSubstr(sha256(as_bytes(report)).hex()));
  EXPECT_THAT(*html, HasSubstr(play.cut.hex()));
  EXPECT_THAT(*html, Not(HasSubstr("http")));
  EXPECT_FALSE(audit_html("{}"));
  EXPECT_TRUE(audit_html(R"({"kind":"hefu-audit-report","findings":[1,"x",{"answers":3}],
      "sampling":{"strata":[[],{"items":[null]}]},"order":7,"identity":[]})"));
  EXPECT_FALSE(audit_html("no json"));
}

}  // namespace
}  // namespace hefu
