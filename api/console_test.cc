#include "api/console.h"

#include <array>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/bytes.h"
#include "crypto/digest.h"

namespace hefu {
namespace {

using ::testing::HasSubstr;

constexpr std::array kFiles{
    ConsoleAsset{"assets/index-1a2b.js", "00ff", "let a = 1;", "packed"},
    ConsoleAsset{"index.html", "beef", "<p>", {}},
    ConsoleAsset{"verify.html", "f00d", "<script>", {}},
};

std::string header(const HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) {
      return value;
    }
  }
  return "";
}

HttpResponse ask(std::string_view path, std::string encoding = "", std::string tag = "") {
  HttpRequest request;
  request.accept_encoding = std::move(encoding);
  request.if_none_match = std::move(tag);
  return console_answer(kFiles, request, path);
}

TEST(Console, ThePageIsAskedForAnewAndFilesWithAHashNever) {
  EXPECT_EQ(header(ask(""), "Cache-Control"), "no-cache");
  EXPECT_EQ(ask("").content_type, "text/html; charset=utf-8");
  const auto script = ask("assets/index-1a2b.js");
  EXPECT_EQ(header(script, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(script.content_type, "text/javascript; charset=utf-8");
}

TEST(Console, CompressesForThoseWhoTakeIt) {
  for (const char* taken : {"gzip", "deflate, gzip", "br;q=1.0, gzip;q=0.8", " gzip "}) {
    const auto answer = ask("assets/index-1a2b.js", taken);
    EXPECT_EQ(as_text(answer.body), "packed") << taken;
    EXPECT_EQ(header(answer, "Content-Encoding"), "gzip") << taken;
    EXPECT_EQ(header(answer, "Vary"), "Accept-Encoding");
  }
  for (const char* refused : {"", "br", "gzip;q=0", "gzip; q=0.00", "x-gzip", "*", ",,"}) {
    const auto answer = ask("assets/index-1a2b.js", refused);
    EXPECT_EQ(as_text(answer.body), "let a = 1;") << refused;
    EXPECT_EQ(header(answer, "Content-Encoding"), "") << refused;
  }
  EXPECT_EQ(as_text(ask("", "gzip").body), "<p>") << "nothing is saved there";
}

TEST(Console, AnswersWhatTheClientHasAlreadyWith304) {
  const std::string plain = header(ask("assets/index-1a2b.js"), "ETag");
  const std::string packed = header(ask("assets/index-1a2b.js", "gzip"), "ETag");
  EXPECT_NE(plain, packed) << "other bytes, another tag";
  EXPECT_EQ(ask("assets/index-1a2b.js", "", plain).status, 304);
  EXPECT_EQ(ask("assets/index-1a2b.js", "gzip", packed).status, 304);
  EXPECT_EQ(ask("assets/index-1a2b.js", "", packed).status, 200);
  EXPECT_TRUE(ask("assets/index-1a2b.js", "", plain).body.empty());
}

TEST(Console, EveryFileCarriesAPolicyThatForbidsInlineAndForeignCode) {
  for (const char* path : {"", "assets/index-1a2b.js"}) {
    const std::string policy = header(ask(path), "Content-Security-Policy");
    EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
    EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
    EXPECT_THAT(policy, HasSubstr("require-trusted-types-for 'script'"));
    EXPECT_THAT(policy, ::testing::Not(HasSubstr("http")));
    EXPECT_THAT(policy, ::testing::Not(HasSubstr("blob:")));
    EXPECT_THAT(policy, HasSubstr("; worker-src 'self';"));
  }
}

TEST(Console, OfAllThatEvaluatesCodeOnlyWebAssemblyIsAdmitted) {
  std::string policy(kConsolePolicy);
  const std::string wasm = " 'wasm-unsafe-eval'";
  const auto at = policy.find(wasm);
  ASSERT_NE(at, std::string::npos);
  policy.erase(at, wasm.size());
  EXPECT_THAT(policy, ::testing::Not(HasSubstr("unsafe")));
  EXPECT_TRUE(policy.ends_with("; trusted-types hefu-worker")) << "one policy, and no default";
}

TEST(Console, TheVerifierForUseWithoutAServerIsAFileToSave) {
  EXPECT_EQ(header(ask("verify.html"), "Content-Disposition"),
            "attachment; filename=\"hefu-verify.html\"");
  EXPECT_EQ(header(ask("verify.html"), "Cache-Control"), "no-cache");
  EXPECT_EQ(header(ask(""), "Content-Disposition"), "");
}

TEST(Console, WhatIsNotThereIs404) {
  for (const char* path :
       {"assets", "assets/", "index.htm", "/index.html", "assets/index-1a2b.JS"}) {
    EXPECT_EQ(ask(path).status, 404) << path;
  }
}

TEST(ConsoleAssets, ThePageNamesOnlyFilesThatAreThereAndHoldsNoCodeItself) {
  std::set<std::string, std::less<>> paths;
  std::string page;
  for (const ConsoleAsset& asset : console_assets()) {
    EXPECT_TRUE(paths.insert(std::string(asset.path)).second) << asset.path;
    EXPECT_EQ(asset.digest, sha256(to_bytes(asset.bytes)).hex().substr(0, 32)) << asset.path;
    EXPECT_TRUE(asset.gzip.empty() || asset.gzip.size() < asset.bytes.size()) << asset.path;
    if (asset.path == "index.html") {
      page = std::string(asset.bytes);
    }
  }
  ASSERT_FALSE(page.empty());
  std::size_t named = 0;
  const std::string_view prefix = "\"/console/";
  for (auto at = page.find(prefix); at != std::string::npos; at = page.find(prefix, at + 1)) {
    const auto begin = at + prefix.size();
    const std::string path = page.substr(begin, page.find('"', begin) - begin);
    EXPECT_TRUE(paths.contains(path)) << path;
    ++named;
  }
  EXPECT_GE(named, 2U) << "a script and a style sheet";
  EXPECT_THAT(page, ::testing::Not(HasSubstr("<style")));
  EXPECT_THAT(page, ::testing::Not(HasSubstr("style=")));
  EXPECT_THAT(page, ::testing::Not(HasSubstr("//"))) << "no address of another host";
  EXPECT_THAT(page, ::testing::ContainsRegex("<script type=\"module\"[^>]*></script>"));
}

}  // namespace
}  // namespace hefu
