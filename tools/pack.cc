#include "tools/pack.h"

#include <array>
#include <iostream>
#include <sstream>

#include <boost/json.hpp>

#include "ledger/programme/assert_outcome.h"
#include "ledger/programme/coverage.h"
#include "ledger/programme/evaluate.h"
#include "ledger/programme/facts_json.h"
#include "ledger/programme/figure_json.h"
#include "ledger/programme/pack.h"
#include "ledger/programme/table.h"
#include "ledger/view/document.h"
#include "node/files.h"
#include "tools/figure_table.h"
#include "tools/json.h"
#include "tools/report.h"
#include "tools/submit.h"

namespace hefu {

namespace json = boost::json;

namespace {

Result<Pack> read_pack(const std::string& path) {
  auto text = read_file(path, kPackBytesMax);
  if (!text) {
    return text.error();
  }
  auto pack = Pack::from_toml(*text);
  return pack ? pack : Result<Pack>(pack.error().during(path));
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    out += (out.empty() ? "" : " ") + name;
  }
  return out;
}

json::array json_names(const std::vector<std::string>& names) {
  json::array out;
  for (const std::string& name : names) {
    out.emplace_back(name);
  }
  return out;
}

void print_coverage(const Context& context, const Pack& pack, const Coverage& found) {
  const std::array<std::pair<const char*, const std::vector<std::string>*>, 5> remarks{{
      {"rows of the document that are missing", &found.missing},
      {"rows that are not in the document", &found.unknown},
      {"indicators no row asks for", &found.no_row},
      {"indicators no test counts anything for", &found.no_positive},
      {"indicators no test refuses anything to", &found.no_negative},
  }};
  if (context.json) {
    json::array rows;
    for (const PackRow& row : pack.rows) {
      rows.push_back(json::object{
          {"id", row.id}, {"indicators", json_names(row.indicators)}, {"note", row.note}});
    }
    print_json(json::object{{"pack", pack.name()},
                            {"rows", std::move(rows)},
                            {"measured", found.measured},
                            {"not_measured", json_names(found.not_measured)},
                            {"missing", json_names(found.missing)},
                            {"unknown", json_names(found.unknown)},
                            {"no_row", json_names(found.no_row)},
                            {"no_positive", json_names(found.no_positive)},
                            {"no_negative", json_names(found.no_negative)}},
               false);
    return;
  }
  std::size_t width = 0;
  for (const PackRow& row : pack.rows) {
    width = std::max(width, row.id.size());
  }
  for (const PackRow& row : pack.rows) {
    std::cout << row.id << std::string(width + 2 - row.id.size(), ' ')
              << (row.indicators.empty() ? "not measured" : joined(row.indicators));
    std::cout << (row.note.empty() ? "" : ": " + row.note) << "\n";
  }
  std::cout << "\n"
            << pack.rows.size() << " rows: " << found.measured << " carried by indicators, "
            << found.not_measured.size() << " not measured, with the reason\n";
  for (const auto& [what, names] : remarks) {
    if (!names->empty()) {
      std::cout << names->size() << " " << what << ": " << joined(*names) << "\n";
    }
  }
}

/// Publishes a document in the log of the home's institution.
int publish(Context& context, const std::string& kind, const std::string& id,
            const std::string& version, const Digest& digest, const std::string& content) {
  auto desk = open_desk(context);
  if (!desk) {
    return report(context, desk.error());
  }
  auto charter = desk->home.charter();
  if (!charter) {
    return report(context, charter.error());
  }
  if (desk->card.id != charter->authority) {
    return report(context, Error{Errc::kUnauthorised,
                                 desk->card.name_zh + " is not the authority of this federation",
                                 "catalogues and packs are published by " + charter->authority});
  }
  auto catalogue = fetch_catalogue(desk->node);
  if (!catalogue) {
    return report(context, catalogue.error());
  }
  const Moment now = system_now();
  Prepared prepared;
  for (auto& fields : document_parts(kind, id, version, content)) {
    Event event;
    event.type = "document-part";
    event.issuer = desk->card.id;
    event.occurred_on = now.date();
    event.created_at = now;
    event.visibility = Visibility::kPublic;
    event.fields = std::move(fields);
    if (auto ok = prepare(context, std::move(event), *catalogue, &prepared); !ok) {
      return report(context, ok.error());
    }
  }
  auto receipt = submit(context, *desk, prepared, KeyRole::kRegistrar);
  if (!receipt) {
    return report(context, receipt.error());
  }
  if (context.json) {
    print_json(json::object{{"kind", kind},
                            {"id", id},
                            {"version", version},
                            {"digest", digest.hex()},
                            {"parts", prepared.ids.size()}},
               false);
  } else {
    std::cout << "published " << kind << " " << id << "/" << version << " in "
              << prepared.ids.size() << (prepared.ids.size() == 1 ? " part" : " parts")
              << ", digest " << digest.hex() << "\n";
  }
  return kExitOk;
}

}  // namespace

int run(Context& context, const PackCheck& options) {
  auto pack = read_pack(options.file);
  if (!pack) {
    return report(context, pack.error());
  }
  if (context.json) {
    print_json(json::object{{"id", pack->id},
                            {"version", pack->version},
                            {"digest", pack->digest().hex()},
                            {"indicators", pack->indicators.size()},
                            {"sets", pack->sets.size()},
                            {"asserts", pack->asserts.size()},
                            {"tests", pack->tests.size()}},
               false);
  } else {
    std::cout << pack->name() << "  " << pack->title.zh << "\n  " << pack->indicators.size()
              << " indicators, " << pack->sets.size() << " sets, " << pack->asserts.size()
              << " assertions, " << pack->tests.size() << " tests\n  digest "
              << pack->digest().hex() << "\n";
  }
  return kExitOk;
}

int run(Context& context, const PackRunTests& options) {
  auto pack = read_pack(options.file);
  if (!pack) {
    return report(context, pack.error());
  }
  if (auto ok = run_pack_tests(*pack); !ok) {
    return report(context, ok.error());
  }
  if (context.json) {
    print_json(json::object{{"passed", pack->tests.size()}}, false);
  } else {
    std::cout << pack->tests.size() << " tests hold\n";
  }
  return kExitOk;
}

int run(Context& context, const PackCoverage& options) {
  auto pack = read_pack(options.file);
  if (!pack) {
    return report(context, pack.error());
  }
  std::vector<std::string> rows;
  if (!options.rows.empty()) {
    auto text = read_file(options.rows, kPackBytesMax);
    if (!text) {
      return report(context, text.error());
    }
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line);) {
      if (!line.empty()) {
        rows.push_back(line);
      }
    }
  }
  auto found = coverage(*pack, rows);
  if (!found) {
    return report(context, found.error().during("the pack's own tests"));
  }
  print_coverage(context, *pack, *found);
  return found->missing.empty() && found->unknown.empty() ? kExitOk : kExitIncomplete;
}

int run(Context& context, const PackEval& options) {
  auto pack = read_pack(options.file);
  if (!pack) {
    return report(context, pack.error());
  }
  auto text = read_file(options.facts, kFactsBytesMax);
  auto facts = text ? read_facts(*text) : Result<FactsFile>(text.error());
  if (!facts) {
    return report(context, facts.error().during(options.facts));
  }
  auto period = Period::parse(options.period, pack->valid);
  if (!period) {
    return report(context, period.error());
  }
  const auto unit = options.unit.empty() ? std::nullopt : std::make_optional(options.unit);
  auto figures = evaluate(*pack, facts->world, facts->facts, *period, unit);
  if (!figures) {
    return report(context, figures.error());
  }
  auto outcomes = check_assertions(*pack, facts->world, facts->facts, *period, unit);
  if (!outcomes) {
    return report(context, outcomes.error());
  }
  if (context.json) {
    std::cout << figures_json(*pack, *period, unit, *figures, *outcomes) << "\n";
  } else {
    const std::string beside = beside_table(*pack, *figures, TableLanguage::kChinese);
    std::vector<std::string> ids;
    for (const Figure& figure : *figures) {
      ids.push_back(figure.indicator);
    }
    std::cout << with_ids(indicator_table(*pack, *figures, TableLanguage::kChinese), ids, "编号")
              << (beside.empty() ? "" : "\n" + beside)
              << assertion_lines(*pack, *outcomes, TableLanguage::kChinese);
  }
  return kExitOk;
}

int run(Context& context, const PackPublish& options) {
  auto pack = read_pack(options.file);
  if (!pack) {
    return report(context, pack.error());
  }
  if (auto ok = run_pack_tests(*pack); !ok) {
    return report(context, ok.error().during("the pack's own tests"));
  }
  return publish(context, "pack", pack->id, pack->version, pack->digest(), pack->canonical());
}

int run(Context& context, const PackList&) {
  return print_answer(context, "/v1/packs");
}

int run(Context& context, const CataloguePublish& options) {
  auto text = read_file(options.file, std::size_t{4} << 20);
  auto catalogue = text ? Catalogue::parse(*text) : Result<Catalogue>(text.error());
  if (!catalogue) {
    return report(context, catalogue.error().during(options.file));
  }
  return publish(context, "catalogue", catalogue->id(), catalogue->version(), catalogue->digest(),
                 catalogue->text());
}

}  // namespace hefu
