#include "node/anchorer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ledger/cut/anchor.h"
#include "ledger/merkle/tree.h"

namespace hefu {

Anchorer::Anchorer(const Store& store, const Member& self, SecretKey log_key, Sequencer& sequencer,
                   EnvelopeChecker& checker, Entropy& entropy, std::function<Moment()> now,
                   std::function<void(const Error&)> failed, const Options& options)
    : store_(store),
      self_(self),
      log_key_(std::move(log_key)),
      sequencer_(sequencer),
      checker_(checker),
      entropy_(entropy),
      now_(std::move(now)),
      failed_(std::move(failed)),
      options_(options) {
  if (options_.own_thread) {
    thread_ = std::thread([this] { run(); });
  }
}

Anchorer::~Anchorer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Anchorer::cosigned(std::uint64_t size, std::string note) {
  {
    const std::lock_guard lock(mutex_);
    if (size < size_) {
      return;
    }
    size_ = size;
    note_ = std::move(note);
  }
  wake_.notify_all();
}

bool Anchorer::begin() {
  if (begun_) {
    return true;
  }
  if (auto read = read_last_anchor(); !read) {
    failed_(read.error());
    return false;
  }
  begun_ = true;
  return true;
}

void Anchorer::look_at(std::uint64_t size, const std::string& note) {
  auto anchored = anchor(size, note);
  if (anchored) {
    done_.store(size);
  } else {
    failed_(anchored.error());
  }
  if (anchored || anchored.error().code != Errc::kUnavailable) {
    looked_at_ = size;  // else once more: in a log that falls quiet no other occasion comes
  }
}

void Anchorer::work() {
  std::uint64_t size = 0;
  std::string note;
  {
    const std::lock_guard lock(mutex_);
    size = size_;
    note = note_;
  }
  if (begin() && size > looked_at_) {
    look_at(size, note);
  }
}

void Anchorer::run() {
  if (!begin()) {
    return;
  }
  while (true) {
    std::uint64_t size = 0;
    std::string note;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stopping_ || size_ > looked_at_; });
      if (stopping_) {
        return;
      }
      size = size_;
      note = note_;
    }
    look_at(size, note);
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, options_.interval, [&] { return stopping_; });
  }
}

Result<void> Anchorer::read_last_anchor() {
  std::optional<std::uint64_t> last;
  auto scanned = store_.scan_index(Store::Index::kType, kAnchorType, {sequencer_.log(), 0},
                                   [&](EventPlace place) {
                                     if (place.log != sequencer_.log()) {
                                       return false;
                                     }
                                     last = place.index;
                                     return true;
                                   });
  if (!scanned || !last) {
    return scanned;
  }
  auto entry = store_.entry(sequencer_.log(), *last);
  if (!entry) {
    return entry.error();
  }
  auto envelope = decode_envelope(*entry);
  if (!envelope) {
    return envelope.error();
  }
  auto event = decode_event(envelope->event);
  if (!event) {
    return event.error();
  }
  const Value* size = event->field("indexed_size");
  if (size != nullptr && size->integer() != nullptr) {
    anchored_ = static_cast<std::uint64_t>(*size->integer());
  }
  return {};
}

Result<void> Anchorer::index_up_to(std::uint64_t size) {
  std::optional<Error> bad;
  auto scanned =
      store_.scan(sequencer_.log(), index_.size(), size, [&](std::uint64_t index, BytesView bytes) {
        auto envelope = decode_envelope(bytes);
        auto event = envelope ? decode_event(envelope->event) : Result<Event>(envelope.error());
        if (!event) {
          bad = event.error().during("entry " + std::to_string(index));
          return false;
        }
        index_.add(index, *event, leaf_hash(bytes));
        if (event->type != kAnchorType) {
          content_end_ = index + 1;
        }
        return true;
      });
  return bad ? Result<void>(*bad) : scanned;
}

Result<void> Anchorer::anchor(std::uint64_t size, const std::string& note) {
  if (auto indexed = index_up_to(size); !indexed) {
    return indexed;
  }
  if (content_end_ <= anchored_) {
    return {};
  }
  const Event event = make_anchor(self_.id, note, size, index_.type_root(),
                                  index_.supersession_root(), now_(), entropy_.take<16>());
  auto bytes = encode_event(event);
  if (!bytes) {
    return bytes.error();
  }
  auto envelopes = sign_batch(std::span(&*bytes, 1), log_key_);
  if (!envelopes) {
    return envelopes.error();
  }
  const BytesView envelope = envelopes->front();
  auto checked = checker_.check(std::span(&envelope, 1), self_);
  if (!checked) {
    return checked.error();
  }
  std::vector<Submission> submission;
  submission.push_back({std::move(envelopes->front()), std::move(checked->front())});
  auto appended = sequencer_.append(std::move(submission));
  if (!appended) {
    return appended.error();
  }
  anchored_ = size;
  return {};
}

}  // namespace hefu
