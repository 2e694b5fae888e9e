// One bit of a real node's database flips while the node is stopped. It must not go on as if
// nothing had happened: it stops, names the file and says what to do; done that, it takes its log
// back from the other members, and nothing acknowledged is missing.
//
//   damage_federation [events]

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <sodium.h>

#include "tests/crash/site.h"
#include "tests/support/temporary_dir.h"

namespace {

using namespace hefu;         // NOLINT(google-build-using-namespace): a program of its own
using namespace hefu::crash;  // NOLINT(google-build-using-namespace)
using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr std::size_t kBatch = 500;

/// Flips a bit in the middle of the database's largest file of data; its name.
std::string flip_bit(const fs::path& data) {
  fs::path largest;
  for (const fs::directory_entry& entry : fs::directory_iterator(data / "db")) {
    const fs::path kind = entry.path().extension();
    if ((kind == ".sst" || kind == ".blob") &&
        (largest.empty() || entry.file_size() > fs::file_size(largest))) {
      largest = entry.path();
    }
  }
  if (largest.empty()) {
    give_up("there is no file whose bits could flip");
  }
  std::fstream file(largest, std::ios::in | std::ios::out | std::ios::binary);
  const auto middle = static_cast<std::streamoff>(fs::file_size(largest) / 2);
  file.seekg(middle);
  const int byte = file.get();
  file.seekp(middle);
  file.put(static_cast<char>(byte ^ 0x10));
  file.close();
  if (!file) {
    give_up("a bit of " + largest.string() + " cannot be flipped");
  }
  return largest.filename().string();
}

}  // namespace

int main(int argc, char** argv) {
  if (sodium_init() < 0) {
    return 1;
  }
  const std::uint64_t events = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 5'000;
  const TemporaryDir root;
  const TestFederation federation(kMembers);
  const auto sites = start_sites(root.path(), federation);
  Site& first = *sites[0];
  const std::atomic<bool> stop = false;
  for (std::uint64_t next = 0; next < events; next += kBatch) {
    first.append(next, kBatch, false, stop);
  }
  for (const auto& site : sites) {
    site->await("settled", 180s);
  }
  // A start writes what was in the write-ahead log into files that stay.
  first.kill(SIGTERM);
  first.start();
  first.await("writing", 60s);
  first.kill(SIGTERM);

  const std::string damaged = flip_bit(first.data());
  first.start();
  first.await_said("code=corrupt", 120s);
  first.await_said("start it once with --recover", 10s);
  std::printf("a bit of %s flipped: the node says that its data are damaged, and what to do\n",
              damaged.c_str());
  first.kill(SIGTERM);

  const auto begun = std::chrono::steady_clock::now();
  first.start("--recover");
  first.await("writing", 180s);
  first.await_said("the database was damaged and is begun anew", 1s);
  first.await_said("damage=\"entries: ", 1s);
  first.append(events, kBatch, false, stop);
  for (const auto& site : sites) {
    site->await("settled", 180s);
  }
  std::printf("healed from the other members and %zu more events recorded, %.1f s after\n", kBatch,
              std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
  for (const auto& site : sites) {
    site->kill(SIGTERM);
  }
  for (std::size_t holder = 0; holder < kMembers; ++holder) {
    const auto store = Store::open(sites[holder]->data(), {});
    if (!store) {
      give_up(store.error().message);
    }
    first.check(**store, holder == 0);
  }
  std::printf("%zu acknowledged events are where they were said to be, on every node\n",
              first.counts().first);
  return 0;
}
