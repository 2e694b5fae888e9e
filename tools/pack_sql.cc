#include "tools/pack_sql.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>

#include <boost/json.hpp>

#include "ledger/bundle/bundle_state.h"
#include "ledger/bundle/verify.h"
#include "ledger/programme/facts_json.h"
#include "ledger/programme/pack.h"
#include "ledger/sql/compile.h"
#include "ledger/sql/data.h"
#include "ledger/sql/schema.h"
#include "ledger/view/document.h"
#include "node/files.h"
#include "tools/home.h"
#include "tools/json.h"
#include "tools/report.h"

namespace hefu {

namespace json = boost::json;

namespace {

/// What there is to put into the tables.
struct Source {
  World world;
  std::vector<Fact> facts;
  std::vector<Document> documents;
  std::string origin;  ///< for people: where it comes from
};

/// A pack from a file, or one that was published.
Result<Pack> pack_of(const PackSql& options, const std::optional<Source>& source) {
  if (std::filesystem::exists(options.pack)) {
    auto text = read_file(options.pack, kPackBytesMax);
    auto pack = text ? Pack::from_toml(*text) : Result<Pack>(text.error());
    return pack ? pack : Result<Pack>(pack.error().during(options.pack));
  }
  const std::size_t slash = options.pack.find_first_of("/@");
  const std::string version = slash == std::string::npos ? "" : options.pack.substr(slash + 1);
  const Document* document =
      source ? find_document(source->documents, "pack", options.pack.substr(0, slash), version)
             : nullptr;
  if (document == nullptr) {
    return Error{Errc::kNotFound, "there is no pack " + options.pack,
                 "name a file; with --current or --bundle also the id of a published pack"};
  }
  return Pack::from_json(document->content);
}

Result<Source> from_bundle(const Context& context, const PackSql& options, BytesView bytes,
                           const std::string& where) {
  const auto bundle = decode_bundle(bytes);
  if (!bundle) {
    return bundle.error().during(where);
  }
  std::optional<Charter> trusted;
  if (!options.trust.empty()) {
    auto charter = read_charter(options.trust);
    if (!charter) {
      return charter.error().during(options.trust);
    }
    trusted = *std::move(charter);
  } else if (const auto home = Home::open(context)) {
    if (auto charter = home->charter()) {
      trusted = *std::move(charter);
    }
  }
  if (!verify_bundle(*bundle, trusted).good()) {
    return Error{Errc::kUnverified, where + " does not hold",
                 "see `hefu bundle verify`; nothing is made of it"};
  }
  auto state = bundle_state(*bundle);
  if (!state) {
    return state.error();
  }
  std::vector<Fact> facts;
  for (const auto& [id, fact] : state->facts) {
    facts.push_back(fact);
  }
  return Source{*state->world, std::move(facts), *state->documents,
                where + ", cut " + state->cut.id().hex()};
}

Result<std::optional<Source>> source_of(const Context& context, const PackSql& options) {
  if (!options.facts.empty()) {
    auto text = read_file(options.facts, kFactsBytesMax);
    auto facts = text ? read_facts(*text) : Result<FactsFile>(text.error());
    if (!facts) {
      return facts.error().during(options.facts);
    }
    return std::optional(
        Source{std::move(facts->world), std::move(facts->facts), {}, options.facts});
  }
  if (!options.bundle.empty()) {
    auto content = read_file(options.bundle, kBundleBytesMax);
    auto source = content ? from_bundle(context, options, as_bytes(*content), options.bundle)
                          : Result<Source>(content.error());
    return source ? Result<std::optional<Source>>(*std::move(source)) : source.error();
  }
  if (!options.current) {
    return std::optional<Source>();
  }
  // The node serves all events a pack reads as a bundle.
  auto pack = std::filesystem::exists(options.pack) ? pack_of(options, std::nullopt)
                                                    : Result<Pack>(Error{});
  auto node = open_node(context);
  auto bytes = node ? node->get(with_query("/v1/bundle", {{"pack", pack ? pack->id : options.pack},
                                                          {"period", options.period},
                                                          {"node", ""}}))
                    : Result<Bytes>(node.error());
  auto source = bytes ? from_bundle(context, options, *bytes, "the node's current cut")
                      : Result<Source>(bytes.error());
  return source ? Result<std::optional<Source>>(*std::move(source)) : source.error();
}

Result<std::vector<const PackIndicator*>> chosen(const Pack& pack, const PackSql& options) {
  std::vector<const PackIndicator*> out;
  for (const std::string& id : options.indicators) {
    const PackIndicator* found = pack.find_indicator(id);
    if (found == nullptr) {
      return Error{Errc::kNotFound, "pack " + pack.name() + " has no indicator " + id,
                   "`hefu pack coverage` lists them"};
    }
    out.push_back(found);
  }
  if (options.indicators.empty()) {
    for (const PackIndicator& one : pack.indicators) {
      out.push_back(&one);
    }
  }
  return out;
}

/// What is printed, part by part.
struct Script {
  std::string head, schema, data;
  std::vector<std::pair<std::string, std::string>> queries;  ///< by indicator or assertion
  std::vector<std::string> refused;                          ///< assertions, with the reason
};

Result<void> add_queries(Script& out, const Pack& pack, const PackSql& options,
                         SqlDialect dialect) {
  if (options.period.empty()) {
    return {};
  }
  const auto period = Period::parse(options.period, pack.valid);
  const auto indicators =
      period ? chosen(pack, options) : Result<std::vector<const PackIndicator*>>(period.error());
  if (!indicators) {
    return indicators.error();
  }
  const auto unit = options.unit.empty() ? std::nullopt : std::make_optional(options.unit);
  for (const PackIndicator* one : *indicators) {
    out.queries.emplace_back(one->id, sql_query(pack, *one, *period, unit, dialect));
  }
  for (const PackAssert& one : pack.asserts) {
    if (!options.indicators.empty()) {
      break;
    }
    auto query = sql_assertion(pack, one, *period, unit, dialect);
    if (query) {
      out.queries.emplace_back(one.id, *std::move(query));
    } else {
      out.refused.push_back(query.error().message);
    }
  }
  return {};
}

Result<Script> make_script(const Context& context, const PackSql& options) {
  const SqlDialect dialect =
      options.dialect == "sqlite" ? SqlDialect::kSqlite : SqlDialect::kPostgresql;
  if (options.dialect != name(dialect)) {
    return Error{Errc::kInvalid, "--dialect " + options.dialect + " is not known",
                 "sqlite or postgresql"};
  }
  if ((options.facts.empty() ? 0 : 1) + (options.bundle.empty() ? 0 : 1) +
          (options.current ? 1 : 0) >
      1) {
    return Error{Errc::kInvalid, "the data come from more than one place",
                 "--current, --bundle FILE or --facts FILE"};
  }
  if (options.period.empty() && (options.current || !options.schema)) {
    return Error{Errc::kInvalid, "--period is missing",
                 "figures are those of a period: --period 2025 (or ask for --schema alone)"};
  }
  auto source = source_of(context, options);
  auto pack = source ? pack_of(options, *source) : Result<Pack>(source.error());
  if (!pack) {
    return pack.error();
  }
  Script out;
  out.head = "-- " + pack->name() + ", digest " + pack->digest().hex() +
             (options.period.empty() ? "" : ", period " + options.period) +
             (options.unit.empty() ? "" : ", " + options.unit) + "\n" +
             (*source ? "-- data: " + (*source)->origin + "\n" : "");
  out.schema = options.schema ? sql_schema(dialect) : "";
  if (*source) {
    auto data = sql_data((*source)->world, (*source)->facts);
    if (!data) {
      return data.error();
    }
    out.data = "BEGIN;\n" + sql_clear() + *data + sql_derive() + "COMMIT;\n";
  }
  if (auto done = add_queries(out, *pack, options, dialect); !done) {
    return done.error();
  }
  return out;
}

}  // namespace

int run(Context& context, const PackSql& options) {
  const auto script = make_script(context, options);
  if (!script) {
    return report(context, script.error());
  }
  if (context.json) {
    json::object queries;
    for (const auto& [id, query] : script->queries) {
      queries[id] = query;
    }
    json::array refused(script->refused.begin(), script->refused.end());
    print_json(json::object{{"schema", script->schema},
                            {"data", script->data},
                            {"queries", std::move(queries)},
                            {"refused", std::move(refused)}},
               false);
    return kExitOk;
  }
  std::cout << script->head << script->schema << script->data;
  for (const auto& [id, query] : script->queries) {
    std::cout << "\n" << query;
  }
  for (const std::string& reason : script->refused) {
    std::cout << "\n-- not compiled: " << reason << "\n";
  }
  return kExitOk;
}

}  // namespace hefu
