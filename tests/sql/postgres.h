#pragma once

#include <string>

#include "tests/sql/rows.h"

namespace hefu {

/// A PostgreSQL server of its own, from Debian's package, in a temporary folder: no system service,
/// no port, only a socket in that folder. Where the test runs as root the server runs as the user
/// `postgres`, because PostgreSQL refuses root. It is stopped and removed at the end.
class Postgres {
 public:
  Postgres();
  ~Postgres();
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;

  /// Why there is no server; empty if there is one.
  [[nodiscard]] const std::string& error() const { return error_; }
  /// Runs a script with psql, as a person would (`psql -f`), in one database that stays; what it
  /// printed as CSV, rows of all queries one after the other. Not empty `error`: what failed.
  std::string run(const std::string& script, SqlRows* rows);

 private:
  /// Runs a shell command as the server's user.
  bool as_server(const std::string& command);

  std::string folder_;
  std::string programs_;  // folder of initdb and pg_ctl
  std::string error_;
  bool started_ = false;
};

}  // namespace hefu
