#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/log/writer_start.h"
#include "node/node.h"
#include "tests/support/federation.h"
#include "tests/support/free_port.h"
#include "tests/support/log.h"
#include "tests/support/temporary_dir.h"

namespace hefu {

/// Waits for something that other threads bring about.
inline bool eventually(const std::function<bool()>& holds,
                       std::chrono::seconds patience = std::chrono::seconds(150)) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

/// Nodes of one federation in this process, over real TLS connections.
class NodeFixture : public ::testing::Test {
 protected:
  void found(std::size_t members) {
    federation_ = std::make_unique<TestFederation>(members);
    for (std::size_t i = 0; i < members; ++i) {
      ports_.push_back(free_port());
      dirs_.push_back(std::make_unique<TemporaryDir>());
    }
    nodes_.resize(members);
  }

  Result<std::unique_ptr<Node>> make(std::size_t index) {
    NodeOptions options;
    options.data = dirs_[index]->path();
    options.member = federation_->member(index).id;
    options.peer_port = ports_[index];
    options.interval = std::chrono::milliseconds(50);
    options.anchor_interval = std::chrono::milliseconds(50);
    options.patience = patience_;
    options.store.block_cache_bytes = 1 << 20;
    for (std::size_t other = 0; other < ports_.size(); ++other) {
      if (other != index) {
        options.peers.push_back({federation_->member(other).id, "127.0.0.1", ports_[other]});
      }
    }
    if (adjust_) {
      adjust_(index, options);
    }
    NodeKeys keys{federation_->key(index, KeyRole::kLog),
                  federation_->key(index, KeyRole::kWitness),
                  federation_->key(index, KeyRole::kNode)};
    if (adjust_keys_) {
      adjust_keys_(index, keys);
    }
    return Node::start(federation_->charter(), std::move(keys), options, journal_);
  }

  void start(std::size_t index) {
    auto node = make(index);
    ASSERT_TRUE(node) << node.error().message;
    nodes_[index] = *std::move(node);
  }

  void start_all() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      start(i);
    }
    for (const auto& node : nodes_) {
      ASSERT_TRUE(node->wait_until_writing(std::chrono::seconds(150))) << node->status();
    }
  }

  Result<SubmitReceipt> submit(std::size_t index, std::vector<Bytes> envelopes,
                               std::optional<AckLevel> level = std::nullopt) {
    std::promise<Result<SubmitReceipt>> promise;
    nodes_[index]->port().submit(
        std::move(envelopes), level, std::nullopt,
        [&](Result<SubmitReceipt> receipt) { promise.set_value(std::move(receipt)); });
    return promise.get_future().get();
  }

  [[nodiscard]] std::string start_of(std::size_t member, std::uint64_t number) const {
    return sign_writer_start(federation_->member(member).origin, number,
                             federation_->key(member, KeyRole::kLog));
  }

  [[nodiscard]] bool all_settled() const {
    return std::all_of(nodes_.begin(), nodes_.end(),
                       [](const auto& node) { return node == nullptr || node->settled(); });
  }

  [[nodiscard]] LogHead head(std::size_t node, std::size_t log) const {
    Store& store = nodes_[node]->store();
    return *store.head(*store.known_number(federation_->member(log).origin));
  }

  Journal journal_{Journal::Level::kError, Journal::Format::kText};
  std::unique_ptr<TestFederation> federation_;
  std::chrono::milliseconds patience_{60'000};
  std::function<void(std::size_t index, NodeOptions&)> adjust_;    ///< before a node starts
  std::function<void(std::size_t index, NodeKeys&)> adjust_keys_;  ///< the same
  std::vector<std::uint16_t> ports_;
  std::vector<std::unique_ptr<TemporaryDir>> dirs_;
  std::vector<std::unique_ptr<Node>> nodes_;
};

/// A peer that answers as a test wants: proves a member's node key, serves a log made by hand.
class LyingPeer {
 public:
  LyingPeer(const TestFederation& federation, std::size_t member, std::uint16_t port) {
    PeerServerOptions options;
    options.port = port;
    auto server = PeerServer::start(
        loop_, options, federation.key(member, KeyRole::kNode),
        [](const PublicKey&) { return true; },
        [this, &federation](const PublicKey&, BytesView bytes) -> Bytes {
          const auto request = decode_request(bytes);
          const std::lock_guard lock(mutex_);
          if (std::holds_alternative<HelloMessage>(*request)) {
            return encode(
                PeerAnswer(HelloMessage{federation.charter().federation, {kPeerVersion}, "liar"}));
          }
          if (std::holds_alternative<HeadsRequest>(*request)) {
            HeadsAnswer heads;
            if (log_ != nullptr) {
              heads.heads.push_back({origin_, log_->size(), log_->checkpoint(), cosigned_, ""});
            }
            return encode(heads);
          }
          if (const auto* pull = std::get_if<PullRequest>(&*request); pull && log_ != nullptr) {
            return encode(log_->package(pull->begin, pull->end, pull->size));
          }
          if (const auto* prove = std::get_if<ProveRequest>(&*request); prove && log_ != nullptr) {
            return encode(log_->proof(prove->old_size, prove->size));
          }
          if (std::holds_alternative<ForkReport>(*request)) {
            ++reports_;
            return encode(NotedAnswer{});
          }
          if (std::holds_alternative<RecallRequest>(*request)) {
            return encode(RecalledAnswer{});
          }
          return encode(CosignedAnswer{404, ""});
        });
    EXPECT_TRUE(server) << server.error().message;
    server_ = *std::move(server);
  }

  void show(const std::string& origin, const TestLog* log, std::string cosigned = "") {
    const std::lock_guard lock(mutex_);
    cosigned_ = std::move(cosigned);
    origin_ = origin;
    log_ = log;
  }
  /// Shows nothing any more when it goes out of scope. Declared after the logs that are shown:
  /// nodes ask until the end.
  class Until {
   public:
    explicit Until(LyingPeer& peer) : peer_(peer) {}
    ~Until() { peer_.show("", nullptr); }
    Until(const Until&) = delete;
    Until& operator=(const Until&) = delete;

   private:
    LyingPeer& peer_;
  };

  int reports() {
    const std::lock_guard lock(mutex_);
    return reports_;
  }

 private:
  Loop loop_;
  std::mutex mutex_;
  std::string origin_;            // guarded by mutex_
  const TestLog* log_ = nullptr;  // guarded by mutex_
  std::string cosigned_;          // guarded by mutex_: of that log
  int reports_ = 0;               // guarded by mutex_
  std::unique_ptr<PeerServer> server_;
};

}  // namespace hefu
