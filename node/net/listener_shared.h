#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "node/net/lane.h"
#include "node/net/listener.h"

namespace hefu {

/// What a listener and its connections share. Only this folder's sources include this header.
struct Listener::Shared : std::enable_shared_from_this<Listener::Shared> {
  // Set before the first connection.
  std::vector<std::shared_ptr<Lane>> lanes;
  ListenerOptions options;
  MakeSession make_session;
  std::uint16_t port = 0;

  // Any thread.
  ConnectionCounters counters;
  std::atomic<std::size_t> connections{0};

  // Owned by the first lane's thread.
  std::optional<boost::asio::ip::tcp::acceptor> acceptor;
  std::optional<boost::asio::steady_timer> retry;
  std::size_t next_lane = 0;

  std::mutex mutex;
  std::condition_variable changed;
  bool closed = false;  // guarded by mutex; close() has been called
  using ByAddress = std::map<std::string, std::size_t>;
  ByAddress handshakes;  // guarded by mutex; under way
  ByAddress places;      // guarded by mutex; connections that are counted

  void accept();
  void accepted(Lane& lane, boost::asio::ip::tcp::socket socket);
  void accept_later();
  /// Kept by a connection until its handshake is over. None if its address has too many under way.
  std::shared_ptr<void> begin_handshake(const boost::asio::ip::address& from);
  /// Kept by a connection while it exists. None if its address has too many.
  std::shared_ptr<void> take_place(const boost::asio::ip::address& from);
  /// One more under a name, until the last copy of what is given is gone; none beyond `most`, if
  /// that is not 0.
  std::shared_ptr<void> count(ByAddress& counted, const std::string& name, std::size_t most);
  /// A connection has been destroyed.
  void gone();
  /// Runs `job` on a lane and waits for it.
  static void on_lane(Lane& lane, const std::function<void()>& job);
  void stop_accepting();
};

}  // namespace hefu
