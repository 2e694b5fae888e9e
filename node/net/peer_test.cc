#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crypto/system_entropy.h"
#include "node/net/listener.h"
#include "node/net/peer_client.h"
#include "node/net/peer_server.h"
#include "node/net/tls.h"

namespace hefu {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

// A plain blocking socket to the server, for saying what a PeerClient never would.
class RawSocket {
 public:
  explicit RawSocket(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ =
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    const timeval limit{60, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  }
  ~RawSocket() { ::close(socket_); }
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;

  [[nodiscard]] int fd() const { return socket_; }
  [[nodiscard]] bool connected() const { return connected_; }
  void send(std::string_view text) const {
    ASSERT_EQ(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  /// True if the server ends the connection within five seconds.
  [[nodiscard]] bool is_closed_by_server() const {
    std::array<char, 4096> buffer{};
    for (;;) {
      const auto got = ::recv(socket_, buffer.data(), buffer.size(), 0);
      if (got == 0 || (got < 0 && errno == ECONNRESET)) {
        return true;
      }
      if (got < 0) {
        return false;
      }
    }
  }

 private:
  int socket_;
  bool connected_ = false;
};

// A hand-made TLS client over a RawSocket: any version, any certificate.
class RawTls {
 public:
  RawTls(const RawSocket& socket, int version, EVP_PKEY* key)
      : context_(SSL_CTX_new(TLS_client_method())), ssl_(nullptr) {
    SSL_CTX_set_min_proto_version(context_, version);
    SSL_CTX_set_max_proto_version(context_, version);
    const std::string alpn =
        std::string(1, static_cast<char>(sizeof(kPeerProtocol) - 1)) + kPeerProtocol;
    SSL_CTX_set_alpn_protos(context_, as_bytes(alpn).data(), static_cast<unsigned>(alpn.size()));
    if (key != nullptr) {
      X509* certificate = X509_new();
      X509_set_version(certificate, X509_VERSION_3);
      X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
      X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
      X509_set_pubkey(certificate, key);
      X509_sign(certificate, key,
                EVP_PKEY_get_id(key) == EVP_PKEY_ED25519 ? nullptr : EVP_sha256());
      SSL_CTX_use_certificate(context_, certificate);
      SSL_CTX_use_PrivateKey(context_, key);
      X509_free(certificate);
    }
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, socket.fd());
  }
  ~RawTls() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }
  RawTls(const RawTls&) = delete;
  RawTls& operator=(const RawTls&) = delete;

  bool handshake() { return SSL_connect(ssl_) == 1; }
  bool write(BytesView bytes) {
    return SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) ==
           static_cast<int>(bytes.size());
  }
  /// Bytes read, <= 0 at the end of the connection.
  int read() {
    std::array<char, 4096> buffer{};
    return SSL_read(ssl_, buffer.data(), static_cast<int>(buffer.size()));
  }

 private:
  SSL_CTX* context_;
  SSL* ssl_;
};

template <typename Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 15'000; ++i) {
    if (condition()) {
      return true;
    }
    std::this_thread::sleep_for(10ms);
  }
  return condition();
}

class Peer : public ::testing::Test {
 protected:
  Peer()
      : server_key_(SecretKey::generate(entropy_)),
        client_key_(SecretKey::generate(entropy_)),
        stranger_key_(SecretKey::generate(entropy_)) {
    server_options_.workers = 1;
  }

  void start() {
    auto started = PeerServer::start(
        loop_, server_options_, server_key_,
        [this, known = client_key_.public_key()](const PublicKey& key) {
          return key == known && !expelled_;
        },
        [this](const PublicKey& peer, BytesView request) { return serve_(peer, request); });
    ASSERT_TRUE(started) << started.error().message;
    server_ = *std::move(started);
  }

  std::unique_ptr<PeerClient> client(const SecretKey& identity) {
    return std::make_unique<PeerClient>("127.0.0.1", server_->port(), identity,
                                        server_key_.public_key(), client_options_);
  }

  [[nodiscard]] std::uint64_t refusals(Refusal why) const {
    return server_->connection_counters().refusals(why);
  }

  EVP_PKEY* openssl_key() {
    const auto seed = client_key_.seed();
    return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size());
  }

  SystemEntropy entropy_;
  SecretKey server_key_;
  SecretKey client_key_;
  SecretKey stranger_key_;
  std::atomic<bool> expelled_{false};
  PeerServer::Serve serve_ = [](const PublicKey&, BytesView request) {
    Bytes answer = to_bytes(std::string_view("echo "));
    append(answer, request);
    return answer;
  };
  PeerServerOptions server_options_;
  PeerClientOptions client_options_;
  Loop loop_;
  std::unique_ptr<PeerServer> server_;
};

TEST_F(Peer, AnswersARequestOfAPinnedKeyAndSeesWhoAsked) {
  PublicKey asked;
  serve_ = [&asked](const PublicKey& peer, BytesView request) {
    asked = peer;
    return to_bytes(request);
  };
  start();
  const auto peer = client(client_key_);
  const auto answer = peer->call(as_bytes("hello"));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(as_text(*answer), "hello");
  EXPECT_EQ(asked, client_key_.public_key());
  EXPECT_EQ(server_->connection_counters().bytes_in.load(), 9U);
  EXPECT_TRUE(eventually([&] { return server_->connection_counters().bytes_out.load() == 9; }));
  EXPECT_EQ(peer->counters().bytes_in.load(), 9U);
}

TEST_F(Peer, KeepsOneConnectionForManyCalls) {
  start();
  const auto peer = client(client_key_);
  for (int i = 0; i < 50; ++i) {
    const std::string text = std::to_string(i);
    const auto answer = peer->call(as_bytes(text));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(as_text(*answer), "echo " + text);
  }
  EXPECT_EQ(server_->connection_counters().opened.load(), 1U);
  EXPECT_EQ(server_->counters().requests.load(), 50U);
}

TEST_F(Peer, CarriesFramesOfEverySizeUpToTheBound) {
  serve_ = [](const PublicKey&, BytesView request) { return to_bytes(request); };
  start();
  const auto peer = client(client_key_);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{16384}, std::size_t{16385},
        std::size_t{1000003}, std::size_t{kFrameBytesMax}}) {
    Bytes request(size);
    for (std::size_t i = 0; i < size; ++i) {
      request[i] = static_cast<std::uint8_t>(i * 31 + size);
    }
    const auto answer = peer->call(request);
    ASSERT_TRUE(answer) << size << ": " << answer.error().message;
    EXPECT_EQ(*answer, request) << size;
  }
}

TEST_F(Peer, RefusesAKeyNobodyKnowsAndTellsIt) {
  start();
  const auto answer = client(stranger_key_)->call(as_bytes("hello"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::kUnauthorised) << answer.error().message;
  EXPECT_THAT(answer.error().message, HasSubstr("peer 127.0.0.1:"));
  EXPECT_TRUE(eventually([&] { return refusals(Refusal::kUnknownKey) == 1; }));
  EXPECT_EQ(server_->counters().requests.load(), 0U);
}

TEST_F(Peer, ClientRefusesAServerWithAnotherKey) {
  start();
  PeerClient peer("127.0.0.1", server_->port(), client_key_, stranger_key_.public_key());
  const auto answer = peer.call(as_bytes("secret"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::kUnverified) << answer.error().message;
  EXPECT_EQ(server_->counters().requests.load(), 0U);
}

TEST_F(Peer, RefusesTls12) {
  start();
  EVP_PKEY* key = openssl_key();
  const RawSocket socket(server_->port());
  RawTls tls(socket, TLS1_2_VERSION, key);
  EXPECT_FALSE(tls.handshake());
  EVP_PKEY_free(key);
  EXPECT_TRUE(eventually([&] { return refusals(Refusal::kOldTls) == 1; }));
}

TEST_F(Peer, RefusesAClientWithoutACertificate) {
  start();
  const RawSocket socket(server_->port());
  RawTls tls(socket, TLS1_3_VERSION, nullptr);
  tls.handshake();  // in TLS 1.3 the client's half is done before the server judges
  EXPECT_LE(tls.read(), 0);
  EXPECT_TRUE(eventually([&] { return refusals(Refusal::kNoCertificate) == 1; }));
}

TEST_F(Peer, RefusesACertificateOfAnotherKindOfKey) {
  start();
  EVP_PKEY* key = EVP_EC_gen("P-256");
  const RawSocket socket(server_->port());
  RawTls tls(socket, TLS1_3_VERSION, key);
  const bool open = tls.handshake() && tls.read() > 0;
  EXPECT_FALSE(open);
  EVP_PKEY_free(key);
  EXPECT_TRUE(eventually(
      [&] { return refusals(Refusal::kBadCertificate) + refusals(Refusal::kNoCertificate) == 1; }));
}

TEST_F(Peer, RefusesPlaintext) {
  start();
  const RawSocket socket(server_->port());
  socket.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(socket.is_closed_by_server());
  EXPECT_TRUE(eventually([&] { return refusals(Refusal::kNotTls) == 1; }));
}

TEST_F(Peer, ClosesAConnectionWhoseHandshakeDoesNotFinish) {
  server_options_.handshake_timeout = 200ms;
  start();
  const RawSocket socket(server_->port());
  socket.send("\x16");
  EXPECT_TRUE(socket.is_closed_by_server());
  EXPECT_EQ(refusals(Refusal::kTimeout), 1U);
}

TEST_F(Peer, ClosesOnAFrameLongerThanTheBound) {
  server_options_.frame_bytes_max = 1000;
  start();
  const auto peer = client(client_key_);
  const Bytes request(1001);
  const auto answer = peer->call(request);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::kUnavailable) << answer.error().message;
  EXPECT_EQ(server_->counters().frames_too_long.load(), 1U);
  EXPECT_EQ(server_->counters().requests.load(), 0U);
}

TEST_F(Peer, ClientRefusesARequestBeyondItsOwnBoundWithoutSending) {
  client_options_.frame_bytes_max = 1000;
  start();
  const auto answer = client(client_key_)->call(Bytes(1001));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::kTooLarge);
  EXPECT_EQ(server_->connection_counters().accepted.load(), 0U);
}

TEST_F(Peer, ClientRefusesAnAnswerBeyondItsBound) {
  client_options_.frame_bytes_max = 1000;
  serve_ = [](const PublicKey&, BytesView) { return Bytes(1001); };
  start();
  const auto answer = client(client_key_)->call(as_bytes("much"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::kTooLarge);
}

TEST_F(Peer, ClosesWhenAFrameIsSentTooSlowly) {
  server_options_.frame_timeout = 200ms;
  start();
  EVP_PKEY* key = openssl_key();
  const RawSocket socket(server_->port());
  RawTls tls(socket, TLS1_3_VERSION, key);
  EVP_PKEY_free(key);
  ASSERT_TRUE(tls.handshake());
  ASSERT_TRUE(tls.write(frame_header(10)));
  EXPECT_LE(tls.read(), 0);
  EXPECT_EQ(server_->counters().timeouts.load(), 1U);
}

TEST_F(Peer, ClosesAnIdleConnectionAndTheClientComesBackByItself) {
  server_options_.idle_timeout = 100ms;
  client_options_.backoff_min = 10ms;
  start();
  const auto peer = client(client_key_);
  ASSERT_TRUE(peer->call(as_bytes("one")));
  ASSERT_TRUE(eventually([&] { return server_->connections() == 0; }));
  const auto answer = peer->call(as_bytes("two"));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(peer->counters().connected.load(), 2U);
}

TEST_F(Peer, ClosesWhenBytesComeBeforeTheAnswer) {
  start();
  EVP_PKEY* key = openssl_key();
  const RawSocket socket(server_->port());
  RawTls tls(socket, TLS1_3_VERSION, key);
  EVP_PKEY_free(key);
  ASSERT_TRUE(tls.handshake());
  Bytes two = frame_header(1);
  append(two, std::string_view("a"));
  append(two, BytesView(Bytes(two)));
  ASSERT_TRUE(tls.write(two));
  EXPECT_LE(tls.read(), 0);
  EXPECT_EQ(server_->counters().frames_out_of_turn.load(), 1U);
}

TEST_F(Peer, EndsAnOpenConnectionWhenItsKeyIsExpelled) {
  start();
  const auto peer = client(client_key_);
  ASSERT_TRUE(peer->call(as_bytes("member")));
  expelled_ = true;
  EXPECT_FALSE(peer->call(as_bytes("no longer")));
  EXPECT_EQ(server_->counters().keys_withdrawn.load(), 1U);
  EXPECT_EQ(server_->counters().requests.load(), 1U);
}

TEST_F(Peer, LimitsTheConnectionsOfOneKey) {
  server_options_.connections_per_peer_max = 2;
  client_options_.backoff_min = 10ms;
  start();
  const auto first = client(client_key_);
  const auto second = client(client_key_);
  const auto third = client(client_key_);
  ASSERT_TRUE(first->call(as_bytes("1")));
  ASSERT_TRUE(second->call(as_bytes("2")));
  EXPECT_FALSE(third->call(as_bytes("3")));
  EXPECT_EQ(server_->counters().peer_limit.load(), 1U);
  EXPECT_TRUE(first->call(as_bytes("4")));
}

TEST_F(Peer, LimitsTheConnectionsOfAll) {
  server_options_.connections_max = 3;
  start();
  std::vector<std::unique_ptr<RawSocket>> sockets;
  for (int i = 0; i < 5; ++i) {
    sockets.push_back(std::make_unique<RawSocket>(server_->port()));
  }
  EXPECT_TRUE(eventually([&] { return refusals(Refusal::kTooMany) == 2; }));
  EXPECT_LE(server_->connections(), 3U);
}

TEST_F(Peer, LimitsTheHandshakesOfOneAddressButNotItsOpenConnections) {
  server_options_.handshakes_per_address_max = 2;
  client_options_.backoff_min = 10ms;
  start();
  const auto before = client(client_key_);
  const auto another = client(client_key_);
  ASSERT_TRUE(before->call(as_bytes("1")));
  ASSERT_TRUE(another->call(as_bytes("2")));
  auto idle = std::make_unique<RawSocket>(server_->port());
  const RawSocket also_idle(server_->port());
  ASSERT_TRUE(eventually([&] { return server_->connections() == 4; }));
  EXPECT_TRUE(RawSocket(server_->port()).is_closed_by_server());
  EXPECT_EQ(refusals(Refusal::kTooMany), 1U);
  EXPECT_FALSE(client(client_key_)->call(as_bytes("3")));
  EXPECT_TRUE(before->call(as_bytes("4")));
  idle.reset();  // a handshake that is given up makes room for the next one
  ASSERT_TRUE(eventually([&] { return server_->connections() == 3; }));
  const auto after = client(client_key_);
  EXPECT_TRUE(after->call(as_bytes("5")));
}

TEST_F(Peer, AFailingHandlerCostsOneConnectionOnly) {
  client_options_.backoff_min = 10ms;
  serve_ = [](const PublicKey&, BytesView request) -> Bytes {
    if (as_text(request) == "bad") {
      throw std::runtime_error("handler");
    }
    return to_bytes(request);
  };
  start();
  const auto peer = client(client_key_);
  EXPECT_FALSE(peer->call(as_bytes("bad")));
  EXPECT_EQ(server_->counters().serve_failures.load(), 1U);
  EXPECT_TRUE(peer->call(as_bytes("good")));
}

TEST_F(Peer, ACallEndsAtItsDeadline) {
  client_options_.call_timeout = 200ms;
  // It answers only after the caller has given up.
  std::promise<void> given_up;
  serve_ = [ended = given_up.get_future().share()](const PublicKey&, BytesView) {
    ended.wait();
    return Bytes();
  };
  start();
  const auto answer = client(client_key_)->call(as_bytes("slow"));
  given_up.set_value();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::kUnavailable);
}

TEST_F(Peer, CancelEndsACallFromAnotherThread) {
  start();
  server_.reset();
  client_options_.backoff_min = 10s;
  PeerClient peer("127.0.0.1", 1, client_key_, server_key_.public_key(), client_options_);
  EXPECT_FALSE(peer.call(as_bytes("refused")));
  std::thread canceller([&] {
    std::this_thread::sleep_for(50ms);
    peer.cancel();
  });
  const auto answer = peer.call(as_bytes("waits for its turn"));
  canceller.join();
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("cancelled"));
}

TEST_F(Peer, ALoopOfCallsToADeadPeerIsPaced) {
  client_options_.backoff_min = 50ms;
  start();
  const std::uint16_t port = server_->port();
  server_.reset();
  PeerClient peer("127.0.0.1", port, client_key_, server_key_.public_key(), client_options_);
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 4; ++i) {
    EXPECT_FALSE(peer.call(as_bytes("anyone?")));
  }
  // Waits of at least 75 % of 50, 100 and 200 ms lie between the four attempts.
  EXPECT_GE(std::chrono::steady_clock::now() - begun, 262ms);
  EXPECT_EQ(peer.counters().connects.load(), 4U);
}

TEST_F(Peer, GoesDownWhileCallsAreUnderWay) {
  serve_ = [](const PublicKey&, BytesView request) {
    std::this_thread::sleep_for(5ms);
    return to_bytes(request);
  };
  server_options_.connections_per_peer_max = 8;
  start();
  std::atomic<int> answered{0};
  std::vector<std::thread> callers;
  std::vector<std::unique_ptr<PeerClient>> peers;
  for (int i = 0; i < 4; ++i) {
    peers.push_back(client(client_key_));
    callers.emplace_back([&answered, peer = peers.back().get()] {
      while (peer->call(as_bytes("x"))) {
        ++answered;
      }
    });
  }
  EXPECT_TRUE(eventually([&] { return answered > 10; }));
  server_.reset();
  for (std::thread& caller : callers) {
    caller.join();
  }
}

TEST(Listener, NamesAnAddressThatIsNone) {
  Loop loop;
  ListenerOptions options;
  options.address = "localhost";
  const auto opened = Listener::open(loop, options, nullptr);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::kInvalid);
}

TEST(Listener, NamesThePortThatIsTaken) {
  Loop loop;
  const auto first = Listener::open(loop, ListenerOptions{}, nullptr);
  ASSERT_TRUE(first);
  ListenerOptions same;
  same.port = (*first)->port();
  const auto second = Listener::open(loop, same, nullptr);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::kIo);
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(same.port)));
}

}  // namespace
}  // namespace hefu
