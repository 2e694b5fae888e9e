#include "node/net/listener.h"

#include <algorithm>
#include <future>
#include <utility>

#include <boost/asio/ip/address.hpp>

#include "node/net/lane.h"
#include "node/net/listener_shared.h"
#include "node/net/tcp_stream.h"

namespace hefu {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// Pause after the kernel had no descriptor or memory for a new connection.
constexpr std::chrono::milliseconds kAcceptPause{100};

std::string endpoint_text(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" +
         std::to_string(endpoint.port());
}

/// An IPv4 address as such, also where it comes through a socket that listens for IPv6.
asio::ip::address plain(const asio::ip::address& address) {
  return address.is_v6() && address.to_v6().is_v4_mapped()
             ? asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6())
             : address;
}

/// Addresses that one machine may have at will share a name: those of one IPv6 /64.
std::string address_group(const asio::ip::address& address) {
  const auto known = plain(address);
  if (known.is_v4()) {
    return known.to_string();
  }
  const auto bytes = known.to_v6().to_bytes();
  return {bytes.begin(), bytes.begin() + 8};
}

}  // namespace

Result<std::unique_ptr<Listener>> Listener::open(Loop& loop, const ListenerOptions& options,
                                                 MakeSession make_session) {
  error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) {
    return Error{Errc::kInvalid, "listen address: " + options.address + " is not an IP address",
                 "write it as 127.0.0.1 or ::1"};
  }
  const tcp::endpoint endpoint(address, options.port);
  auto shared = std::make_shared<Shared>();
  shared->lanes = loop.lanes_;
  shared->options = options;
  shared->make_session = std::move(make_session);

  tcp::acceptor acceptor(loop.lanes_.front()->io());
  acceptor.open(endpoint.protocol(), error);
  if (!error) {
    acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  }
  if (!error) {
    acceptor.bind(endpoint, error);
  }
  if (!error) {
    acceptor.listen(tcp::acceptor::max_listen_connections, error);
  }
  if (error) {
    return Error{Errc::kIo, "listen on " + endpoint_text(endpoint) + ": " + error.message(),
                 "choose another port, or stop the program that has this one"};
  }
  shared->port = acceptor.local_endpoint(error).port();
  shared->acceptor = std::move(acceptor);
  shared->retry.emplace(loop.lanes_.front()->io());
  loop.lanes_.front()->post([shared] { shared->accept(); });
  return std::unique_ptr<Listener>(new Listener(std::move(shared)));
}

Listener::Listener(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}

Listener::~Listener() {
  close();
}

std::uint16_t Listener::port() const {
  return shared_->port;
}

const ConnectionCounters& Listener::counters() const {
  return shared_->counters;
}

std::size_t Listener::connections() const {
  return shared_->connections.load();
}

void Listener::stop(std::chrono::milliseconds grace) {
  shared_->stop_accepting();
  for (const auto& lane : shared_->lanes) {
    Shared::on_lane(*lane, [&] {
      lane->for_each([this](TcpStream& stream) {
        if (stream.belongs_to(*shared_)) {
          stream.stop();
        }
      });
    });
  }
  {
    std::unique_lock lock(shared_->mutex);
    shared_->changed.wait_for(lock, grace, [this] { return shared_->connections.load() == 0; });
  }
  close();
}

void Listener::close() {
  {
    const std::lock_guard lock(shared_->mutex);
    if (std::exchange(shared_->closed, true)) {
      return;
    }
  }
  shared_->stop_accepting();
  for (const auto& lane : shared_->lanes) {
    Shared::on_lane(*lane, [&] {
      lane->for_each([this](TcpStream& stream) {
        if (stream.belongs_to(*shared_)) {
          stream.close();
        }
      });
    });
  }
  std::unique_lock lock(shared_->mutex);
  shared_->changed.wait(lock, [this] { return shared_->connections.load() == 0; });
}

void Listener::Shared::accept() {
  if (!acceptor) {
    return;
  }
  const std::shared_ptr<Lane> lane = lanes[next_lane];
  next_lane = (next_lane + 1) % lanes.size();
  acceptor->async_accept(
      lane->io(), [self = shared_from_this(), lane](const error_code& error, tcp::socket socket) {
        if (!self->acceptor) {
          return;
        }
        if (!error) {
          self->accepted(*lane, std::move(socket));
          self->accept();
        } else if (error == asio::error::connection_aborted) {
          self->accept();
        } else {
          self->accept_later();
        }
      });
}

// Called on the first lane alone, so the limit is exact.
void Listener::Shared::accepted(Lane& lane, tcp::socket socket) {
  counters.accepted.fetch_add(1, std::memory_order_relaxed);
  if (connections.load() >= options.connections_max) {
    counters.refuse(Refusal::kTooMany);
    return;
  }
  error_code error;
  const tcp::endpoint remote = socket.remote_endpoint(error);
  if (error) {
    counters.refuse(Refusal::kBroken);
    return;
  }
  auto place = take_place(remote.address());
  auto handshake = place == nullptr ? nullptr : begin_handshake(remote.address());
  if (handshake == nullptr) {
    counters.refuse(Refusal::kTooMany);
    return;
  }
  connections.fetch_add(1);
  auto begin = [self = shared_from_this(), &lane, text = endpoint_text(remote),
                handshake = std::move(handshake), place = std::move(place),
                moved = std::make_shared<tcp::socket>(std::move(socket))]() mutable {
    const auto stream = std::make_shared<TcpStream>(lane, self, std::move(*moved), text,
                                                    std::exchange(handshake, nullptr),
                                                    std::exchange(place, nullptr));
    lane.add(stream);
    stream->start();
  };
  if (lane.here()) {
    begin();
  } else {
    lane.post(std::move(begin));
  }
}

std::shared_ptr<void> Listener::Shared::begin_handshake(const asio::ip::address& from) {
  return count(handshakes, address_group(from), options.handshakes_per_address_max);
}

std::shared_ptr<void> Listener::Shared::take_place(const asio::ip::address& from) {
  const bool counted = std::find(options.uncounted.begin(), options.uncounted.end(),
                                 plain(from).to_string()) == options.uncounted.end();
  return count(places, address_group(from), counted ? options.connections_per_address_max : 0);
}

std::shared_ptr<void> Listener::Shared::count(ByAddress& counted, const std::string& name,
                                              std::size_t most) {
  const std::lock_guard lock(mutex);
  const auto at = counted.try_emplace(name, 0).first;
  if (most > 0 && at->second >= most) {
    return nullptr;
  }
  ++at->second;
  // The deleter runs whenever the connection lets go, however it ended.
  return {this, [self = shared_from_this(), &counted, name](void*) {
            const std::lock_guard ended(self->mutex);
            const auto found = counted.find(name);
            if (--found->second == 0) {
              counted.erase(found);
            }
          }};
}

void Listener::Shared::accept_later() {
  retry->expires_after(kAcceptPause);
  retry->async_wait([self = shared_from_this()](const error_code& error) {
    if (!error) {
      self->accept();
    }
  });
}

void Listener::Shared::gone() {
  const std::lock_guard lock(mutex);
  connections.fetch_sub(1);
  changed.notify_all();
}

void Listener::Shared::on_lane(Lane& lane, const std::function<void()>& job) {
  HEFU_ASSERT(!lane.here());
  // Shared: set_value may still be returning on the lane when the waiter already goes on.
  const auto done = std::make_shared<std::promise<void>>();
  lane.post([&job, done] {
    job();
    done->set_value();
  });
  done->get_future().wait();
}

void Listener::Shared::stop_accepting() {
  on_lane(*lanes.front(), [this] {
    acceptor.reset();
    retry.reset();
  });
}

}  // namespace hefu
