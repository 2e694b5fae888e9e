#include "tests/sql/sqlite.h"

namespace hefu {

std::string Sqlite::run(const std::string& script) {
  char* message = nullptr;
  const int code = sqlite3_exec(database_, script.c_str(), nullptr, nullptr, &message);
  std::string out = code == SQLITE_OK ? "" : message != nullptr ? message : "failed";
  sqlite3_free(message);
  return out;
}

std::string Sqlite::ask(const std::string& query, SqlRows* rows) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database_, query.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
    return sqlite3_errmsg(database_);
  }
  std::string out;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    auto& row = rows->emplace_back();
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
      const int type = sqlite3_column_type(statement, i);
      out = type == SQLITE_FLOAT ? "a floating-point number" : out;
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
      row.push_back(type == SQLITE_NULL ? std::nullopt : std::optional<std::string>(text));
    }
  }
  if (code != SQLITE_DONE) {
    out = sqlite3_errmsg(database_);
  }
  sqlite3_finalize(statement);
  return out;
}

}  // namespace hefu
