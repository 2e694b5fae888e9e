#include "tools/report_seal.h"

#include <filesystem>
#include <iostream>
#include <map>
#include <optional>

#include <boost/json.hpp>

#include "api/forms/fill.h"
#include "api/forms/undertaking.h"
#include "ledger/bundle/bundle.h"
#include "ledger/bundle/bundle_state.h"
#include "ledger/bundle/verify.h"
#include "ledger/event/canonical_json.h"
#include "ledger/view/figures.h"
#include "node/files.h"
#include "tools/home.h"
#include "tools/json.h"
#include "tools/report_files.h"
#include "tools/report_submit.h"

namespace hefu {

namespace json = boost::json;

namespace {

constexpr std::size_t kFiguresBytesMax = std::size_t{256} << 20U;

/// What was found, one line for each thing looked at.
struct Findings {
  std::vector<std::string> seals;  ///< names of the institutions
  std::size_t figures = 0;         ///< that the bundle gives exactly so
  std::vector<std::string> wrong;
  std::optional<Filing> filing;  ///< how it was handed in
};

/// What a bundle gives for a period, by indicator.
Result<std::map<std::string, forms::FigureLine>> figures_of(const LedgerState& state,
                                                            const forms::Paper& paper,
                                                            const std::string& period) {
  FigureRequest request;
  request.pack = paper.pack + "/" + paper.pack_version;
  request.period = period;
  request.unit = paper.unit == "整个项目" ? "" : paper.unit;
  auto computed = compute_figures(state.governance->charter, state, request);
  auto document = computed ? parse_json(computed->report, kFiguresBytesMax)
                           : Result<json::value>(computed.error());
  if (!document) {
    return document.error();
  }
  if (computed->pack_digest.hex() != paper.pack_digest) {
    return Error{Errc::kUnverified, "the form names another pack than the bundle holds", ""};
  }
  std::map<std::string, forms::FigureLine> lines;
  for (const json::value& item : array_at(document->as_object(), "indicators")) {
    forms::FigureLine line = forms::figure_line(item.as_object(), period);
    std::string id = line.indicator;
    lines.emplace(std::move(id), std::move(line));
  }
  return lines;
}

/// Whether the bundle gives every figure of the form, with the same evidence.
Result<void> compare(const LedgerState& state, const forms::Paper& paper, Findings* findings) {
  if (state.cut.id().hex() != paper.cut) {
    findings->wrong.push_back("the form is of cut " + paper.cut + ", the bundle of cut " +
                              state.cut.id().hex());
    return {};
  }
  std::map<std::string, std::map<std::string, forms::FigureLine>> periods;
  for (const forms::FigureLine& printed : paper.figures) {
    if (!periods.contains(printed.period)) {
      auto lines = figures_of(state, paper, printed.period);
      if (!lines) {
        return lines.error().during("computing " + printed.period);
      }
      periods.emplace(printed.period, *std::move(lines));
    }
    const auto& lines = periods.at(printed.period);
    const auto found = lines.find(printed.indicator);
    forms::FigureLine given = found == lines.end() ? forms::FigureLine() : found->second;
    given.where = printed.where;
    given.text = printed.text;  // its record is compared; what the record says is in the bundle
    if (given == printed) {
      ++findings->figures;
    } else {
      findings->wrong.push_back(printed.where + ", " + printed.indicator + " of " + printed.period +
                                ": the form says " + printed.shown + ", the bundle gives " +
                                given.shown +
                                (given.shown == printed.shown ? " with other evidence" : ""));
    }
  }
  return {};
}

/// The charter with every key that changed since, as the bundle's logs have it.
Result<LedgerState> open_bundle(const std::string& file, const Charter& trusted) {
  auto content = read_file(file, kBundleBytesMax);
  auto bundle = content ? decode_bundle(as_bytes(*content)) : Result<Bundle>(content.error());
  if (!bundle) {
    return bundle.error().during(file);
  }
  if (!verify_bundle(*bundle, trusted).good()) {
    return Error{Errc::kUnverified, file + " does not hold",
                 "`hefu bundle verify` says what is wrong with it"};
  }
  return bundle_state(*bundle);
}

Result<void> check_seals(const forms::Paper& paper, const std::string& file, const Charter& charter,
                         Findings* findings) {
  auto note = read_file(file, kNoteBytesMax);
  if (!note) {
    return note.error();
  }
  auto seals = forms::verify_undertaking(paper, *note, charter);
  if (seals) {
    for (const Member* member : *seals) {
      findings->seals.push_back(member->name_zh + "  " + member->id);
    }
  } else if (seals.error().code == Errc::kUnverified || seals.error().code == Errc::kConflict) {
    findings->wrong.push_back(seals.error().message);
  } else {
    return seals.error().during(file);
  }
  return {};
}

Result<void> check_filing(Context& context, const std::string& record, const forms::Paper& paper,
                          Findings* findings) {
  auto node = open_node(context);
  auto filing = node ? filing_of(*node, record, paper) : Result<Filing>(node.error());
  if (filing) {
    findings->filing = *std::move(filing);
  } else if (filing.error().code == Errc::kUnverified) {
    findings->wrong.push_back(filing.error().message);
  } else {
    return filing.error();
  }
  return {};
}

int print_findings(const Context& context, const forms::Paper& paper, const Findings& findings) {
  const int code = findings.wrong.empty() ? kExitOk : kExitBad;
  if (context.json) {
    const auto list = [](const std::vector<std::string>& texts) {
      json::array all;
      for (const std::string& text : texts) {
        all.emplace_back(text);
      }
      return all;
    };
    json::object out{{"root", paper.root().hex()},
                     {"seals", list(findings.seals)},
                     {"figures_recomputed", findings.figures},
                     {"wrong", list(findings.wrong)}};
    if (const auto& filing = findings.filing) {
      out["filing"] = json::object{{"by", filing->by},
                                   {"recorded", filing->recorded},
                                   {"deadline", filing->deadline},
                                   {"late", filing->late}};
    }
    print_json(out, false);
    return code;
  }
  std::cout << paper.title << "\nform root  " << paper.root().hex() << "\n";
  for (const std::string& seal : findings.seals) {
    std::cout << "undertaking signed by  " << seal << "\n";
  }
  if (findings.seals.empty()) {
    std::cout << "printed cells and words were not compared: an undertaking covers them\n";
  }
  if (findings.figures > 0) {
    std::cout << findings.figures << " figures computed again from the bundle: the same\n";
  }
  if (const auto& filing = findings.filing) {
    std::cout << "handed in by " << filing->by << ", seen by witnesses on "
              << (filing->recorded.empty() ? "no day yet" : filing->recorded) << ", due on "
              << filing->deadline << ": " << (filing->late ? "LATE" : "in time") << "\n";
  }
  for (const std::string& wrong : findings.wrong) {
    std::cout << "WRONG  " << wrong << "\n";
  }
  return code;
}

}  // namespace

int run(Context& context, const ReportUndertake& options) {
  const auto paper = open_paper(options.filled);
  const auto home = paper ? Home::open(context) : Result<Home>(paper.error());
  const auto card = home ? home->card() : Result<Member>(home.error());
  const auto key = card ? home->key(context, KeyRole::kSeal) : Result<SecretKey>(card.error());
  if (!key) {
    return report(context, key.error());
  }
  std::string before;
  if (std::filesystem::exists(options.out)) {
    auto read = read_file(options.out, kNoteBytesMax);
    if (!read) {
      return report(context, read.error());
    }
    before = *std::move(read);
  }
  const auto note = forms::sign_undertaking(*paper, before, *card, *key);
  const auto written = note ? write_file_atomically(options.out, *note, FileMode::kShared)
                            : Result<void>(note.error());
  if (!written) {
    return report(context, written.error());
  }
  if (context.json) {
    print_json(json::object{{"file", options.out}, {"root", paper->root().hex()}}, false);
  } else {
    std::cout << paper->undertaking << "\n"
              << card->name_zh << " signed it over the form root " << paper->root().hex()
              << "\nwrote " << options.out << "\n";
  }
  return kExitOk;
}

int run(Context& context, const ReportVerify& options) {
  if (options.bundle.empty() && options.undertaking.empty() && options.record.empty()) {
    return report(context, Error{Errc::kInvalid, "there is nothing to hold the form against",
                                 "give --undertaking, --bundle or --record"});
  }
  const auto paper = open_paper(options.filled);
  Result<Charter> charter = paper ? Result<Charter>(Charter()) : Result<Charter>(paper.error());
  if (paper && !options.trust.empty()) {
    charter = read_charter(options.trust);
  } else if (paper) {
    const auto home = Home::open(context);
    charter = home ? home->charter() : Result<Charter>(home.error());
  }
  if (!charter) {
    return report(context, charter.error());
  }
  Findings findings;
  if (!paper->federation.empty() && paper->federation != charter->federation.hex()) {
    findings.wrong.emplace_back("the form is of another federation");
  }
  Result<void> checked;
  if (!options.bundle.empty()) {
    const auto state = open_bundle(options.bundle, *charter);
    checked = state ? compare(*state, *paper, &findings) : Result<void>(state.error());
    if (state) {
      charter = state->governance->charter;
    }
  }
  if (checked && !options.undertaking.empty()) {
    checked = check_seals(*paper, options.undertaking, *charter, &findings);
  }
  if (checked && !options.record.empty()) {
    checked = check_filing(context, options.record, *paper, &findings);
  }
  return checked ? print_findings(context, *paper, findings) : report(context, checked.error());
}

}  // namespace hefu
