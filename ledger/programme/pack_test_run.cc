// Runs the tests a pack carries.
#include <algorithm>

#include "crypto/digest.h"
#include "ledger/programme/assert_outcome.h"
#include "ledger/programme/evaluate.h"

namespace hefu {

namespace {

Error differs(const std::string& what, const std::string& found, const std::string& wanted,
              const std::string& hint = "") {
  return {Errc::kInvalid, what + " is " + found + ", wanted " + wanted, hint};
}

std::string text_of(const std::optional<Fraction>& value) {
  return value ? value->text() : "na";
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    out += (out.empty() ? "" : ", ") + word;
  }
  return "[" + out + "]";
}

std::string counts_text(const std::map<std::string, std::size_t>& counts) {
  std::vector<std::string> words;
  for (const auto& [reason, count] : counts) {
    words.push_back(reason + " " + std::to_string(count));
  }
  return joined(words);
}

/// The figures of one test, by indicator.
class Found {
 public:
  explicit Found(const std::vector<Figure>& figures) : figures_(figures) {}

  Result<void> check(const PackTest& test) const {
    for (const auto& done : {check_values(test), check_texts(test), check_words(test),
                             check_targets(test), check_excluded(test)}) {
      if (!done) {
        return done;
      }
    }
    return {};
  }

 private:
  const Figure& at(const std::string& id) const {
    const auto found = std::find_if(figures_.begin(), figures_.end(),
                                    [&](const Figure& one) { return one.indicator == id; });
    HEFU_ASSERT(found != figures_.end());  // the pack was checked at load
    return *found;
  }

  Result<void> check_values(const PackTest& test) const {
    for (const auto& [id, wanted] : test.expect) {
      const Figure& figure = at(id);
      if (!figure.error.empty() || figure.value != wanted) {
        return differs(id, text_of(figure.value), text_of(wanted), figure.error);
      }
    }
    return {};
  }

  Result<void> check_texts(const PackTest& test) const {
    for (const auto& [id, text] : test.texts) {
      const auto wanted = text.empty() ? std::nullopt : std::optional(sha256(as_bytes(text)).hex());
      const auto& found = at(id).narrative;
      if (found != wanted) {
        return differs("text of " + id, found ? "another one (" + *found + ")" : "none",
                       text.empty() ? "none" : "\"" + text + "\"");
      }
    }
    return {};
  }

  Result<void> check_words(const PackTest& test) const {
    for (const auto& [id, wanted] : test.shown) {
      if (at(id).shown != wanted) {
        return differs("what is shown of " + id, at(id).shown, wanted);
      }
    }
    for (const auto& [id, wanted] : test.colours) {
      if (at(id).colour != wanted) {
        return differs("colour of " + id, at(id).colour, wanted);
      }
    }
    return {};
  }

  Result<void> check_targets(const PackTest& test) const {
    for (const auto& [id, wanted] : test.targets) {
      std::vector<std::string> found;
      for (const FigureTarget& target : at(id).targets) {
        found.emplace_back(name(target.verdict));
      }
      if (found != wanted) {
        return differs("verdicts on " + id, joined(found), joined(wanted));
      }
    }
    return {};
  }

  Result<void> check_excluded(const PackTest& test) const {
    for (const auto& [id, wanted] : test.excluded) {
      std::map<std::string, std::size_t> found;
      for (const auto& [reason, count] : at(id).excluded) {
        found[name(reason)] = count;
      }
      if (found != wanted) {
        return differs("what is excluded from " + id, counts_text(found), counts_text(wanted));
      }
    }
    return {};
  }

  const std::vector<Figure>& figures_;
};

Result<void> check_outcomes(const PackTest& test, const std::vector<AssertOutcome>& outcomes) {
  for (const auto& [id, wanted] : test.asserts) {
    const auto found = std::find_if(outcomes.begin(), outcomes.end(),
                                    [&id = id](const AssertOutcome& one) { return one.id == id; });
    HEFU_ASSERT(found != outcomes.end());
    if (name(found->verdict) != wanted) {
      return differs("assertion " + id, name(found->verdict), wanted, found->detail);
    }
  }
  return {};
}

Result<void> run_test(const Pack& pack, const PackTest& test) {
  const auto period = Period::parse(test.period, pack.valid);
  if (!period) {
    return period.error();
  }
  const auto figures = evaluate(pack, test.world, test.facts, *period, test.node);
  if (!figures) {
    return figures.error();
  }
  if (auto done = Found(*figures).check(test); !done || test.asserts.empty()) {
    return done;
  }
  const auto outcomes = check_assertions(pack, test.world, test.facts, *period, test.node);
  return outcomes ? check_outcomes(test, *outcomes) : outcomes.error();
}

}  // namespace

Result<void> run_pack_tests(const Pack& pack) {
  for (std::size_t i = 0; i < pack.tests.size(); ++i) {
    if (auto done = run_test(pack, pack.tests[i]); !done) {
      return done.error().during("test " + std::to_string(i + 1) + " of pack " + pack.name());
    }
  }
  return {};
}

}  // namespace hefu
