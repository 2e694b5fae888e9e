#include "node/net/loop.h"

#include <utility>

#include <boost/asio/post.hpp>

#include "crypto/result.h"
#include "node/net/lane.h"
#include "node/net/tcp_stream.h"

namespace hefu {
namespace {

/// How often deadlines are looked at. One timer for all connections is far cheaper than one timer
/// each, set anew twice per request.
constexpr std::chrono::milliseconds kSweepEvery{100};

}  // namespace

Loop::Loop(int threads) {
  HEFU_ASSERT(threads >= 1);
  for (int i = 0; i < threads; ++i) {
    lanes_.push_back(std::make_shared<Lane>());
    lanes_.back()->start();
  }
}

Loop::~Loop() {
  for (const auto& lane : lanes_) {
    lane->end();
  }
}

Lane::Lane() : busy_(io_.get_executor()), sweep_(io_) {}

Lane::~Lane() {
  HEFU_ASSERT(!thread_.joinable());
}

void Lane::start() {
  thread_ = std::thread([this] { io_.run(); });
}

void Lane::end() {
  HEFU_ASSERT(!here());
  post([this] {
    for_each([](TcpStream& stream) { stream.close(); });
    sweep_.cancel();
    busy_.reset();
  });
  thread_.join();
}

void Lane::post(std::function<void()> job) {
  boost::asio::post(io_, std::move(job));
}

void Lane::add(const std::shared_ptr<TcpStream>& stream) {
  streams_.emplace(stream->id(), stream);
  if (!sweeping_) {
    arm_sweep();
  }
}

void Lane::remove(std::uint64_t id) {
  streams_.erase(id);
}

std::shared_ptr<TcpStream> Lane::find(std::uint64_t id) const {
  const auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : found->second;
}

void Lane::for_each(const std::function<void(TcpStream&)>& visit) const {
  // A copy: a visit may close streams and so change the map.
  std::vector<std::shared_ptr<TcpStream>> all;
  all.reserve(streams_.size());
  for (const auto& [id, stream] : streams_) {
    all.push_back(stream);
  }
  for (const auto& stream : all) {
    visit(*stream);
  }
}

void Lane::arm_sweep() {
  sweeping_ = true;
  sweep_.expires_after(kSweepEvery);
  sweep_.async_wait([this](const boost::system::error_code& error) {
    sweeping_ = false;
    if (error) {
      return;
    }
    const auto now = std::chrono::steady_clock::now();
    for_each([now](TcpStream& stream) { stream.check_deadline(now); });
    if (!streams_.empty()) {
      arm_sweep();
    }
  });
}

void StreamHandle::deliver(std::function<void(Session&)> message) const {
  // The job holds a plain pointer: it runs only while the lane exists, and a shared one inside the
  // lane's own queue would keep the lane alive for ever.
  auto job = [lane = lane_.get(), id = id_, message = std::move(message)] {
    const std::shared_ptr<TcpStream> stream = lane->find(id);
    if (stream == nullptr) {
      return;
    }
    if (Session* session = stream->session(); session != nullptr) {
      message(*session);
    }
  };
  if (lane_->here()) {
    job();
  } else {
    lane_->post(std::move(job));
  }
}

}  // namespace hefu
