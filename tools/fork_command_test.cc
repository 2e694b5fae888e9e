// Runs the program itself: what a person sees, and what a script gets as exit code.

#include <array>
#include <cstdio>
#include <string>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "ledger/charter/charter.h"
#include "ledger/log/fork_proof.h"
#include "node/files.h"
#include "tests/reference/vector_files.h"
#include "tests/support/federation.h"
#include "tests/support/log.h"
#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

using ::testing::HasSubstr;

struct Outcome {
  int code = -1;
  std::string output;  // both streams
};

Outcome hefu(const std::string& arguments) {
  // No home and no node: whatever is proven is proven by the file and the keys alone.
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

class ForkCommand : public ::testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& content) {
    const auto path = dir_.path() / name;
    EXPECT_TRUE(write_file_atomically(path, content, FileMode::kShared));
    return path.string();
  }
  [[nodiscard]] static std::string vector_key() {
    const auto json = boost::json::parse(reference::vector_file("log/add_checkpoint.json"));
    return std::string(json.at("log_vkey").as_string());
  }

  TemporaryDir dir_;
  const std::string proof_ = reference::vector_file("log/fork.tlog-fork-proof");
};

TEST_F(ForkCommand, ProvesAForkWithThePublicKeyAlone) {
  const Outcome run =
      hefu("fork verify " + file("proof", proof_) + " --vkey '" + vector_key() + "'");
  EXPECT_EQ(run.code, 0) << run.output;
  EXPECT_THAT(run.output, HasSubstr("PROVEN"));
  EXPECT_THAT(run.output, HasSubstr("example.com/log1"));
  EXPECT_THAT(run.output, HasSubstr("33 entries"));
  EXPECT_THAT(run.output, HasSubstr("40 entries"));
  const Outcome scripted =
      hefu("--json fork verify " + file("proof", proof_) + " --vkey '" + vector_key() + "'");
  EXPECT_EQ(scripted.code, 0);
  const auto json = boost::json::parse(scripted.output);
  EXPECT_EQ(json.at("verdict").as_string(), "proven");
  EXPECT_EQ(json.at("first").at("size").to_number<int>(), 33);
}

TEST_F(ForkCommand, NamesTheMemberThatTheCharterNames) {
  const TestFederation federation(3);
  const Member& owner = federation.member(1);
  TestLog one(owner.origin, federation.key(1, KeyRole::kLog));
  one.append(federation.envelopes(1, 0, 4));
  TestLog other(owner.origin, federation.key(1, KeyRole::kLog));
  other.append(federation.envelopes(1, 9, 4));
  const ForkProof proof{other.tree().root(), {}, one.checkpoint(), other.checkpoint()};
  const std::string charter = file("charter.note", federation.charter().note);
  const Outcome run = hefu("fork verify " + file("proof", proof.text()) + " --trust " + charter);
  EXPECT_EQ(run.code, 0) << run.output;
  EXPECT_THAT(run.output, HasSubstr(owner.id));
  EXPECT_THAT(run.output, HasSubstr("one size, two roots"));
}

TEST_F(ForkCommand, ConvictsNobodyOnAFalseAccusation) {
  const TestFederation federation(3);
  const std::string charter = file("charter.note", federation.charter().note);
  const Member& innocent = federation.member(1);
  TestLog log(innocent.origin, federation.key(1, KeyRole::kLog));
  log.append(federation.envelopes(1, 0, 9));
  TestLog forged(innocent.origin, federation.key(2, KeyRole::kLog));  // the accuser's own key
  forged.append(federation.envelopes(1, 50, 9));
  const std::string agreeing = ForkProof{log.tree().root(4), log.tree().prove_consistency(4, 9),
                                         log.checkpoint(4), log.checkpoint(9)}
                                   .text();
  std::string bent = agreeing;
  bent.replace(bent.find("prefix ") + 7, 4, "AAAA");
  const std::vector<std::string> accusations{
      ForkProof{log.tree().root(), {}, forged.checkpoint(), log.checkpoint()}.text(), agreeing,
      bent, "noise\n", ""};
  for (const std::string& accusation : accusations) {
    const Outcome run = hefu("fork verify " + file("proof", accusation) + " --trust " + charter);
    EXPECT_EQ(run.code, 3) << run.output;
    EXPECT_THAT(run.output, HasSubstr("NOT PROVEN"));
  }
}

TEST_F(ForkCommand, JudgesNothingWithoutAKeyAndSaysWhatIsMissing) {
  const TestFederation federation(3);
  const std::string charter = file("charter.note", federation.charter().note);
  const Outcome unknown = hefu("fork verify " + file("proof", proof_) + " --trust " + charter);
  EXPECT_EQ(unknown.code, 4) << unknown.output;
  EXPECT_THAT(unknown.output, HasSubstr("--vkey"));
  const Outcome none = hefu("fork verify " + file("proof", proof_));
  EXPECT_EQ(none.code, 1) << none.output;
  EXPECT_THAT(none.output, HasSubstr("--trust"));
  EXPECT_EQ(hefu("fork verify").code, 2);
  EXPECT_EQ(hefu("fork list").code, 5);
}

}  // namespace
}  // namespace hefu
