// hefud: the node of one member.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <optional>
#include <utility>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "api/accounts/secret_box.h"
#include "api/http_server.h"
#include "api/routes.h"
#include "crypto/key_file.h"
#include "crypto/secret_text.h"
#include "crypto/system_entropy.h"
#include "ledger/charter/member_json.h"
#include "ledger/event/canonical_json.h"
#include "node/access.h"
#include "node/config.h"
#include "node/files.h"
#include "node/node.h"
#include "node/operator_token.h"
#include "node/salvage.h"
#include "node/single_sign_on.h"

namespace hefu {
namespace {

constexpr int kExitOk = 0;
constexpr int kExitUsage = 2;
constexpr int kExitFailed = 1;
constexpr std::size_t kPassphraseBytesMax = 4096;
constexpr const char* kSealingKey = "sealing";
constexpr std::size_t kCardBytesMax = std::size_t{1} << 20;
constexpr std::size_t kCatalogueBytesMax = std::size_t{4} << 20;
/// How long `ready` waits for the other members' word about this node's log.
constexpr std::chrono::milliseconds kReadyPatience{5'000};
constexpr std::chrono::milliseconds kStopGrace{5'000};

constexpr const char* kFooter =
    "Example:\n"
    "  hefud --config /srv/hefu/hefud.toml --check-config   what is wrong, if anything\n"
    "  hefud --config /srv/hefu/hefud.toml                  runs until SIGTERM\n"
    "  hefud --config /srv/hefu/hefud.toml --recover        as after a disk that is not trusted\n"
    "\n"
    "The folder is made by `hefu init`; node/hefud.example.toml explains every key. The "
    "passphrase\n"
    "of the key files is read from passphrase_file or from the environment HEFU_PASSPHRASE.";

struct Arguments {
  std::string config;
  bool check_config = false;
  bool new_log = false;
  bool recover = false;
  std::vector<std::string> without;
};

int fail(const Error& error) {
  std::cerr << "hefud: " << error.message << "\n";
  if (!error.hint.empty()) {
    std::cerr << "  " << error.hint << "\n";
  }
  return kExitFailed;
}

Result<SecretText> read_passphrase(const Config& config) {
  if (!config.passphrase_file.empty()) {
    auto text = read_file(config.passphrase_file, kPassphraseBytesMax);
    if (!text) {
      return text.error().during("passphrase_file");
    }
    while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) {
      text->pop_back();
    }
    return SecretText(*std::move(text));
  }
  char* value = std::getenv("HEFU_PASSPHRASE");  // NOLINT(concurrency-mt-unsafe)
  if (value == nullptr) {
    return Error{Errc::kUnauthorised, "no passphrase for the key files",
                 "set passphrase_file in the configuration, or HEFU_PASSPHRASE"};
  }
  SecretText words{std::string(value)};
  // What the environment held stays readable in /proc as long as the process lives.
  ::explicit_bzero(value, std::strlen(value));
  ::unsetenv("HEFU_PASSPHRASE");  // NOLINT(concurrency-mt-unsafe): no other thread yet
  return words;
}

/// Opens key files, each once: a passphrase is slow to check, and meant to be.
class KeyRing {
 public:
  KeyRing(std::filesystem::path folder, SecretText passphrase)
      : folder_(std::move(folder)), passphrase_(std::move(passphrase)) {}

  /// The key in "<file>.key". Errors: kNotFound, those of open_key.
  Result<SecretKey> read(const std::string& file) {
    const auto path = folder_ / (file + ".key");
    const auto text = read_file(path, kKeyFileBytesMax);
    if (!text) {
      return text.error();
    }
    const auto holds = key_file_public(*text);
    if (!holds) {
      return holds.error().during(path.string());
    }
    for (const SecretKey& key : opened_) {
      if (key.public_key() == *holds) {
        return SecretKey::from_seed(key.seed());
      }
    }
    auto key = open_key(*text, passphrase_.view());
    if (!key) {
      return key.error().during(path.string());
    }
    opened_.push_back(SecretKey::from_seed(key->seed()));
    return key;
  }

  /// The key that seals what the database must not show, in "sealing.key": made when it is asked
  /// for the first time. A database without it, from a backup for example, shows no such secret.
  /// Errors: also kIo (it cannot be written).
  Result<SecretKey> sealing_key(Entropy& entropy) {
    auto key = read(kSealingKey);
    if (key || key.error().code != Errc::kNotFound) {
      return key;
    }
    const SecretKey made = SecretKey::from_seed(entropy.take<SecretKey::kSeedSize>());
    const auto path = folder_ / (std::string(kSealingKey) + ".key");
    const std::string text = seal_key(made, kSealingKey, passphrase_.view(), entropy);
    if (auto written = write_file_atomically(path, text, FileMode::kPrivate); !written) {
      return Error{
          written.error().code, written.error().message,
          "secrets are sealed with " + path.string() + ": let hefud write into that folder once"};
    }
    return SecretKey::from_seed(made.seed());
  }

  /// The keys the node works with, and those made to follow them.
  Result<NodeKeys> node_keys() {
    // The next ones first: `hefu key rotate` puts one in the place of the other while this runs.
    std::vector<SecretKey> next;
    for (const KeyRole role : {KeyRole::kLog, KeyRole::kWitness, KeyRole::kNode}) {
      auto key = read(std::string(name(role)) + "-next");
      if (key) {
        next.push_back(*std::move(key));
      } else if (key.error().code != Errc::kNotFound) {
        return key.error();
      }
    }
    auto log = read(name(KeyRole::kLog));
    auto witness = log ? read(name(KeyRole::kWitness)) : Result<SecretKey>(log.error());
    auto node = witness ? read(name(KeyRole::kNode)) : Result<SecretKey>(witness.error());
    if (!node) {
      return node.error();
    }
    return NodeKeys{*std::move(log), *std::move(witness), *std::move(node), std::move(next)};
  }

 private:
  const std::filesystem::path folder_;
  const SecretText passphrase_;  // kept: keys made later are opened when the charter names them
  std::vector<SecretKey> opened_;
};

/// Everything the configuration names, read and checked.
struct Setup {
  Config config;
  Charter charter;  ///< as it was founded
  Catalogue catalogue;
  std::optional<Member> card;  ///< of this institution, if it lies beside the configuration
};

Result<Setup> read_setup(const std::filesystem::path& file) {
  auto text = read_file(file, kConfigBytesMax);
  if (!text) {
    return text.error();
  }
  auto config = parse_config(*text, file.parent_path());
  if (!config) {
    return config.error().during(file.string());
  }
  Setup setup;
  setup.config = *std::move(config);
  auto note = read_file(setup.config.charter, kCharterBytesMax);
  if (!note) {
    return note.error().during("charter");
  }
  auto charter = parse_charter(*note);
  if (!charter) {
    return charter.error().during(setup.config.charter.string());
  }
  setup.charter = *std::move(charter);
  if (const auto card = read_file(file.parent_path() / "member.json", kCardBytesMax)) {
    const auto json = parse_json(*card, kCardBytesMax);
    auto member = json ? member_from_json(*json) : Result<Member>(json.error());
    if (!member) {
      return member.error().during("member.json");
    }
    setup.card = *std::move(member);
  }
  // Peers and this member may have been admitted since: the node looks at them once it has read
  // what was decided.
  if (setup.charter.member(setup.config.member) == nullptr && !setup.card) {
    return Error{Errc::kInvalid, "the charter has no member " + setup.config.member,
                 "check `member` in the configuration against `hefu charter show`; an institution "
                 "that is to be admitted keeps its member.json beside hefud.toml"};
  }
  for (const std::string& member : setup.config.witness_only) {
    if (setup.charter.member(member) == nullptr) {
      return Error{Errc::kInvalid, "configuration key logs: the charter has no member " + member,
                   "`hefu charter show` lists them"};
    }
  }
  if (!setup.config.catalogue.empty()) {
    auto json = read_file(setup.config.catalogue, kCatalogueBytesMax);
    auto catalogue = json ? Catalogue::parse(*json) : Result<Catalogue>(json.error());
    if (!catalogue) {
      return catalogue.error().during(setup.config.catalogue.string());
    }
    setup.catalogue = *std::move(catalogue);
  }
  return setup;
}

/// A database with damage is replaced before the node starts: what only it has is kept.
Result<void> heal(const std::filesystem::path& data, Journal& journal) {
  const auto damage = find_damage(data);
  if (!damage || !*damage) {
    return damage ? Result<void>() : damage.error();
  }
  const auto salvage = replace_damaged(data);
  if (!salvage) {
    return salvage.error();
  }
  journal.warn("the database was damaged and is begun anew; the logs come from the other members",
               {{"damage", **damage},
                {"set_aside", salvage->aside.string()},
                {"witnessed", std::to_string(salvage->witnessed)},
                {"openings", std::to_string(salvage->openings)},
                {"of_accounts", std::to_string(salvage->of_accounts)}});
  for (const std::string& lost : salvage->lost) {
    journal.warn("what only this node had could not be read to the end", {{"of", lost}});
  }
  return {};
}

bool is_loopback(const std::string& host) {
  return host == "::1" || host == "localhost" || host.starts_with("127.");
}

/// "localhost" for the servers, which take numeric addresses only.
std::string numeric(const std::string& host) {
  return host == "localhost" ? "127.0.0.1" : host;
}

/// The API over TLS, where the configuration asks for it; null: it does not. The certificate is
/// read now: one that was renewed takes a new start.
Result<std::unique_ptr<HttpServer>> start_https(const Config& config, HttpServerOptions options,
                                                Loop& loop, HttpHandler& handler) {
  if (!config.https) {
    return std::unique_ptr<HttpServer>();
  }
  auto tls = TlsContext::https(config.https->certificate.string(), config.https->key.string());
  if (!tls) {
    return tls.error().during("https");
  }
  options.tls = *std::move(tls);
  options.address = numeric(config.https->listen.host);
  options.port = config.https->listen.port;
  options.hosts.clear();  // a name is what it is reached by
  return HttpServer::start(loop, options, handler);
}

/// Runs the node until a signal; which one it was. SIGUSR1: the charter has changed, the node is to
/// begin anew by what is in force.
Result<int> serve(const Setup& setup, KeyRing& ring, const NodeOptions& options, Sessions& sessions,
                  SingleSignOn& single_sign_on, const Digest& operator_token, SecretBox& box,
                  const sigset_t& signals, Journal& journal) {
  const Config& config = setup.config;
  auto keys = ring.node_keys();
  if (!keys) {
    return keys.error();
  }
  auto node = Node::start(setup.charter, *std::move(keys), options, journal);
  if (!node) {
    return node.error();
  }
  Routes routes((*node)->port());
  Access::Options allowed;
  allowed.sign_in_required = config.sign_in_required;
  // Whoever is on this machine is trusted not to flood it: programs and the proxy beside the node.
  const std::vector<std::string> own = {"127.0.0.1", "::1"};
  allowed.requests_per_second = config.requests_per_second;
  allowed.uncounted = own;
  allowed.proxies = config.http_proxies;
  allowed.operator_token = operator_token;
  allowed.box = &box;
  allowed.webhook_hosts = config.webhook_hosts;
  allowed.public_url = config.public_url;
  allowed.sign_in_service = single_sign_on.service();
  auto access = Access::open((*node)->store(), journal, (*node)->port(), routes, sessions,
                             std::move(allowed));
  if (!access) {
    return access.error();
  }
  HttpServerOptions http;
  http.address = numeric(config.http.host);
  http.port = config.http.port;
  http.workers = config.http_threads;
  http.connections_per_address_max = static_cast<std::size_t>(config.connections_per_address);
  http.uncounted = own;
  http.uncounted.insert(http.uncounted.end(), config.http_proxies.begin(),
                        config.http_proxies.end());
  if (is_loopback(config.http.host)) {
    http.hosts = {"localhost", "127.0.0.1", "[::1]", "::1", config.http.host};
  }
  auto server = HttpServer::start((*node)->loop(), http, (*access)->handler());
  if (!server) {
    return server.error();
  }
  auto https = start_https(config, http, (*node)->loop(), (*access)->handler());
  if (!https) {
    return https.error();
  }
  const bool writing = (*node)->wait_until_writing(kReadyPatience);
  std::cout << "ready member=" << config.member << " http=" << config.http.host << ":"
            << (*server)->port()
            << (*https
                    ? " https=" + config.https->listen.host + ":" + std::to_string((*https)->port())
                    : "")
            << " peer=" << config.peer.host << ":" << (*node)->peer_port()
            << " writing=" << (writing ? "yes" : "no") << std::endl;
  int received = 0;
  sigwait(&signals, &received);
  journal.info(received == SIGUSR1 ? "beginning anew by the charter in force" : "stopping",
               {{"signal", std::to_string(received)}});
  if (*https) {
    (*https)->stop(kStopGrace);
  }
  (*server)->stop(kStopGrace);
  https = Error{};
  server = Error{};  // the HTTP server first: it calls into the others
  access = Error{};
  node = Error{};
  journal.info("stopped");
  return received;
}

int run(const Arguments& arguments) {
  // The memory of a node holds its keys: none of it may be left in a file after a crash.
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  auto setup = read_setup(arguments.config);
  if (!setup) {
    return fail(setup.error());
  }
  const Config& config = setup->config;
  auto passphrase = read_passphrase(config);
  if (!passphrase) {
    return fail(passphrase.error());
  }
  KeyRing ring(config.keys, *std::move(passphrase));
  if (auto keys = ring.node_keys(); !keys) {
    return fail(keys.error());
  }
  for (const std::string& member : arguments.without) {
    if (setup->charter.member(member) == nullptr) {
      return fail(Error{Errc::kInvalid, "--without: the charter has no member " + member,
                        "`hefu charter show` lists them"});
    }
  }
  const auto single_sign_on = SingleSignOn::make(config);
  if (!single_sign_on) {
    return fail(single_sign_on.error());
  }
  if (arguments.check_config) {
    std::cout << "configuration ok: member " << config.member << " of \"" << setup->charter.name
              << "\", " << config.peers.size() << " peers\n";
    return kExitOk;
  }
  if (auto made = create_private_dir(config.data); !made) {
    return fail(made.error());
  }
  // Blocked before any thread starts, so that every thread leaves them to sigwait below.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  Journal journal(Journal::level(config.log_level),
                  config.log_json ? Journal::Format::kJson : Journal::Format::kText);
  if (others_may_read(config.passphrase_file)) {
    journal.warn("everybody on this machine may read the passphrase file",
                 {{"file", config.passphrase_file.string()}});
  }
  if (arguments.recover) {
    if (auto healed = heal(config.data, journal); !healed) {
      return fail(healed.error());
    }
  }
  NodeOptions options;
  options.data = config.data;
  options.member = config.member;
  for (const Config::Peer& peer : config.peers) {
    options.peers.push_back({peer.member, peer.address.host, peer.address.port});
  }
  options.peer_address = numeric(config.peer.host);
  options.peer_port = config.peer.port;
  options.interval = config.interval;
  options.anchor_interval = config.anchor_interval;
  options.copies = config.copies;
  options.log_bytes_max = std::uint64_t{config.log_quota_mib} << 20;
  options.held_bytes_max = std::uint64_t{config.held_quota_mib} << 20;
  options.space.reserve_bytes = std::uint64_t{config.reserve_mib} << 20;
  options.backup = {config.backup_folder, config.backups_kept};
  options.witnessed_logs = config.witnessed_logs;
  options.witness_only = config.witness_only;
  options.patience = config.patience;
  options.merge_delay = std::chrono::seconds(config.guest_merge_delay_s);
  options.threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  options.new_log = arguments.new_log;
  options.doubt = arguments.recover;
  options.without = arguments.without;
  options.catalogue = std::move(setup->catalogue);
  options.card = setup->card;
  options.charter_changed = [] { ::kill(::getpid(), SIGUSR1); };
  if (config.https && others_may_read(config.https->key)) {
    journal.warn("everybody on this machine may read the key of the certificate",
                 {{"file", config.https->key.string()}});
  }
  if (config.sign_in_required && !is_loopback(config.http.host)) {
    journal.warn("passwords and tokens cross the network in clear: put a TLS proxy before the API",
                 {{"listen", config.http.host}});
  }
  SystemEntropy entropy;
  SecretBox box([&ring, &entropy] { return ring.sealing_key(entropy); }, entropy);
  const auto operator_token = OperatorToken::make(config.data, entropy);
  if (!operator_token) {
    return fail(operator_token.error());
  }
  Sessions::Options lasting;
  lasting.idle = config.session_idle;
  lasting.longest = config.session_longest;
  Sessions sessions(lasting);
  while (true) {
    const auto ended = serve(*setup, ring, options, sessions, **single_sign_on,
                             operator_token->digest(), box, signals, journal);
    if (!ended) {
      return fail(ended.error());
    }
    if (*ended != SIGUSR1) {
      return kExitOk;
    }
    // What it was told with the command line concerned its first start.
    options.new_log = false;
    options.doubt = false;
  }
}

}  // namespace
}  // namespace hefu

int main(int argc, char** argv) {
  CLI::App app{"hefud: the node of one member of a Hefu federation"};
  app.footer(hefu::kFooter);
  hefu::Arguments arguments;
  app.add_option("--config", arguments.config, "configuration file (TOML)")->required();
  app.add_flag("--check-config", arguments.check_config,
               "read everything, say what is wrong, start nothing");
  app.add_flag("--new-log", arguments.new_log,
               "this member never had a log: begin one without asking the other members first");
  app.add_flag("--recover", arguments.recover,
               "the data may be old or incomplete: hear enough other members before the log grows");
  app.add_option("--without", arguments.without,
                 "do not wait for this member (credit code) before the log grows: it is gone for "
                 "good. What only it holds of this log is lost then");
  app.set_version_flag("--version", hefu::kProgramName);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? hefu::kExitOk : hefu::kExitUsage;
  }
  return hefu::run(arguments);
}
