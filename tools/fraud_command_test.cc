// Runs the program itself on files that a dishonest member signed: what an auditor sees, and what a
// script gets as exit code.

#include <array>
#include <cstdio>
#include <string>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "ledger/fraud/fraud_proof.h"
#include "node/files.h"
#include "tests/support/bases.h"
#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

using ::testing::HasSubstr;

struct Outcome {
  int code = -1;
  std::string output;  // both streams
};

Outcome hefu(const std::string& arguments) {
  // No home and no node: whatever is proven is proven by the files alone.
  const std::string command =
      "env -i " HEFU_BINARY_DIR "/bin/hefu --node-url http://127.0.0.1:1 " + arguments + " 2>&1";
  Outcome run;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) {
    return run;
  }
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    run.output.append(buffer.data(), n);
  }
  const int status = ::pclose(pipe);
  run.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return run;
}

class FraudCommand : public ::testing::Test {
 protected:
  FraudCommand() {
    bases_.record(1, "B1", 10);
    replaced_ = bases_.record(1, "B2", 5);
    bases_.correct(1, replaced_, "B2", 4);
    bases_.record(3, "B3", 7);
    bases_.fix();
    view_ = bases_.view("places");
    charter_ = file("charter.note", bases_.federation().charter().note);
    bundle_ = file("b.hefu", std::string(as_text(bases_.whole_bundle())));
  }
  std::string file(const std::string& name, const std::string& content) {
    const auto path = dir_.path() / name;
    EXPECT_TRUE(write_file_atomically(path, content, FileMode::kShared));
    return path.string();
  }
  /// What member 1 publishes after it signed whatever its view says.
  std::string published() {
    Bases::commit(&view_);
    return file("v.hefu-view", std::string(as_text(bases_.attest(1, view_).encode())));
  }
  std::string out() { return (dir_.path() / "f.hefu-fraud").string(); }
  Outcome prove(const std::string& kind, const std::string& view) {
    return hefu("fraud prove " + kind + " --view " + view + " --bundle " + bundle_ + " --out " +
                out() + " --trust " + charter_);
  }
  Outcome verify() { return hefu("fraud verify " + out() + " --trust " + charter_); }

  TemporaryDir dir_;
  Bases bases_;
  EventId replaced_;
  View view_;
  std::string charter_;
  std::string bundle_;
};

TEST_F(FraudCommand, ProvesAWrongLeafAndAnybodyVerifiesItOffline) {
  view_.units[0].value += 3;
  const Outcome made = prove("wrong-leaf", published());
  EXPECT_EQ(made.code, 0) << made.output;
  EXPECT_THAT(made.output, HasSubstr("PROVEN: wrong-leaf"));
  EXPECT_THAT(made.output, HasSubstr(bases_.federation().member(1).id));
  const Outcome checked = verify();
  EXPECT_EQ(checked.code, 0) << checked.output;
  EXPECT_THAT(checked.output, HasSubstr("PROVEN"));
  const Outcome scripted = hefu("--json fraud verify " + out() + " --trust " + charter_);
  EXPECT_EQ(boost::json::parse(scripted.output).at("verdict").as_string(), "proven");
  const Outcome shown = hefu("--json fraud show " + out());
  EXPECT_EQ(shown.code, 0) << shown.output;
  EXPECT_EQ(boost::json::parse(shown.output).at("indicator").as_string(), "places");
}

TEST_F(FraudCommand, ProvesDoubleCountingAReplacedVersionAndASumThatIsNone) {
  const View honest = view_;
  view_.units.insert(view_.units.begin(), view_.units.front());
  EXPECT_EQ(prove("duplicate", published()).code, 0);
  EXPECT_EQ(verify().code, 0);

  view_ = honest;
  for (ViewLeaf& leaf : view_.units) {
    auto counted = *read_view_payload(leaf.payload);
    if (counted.front().record == replaced_) {
      counted.front().version = replaced_;
      leaf.payload = view_payload(counted);
    }
  }
  EXPECT_THAT(prove("superseded", published()).output, HasSubstr("PROVEN: superseded"));
  EXPECT_EQ(verify().code, 0);

  view_ = honest;
  view_.attestation.units.sum += 1;
  const std::string boasting =
      file("v.hefu-view", std::string(as_text(bases_.attest(1, view_).encode())));
  EXPECT_THAT(prove("wrong-arithmetic", boasting).output, HasSubstr("PROVEN: wrong-arithmetic"));
  EXPECT_EQ(verify().code, 0);
}

TEST_F(FraudCommand, FindsNothingInAnHonestView) {
  const std::string view = published();
  for (const char* kind : {"wrong-leaf", "superseded", "duplicate", "wrong-arithmetic"}) {
    const Outcome run = prove(kind, view);
    EXPECT_EQ(run.code, 1) << run.output;
  }
  const Outcome shown = hefu("view show " + view + " --trust " + charter_);
  EXPECT_EQ(shown.code, 0) << shown.output;
  EXPECT_THAT(shown.output, HasSubstr("the leaves lead to what was attested"));
  const Outcome part = hefu("view show " + view + " --trust " + charter_ + " --org " +
                            bases_.federation().member(1).id);
  EXPECT_THAT(part.output, HasSubstr("2 claims, sum 14"));
}

TEST_F(FraudCommand, ConvictsNobodyByADamagedFileAndSaysSo) {
  view_.units[0].value += 3;
  ASSERT_EQ(prove("wrong-leaf", published()).code, 0);
  const auto bytes = read_file(out(), kFraudProofBytesMax);
  ASSERT_TRUE(bytes);
  std::string bent = *bytes;
  bent[bent.size() / 2] = static_cast<char>(bent[bent.size() / 2] ^ 1);
  file("f.hefu-fraud", bent);
  EXPECT_EQ(verify().code, 3) << verify().output;
  EXPECT_THAT(verify().output, HasSubstr("NOT PROVEN"));
  file("f.hefu-fraud", bytes->substr(0, 100));
  EXPECT_EQ(verify().code, 3) << verify().output;
  file("f.hefu-fraud", "noise");
  EXPECT_EQ(verify().code, 3);
  const TestFederation strangers(3, 7);
  file("f.hefu-fraud", *bytes);
  file("charter.note", strangers.charter().note);
  EXPECT_NE(verify().code, 0);
}

TEST_F(FraudCommand, AsksForWhatItNeeds) {
  EXPECT_EQ(hefu("fraud prove no-such-kind --out x").code, 2);
  EXPECT_EQ(hefu("fraud verify").code, 2);
  const Outcome view = hefu("fraud prove duplicate --out x --trust " + charter_);
  EXPECT_EQ(view.code, 1);
  EXPECT_THAT(view.output, HasSubstr("--view"));
  const Outcome log = hefu("fraud prove index-omission --out x --trust " + charter_);
  EXPECT_THAT(log.output, HasSubstr("--log"));
  const Outcome trust = hefu("fraud verify x");
  EXPECT_EQ(trust.code, 1);
  EXPECT_THAT(trust.output, HasSubstr("--trust"));
}

}  // namespace
}  // namespace hefu
