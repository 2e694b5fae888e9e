#include "node/net/peer_server.h"

#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "node/net/listener.h"
#include "node/net/worker_pool.h"

namespace hefu {

struct PeerServer::State {
  State(const PeerServerOptions& given, AcceptKey accept_key, Serve serve_request)
      : options(given), accept(std::move(accept_key)), serve(std::move(serve_request)) {}

  // Set at construction.
  const PeerServerOptions options;
  const AcceptKey accept;
  const Serve serve;

  PeerServerCounters counters;
  std::mutex mutex;
  std::map<PublicKey, std::size_t> connections_of;  // guarded by mutex

  // Destroyed first to last in this order: listener (no session is left), then workers.
  std::optional<WorkerPool> workers;
  std::unique_ptr<Listener> listener;

  bool enter(const PublicKey& peer) {
    const std::lock_guard lock(mutex);
    std::size_t& count = connections_of[peer];
    if (count >= options.connections_per_peer_max) {
      return false;
    }
    ++count;
    return true;
  }

  void leave(const PublicKey& peer) {
    const std::lock_guard lock(mutex);
    const auto found = connections_of.find(peer);
    if (--found->second == 0) {
      connections_of.erase(found);
    }
  }
};

namespace {

void count(std::atomic<std::uint64_t>& counter) {
  counter.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

/// One peer's connection: a request is read, served on a worker, answered; then the next.
class PeerSession final : public Session {
 public:
  using State = PeerServer::State;

  PeerSession(Stream& stream, State& server)
      : stream_(stream),
        server_(server),
        peer_(*stream.peer_key()),
        frame_(server.options.frame_bytes_max) {}

  void on_open() override {
    entered_ = server_.enter(peer_);
    if (!entered_) {
      count(server_.counters.peer_limit);
      stream_.finish();
      return;
    }
    await_request();
  }

  void on_bytes(BytesView bytes) override {
    if (phase_ != Phase::kReading) {
      count(server_.counters.frames_out_of_turn);
      stream_.close();
      return;
    }
    const bool first = !frame_.in_progress();
    const auto used = frame_.feed(bytes);
    if (!used) {
      count(server_.counters.frames_too_long);
      stream_.finish();
      return;
    }
    if (!frame_.complete()) {
      if (first) {
        stream_.set_deadline(server_.options.frame_timeout);
      }
      stream_.read();
      return;
    }
    if (*used < bytes.size()) {
      count(server_.counters.frames_out_of_turn);
      stream_.close();
      return;
    }
    serve(frame_.take());
  }

  void on_written() override {
    if (stopping_) {
      stream_.finish();
    } else {
      await_request();
    }
  }

  void on_deadline() override {
    count(phase_ == Phase::kServing ? server_.counters.serve_failures : server_.counters.timeouts);
    stream_.close();
  }

  void on_closed() override {
    if (entered_) {
      server_.leave(peer_);
    }
  }

  void on_stop() override {
    stopping_ = true;
    if (phase_ == Phase::kReading && !frame_.in_progress()) {
      stream_.finish();
    }
  }

 private:
  enum class Phase : std::uint8_t { kReading, kServing, kAnswering };

  void await_request() {
    phase_ = Phase::kReading;
    stream_.set_deadline(server_.options.idle_timeout);
    stream_.read();
  }

  void serve(Bytes request) {
    if (!server_.accept(peer_)) {
      count(server_.counters.keys_withdrawn);
      stream_.close();
      return;
    }
    count(server_.counters.requests);
    phase_ = Phase::kServing;
    stream_.set_deadline(server_.options.serve_timeout);
    const auto job = [&server = server_, peer = peer_, handle = stream_.handle(),
                      held = std::make_shared<const Bytes>(std::move(request))] {
      const auto answer = std::make_shared<Bytes>();
      bool made = false;
      try {
        *answer = server.serve(peer, *held);
        made = answer->size() <= server.options.frame_bytes_max;
      } catch (...) {  // a handler's exception must cost one connection, not the process
        made = false;
      }
      handle.deliver([answer, made](Session& session) {
        static_cast<PeerSession&>(session).answered(std::move(*answer), made);
      });
    };
    if (!server_.workers->submit(job)) {
      count(server_.counters.serve_failures);
      stream_.close();
    }
  }

  void answered(Bytes answer, bool made) {
    if (!made) {
      count(server_.counters.serve_failures);
      stream_.close();
      return;
    }
    phase_ = Phase::kAnswering;
    stream_.set_deadline(server_.options.answer_timeout);
    const Bytes header = frame_header(static_cast<std::uint32_t>(answer.size()));
    stream_.write(std::string(as_text(header)), std::move(answer));
  }

  Stream& stream_;
  State& server_;
  const PublicKey peer_;
  FrameReader frame_;
  Phase phase_ = Phase::kReading;
  bool entered_ = false;
  bool stopping_ = false;
};

Result<std::unique_ptr<PeerServer>> PeerServer::start(Loop& loop, const PeerServerOptions& options,
                                                      const SecretKey& identity, AcceptKey accept,
                                                      Serve serve) {
  auto tls = TlsContext::peer(TlsContext::Side::kServer, identity, accept);
  if (!tls) {
    return tls.error();
  }
  auto state = std::make_unique<State>(options, std::move(accept), std::move(serve));
  state->workers.emplace(options.workers, options.connections_max);
  ListenerOptions listen;
  listen.address = options.address;
  listen.port = options.port;
  listen.connections_max = options.connections_max;
  listen.handshakes_per_address_max = options.handshakes_per_address_max;
  listen.handshake_timeout = options.handshake_timeout;
  listen.tls = *tls;
  auto listener = Listener::open(loop, listen, [server = state.get()](Stream& stream) {
    return std::make_unique<PeerSession>(stream, *server);
  });
  if (!listener) {
    return listener.error();
  }
  state->listener = *std::move(listener);
  return std::unique_ptr<PeerServer>(new PeerServer(std::move(state)));
}

PeerServer::PeerServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

PeerServer::~PeerServer() {
  state_->listener->close();
}

std::uint16_t PeerServer::port() const {
  return state_->listener->port();
}
std::size_t PeerServer::connections() const {
  return state_->listener->connections();
}
const ConnectionCounters& PeerServer::connection_counters() const {
  return state_->listener->counters();
}
const PeerServerCounters& PeerServer::counters() const {
  return state_->counters;
}

}  // namespace hefu
