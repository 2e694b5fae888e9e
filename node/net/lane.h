#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <unordered_map>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace hefu {

class TcpStream;

/// One I/O thread with its event loop and the connections that live on it. Only this folder's
/// sources include this header: it shows Asio.
class Lane : public std::enable_shared_from_this<Lane> {
 public:
  Lane();
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  void start();
  /// Closes every connection and ends the thread.
  void end();

  // Any thread.
  boost::asio::io_context& io() { return io_; }
  [[nodiscard]] bool here() const { return io_.get_executor().running_in_this_thread(); }
  void post(std::function<void()> job);

  // On the lane's thread.
  std::uint64_t next_id() { return ++last_id_; }
  void add(const std::shared_ptr<TcpStream>& stream);
  void remove(std::uint64_t id);
  std::shared_ptr<TcpStream> find(std::uint64_t id) const;
  void for_each(const std::function<void(TcpStream&)>& visit) const;

 private:
  void arm_sweep();

  mutable boost::asio::io_context io_{1};  // 1: one thread runs it, which spares wake-ups
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_;
  std::thread thread_;

  // Owned by the lane's thread.
  boost::asio::steady_timer sweep_;
  bool sweeping_ = false;
  std::uint64_t last_id_ = 0;
  std::unordered_map<std::uint64_t, std::shared_ptr<TcpStream>> streams_;
};

}  // namespace hefu
