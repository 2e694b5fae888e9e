#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "api/http_server.h"
#include "api/port.h"
#include "api/routes.h"
#include "node/node.h"
#include "tests/support/federation.h"
#include "tests/support/temporary_dir.h"

namespace hefu::bench {

/// Threads of a node that is measured: the cores the aims speak of.
inline constexpr int kNodeThreads = 2;

/// A node as node/main.cc wires it, in this process, with the defaults of the configuration and a
/// folder of its own on disk. Aborts where it cannot be started.
class RunningNode {
 public:
  /// A node whose other members are away.
  explicit RunningNode(const TestFederation& federation);
  RunningNode(const TestFederation& federation, std::size_t member, std::uint16_t peer_port,
              std::vector<NodeOptions::Peer> peers, std::size_t copies);

  void wait_until_writing();
  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  /// The node as its HTTP API sees it.
  [[nodiscard]] Port& behind_http() const { return node_->port(); }
  /// Of a log as far as this node has it.
  [[nodiscard]] std::uint64_t size_of(const std::string& origin) const;

 private:
  TemporaryDir folder_;
  Journal journal_{Journal::Level::kWarn, Journal::Format::kText};
  std::unique_ptr<Node> node_;
  std::unique_ptr<Routes> routes_;
  std::unique_ptr<HttpServer> server_;
};

/// One POST /v1/events for every `per_request` envelopes.
std::vector<std::string> submissions(const std::vector<Bytes>& envelopes, std::size_t per_request);

}  // namespace hefu::bench
