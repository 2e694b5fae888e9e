#include "tools/pack.h"

#include <iostream>

#include <boost/json.hpp>

#include "ledger/programme/evaluate.h"
#include "ledger/programme/facts_json.h"
#include "ledger/programme/figure_json.h"
#include "ledger/programme/pack.h"
#include "ledger/programme/table.h"
#include "ledger/view/document.h"
#include "node/files.h"
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
                            {"tests", pack->tests.size()}},
               false);
  } else {
    std::cout << pack->name() << "  " << pack->title.zh << "\n  " << pack->indicators.size()
              << " indicators, " << pack->sets.size() << " sets, " << pack->tests.size()
              << " tests\n  digest " << pack->digest().hex() << "\n";
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
  if (context.json) {
    std::cout << figures_json(*pack, *period, unit, *figures) << "\n";
  } else {
    std::cout << indicator_table(*pack, *figures, TableLanguage::kChinese);
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
