#include "tests/sql/postgres.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <unistd.h>

namespace hefu {

namespace {

namespace fs = std::filesystem;

/// The newest of Debian's versions, 15 or later.
std::string find_programs() {
  std::string out;
  int newest = 14;
  for (int version = 15; version < 30; ++version) {
    const std::string folder = "/usr/lib/postgresql/" + std::to_string(version) + "/bin";
    if (fs::exists(folder + "/initdb") && version > newest) {
      newest = version;
      out = folder;
    }
  }
  return out;
}

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

constexpr const char* kNull = "<NULL>";  // what psql is told to write

/// CSV as psql writes it.
SqlRows parse_csv(const std::string& text) {
  SqlRows rows;
  std::size_t at = 0;
  while (at < text.size()) {
    auto& row = rows.emplace_back();
    bool more = true;
    while (more) {
      std::string field;
      const bool quoted = at < text.size() && text[at] == '"';
      if (quoted) {
        for (++at; at < text.size(); ++at) {
          if (text[at] == '"' && (at + 1 == text.size() || text[at + 1] != '"')) {
            ++at;
            break;
          }
          at += text[at] == '"' ? 1 : 0;
          field.push_back(text[at]);
        }
      } else {
        const std::size_t end = text.find_first_of(",\n", at);
        field = text.substr(at, end - at);
        at = end;
      }
      row.push_back(field == kNull ? std::nullopt : std::optional(field));
      more = at < text.size() && text[at] == ',';
      ++at;
    }
  }
  return rows;
}

}  // namespace

bool Postgres::as_server(const std::string& command) {
  const std::string user = geteuid() == 0 ? "runuser -u postgres -- " : "";
  return std::system((user + command).c_str()) == 0;
}

Postgres::Postgres() : programs_(find_programs()) {
  if (programs_.empty()) {
    error_ = "no PostgreSQL 15 or newer in /usr/lib/postgresql; run deploy/setup --test";
    return;
  }
  // Not below a long path: the name of a socket has 107 bytes at most.
  std::array<char, 32> name{"/tmp/hefu-postgres-XXXXXX"};
  folder_ = mkdtemp(name.data());
  if (geteuid() == 0 && std::system(("chown postgres " + folder_).c_str()) != 0) {
    error_ = "there is no user postgres";
    return;
  }
  const std::string log = folder_ + "/log";
  const std::string data = folder_ + "/data";
  if (!as_server("sh -c 'cd " + folder_ + " && " + programs_ + "/initdb -D " + data +
                 " --locale=C --encoding=UTF8 --auth=trust --username=hefu --no-sync >" + log +
                 " 2>&1'")) {
    error_ = "initdb: " + contents(log);
    return;
  }
  started_ = as_server("sh -c 'cd " + folder_ + " && " + programs_ + "/pg_ctl -D " + data +
                       " -w -t 120 -l " + log + " -o \"-k " + folder_ +
                       " -c listen_addresses= -c fsync=off -c jit=off\" start >/dev/null 2>&1'");
  error_ = started_ ? "" : "pg_ctl: " + contents(log);
}

Postgres::~Postgres() {
  if (started_) {
    as_server("sh -c 'cd " + folder_ + " && " + programs_ + "/pg_ctl -D " + folder_ +
              "/data -m immediate -w stop >/dev/null 2>&1'");
  }
  if (!folder_.empty()) {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
}

std::string Postgres::run(const std::string& script, SqlRows* rows) {
  // Written and read by whoever runs the test: psql reaches the server through its socket.
  const std::string base = "/tmp/hefu-psql-" + std::to_string(getpid());
  std::ofstream(base + ".sql", std::ios::binary) << script;
  const int code = std::system((programs_ + "/psql -X -q -t --csv -P 'null=" + std::string(kNull) +
                                "' -v ON_ERROR_STOP=1 -h " + folder_ + " -U hefu -d postgres -f " +
                                base + ".sql >" + base + ".csv 2>" + base + ".log")
                                   .c_str());
  *rows = parse_csv(contents(base + ".csv"));
  std::string out = code == 0 ? "" : "psql: " + contents(base + ".log");
  for (const char* suffix : {".sql", ".csv", ".log"}) {
    fs::remove(base + suffix);
  }
  return out;
}

}  // namespace hefu
