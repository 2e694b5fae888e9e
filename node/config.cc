#include "node/config.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include <toml++/toml.h>

#include "api/outside/web_address.h"

namespace hefu {
namespace {

Error bad(const std::string& key, const std::string& reason, const std::string& hint = "") {
  return Error{Errc::kInvalid, "configuration key " + key + ": " + reason, hint};
}

/// Levenshtein distance, for "did you mean".
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

/// Reads one table; remembers the first error, so that reading it is a list of lines.
class TableReader {
 public:
  TableReader(const toml::table& table, std::string prefix)
      : table_(table), prefix_(std::move(prefix)) {}

  void text(std::string_view key, std::string& into) {
    const toml::node* node = find(key);
    if (node == nullptr) {
      return;
    }
    if (const auto value = node->value_exact<std::string>()) {
      into = *value;
    } else {
      fail(key, "must be a text in quotes");
    }
  }

  void boolean(std::string_view key, bool& into) {
    const toml::node* node = find(key);
    if (node == nullptr) {
      return;
    }
    if (const auto value = node->value_exact<bool>()) {
      into = *value;
    } else {
      fail(key, "must be true or false");
    }
  }

  void path(std::string_view key, const std::filesystem::path& folder,
            std::filesystem::path& into) {
    std::string value = into.string();
    text(key, value);
    into = value.empty() ? std::filesystem::path() : folder / value;
  }

  void number(std::string_view key, std::int64_t min, std::int64_t max, std::int64_t& into) {
    const toml::node* node = find(key);
    if (node == nullptr) {
      return;
    }
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value < min || *value > max) {
      fail(key,
           "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
      return;
    }
    into = *value;
  }

  void milliseconds(std::string_view key, std::int64_t min, std::chrono::milliseconds& into) {
    std::int64_t value = into.count();
    number(key, min, 86'400'000, value);
    into = std::chrono::milliseconds(value);
  }

  void host_port(std::string_view key, HostPort& into) {
    std::string value;
    text(key, value);
    if (value.empty()) {
      return;
    }
    if (auto parsed = HostPort::parse(value)) {
      into = *parsed;
    } else {
      fail(key, parsed.error().message, parsed.error().hint);
    }
  }

  void one_of(std::string_view key, std::initializer_list<std::string_view> allowed,
              std::string& into) {
    text(key, into);
    if (std::find(allowed.begin(), allowed.end(), into) == allowed.end()) {
      std::string list;
      for (const std::string_view value : allowed) {
        list += (list.empty() ? "" : ", ") + std::string(value);
      }
      fail(key, "must be one of " + list);
    }
  }

  void texts(std::string_view key, std::vector<std::string>& into) {
    const toml::node* node = find(key);
    if (node == nullptr) {
      return;
    }
    if (!node->is_array()) {
      fail(key, "must be a list of texts");
      return;
    }
    for (const toml::node& item : *node->as_array()) {
      const auto value = item.value_exact<std::string>();
      if (!value) {
        fail(key, "must be a list of texts");
        return;
      }
      into.push_back(*value);
    }
  }

  const toml::table* table(std::string_view key) {
    const toml::node* node = find(key);
    if (node != nullptr && !node->is_table()) {
      fail(key, "must be a table, [" + prefix_ + std::string(key) + "]");
      return nullptr;
    }
    return node == nullptr ? nullptr : node->as_table();
  }

  const toml::array* tables(std::string_view key) {
    const toml::node* node = find(key);
    if (node != nullptr && !node->is_array_of_tables()) {
      fail(key, "must be written as [[" + prefix_ + std::string(key) + "]] blocks");
      return nullptr;
    }
    return node == nullptr ? nullptr : node->as_array();
  }

  /// After all keys were asked for: whatever else is there is unknown.
  Result<void> done() const {
    if (error_) {
      return *error_;
    }
    for (const auto& item : table_) {
      const std::string_view name = item.first.str();
      if (known_.contains(std::string(name))) {
        continue;
      }
      const auto nearest = std::min_element(known_.begin(), known_.end(),
                                            [&](const std::string& a, const std::string& b) {
                                              return distance(a, name) < distance(b, name);
                                            });
      return bad(prefix_ + std::string(name), "unknown",
                 "did you mean " + prefix_ + *nearest + "?");
    }
    return {};
  }

 private:
  const toml::node* find(std::string_view key) {
    known_.emplace(key);
    return table_.get(key);
  }
  void fail(std::string_view key, const std::string& reason, const std::string& hint = "") {
    if (!error_) {
      error_ = bad(prefix_ + std::string(key), reason, hint);
    }
  }

  const toml::table& table_;
  const std::string prefix_;
  std::set<std::string, std::less<>> known_;
  std::optional<Error> error_;
};

Result<void> read_peers(const toml::array& blocks, Config& config) {
  for (const toml::node& block : blocks) {
    const std::string name = "peers[" + std::to_string(config.peers.size()) + "].";
    TableReader reader(*block.as_table(), name);
    Config::Peer peer;
    reader.text("member", peer.member);
    reader.host_port("address", peer.address);
    if (auto done = reader.done(); !done) {
      return done;
    }
    if (peer.member.empty() || peer.address.port == 0) {
      return bad(name + (peer.member.empty() ? "member" : "address"), "missing");
    }
    for (const Config::Peer& other : config.peers) {
      if (other.member == peer.member) {
        return bad(name + "member", peer.member + " has a block already");
      }
    }
    config.peers.push_back(std::move(peer));
  }
  return {};
}

Result<void> read_logs(const toml::array& blocks, Config& config) {
  std::set<std::string> seen;
  for (const toml::node& block : blocks) {
    const std::string name = "logs[" + std::to_string(seen.size()) + "].";
    TableReader reader(*block.as_table(), name);
    std::string member;
    bool contents = true;
    reader.text("member", member);
    reader.boolean("contents", contents);
    if (auto done = reader.done(); !done) {
      return done;
    }
    if (member.empty()) {
      return bad(name + "member", "missing");
    }
    if (member == config.member && !contents) {
      return bad(name + "contents", "a node keeps the contents of its own log");
    }
    if (!seen.insert(member).second) {
      return bad(name + "member", member + " has a block already");
    }
    if (!contents) {
      config.witness_only.push_back(member);
    }
  }
  return {};
}

std::string without_slash(std::string url) {
  while (url.ends_with('/')) {
    url.pop_back();
  }
  return url;
}

/// Of this node's own address, which the forms' QR codes name with some 250 bytes more: a code of
/// 600 is still read from a stamped paper. `hefu report write --public-url` takes as many.
constexpr std::size_t kPublicUrlBytesMax = 300;

Result<void> need_web_address(const std::string& key, const std::string& address) {
  return is_web_address(address) ? Result<void>()
                                 : bad(key, address.empty() ? "missing" : "not an https:// address",
                                       "http:// is for 127.0.0.1 and localhost alone");
}

Result<void> read_oidc(const toml::table& table, const std::filesystem::path& folder,
                       Config& config) {
  TableReader reader(table, "api.oidc.");
  Config::Oidc oidc;
  reader.text("issuer", oidc.issuer);
  reader.text("client_id", oidc.client_id);
  reader.path("client_secret_file", folder, oidc.client_secret_file);
  reader.text("name_claim", oidc.name_claim);
  reader.text("scope", oidc.scope);
  if (auto done = reader.done(); !done) {
    return done;
  }
  if (auto fit = need_web_address("api.oidc.issuer", oidc.issuer); !fit) {
    return fit;
  }
  if (oidc.client_id.empty() || oidc.name_claim.empty()) {
    return bad(oidc.client_id.empty() ? "api.oidc.client_id" : "api.oidc.name_claim", "missing");
  }
  if ((' ' + oidc.scope + ' ').find(" openid ") == std::string::npos) {
    return bad("api.oidc.scope", "does not name openid");
  }
  config.oidc = std::move(oidc);
  return {};
}

/// Single sign-on: one service, and where it sends browsers back to.
Result<void> read_outside(const toml::table* oidc, const toml::table* cas,
                          const std::filesystem::path& folder, Config& config) {
  if (oidc != nullptr && cas != nullptr) {
    return bad("api.cas", "there is [api.oidc] already", "one single sign-on per node");
  }
  if (oidc != nullptr) {
    if (auto done = read_oidc(*oidc, folder, config); !done) {
      return done;
    }
  }
  if (cas != nullptr) {
    TableReader reader(*cas, "api.cas.");
    std::string url;
    reader.text("url", url);
    if (auto done = reader.done(); !done) {
      return done;
    }
    if (auto fit = need_web_address("api.cas.url", url); !fit) {
      return fit;
    }
    config.cas_url = without_slash(std::move(url));
  }
  if (config.public_url.size() > kPublicUrlBytesMax) {
    return bad("api.public_url", "longer than " + std::to_string(kPublicUrlBytesMax) + " bytes",
               "the QR codes of forms name it: give a shorter address of the node");
  }
  return oidc == nullptr && cas == nullptr && config.public_url.empty()
             ? Result<void>()
             : need_web_address("api.public_url", config.public_url);
}

bool is_loopback(const std::string& host) {
  return host == "::1" || host == "localhost" || host.starts_with("127.");
}

/// After read_api: what is reached from elsewhere asks who one is.
Result<void> read_https(const toml::table& table, const std::filesystem::path& folder,
                        Config& config) {
  TableReader reader(table, "https.");
  Config::Https https;
  reader.host_port("listen", https.listen);
  reader.path("certificate", folder, https.certificate);
  reader.path("key", folder, https.key);
  if (auto done = reader.done(); !done) {
    return done;
  }
  if (https.listen.port == 0 || https.certificate.empty() || https.key.empty()) {
    return bad(https.listen.port == 0      ? "https.listen"
               : https.certificate.empty() ? "https.certificate"
                                           : "https.key",
               "missing");
  }
  if (!config.sign_in_required && !is_loopback(https.listen.host)) {
    return bad("https.listen", "reaches beyond this machine, where nobody has to sign in",
               "set api.sign_in = \"required\"");
  }
  config.https = std::move(https);
  return {};
}

Result<void> read_api(const toml::table& table, const std::filesystem::path& folder,
                      Config& config) {
  TableReader reader(table, "api.");
  std::string sign_in = "open";
  reader.one_of("sign_in", {"open", "required"}, sign_in);
  config.sign_in_required = sign_in == "required";
  reader.texts("proxies", config.http_proxies);
  reader.texts("webhook_hosts", config.webhook_hosts);
  std::int64_t idle = config.session_idle.count();
  reader.number("session_idle_min", 1, 24 * 60, idle);
  config.session_idle = std::chrono::minutes(idle);
  std::int64_t longest = config.session_longest.count();
  reader.number("session_hours", 1, 24 * 31, longest);
  config.session_longest = std::chrono::hours(longest);
  reader.text("public_url", config.public_url);
  config.public_url = without_slash(std::move(config.public_url));
  const toml::table* oidc = reader.table("oidc");
  const toml::table* cas = reader.table("cas");
  if (auto done = reader.done(); !done) {
    return done;
  }
  return read_outside(oidc, cas, folder, config);
}

Result<Config> read(const toml::table& table, const std::filesystem::path& folder) {
  Config config;
  TableReader top(table, "");
  top.path("charter", folder, config.charter);
  top.text("member", config.member);
  top.path("data", folder, config.data);
  top.path("keys", folder, config.keys);
  top.path("passphrase_file", folder, config.passphrase_file);
  top.path("catalogue", folder, config.catalogue);
  const toml::table* http = top.table("http");
  const toml::table* https = top.table("https");
  const toml::table* api = top.table("api");
  const toml::table* peer = top.table("peer");
  const toml::table* replication = top.table("replication");
  const toml::table* guests = top.table("guests");
  const toml::table* log = top.table("log");
  const toml::table* backup = top.table("backup");
  const toml::table* storage = top.table("storage");
  const toml::array* peers = top.tables("peers");
  const toml::array* logs = top.tables("logs");
  const toml::table* witness = top.table("witness");
  if (auto done = top.done(); !done) {
    return done.error();
  }
  if (config.member.empty()) {
    return bad("member", "missing", "write this institution's credit code, as in the charter");
  }
  if (http != nullptr) {
    TableReader reader(*http, "http.");
    reader.host_port("listen", config.http);
    std::int64_t threads = config.http_threads;
    reader.number("threads", 1, 256, threads);
    config.http_threads = static_cast<int>(threads);
    reader.number("requests_per_second", 0, 1000, config.requests_per_second);
    reader.number("connections_per_address", 0, 1024, config.connections_per_address);
    if (auto done = reader.done(); !done) {
      return done.error();
    }
  }
  if (api != nullptr) {
    if (auto done = read_api(*api, folder, config); !done) {
      return done.error();
    }
  }
  if (https != nullptr) {
    if (auto done = read_https(*https, folder, config); !done) {
      return done.error();
    }
  }
  if (peer != nullptr) {
    TableReader reader(*peer, "peer.");
    reader.host_port("listen", config.peer);
    if (auto done = reader.done(); !done) {
      return done.error();
    }
  }
  if (replication != nullptr) {
    TableReader reader(*replication, "replication.");
    reader.milliseconds("interval_ms", 10, config.interval);
    reader.milliseconds("anchor_interval_ms", 0, config.anchor_interval);
    std::int64_t copies = -1;
    reader.number("copies", 0, 100, copies);
    if (copies >= 0) {
      config.copies = static_cast<std::size_t>(copies);
    }
    reader.milliseconds("patience_ms", 1, config.patience);
    if (auto done = reader.done(); !done) {
      return done.error();
    }
  }
  if (storage != nullptr) {
    TableReader reader(*storage, "storage.");
    std::int64_t reserve = config.reserve_mib;
    reader.number("reserve_mib", 0, 1 << 30, reserve);
    config.reserve_mib = static_cast<std::uint32_t>(reserve);
    std::int64_t log_quota = config.log_quota_mib;
    reader.number("log_quota_mib", 0, 1 << 30, log_quota);
    config.log_quota_mib = static_cast<std::uint32_t>(log_quota);
    std::int64_t held_quota = config.held_quota_mib;
    reader.number("held_quota_mib", 16, 1 << 20, held_quota);
    config.held_quota_mib = static_cast<std::uint32_t>(held_quota);
    if (auto done = reader.done(); !done) {
      return done.error();
    }
  }
  if (backup == nullptr) {
    config.backup_folder = folder / config.backup_folder;
  } else {
    TableReader reader(*backup, "backup.");
    reader.path("folder", folder, config.backup_folder);
    std::int64_t kept = config.backups_kept;
    reader.number("keep", 1, 1000, kept);
    config.backups_kept = static_cast<std::uint32_t>(kept);
    if (auto done = reader.done(); !done) {
      return done.error();
    }
  }
  if (guests != nullptr) {
    TableReader reader(*guests, "guests.");
    reader.number("merge_delay_s", 1, 31 * 86'400, config.guest_merge_delay_s);
    if (auto done = reader.done(); !done) {
      return done.error();
    }
  }
  if (witness != nullptr) {
    TableReader reader(*witness, "witness.");
    std::vector<std::string> keys;
    reader.texts("logs", keys);
    if (auto done = reader.done(); !done) {
      return done.error();
    }
    for (const std::string& text : keys) {
      auto key = VerifierKey::parse(text);
      if (!key || key->type != kNoteEd25519) {
        return bad("witness.logs", key ? text + " is not a log's key" : key.error().message,
                   "give each log's verifier key: <origin>+<key id>+<base64>");
      }
      config.witnessed_logs.push_back(*std::move(key));
    }
  }
  if (log != nullptr) {
    TableReader reader(*log, "log.");
    reader.one_of("level", {"trace", "debug", "info", "warn", "error"}, config.log_level);
    std::string format = "text";
    reader.one_of("format", {"text", "json"}, format);
    config.log_json = format == "json";
    if (auto done = reader.done(); !done) {
      return done.error();
    }
  }
  if (peers != nullptr) {
    if (auto done = read_peers(*peers, config); !done) {
      return done.error();
    }
  }
  if (logs != nullptr) {
    if (auto done = read_logs(*logs, config); !done) {
      return done.error();
    }
  }
  return config;
}

}  // namespace

Result<HostPort> HostPort::parse(std::string_view text) {
  const Error error{Errc::kInvalid, "\"" + std::string(text) + "\" is not host:port",
                    "as in \"127.0.0.1:7410\" or \"[::1]:7410\""};
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) {
    return error;
  }
  std::string_view host = text.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return error;
  }
  const std::string_view digits = text.substr(colon + 1);
  HostPort parsed;
  const auto [end, code] =
      std::from_chars(digits.data(), digits.data() + digits.size(), parsed.port);
  if (code != std::errc() || end != digits.data() + digits.size() || parsed.port == 0 ||
      host.empty()) {
    return error;
  }
  parsed.host = std::string(host);
  return parsed;
}

Result<Config> parse_config(std::string_view text, const std::filesystem::path& folder) {
  const toml::parse_result config = toml::parse(text);
  if (!config) {
    return Error{Errc::kInvalid,
                 "configuration line " + std::to_string(config.error().source().begin.line) + ": " +
                     std::string(config.error().description()),
                 ""};
  }
  return read(config.table(), folder);
}

}  // namespace hefu
