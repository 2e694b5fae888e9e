#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"
#include "ledger/event/catalogue.h"

namespace hefu::sheet {

/// The institutions a node knows, to be looked up by name.
class Institutions {
 public:
  struct Entry {
    std::string code;
    std::string name;  ///< in Chinese, as shown
    bool member = false;
  };

  /// A later name of the same code is a further name of it; the first is shown.
  void add(const std::string& code, const std::string& name, bool member);
  [[nodiscard]] const std::vector<Entry>& all() const { return entries_; }
  [[nodiscard]] const Entry* by_code(std::string_view code) const;

  /// The party a cell means: a credit code, or a known name, each with a unit after '/' or not.
  /// Else what is wrong with it, with names that come near.
  struct Found {
    std::string party;  ///< empty: not found
    Title wrong;
  };
  [[nodiscard]] Found find(std::string_view text) const;

 private:
  std::vector<Entry> entries_;
  std::map<std::string, std::size_t, std::less<>> by_code_;
  std::multimap<std::string, std::string, std::less<>> by_name_;  // comparable name → code
};

}  // namespace hefu::sheet
