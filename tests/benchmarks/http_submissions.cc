// What HTTP costs a submission: signed events over POST /v1/events, and the same kind of events
// handed to the same node without HTTP, where the API hands them over (api/port.h): envelopes
// checked, sequenced, synced, answered. Turn by turn in one run, so that whatever else the machine
// does falls on both; a share is of two turns that follow each other, and the median of these is
// the result.
//
//   http_submissions [turns] [single-signed events a turn] [batches a turn] [folder]
//
// The node is one of three members, the others are away: nothing is replicated or cosigned, which
// leaves HTTP the largest share of an event's price. Exit code 1 if something was refused.

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <sodium.h>

#include "tests/benchmarks/http_load.h"
#include "tests/benchmarks/raw_limit.h"
#include "tests/benchmarks/running_node.h"
#include "tests/benchmarks/workload.h"

namespace {

using namespace hefu;  // NOLINT(google-build-using-namespace): a benchmark's own file

constexpr int kSingleClients = 64;
constexpr int kBatchClients = 8;
constexpr std::size_t kBatchEvents = 1000;
constexpr double kAim = 0.9;

/// What one turn came to, per event.
struct Turn {
  double events_per_second = 0;
  double node_cpu_us = 0;  ///< processor time without that of HTTP clients
  std::string failure;
};

/// Hands submissions to the node itself from as many threads as it has I/O threads, so many under
/// way at a time as HTTP has connections: a small event is checked on the thread that brings it.
class WithoutHttp {
 public:
  WithoutHttp(Port& port, std::vector<std::vector<Bytes>> submissions, int under_way)
      : port_(port), submissions_(std::move(submissions)), free_(under_way) {}

  /// The first refusal, or nothing.
  std::string run() {
    std::vector<std::thread> threads;
    for (int i = 0; i < bench::kNodeThreads; ++i) {
      threads.emplace_back([this] { bring(); });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return answered_ == next_; });
    return failure_;
  }

 private:
  void bring() {
    while (true) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return free_ > 0; });
      if (next_ == submissions_.size() || !failure_.empty()) {
        return;
      }
      std::vector<Bytes> envelopes = std::move(submissions_[next_++]);
      --free_;
      lock.unlock();
      port_.submit(std::move(envelopes), std::nullopt, std::nullopt,
                   [this](const Result<SubmitReceipt>& receipt) {
                     const std::lock_guard answer(mutex_);
                     if (!receipt) {
                       failure_ = receipt.error().message;
                     }
                     ++free_;
                     ++answered_;
                     changed_.notify_all();
                   });
    }
  }

  Port& port_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::vector<Bytes>> submissions_;  // guarded by mutex_, as all below
  int free_;
  std::size_t next_ = 0;
  std::size_t answered_ = 0;
  std::string failure_;
};

/// The same parts that `bench::submissions` makes requests of.
std::vector<std::vector<Bytes>> parts(std::vector<Bytes> envelopes, std::size_t per_request) {
  std::vector<std::vector<Bytes>> made;
  for (std::size_t begin = 0; begin < envelopes.size(); begin += per_request) {
    const auto first = envelopes.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto count = static_cast<std::ptrdiff_t>(std::min(per_request, envelopes.size() - begin));
    made.emplace_back(std::make_move_iterator(first), std::make_move_iterator(first + count));
  }
  return made;
}

Turn over_http(const bench::RunningNode& node, const std::vector<Bytes>& envelopes,
               std::size_t per_request, int clients) {
  const auto sent = bench::submissions(envelopes, per_request);
  const double cpu_before = bench::process_cpu_seconds();
  const bench::Load load = bench::run_load(node.port(), sent, clients);
  const double cpu = bench::process_cpu_seconds() - cpu_before - load.client_cpu_seconds;
  const auto count = static_cast<double>(envelopes.size());
  return {count / load.seconds, cpu / count * 1e6, load.failure};
}

Turn without_http(const bench::RunningNode& node, std::vector<Bytes> envelopes,
                  std::size_t per_request, int clients) {
  const auto count = static_cast<double>(envelopes.size());
  WithoutHttp direct(node.behind_http(), parts(std::move(envelopes), per_request), clients);
  const double cpu_before = bench::process_cpu_seconds();
  const auto begun = std::chrono::steady_clock::now();
  std::string failure = direct.run();
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  return {count / seconds, (bench::process_cpu_seconds() - cpu_before) / count * 1e6,
          std::move(failure)};
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

bool measure(const char* name, std::size_t turns, std::size_t events, std::size_t per_request,
             int clients) {
  const TestFederation federation(3);
  bench::RunningNode node(federation);
  node.wait_until_writing();
  std::vector<double> shares;
  std::vector<double> rates;
  std::vector<double> bare_rates;
  std::vector<double> cpu;
  std::vector<double> bare_cpu;
  std::uint64_t number = 0;
  const auto fresh = [&] {
    auto made = bench::signed_visits(federation, 0, number, events, per_request);
    number += events;
    return made;
  };
  for (std::size_t turn = 0; turn <= turns; ++turn) {
    const std::vector<Bytes> first = fresh();
    const std::vector<Bytes> second = fresh();
    const bool http_first = turn % 2 == 0;
    Turn http;
    Turn bare;
    if (http_first) {
      http = over_http(node, first, per_request, clients);
    }
    bare = without_http(node, second, per_request, clients);
    if (!http_first) {
      http = over_http(node, first, per_request, clients);
    }
    if (!http.failure.empty() || !bare.failure.empty()) {
      std::printf("%s FAILED: %s%s\n", name, http.failure.c_str(), bare.failure.c_str());
      return false;
    }
    if (turn == 0) {
      continue;  // caches and memtables fill
    }
    shares.push_back(http.events_per_second / bare.events_per_second);
    rates.push_back(http.events_per_second);
    bare_rates.push_back(bare.events_per_second);
    cpu.push_back(http.node_cpu_us);
    bare_cpu.push_back(bare.node_cpu_us);
  }
  const auto [least, most] = std::minmax_element(shares.begin(), shares.end());
  std::printf("\n%s, %d under way, %zu turns of %zu events each way\n", name, clients, turns,
              events);
  std::printf("  over HTTP           %9.0f events/s, %.1f us of the node's processor time each\n",
              median(rates), median(cpu));
  std::printf("  without             %9.0f events/s, %.1f us\n", median(bare_rates),
              median(bare_cpu));
  std::printf("  share               %9.2f (%.2f to %.2f; aim %.2f), clients on the same cores\n",
              median(shares), *least, *most, kAim);
  std::printf("  of processor time   %9.2f, clients left out\n", median(bare_cpu) / median(cpu));
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (sodium_init() < 0) {
    return 1;
  }
  const auto number = [&](int position, std::size_t otherwise) {
    return argc > position ? std::strtoull(argv[position], nullptr, 10) : otherwise;
  };
  const std::size_t turns = std::max<std::size_t>(number(1, 9), 1);
  const std::size_t singles = number(2, 8'000);
  const std::size_t batches = number(3, 40);
  if (argc > 4) {
    ::setenv("TMPDIR", argv[4], 1);
  }
  bool good = true;
  if (singles > 0) {
    good = measure("single-signed events, one a request", turns, singles, 1, kSingleClients);
  }
  if (batches > 0) {
    good = measure("signed batches of 1,000, one a request", turns, batches * kBatchEvents,
                   kBatchEvents, kBatchClients) &&
           good;
  }
  return good ? 0 : 1;
}
