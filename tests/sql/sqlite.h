#pragma once

#include <string>

#include <sqlite3.h>

#include "tests/sql/rows.h"

namespace hefu {

/// A database in memory.
class Sqlite {
 public:
  Sqlite() { sqlite3_open(":memory:", &database_); }
  ~Sqlite() { sqlite3_close(database_); }
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;

  /// Runs statements; what went wrong, or empty.
  std::string run(const std::string& script);
  /// One query. A floating-point number anywhere in the answer is an error, too.
  std::string ask(const std::string& query, SqlRows* rows);

 private:
  sqlite3* database_ = nullptr;
};

}  // namespace hefu
