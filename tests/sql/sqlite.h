#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sqlite3.h>

namespace hefu {

/// What a query gave: texts by row and column, NULL as nothing.
using SqlRows = std::vector<std::vector<std::optional<std::string>>>;

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
