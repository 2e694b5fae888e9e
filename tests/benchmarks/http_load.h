#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace hefu::bench {

/// What a run of requests came to.
struct Load {
  std::uint64_t answered = 0;  ///< with status 200
  double seconds = 0;          ///< from the first request sent to the last answer read
  double client_cpu_seconds = 0;
  std::vector<double> latencies_ms;  ///< sorted; from sending a request to the end of its answer
  std::string failure;               ///< the first answer that was not 200, or what went wrong

  /// 0.5 is the median. 0 without answers.
  [[nodiscard]] double latency_ms(double share) const;
};

/// Sends each request once, over so many keep-alive connections of the loopback; a connection sends
/// its next request when the answer to the one before is complete. One thread, no parsing beyond
/// status and length: the client shall cost little on the machine it shares with the server.
Load run_load(std::uint16_t port, std::span<const std::string> requests, int connections);

}  // namespace hefu::bench
