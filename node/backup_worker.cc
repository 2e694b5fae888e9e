#include "node/backup_worker.h"

#include <utility>

#include <boost/json.hpp>

#include "node/backup.h"
#include "node/backup_mark.h"

namespace hefu {

namespace json = boost::json;

BackupWorker::BackupWorker(const Store& store, Options options,
                           std::function<void(const Error&)> failed)
    : store_(store), options_(std::move(options)), failed_(std::move(failed)) {}

BackupWorker::~BackupWorker() {
  if (thread_.joinable()) {
    thread_.join();
  }
}

Result<void> BackupWorker::configured() const {
  return options_.folder.empty() ? Error{Errc::kUnsupported, "this node has no folder for backups",
                                         "set backup.folder in its configuration and start it anew"}
                                 : Result<void>();
}

Result<void> BackupWorker::begin() {
  if (auto folder = configured(); !folder) {
    return folder;
  }
  const std::lock_guard lock(mutex_);
  if (running_) {
    return Error{Errc::kConflict, "a backup is being made", "wait until it is there"};
  }
  if (thread_.joinable()) {
    thread_.join();  // it has ended
  }
  running_ = true;
  error_.reset();
  thread_ = std::thread([this] {
    const auto made = make_backup(store_, options_.folder, options_.keep);
    if (!made) {
      failed_(made.error());
    }
    const std::lock_guard done(mutex_);
    running_ = false;
    if (!made) {
      error_ = made.error();
    }
  });
  return {};
}

Result<std::string> BackupWorker::json() const {
  if (auto folder = configured(); !folder) {
    return folder.error();
  }
  json::object answer{{"folder", options_.folder.string()}, {"keep", options_.keep}};
  answer["verified"] = nullptr;
  if (const auto mark = backup_mark(options_.folder)) {
    answer["verified"] = json::object{{"id", mark->id}, {"at", mark->at.text()}};
  }
  {
    const std::lock_guard lock(mutex_);
    answer["running"] = running_;
    answer["error"] = error_ ? json::value(error_->message) : json::value(nullptr);
    answer["hint"] = error_ ? json::value(error_->hint) : json::value(nullptr);
    if (running_) {
      answer["backups"] = json::array();
      return json::serialize(answer);  // the folder is being written to
    }
  }
  const auto backups = list_backups(options_.folder);
  if (!backups && backups.error().code != Errc::kNotFound) {
    return backups.error();
  }
  json::array list;
  for (const BackupInfo& one : backups ? *backups : std::vector<BackupInfo>()) {
    json::object logs;
    for (const auto& [origin, size] : one.logs) {
      logs[origin] = size;
    }
    list.push_back(json::object{{"id", one.id},
                                {"made", Moment{one.made_s * 1000}.text()},
                                {"bytes", one.bytes},
                                {"files", one.files},
                                {"logs", std::move(logs)}});
  }
  answer["backups"] = std::move(list);
  return json::serialize(answer);
}

}  // namespace hefu
