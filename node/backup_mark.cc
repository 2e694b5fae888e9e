#include "node/backup_mark.h"

#include <limits>
#include <string>

#include <boost/json.hpp>

#include "ledger/event/canonical_json.h"
#include "node/files.h"

namespace hefu {
namespace {

constexpr std::size_t kMarkBytesMax = 4096;

std::filesystem::path mark_path(const std::filesystem::path& folder) {
  return folder / "verified.json";
}

}  // namespace

Result<void> put_backup_mark(const std::filesystem::path& folder, const BackupMark& mark) {
  const boost::json::object content{{"id", mark.id}, {"at", mark.at.text()}};
  return write_file_atomically(mark_path(folder), boost::json::serialize(content) + "\n",
                               FileMode::kPrivate);
}

std::optional<BackupMark> backup_mark(const std::filesystem::path& folder) {
  const auto text = read_file(mark_path(folder), kMarkBytesMax);
  const auto value =
      text ? parse_json(*text, kMarkBytesMax) : Result<boost::json::value>(text.error());
  const auto* content = value ? value->if_object() : nullptr;
  const auto* id = content == nullptr ? nullptr : content->if_contains("id");
  const auto* at = content == nullptr ? nullptr : content->if_contains("at");
  if (id == nullptr || !id->is_int64() || id->as_int64() < 1 ||
      id->as_int64() > std::numeric_limits<std::uint32_t>::max() || at == nullptr ||
      !at->is_string()) {
    return std::nullopt;
  }
  const auto moment = Moment::parse(std::string_view(at->as_string()));
  return moment ? std::optional(BackupMark{static_cast<std::uint32_t>(id->as_int64()), *moment})
                : std::nullopt;
}

}  // namespace hefu
