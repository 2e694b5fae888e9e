#include "node/config.h"

#include <map>

#include <gtest/gtest.h>

#include "node/files.h"

namespace hefu {
namespace {

const std::filesystem::path kFolder = "/etc/hefu";

TEST(Config, HasTheDefaultsThatTheExampleStates) {
  const auto text = read_file(std::filesystem::path(HEFU_SOURCE_DIR) / "node/hefud.example.toml",
                              kConfigBytesMax);
  ASSERT_TRUE(text) << text.error().message;
  const auto example = parse_config(*text, kFolder);
  ASSERT_TRUE(example) << example.error().message;
  const auto shortest = parse_config("member = \"121502004600000001\"\n", kFolder);
  ASSERT_TRUE(shortest) << shortest.error().message;
  EXPECT_EQ(example->charter, kFolder / "charter.note");
  EXPECT_EQ(example->charter, shortest->charter);
  EXPECT_EQ(example->data, shortest->data);
  EXPECT_EQ(example->keys, shortest->keys);
  EXPECT_EQ(example->passphrase_file, shortest->passphrase_file);
  EXPECT_TRUE(example->passphrase_file.empty());
  EXPECT_EQ(example->catalogue, shortest->catalogue);
  EXPECT_EQ(example->http, shortest->http);
  EXPECT_EQ(example->http_threads, shortest->http_threads);
  EXPECT_EQ(example->requests_per_second, shortest->requests_per_second);
  EXPECT_EQ(example->connections_per_address, shortest->connections_per_address);
  EXPECT_EQ(example->peer, shortest->peer);
  EXPECT_EQ(example->interval, shortest->interval);
  EXPECT_EQ(example->anchor_interval, shortest->anchor_interval);
  EXPECT_EQ(example->reserve_mib, shortest->reserve_mib);
  EXPECT_EQ(example->log_quota_mib, shortest->log_quota_mib);
  EXPECT_EQ(example->held_quota_mib, shortest->held_quota_mib);
  EXPECT_EQ(example->backup_folder, kFolder / "backup");
  EXPECT_EQ(example->backup_folder, shortest->backup_folder);
  EXPECT_EQ(example->backups_kept, shortest->backups_kept);
  EXPECT_EQ(example->log_level, shortest->log_level);
  EXPECT_EQ(example->log_json, shortest->log_json);
  ASSERT_EQ(example->peers.size(), 1u);
  EXPECT_EQ(example->peers[0].address, (HostPort{"127.0.0.1", 7421}));
}

TEST(Config, TakesAbsolutePathsAsTheyAre) {
  const auto config = parse_config("member = \"x\"\ndata = \"/srv/hefu\"\n", kFolder);
  ASSERT_TRUE(config);
  EXPECT_EQ(config->data, "/srv/hefu");
}

TEST(Config, SaysWhichLogsAreKeptWithoutTheirContents) {
  const auto config = parse_config(
      "member = \"x\"\n[[logs]]\nmember = \"y\"\ncontents = false\n"
      "[[logs]]\nmember = \"z\"\ncontents = true\n[[logs]]\nmember = \"x\"\n",
      kFolder);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->witness_only, std::vector<std::string>{"y"});
}

TEST(Config, NamesTheNearestKnownKeyForAnUnknownOne) {
  const auto top = parse_config("member = \"x\"\ncharte = \"y\"\n", kFolder);
  ASSERT_FALSE(top);
  EXPECT_NE(top.error().message.find("charte"), std::string::npos);
  EXPECT_EQ(top.error().hint, "did you mean charter?");
  const auto inner = parse_config("member = \"x\"\n[http]\nlisten_on = \"y\"\n", kFolder);
  ASSERT_FALSE(inner);
  EXPECT_EQ(inner.error().hint, "did you mean http.listen?");
}

TEST(Config, RefusesWhatItCannotUseAndNamesTheKey) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "member"},
      {"member = 5\n", "member"},
      {"member = \"x\"\nhttp = 5\n", "http"},
      {"member = \"x\"\n[http]\nlisten = \"nowhere\"\n", "http.listen"},
      {"member = \"x\"\n[http]\nlisten = \"127.0.0.1:70000\"\n", "http.listen"},
      {"member = \"x\"\n[http]\nthreads = 0\n", "http.threads"},
      {"member = \"x\"\n[http]\nrequests_per_second = -1\n", "http.requests_per_second"},
      {"member = \"x\"\n[http]\nconnections_per_address = 2000\n", "http.connections_per_address"},
      {"member = \"x\"\n[http]\nthreads = 1.5\n", "http.threads"},
      {"member = \"x\"\n[replication]\ninterval_ms = -1\n", "replication.interval_ms"},
      {"member = \"x\"\n[log]\nlevel = \"loud\"\n", "log.level"},
      {"member = \"x\"\n[[peers]]\nmember = \"y\"\n", "peers[0].address"},
      {"member = \"x\"\n[peers]\nmember = \"y\"\n", "peers"},
      {"member = \"x\"\n[[peers]]\nmember = \"y\"\naddress = \"a:1\"\n"
       "[[peers]]\nmember = \"y\"\naddress = \"b:1\"\n",
       "peers[1].member"},
      {"member = \"x\"\n[[logs]]\ncontents = false\n", "logs[0].member"},
      {"member = \"x\"\n[[logs]]\nmember = \"y\"\ncontents = 0\n", "logs[0].contents"},
      {"member = \"x\"\n[[logs]]\nmember = \"x\"\ncontents = false\n", "logs[0].contents"},
      {"member = \"x\"\n[[logs]]\nmember = \"y\"\n[[logs]]\nmember = \"y\"\n", "logs[1].member"},
      {"member = \"x\n", "line 1"},
  };
  for (const auto& [text, named] : cases) {
    const auto config = parse_config(text, kFolder);
    ASSERT_FALSE(config) << text;
    EXPECT_EQ(config.error().code, Errc::kInvalid);
    EXPECT_NE(config.error().message.find(named), std::string::npos) << config.error().message;
  }
}

TEST(HostPort, TakesNamesAndBothKindsOfAddresses) {
  EXPECT_EQ(*HostPort::parse("node.example:7411"), (HostPort{"node.example", 7411}));
  EXPECT_EQ(*HostPort::parse("[::1]:7411"), (HostPort{"::1", 7411}));
  for (const char* text : {"", ":1", "a", "a:", "a:0", "a:x", "::1:7411", "[]:1", "a:1 "}) {
    EXPECT_FALSE(HostPort::parse(text)) << text;
  }
}

constexpr const char* kMember = "member = \"121502004600000001\"\n";

TEST(Config, NamesOneSingleSignOnAndWhereBrowsersComeBackTo) {
  const auto oidc = parse_config(std::string(kMember) + R"(
[api]
public_url = "https://hefu.college.example/"
[api.oidc]
issuer = "https://sso.college.example/realms/staff/"
client_id = "hefu"
client_secret_file = "oidc-secret"
name_claim = "preferred_username"
)",
                                 kFolder);
  ASSERT_TRUE(oidc) << oidc.error().message;
  EXPECT_EQ(oidc->public_url, "https://hefu.college.example");
  ASSERT_TRUE(oidc->oidc);
  EXPECT_EQ(oidc->oidc->issuer, "https://sso.college.example/realms/staff/") << "letter by letter";
  EXPECT_EQ(oidc->oidc->client_secret_file, kFolder / "oidc-secret");
  EXPECT_EQ(oidc->oidc->name_claim, "preferred_username");
  EXPECT_EQ(oidc->oidc->scope, "openid profile");
  const auto cas = parse_config(std::string(kMember) +
                                    "[api]\npublic_url = \"http://127.0.0.1:7410\"\n[api.cas]\n" +
                                    "url = \"https://sso.college.example/cas/\"\n",
                                kFolder);
  ASSERT_TRUE(cas) << cas.error().message;
  EXPECT_EQ(cas->cas_url, "https://sso.college.example/cas");
  EXPECT_FALSE(cas->oidc);
}

TEST(Config, ServesTheApiOverTlsWhereSomebodyHasToSignIn) {
  const std::string api = "[api]\nsign_in = \"required\"\n";
  const std::string files = "certificate = \"chain.pem\"\nkey = \"/etc/ssl/key.pem\"\n";
  const std::string everywhere = "[https]\nlisten = \"0.0.0.0:443\"\n";
  const auto config = parse_config(std::string(kMember) + api + everywhere + files, kFolder);
  ASSERT_TRUE(config) << config.error().message;
  ASSERT_TRUE(config->https);
  EXPECT_EQ(config->https->listen, (HostPort{"0.0.0.0", 443}));
  EXPECT_EQ(config->https->certificate, kFolder / "chain.pem");
  EXPECT_EQ(config->https->key, "/etc/ssl/key.pem");
  EXPECT_TRUE(parse_config(std::string(kMember) + "[https]\nlisten = \"127.0.0.1:8443\"\n" + files,
                           kFolder));
  EXPECT_FALSE(parse_config(std::string(kMember), kFolder)->https);
  const std::map<std::string, std::string> bad{
      {everywhere + files, "https.listen: reaches beyond this machine"},
      {api + "[https]\n" + files, "https.listen: missing"},
      {api + everywhere + "key = \"k\"\n", "https.certificate: missing"},
      {api + everywhere + "certificate = \"c\"\n", "https.key: missing"},
      {api + everywhere + files + "tls = true\n", "https.tls: unknown"},
  };
  for (const auto& [text, why] : bad) {
    const auto refused = parse_config(std::string(kMember) + text, kFolder);
    ASSERT_FALSE(refused) << text;
    EXPECT_NE(refused.error().message.find(why), std::string::npos) << refused.error().message;
  }
}

TEST(Config, RefusesASingleSignOnThatIsIncompleteOrWithoutTls) {
  const std::string url = "public_url = \"https://hefu.example\"\n";
  const std::string issuer = "issuer = \"https://sso.example\"\n";
  const std::string client = "client_id = \"hefu\"\n";
  const std::map<std::string, std::string> bad{
      {"[api.oidc]\n" + issuer + client, "api.public_url: missing"},
      {"[api]\npublic_url = \"http://hefu.example\"\n", "api.public_url: not an https"},
      {"[api]\npublic_url = \"https://hefu.example/" + std::string(280, 'x') + "\"\n",
       "api.public_url: longer than 300 bytes"},
      {"[api]\n" + url + "[api.oidc]\n" + client, "api.oidc.issuer: missing"},
      {"[api]\n" + url + "[api.oidc]\nissuer = \"http://sso.example\"\n" + client,
       "api.oidc.issuer: not an https"},
      {"[api]\n" + url + "[api.oidc]\n" + issuer, "api.oidc.client_id: missing"},
      {"[api]\n" + url + "[api.oidc]\n" + issuer + client + "name_claim = \"\"\n",
       "api.oidc.name_claim: missing"},
      {"[api]\n" + url + "[api.oidc]\n" + issuer + client + "scope = \"profile\"\n",
       "api.oidc.scope: does not name openid"},
      {"[api]\n" + url + "[api.oidc]\n" + issuer + client + "client_secret = \"x\"\n",
       "api.oidc.client_secret: unknown"},
      {"[api]\n" + url + "[api.cas]\n", "api.cas.url: missing"},
      {"[api]\n" + url + "[api.cas]\nurl = \"ftp://sso.example\"\n", "api.cas.url: not an https"},
      {"[api]\n" + url + "[api.oidc]\n" + issuer + client +
           "[api.cas]\nurl = \"https://sso.example\"\n",
       "api.cas: there is"},
  };
  for (const auto& [text, why] : bad) {
    const auto refused = parse_config(kMember + text, kFolder);
    ASSERT_FALSE(refused) << text;
    EXPECT_NE(refused.error().message.find(why), std::string::npos)
        << text << refused.error().message;
  }
}

}  // namespace
}  // namespace hefu
