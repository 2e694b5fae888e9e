#include "tests/crash/site.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <random>
#include <thread>

#include <boost/json.hpp>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/key_file.h"
#include "ledger/log/tile_nodes.h"
#include "ledger/merkle/tree.h"
#include "tests/support/free_port.h"
#include "tests/support/seeded_entropy.h"
#include "tools/http_client.h"

namespace hefu::crash {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* kPassphrase = "three nodes on loopback";

void write(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
}

}  // namespace

void give_up(const std::string& why) {
  std::fprintf(stderr, "FAILED: %s\n", why.c_str());
  std::_Exit(1);
}

Site::Site(const fs::path& root, const TestFederation& federation, std::size_t number,
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
          seal_key(federation.key(number, role), "a test", kPassphrase, entropy, kKeyFileCostMin));
  }
  write(folder_ / "charter.note", federation.charter().note);
  write(folder_ / "passphrase", kPassphrase);
  std::string config = "member = \"" + federation.member(number).id +
                       "\"\npassphrase_file = \"passphrase\"\n[http]\nlisten = \"127.0.0.1:" +
                       std::to_string(ports[2 * number]) +
                       "\"\n[peer]\nlisten = \"127.0.0.1:" + std::to_string(ports[2 * number + 1]) +
                       "\"\n[replication]\ninterval_ms = 50\nanchor_interval_ms = 200\n";
  for (std::size_t other = 0; other < kMembers; ++other) {
    if (other != number) {
      config += "[[peers]]\nmember = \"" + federation.member(other).id +
                "\"\naddress = \"127.0.0.1:" + std::to_string(ports[2 * other + 1]) + "\"\n";
    }
  }
  write(folder_ / "hefud.toml", config);
}

void Site::start(const std::string& option) {
  process_ = ::fork();
  if (process_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // no node outlives a check that gave up
    const int out = ::open(log_file().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    const std::string config = (folder_ / "hefud.toml").string();
    ::execl(HEFU_BINARY_DIR "/bin/hefud", "hefud", "--config", config.c_str(),
            option.empty() ? nullptr : option.c_str(), nullptr);
    ::_exit(127);
  }
}
void Site::kill(int signal) {
  ::kill(process_, signal);
  ::waitpid(process_, nullptr, 0);
}
void Site::await_said(const std::string& what, std::chrono::seconds patience) const {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (true) {
    std::ifstream file(log_file(), std::ios::binary);
    const std::string journal{std::istreambuf_iterator<char>(file),
                              std::istreambuf_iterator<char>()};
    if (journal.find(what) != std::string::npos) {
      return;
    }
    if (std::chrono::steady_clock::now() > end) {
      give_up("member " + std::to_string(number_) + " does not say \"" + what + "\": see " +
              log_file().string());
    }
    std::this_thread::sleep_for(20ms);
  }
}
void Site::lose_disk() {
  fs::remove_all(data());
  fs::create_directories(data());
  const std::lock_guard lock(mutex_);
  std::erase_if(acknowledged_, [](const auto& one) { return !one.second.replicated; });
}

bool Site::status_says(const char* key) const {
  HttpClient client(http_);
  const auto status = client.get_json("/v1/status");
  if (!status) {
    return false;
  }
  const json::object& object = status->as_object();
  return std::string(key) == "writing" ? object.at("log").at("writing").as_bool()
                                       : object.at(key).as_bool();
}
void Site::await(const char* key, std::chrono::seconds patience) const {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!status_says(key)) {
    if (std::chrono::steady_clock::now() > end) {
      give_up("member " + std::to_string(number_) + " is not " + key + ": see " +
              log_file().string());
    }
    std::this_thread::sleep_for(20ms);
  }
}

void Site::append(std::uint64_t next, std::size_t count, bool stored,
                  const std::atomic<bool>& stop) {
  HttpClient client(http_);
  const auto envelopes = federation_.envelopes(number_, next, count);
  Bytes body;
  for (const Bytes& envelope : envelopes) {
    append_be(body, static_cast<std::uint16_t>(envelope.size()));
    hefu::append(body, envelope);
  }
  while (!stop) {
    const auto answer =
        client.post(std::string("/v1/events?ack=") + (stored ? "stored" : "replicated"),
                    "application/x-hefu-envelopes", body);
    if (answer) {
      take(*answer, envelopes);
      return;
    }
    std::this_thread::sleep_for(10ms);
  }
}

void Site::append_until(const std::atomic<bool>& stop, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  for (std::uint64_t next = 0; !stop;) {
    const std::size_t count = 1 + random() % 20;
    append(next, count, random() % 4 == 0, stop);
    next += count;
  }
}

void Site::check(const Store& store, bool own) const {
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
std::pair<std::size_t, std::size_t> Site::counts() const {
  const std::lock_guard lock(mutex_);
  std::size_t replicated = 0;
  for (const auto& [envelope, place] : acknowledged_) {
    replicated += place.replicated ? 1 : 0;
  }
  return {acknowledged_.size(), replicated};
}

void Site::take(BytesView answer, const std::vector<Bytes>& envelopes) {
  const json::value parsed = json::parse(as_text(answer));
  const json::object& receipt = parsed.as_object();
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

std::vector<std::unique_ptr<Site>> start_sites(const fs::path& root,
                                               const TestFederation& federation) {
  std::vector<std::uint16_t> ports;
  for (std::size_t i = 0; i < 2 * kMembers; ++i) {
    ports.push_back(free_port());
  }
  std::vector<std::unique_ptr<Site>> sites;
  for (std::size_t i = 0; i < kMembers; ++i) {
    sites.push_back(std::make_unique<Site>(root, federation, i, ports));
    sites.back()->start();
  }
  for (const auto& site : sites) {
    site->await("writing", 60s);
  }
  return sites;
}

}  // namespace hefu::crash
