#include "tools/backup.h"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include <boost/json.hpp>
#include <unistd.h>

#include "ledger/event/event.h"
#include "node/backup.h"
#include "node/backup_mark.h"
#include "node/config.h"
#include "node/files.h"
#include "tools/home.h"
#include "tools/json.h"

namespace hefu {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::chrono::milliseconds kPause{300};
constexpr std::size_t kDocumentBytesMax = std::size_t{4} << 20;
/// What goes with the database, by its name in a home.
constexpr const char* kDocuments[] = {"charter.note", "member.json", "hefud.toml"};

Result<Config> read_config(const fs::path& home) {
  auto text = read_file(home / "hefud.toml", kConfigBytesMax);
  return text ? parse_config(*text, home) : Result<Config>(text.error());
}

/// The folder of backups: as given, or the home's.
Result<fs::path> backups_of(const Context& context, const std::string& from) {
  if (!from.empty()) {
    return fs::path(from);
  }
  auto home = Home::open(context);
  auto config = home ? read_config(home->path()) : Result<Config>(home.error());
  return config ? Result<fs::path>(config->backup_folder) : config.error();
}

Result<void> copy(const fs::path& from, const fs::path& to, FileMode mode) {
  auto text = read_file(from, kDocumentBytesMax);
  return text ? write_file_atomically(to, *text, mode) : Result<void>(text.error());
}

/// Documents and, if asked for, key files between a home and a folder of backups.
Result<void> copy_documents(const fs::path& from, const fs::path& to, bool keys) {
  for (const char* document : kDocuments) {
    if (!fs::exists(from / document)) {
      continue;
    }
    if (auto copied = copy(from / document, to / document, FileMode::kShared); !copied) {
      return copied;
    }
  }
  if (!keys || !fs::is_directory(from / "keys")) {
    return {};
  }
  if (auto made = create_private_dir(to / "keys"); !made) {
    return made;
  }
  for (const auto& file : fs::directory_iterator(from / "keys")) {
    if (file.path().extension() == ".key") {
      if (auto copied = copy(file.path(), to / "keys" / file.path().filename(), FileMode::kPrivate);
          !copied) {
        return copied;
      }
    }
  }
  return {};
}

Result<json::value> made_by_node(HttpClient& node) {
  const auto begun = node.post("/v1/backups", "application/json", as_bytes("{}"));
  if (!begun) {
    return begun.error();
  }
  while (true) {
    auto answer = node.get_json("/v1/backups");
    if (!answer) {
      return answer;
    }
    const json::object& object = answer->as_object();
    if (!object.at("running").as_bool()) {
      if (object.at("error").is_string()) {
        return Error{Errc::kIo, text_at(object, "error"), text_at(object, "hint")};
      }
      return json::value(object.at("backups").as_array().back());
    }
    std::cerr << "." << std::flush;
    std::this_thread::sleep_for(kPause);
  }
}

json::object describe(const BackupInfo& backup) {
  json::object logs;
  for (const auto& [origin, size] : backup.logs) {
    logs[origin] = size;
  }
  return {{"id", backup.id},
          {"made", Moment{backup.made_s * 1000}.text()},
          {"bytes", backup.bytes},
          {"files", backup.files},
          {"logs", std::move(logs)}};
}

/// By this process, of a node that is stopped: its data folder is locked otherwise.
Result<json::value> made_here(const Config& config) {
  auto store = Store::open(config.data, {});
  if (!store) {
    return store.error();
  }
  auto made = make_backup(**store, config.backup_folder, config.backups_kept);
  return made ? Result<json::value>(describe(*made)) : made.error();
}

void print(const json::object& backup) {
  std::printf("backup %llu  %s  %.1f MB in %llu files\n",
              static_cast<unsigned long long>(backup.at("id").to_number<std::uint64_t>()),
              text_at(backup, "made").c_str(), backup.at("bytes").to_number<double>() / 1e6,
              static_cast<unsigned long long>(backup.at("files").to_number<std::uint64_t>()));
  for (const auto& log : backup.at("logs").as_object()) {
    std::cout << "  " << log.key() << "  " << log.value().to_number<std::uint64_t>()
              << " entries\n";
  }
}

Result<std::uint32_t> chosen(const fs::path& folder, std::uint32_t id) {
  auto backups = list_backups(folder);
  if (!backups) {
    return backups.error();
  }
  for (const BackupInfo& backup : *backups) {
    if (id == 0 ? &backup == &backups->back() : backup.id == id) {
      return backup.id;
    }
  }
  return Error{Errc::kNotFound,
               "there is no backup " + (id == 0 ? std::string() : std::to_string(id) + " ") +
                   "in " + folder.string(),
               "`hefu backup list --from " + folder.string() + "` shows what there is"};
}

/// A folder that is gone again when this is.
class Aside {
 public:
  explicit Aside(fs::path path) : path_(std::move(path)) {}
  ~Aside() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Aside(const Aside&) = delete;
  Aside& operator=(const Aside&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  const fs::path path_;
};

Result<std::vector<LogCheck>> verify(const fs::path& folder, std::uint32_t id, bool quiet) {
  const auto charter = read_charter((folder / "charter.note").string());
  if (!charter) {
    return charter.error().during("the charter beside the backups");
  }
  const Aside aside(folder / (".verify-" + std::to_string(::getpid())));
  if (auto restored = restore_backup(folder, id, aside.path()); !restored) {
    return restored.error();
  }
  auto store = Store::open(aside.path(), {});
  if (!store) {
    return store.error();
  }
  return check_logs(**store, *charter, [quiet](const std::string& origin) {
    if (!quiet) {
      std::cerr << "hashing " << origin << " …\n";
    }
  });
}

Result<void> restore(const fs::path& from, std::uint32_t id, const fs::path& to) {
  // The configuration as it will be read there: it says where the data belong.
  if (auto made = create_private_dir(to); !made) {
    return made;
  }
  if (fs::exists(to / "hefud.toml") || fs::exists(to / "data")) {
    return Error{Errc::kConflict, "there is an institution's folder in " + to.string() + " already",
                 "restore into a folder that does not exist yet"};
  }
  if (auto copied = copy_documents(from, to, true); !copied) {
    return copied;
  }
  const auto config = read_config(to);
  const auto charter = read_charter((to / "charter.note").string());
  if (!config || !charter) {
    return (config ? charter.error() : config.error()).during("what is beside the backups");
  }
  const Member* self = charter->member(config->member);
  if (self == nullptr) {
    return Error{Errc::kInvalid, "the charter has no member " + config->member, ""};
  }
  if (auto restored = restore_backup(from, id, config->data); !restored) {
    return restored;
  }
  auto store = Store::open(config->data, {});
  return store ? mark_restored(**store, self->origin) : store.error();
}

}  // namespace

int run(Context& context, const BackupCreate& options) {
  const auto home = Home::open(context);
  const auto config = home ? read_config(home->path()) : Result<Config>(home.error());
  auto node = config ? open_node(context) : Result<HttpClient>(config.error());
  if (!node) {
    return report(context, node.error());
  }
  auto made = made_by_node(*node);
  if (!made && made.error().code == Errc::kUnavailable) {
    made = made_here(*config);
  }
  if (!made) {
    return report(context, made.error());
  }
  if (auto copied = copy_documents(home->path(), config->backup_folder, options.keys); !copied) {
    return report(context, copied.error());
  }
  if (context.json) {
    print_json(*made, false);
    return kExitOk;
  }
  print(made->as_object());
  const bool keys = fs::is_directory(config->backup_folder / "keys");
  std::cout << "in " << config->backup_folder.string()
            << (options.keys ? ", with the sealed key files\n"
                : keys       ? ", where the sealed key files are from before\n"
                             : "; keys are not in it\n");
  return kExitOk;
}

int run(Context& context, const BackupList& options) {
  const auto folder = backups_of(context, options.from);
  const auto backups =
      folder ? list_backups(*folder) : Result<std::vector<BackupInfo>>(folder.error());
  if (!backups) {
    return report(context, backups.error());
  }
  json::array list;
  for (const BackupInfo& backup : *backups) {
    list.push_back(describe(backup));
    if (!context.json) {
      print(list.back().as_object());
    }
  }
  if (context.json) {
    print_json(list, false);
  }
  return kExitOk;
}

int run(Context& context, const BackupVerify& options) {
  const auto folder = backups_of(context, options.from);
  const auto id = folder ? chosen(*folder, options.id) : Result<std::uint32_t>(folder.error());
  const auto checks =
      id ? verify(*folder, *id, context.json) : Result<std::vector<LogCheck>>(id.error());
  if (!checks) {
    const Errc code = checks.error().code;
    const int reported = report(context, checks.error());
    return code == Errc::kCorrupt || code == Errc::kUnverified ? kExitBad : reported;
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const Moment verified{std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
  if (auto noted = put_backup_mark(*folder, {*id, verified}); !noted && !context.json) {
    std::cerr << "not noted beside the backups: " << noted.error().message << "\n";
  }
  json::array list;
  for (const LogCheck& log : *checks) {
    list.push_back(json::object{{"origin", log.origin},
                                {"entries", log.entries},
                                {"bytes", log.bytes},
                                {"checkpoint_size", log.checkpoint_size}});
    if (!context.json) {
      std::cout << "  " << log.origin << "  " << log.entries << " entries lead to "
                << (log.entries == 0 ? "no checkpoint yet"
                    : log.checkpoint_size == log.entries
                        ? "its signed checkpoint"
                        : "the stored root; signed up to " + std::to_string(log.checkpoint_size))
                << "\n";
    }
  }
  if (context.json) {
    print_json(json::object{{"id", *id}, {"logs", std::move(list)}}, false);
  } else {
    std::cout << "backup " << *id << " is whole\n";
  }
  return kExitOk;
}

int run(Context& context, const BackupRestore& options) {
  const auto id = chosen(options.from, options.id);
  if (!id) {
    return report(context, id.error());
  }
  if (auto restored = restore(options.from, *id, options.to); !restored) {
    return report(context, restored.error());
  }
  if (context.json) {
    print_json(json::object{{"id", *id}, {"to", options.to}}, false);
    return kExitOk;
  }
  std::cout << "backup " << *id << " is in " << options.to << "\n";
  if (!fs::is_directory(fs::path(options.to) / "keys")) {
    std::cout << "  put the key files into " << (fs::path(options.to) / "keys").string()
              << ": they were not in the backup\n";
  }
  std::cout << "  make sure that no other node of this institution runs, then start this one. It "
               "hears the\n  other members before its log grows: `hefu node recover` shows how far "
               "it is\n";
  return kExitOk;
}

}  // namespace hefu
