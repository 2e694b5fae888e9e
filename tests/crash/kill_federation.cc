// Three real nodes, each with a client that appends without pause, killed with SIGKILL again and
// again, now and then with their disk taken away; and a check, from outside and at the end from the
// disks themselves, that nothing that was acknowledged is missing at its level.
//
//   kill_federation [cycles] [seed]
//
// stored:     the event is at its index after the node is back, unless its disk was taken.
// replicated: the event is at its index whatever happened, and the checkpoint that came with it is
//             the root of a beginning of the final log on every node.

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <boost/json.hpp>
#include <fcntl.h>
#include <netinet/in.h>
#include <sodium.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/key_file.h"
#include "ledger/event/envelope.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/tile_nodes.h"
#include "ledger/merkle/tree.h"
#include "node/store.h"
#include "tests/support/federation.h"
#include "tests/support/seeded_entropy.h"
#include "tests/support/temporary_dir.h"
#include "tools/http_client.h"

namespace {

using namespace hefu;  // NOLINT(google-build-using-namespace): a program of its own
namespace json = boost::json;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::size_t kMembers = 3;
constexpr const char* kPassphrase = "kill_federation";

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "FAILED: %s\n", why.c_str());
  std::_Exit(1);
}

std::uint16_t free_port() {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
      ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    give_up("no free port");
  }
  ::close(listener);
  return ntohs(address.sin_port);
}

void write(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
}

/// What a client was told.
struct Acknowledged {
  std::uint64_t index = 0;
  bool replicated = false;
};

/// One member: its folder, its process, and what it acknowledged.
class Site {
 public:
  Site(const fs::path& root, const TestFederation& federation, std::size_t number,
       const std::vector<std::uint16_t>& ports)
      : folder_(root / ("m" + std::to_string(number))),
        federation_(federation),
        number_(number),
        http_("http://127.0.0.1:" + std::to_string(ports[2 * number])) {
    fs::create_directories(folder_ / "keys");
    fs::create_directories(folder_ / "data");
    SeededEntropy entropy(number);
    for (const KeyRole role : {KeyRole::kLog, KeyRole::kWitness, KeyRole::kNode}) {
      write(folder_ / "keys" / (std::string(name(role)) + ".key"),
            seal_key(federation.key(number, role), "crash test", kPassphrase, entropy,
                     kKeyFileCostMin));
    }
    write(folder_ / "charter.note", federation.charter().note);
    write(folder_ / "passphrase", kPassphrase);
    std::string config = "member = \"" + federation.member(number).id +
                         "\"\npassphrase_file = \"passphrase\"\n[http]\nlisten = \"127.0.0.1:" +
                         std::to_string(ports[2 * number]) + "\"\n[peer]\nlisten = \"127.0.0.1:" +
                         std::to_string(ports[2 * number + 1]) +
                         "\"\n[replication]\ninterval_ms = 50\nanchor_interval_ms = 200\n";
    for (std::size_t other = 0; other < kMembers; ++other) {
      if (other != number) {
        config += "[[peers]]\nmember = \"" + federation.member(other).id +
                  "\"\naddress = \"127.0.0.1:" + std::to_string(ports[2 * other + 1]) + "\"\n";
      }
    }
    write(folder_ / "hefud.toml", config);
  }

  [[nodiscard]] fs::path data() const { return folder_ / "data"; }
  [[nodiscard]] fs::path log_file() const { return folder_ / "hefud.log"; }
  [[nodiscard]] const std::string& http() const { return http_; }

  void start() {
    process_ = ::fork();
    if (process_ == 0) {
      const int out = ::open(log_file().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
      ::dup2(out, STDOUT_FILENO);
      ::dup2(out, STDERR_FILENO);
      const std::string config = (folder_ / "hefud.toml").string();
      ::execl(HEFU_BINARY_DIR "/bin/hefud", "hefud", "--config", config.c_str(), nullptr);
      ::_exit(127);
    }
  }
  void kill(int signal) {
    ::kill(process_, signal);
    ::waitpid(process_, nullptr, 0);
  }
  /// After a kill: the disk is gone, and with it what was only stored.
  void lose_disk() {
    fs::remove_all(data());
    fs::create_directories(data());
    const std::lock_guard lock(mutex_);
    std::erase_if(acknowledged_, [](const auto& one) { return !one.second.replicated; });
  }

  bool status_says(const char* key) const {
    HttpClient client(http_);
    const auto status = client.get_json("/v1/status");
    if (!status) {
      return false;
    }
    const json::object& object = status->as_object();
    return std::string(key) == "writing" ? object.at("log").at("writing").as_bool()
                                         : object.at(key).as_bool();
  }
  void await(const char* key, std::chrono::seconds patience) const {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!status_says(key)) {
      if (std::chrono::steady_clock::now() > end) {
        give_up("member " + std::to_string(number_) + " is not " + key + ": see " +
                log_file().string());
      }
      std::this_thread::sleep_for(20ms);
    }
  }

  /// Appends until told to stop. What fails is sent again, as a person would.
  void append_until(const std::atomic<bool>& stop, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    HttpClient client(http_);
    std::uint64_t next = 0;
    while (!stop) {
      const std::size_t count = 1 + random() % 20;
      const bool stored = random() % 4 == 0;
      const auto envelopes = federation_.envelopes(number_, next, count);
      Bytes body;
      for (const Bytes& envelope : envelopes) {
        append_be(body, static_cast<std::uint16_t>(envelope.size()));
        append(body, envelope);
      }
      while (!stop) {
        const auto answer =
            client.post(std::string("/v1/events?ack=") + (stored ? "stored" : "replicated"),
                        "application/x-hefu-envelopes", body);
        if (!answer) {
          std::this_thread::sleep_for(10ms);
          continue;
        }
        take(json::parse(as_text(*answer)).as_object(), envelopes);
        next += count;
        break;
      }
    }
  }

  void check(const Store& store, bool own) const {
    const std::lock_guard lock(mutex_);
    const auto log = store.known_number(federation_.member(number_).origin);
    if (!log) {
      give_up("a log is missing");
    }
    const auto head = store.head(*log);
    for (const auto& [envelope, place] : acknowledged_) {
      if (!place.replicated && !own) {
        continue;
      }
      const auto entry = store.entry(*log, place.index);
      if (!entry || *entry != envelope) {
        give_up("member " + std::to_string(number_) + ": acknowledged event " +
                std::to_string(place.index) + (place.replicated ? " (replicated)" : " (stored)") +
                " is not there; the log has " + std::to_string(head->size) + " entries");
      }
    }
    TileNodes nodes(head->size, tile_source(store, *log));
    for (const Checkpoint& checkpoint : checkpoints_) {
      if (checkpoint.size > head->size ||
          subtree_root(0, checkpoint.size, nodes.reader()) != checkpoint.root || nodes.failure()) {
        give_up("member " + std::to_string(number_) + ": the checkpoint of size " +
                std::to_string(checkpoint.size) + " is no beginning of the final log");
      }
    }
  }
  [[nodiscard]] std::pair<std::size_t, std::size_t> counts() const {
    const std::lock_guard lock(mutex_);
    std::size_t replicated = 0;
    for (const auto& [envelope, place] : acknowledged_) {
      replicated += place.replicated ? 1 : 0;
    }
    return {acknowledged_.size(), replicated};
  }

 private:
  void take(const json::object& receipt, const std::vector<Bytes>& envelopes) {
    const bool replicated = receipt.at("level").as_string() != "stored";
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < envelopes.size(); ++i) {
      const auto index = receipt.at("receipts").at(i).at("index").to_number<std::uint64_t>();
      Acknowledged& known = acknowledged_[envelopes[i]];
      known = {index, replicated || known.replicated};
    }
    if (!receipt.at("checkpoint").is_null()) {
      const auto note = parse_checkpoint(std::string(receipt.at("checkpoint").as_string()));
      if (!note) {
        give_up("a receipt's checkpoint cannot be read");
      }
      checkpoints_.push_back(note->checkpoint);
    }
  }

  const fs::path folder_;
  const TestFederation& federation_;
  const std::size_t number_;
  const std::string http_;
  pid_t process_ = -1;
  mutable std::mutex mutex_;
  std::map<Bytes, Acknowledged> acknowledged_;
  std::vector<Checkpoint> checkpoints_;
};

}  // namespace

int main(int argc, char** argv) {
  if (sodium_init() < 0) {
    return 1;
  }
  const int cycles = argc > 1 ? std::atoi(argv[1]) : 20;
  const std::uint64_t seed =
      argc > 2 ? std::strtoull(argv[2], nullptr, 10) : std::random_device()();
  std::printf("seed %llu, %d cycles\n", static_cast<unsigned long long>(seed), cycles);
  std::mt19937_64 random(seed);
  const TemporaryDir root;
  const TestFederation federation(kMembers);
  std::vector<std::uint16_t> ports;
  for (std::size_t i = 0; i < 2 * kMembers; ++i) {
    ports.push_back(free_port());
  }
  std::vector<std::unique_ptr<Site>> sites;
  for (std::size_t i = 0; i < kMembers; ++i) {
    sites.push_back(std::make_unique<Site>(root.path(), federation, i, ports));
    sites.back()->start();
  }
  for (const auto& site : sites) {
    site->await("writing", 60s);
  }
  std::atomic<bool> stop = false;
  std::vector<std::thread> clients;
  for (std::size_t i = 0; i < kMembers; ++i) {
    clients.emplace_back([&, i] { sites[i]->append_until(stop, seed + i); });
  }
  int kills = 0;
  int disks = 0;
  const auto begun = std::chrono::steady_clock::now();
  for (int cycle = 1; cycle <= cycles; ++cycle) {
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 700));
    std::vector<std::size_t> victims = {random() % kMembers};
    if (random() % 5 == 0) {
      victims = {0, 1, 2};  // a power cut
    } else if (random() % 4 == 0) {
      victims.push_back((victims[0] + 1) % kMembers);
    }
    for (const std::size_t victim : victims) {
      sites[victim]->kill(SIGKILL);
      ++kills;
    }
    if (victims.size() == 1 && random() % 6 == 0) {
      sites[victims[0]]->lose_disk();
      ++disks;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 300));
    for (const std::size_t victim : victims) {
      sites[victim]->start();
    }
    for (const std::size_t victim : victims) {
      sites[victim]->await("writing", 120s);
    }
    if (cycle % 10 == 0 || cycle == cycles) {
      std::size_t events = 0;
      for (const auto& site : sites) {
        events += site->counts().first;
      }
      std::printf("  cycle %d: %d kills, %d disks lost, %zu events acknowledged, %.0f s\n", cycle,
                  kills, disks, events,
                  std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
      std::fflush(stdout);
    }
  }
  stop = true;
  for (std::thread& client : clients) {
    client.join();
  }
  for (const auto& site : sites) {
    site->await("settled", 180s);
  }
  std::size_t acknowledged = 0;
  std::size_t replicated = 0;
  for (const auto& site : sites) {
    site->kill(SIGTERM);
    acknowledged += site->counts().first;
    replicated += site->counts().second;
  }
  for (std::size_t holder = 0; holder < kMembers; ++holder) {
    const auto store = Store::open(sites[holder]->data(), {});
    if (!store) {
      give_up(store.error().message);
    }
    for (std::size_t owner = 0; owner < kMembers; ++owner) {
      sites[owner]->check(**store, owner == holder);
    }
  }
  std::printf(
      "%d kills, %d disks lost: %zu acknowledged events, %zu of them replicated, are all "
      "where they were said to be, on every node\n",
      kills, disks, acknowledged, replicated);
  return 0;
}
