#pragma once

#include <memory>
#include <vector>

namespace hefu {

class Lane;

/// The I/O threads. Each runs its own event loop, and a connection stays on one of them for life,
/// so that what belongs to a connection needs no lock. One thread carries tens of thousands of
/// small requests a second; more than one pays only when TLS fills it.
class Loop {
 public:
  explicit Loop(int threads = 1);
  /// Closes what is still open and joins the threads. Listeners must have been closed before.
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

 private:
  friend class Listener;
  std::vector<std::shared_ptr<Lane>> lanes_;  // set at construction
};

}  // namespace hefu
