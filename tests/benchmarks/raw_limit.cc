#define OPENSSL_SUPPRESS_DEPRECATED

#include "tests/benchmarks/raw_limit.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <openssl/sha.h>
#include <sodium.h>
#include <unistd.h>

namespace hefu::bench {

namespace {

double seconds_of(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Calls per second of `work` by a clock, the best of ten stretches: the limit, not the average.
/// The clock is read ever more rarely, because reading it takes longer than the shortest work.
double rate(clockid_t clock, const std::function<void()>& work) {
  double best = 0;
  for (int stretch = 0; stretch < 10; ++stretch) {
    const double start = seconds_of(clock);
    double seconds = 0;
    std::uint64_t calls = 0;
    for (std::uint64_t more = 8; seconds < 0.05; more *= 2) {
      for (std::uint64_t i = 0; i < more; ++i) {
        work();
      }
      calls += more;
      seconds = seconds_of(clock) - start;
    }
    best = std::max(best, static_cast<double>(calls) / seconds);
  }
  return best;
}

double rate(const std::function<void()>& work) {
  return rate(CLOCK_THREAD_CPUTIME_ID, work);
}

/// Calls per second of `work` on every core at once, the best of ten stretches.
double together(const std::function<void()>& work) {
  constexpr int kCalls = 2000;
  double best = 0;
  for (int stretch = 0; stretch < 10; ++stretch) {
    const double start = seconds_of(CLOCK_MONOTONIC);
    std::vector<std::thread> cores;
    for (unsigned core = std::max(1U, std::thread::hardware_concurrency()); core > 0; --core) {
      cores.emplace_back([&work] {
        for (int i = 0; i < kCalls; ++i) {
          work();
        }
      });
    }
    const auto calls = static_cast<double>(cores.size()) * kCalls;
    for (std::thread& core : cores) {
      core.join();
    }
    best = std::max(best, calls / (seconds_of(CLOCK_MONOTONIC) - start));
  }
  return best;
}

}  // namespace

double thread_cpu_seconds() {
  return seconds_of(CLOCK_THREAD_CPUTIME_ID);
}

double process_cpu_seconds() {
  return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

RawLimits measure_raw_limits(const std::string& folder) {
  RawLimits limits;
  std::array<unsigned char, 32> public_key{};
  std::array<unsigned char, 64> secret_key{};
  std::array<unsigned char, 64> message{};
  std::array<unsigned char, 64> signature{};
  crypto_sign_keypair(public_key.data(), secret_key.data());
  limits.signs_per_second = rate([&] {
    crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(),
                         secret_key.data());
  });
  limits.verifies_per_second = rate([&] {
    if (crypto_sign_verify_detached(signature.data(), message.data(), message.size(),
                                    public_key.data()) != 0) {
      std::abort();
    }
  });
  limits.verifies_per_second_together = together([&] {
    if (crypto_sign_verify_detached(signature.data(), message.data(), message.size(),
                                    public_key.data()) != 0) {
      std::abort();
    }
  });
  std::array<unsigned char, 65> node{};
  limits.node_hashes_per_second = rate([&] {
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, node.data(), node.size());
    SHA256_Final(node.data(), &context);
  });
  std::vector<unsigned char> block(65536);
  std::array<unsigned char, 32> digest{};
  limits.hash_bytes_per_second = 65536 * rate([&] {
                                   SHA256_CTX context;
                                   SHA256_Init(&context);
                                   SHA256_Update(&context, block.data(), block.size());
                                   SHA256_Final(digest.data(), &context);
                                 });
  limits.sodium_hash_bytes_per_second =
      65536 * rate([&] { crypto_hash_sha256(digest.data(), block.data(), block.size()); });
  const std::string path = folder + "/raw-sync";
  const int file = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
  if (file >= 0) {
    limits.syncs_per_second = rate(CLOCK_MONOTONIC, [&] {
      if (write(file, block.data(), 4096) != 4096 || fdatasync(file) != 0) {
        std::abort();
      }
    });
    close(file);
    unlink(path.c_str());
  }
  return limits;
}

std::string text(const RawLimits& limits) {
  char buffer[600];
  std::snprintf(
      buffer, sizeof(buffer),
      "raw limits of one core, this run:\n"
      "  Ed25519 sign      %9.0f /s\n"
      "  Ed25519 verify    %9.0f /s, %.0f /s all cores together\n"
      "  SHA-256, 65 bytes %9.0f /s\n"
      "  SHA-256, 64 KiB   %9.0f MB/s (OpenSSL)  %.0f MB/s (libsodium, %.1f times slower)\n"
      "  4 KiB + fdatasync %9.0f /s\n",
      limits.signs_per_second, limits.verifies_per_second, limits.verifies_per_second_together,
      limits.node_hashes_per_second, limits.hash_bytes_per_second / 1e6,
      limits.sodium_hash_bytes_per_second / 1e6,
      limits.hash_bytes_per_second / limits.sodium_hash_bytes_per_second, limits.syncs_per_second);
  return buffer;
}

}  // namespace hefu::bench
