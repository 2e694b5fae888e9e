#include "tests/benchmarks/running_node.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

#include "api/envelope_list.h"
#include "tests/benchmarks/workload.h"
#include "tests/support/free_port.h"

namespace hefu::bench {

RunningNode::RunningNode(const TestFederation& federation)
    : RunningNode(federation, 0, free_port(), {}, 0) {}

RunningNode::RunningNode(const TestFederation& federation, std::size_t member,
                         std::uint16_t peer_port, std::vector<NodeOptions::Peer> peers,
                         std::size_t copies) {
  NodeOptions options;
  options.data = folder_.path();
  options.member = federation.member(member).id;
  options.peers = std::move(peers);
  options.peer_port = peer_port;
  options.threads = kNodeThreads;
  options.new_log = true;
  options.copies = copies;
  options.catalogue = shipped_catalogue();
  auto node = Node::start(
      federation.charter(),
      NodeKeys{federation.key(member, KeyRole::kLog), federation.key(member, KeyRole::kWitness),
               federation.key(member, KeyRole::kNode)},
      options, journal_);
  HEFU_ASSERT(node.ok());
  node_ = *std::move(node);
  routes_ = std::make_unique<Routes>(node_->port());
  HttpServerOptions http;
  http.hosts = {"localhost", "127.0.0.1"};
  auto server = HttpServer::start(node_->loop(), http, *routes_);
  HEFU_ASSERT(server.ok());
  server_ = *std::move(server);
}

void RunningNode::wait_until_writing() {
  HEFU_ASSERT(node_->wait_until_writing(std::chrono::seconds(30)));
}

std::uint64_t RunningNode::size_of(const std::string& origin) const {
  Store& store = node_->store();
  return store.head(*store.known_number(origin))->size;
}

std::vector<std::string> submissions(const std::vector<Bytes>& envelopes, std::size_t per_request) {
  std::vector<std::string> made;
  const std::span<const Bytes> all(envelopes);
  for (std::size_t begin = 0; begin < all.size(); begin += per_request) {
    const Bytes body =
        *encode_envelope_list(all.subspan(begin, std::min(per_request, all.size() - begin)));
    made.push_back("POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: " +
                   std::string("application/x-hefu-envelopes") + "\r\nContent-Length: " +
                   std::to_string(body.size()) + "\r\n\r\n" + std::string(as_text(body)));
  }
  return made;
}

}  // namespace hefu::bench
