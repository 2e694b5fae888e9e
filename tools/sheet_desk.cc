#include "tools/sheet_desk.h"

#include <algorithm>
#include <filesystem>
#include <functional>

#include <boost/json.hpp>
#include <unistd.h>

#include "ledger/event/canonical_json.h"
#include "node/files.h"
#include "tools/json.h"
#include "tools/sheet/cell_value.h"
#include "tools/sheet/limits.h"

namespace hefu {

namespace json = boost::json;

namespace {

constexpr std::size_t kLayoutsBytesMax = std::size_t{4} << 20U;
constexpr std::size_t kHeldEventsMax = 1'000'000;

std::string lower_extension(const std::string& file) {
  std::string extension = std::filesystem::path(file).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension;
}

/// Every page of a list of events, one after the other.
Result<void> each_event(HttpClient& node, const std::string& log, const std::string& type,
                        const std::function<void(const json::object& row)>& take) {
  std::string from;
  for (std::size_t count = 0; count < kHeldEventsMax;) {
    auto page = node.get_json(with_query(
        "/v1/events", {{"log", log}, {"type", type}, {"limit", "1000"}, {"from", from}}));
    if (!page) {
      return page.error().during("asking the node for events of type " + type);
    }
    for (const json::value& row : array_at(page->as_object(), "events")) {
      take(row.as_object());
      ++count;
    }
    const auto* next = page->as_object().if_contains("next");
    if (next == nullptr || next->is_null()) {
      return {};
    }
    from = next->is_string() ? std::string(next->as_string())
                             : std::to_string(next->to_number<std::int64_t>());
  }
  return Error{Errc::kTooLarge, "the log holds more than 1,000,000 events of type " + type,
               "record these rows with `hefu event append`"};
}

std::filesystem::path layouts_path(const Home& home) {
  return home.path() / "sheets" / "layouts.json";
}

/// What this home remembers of how titles of a type's sheets are meant.
Result<json::object> read_layouts(const Home& home) {
  auto text = read_file(layouts_path(home), kLayoutsBytesMax);
  if (!text) {
    return text.error().code == Errc::kNotFound ? Result<json::object>(json::object())
                                                : text.error();
  }
  auto value = parse_json(*text, kLayoutsBytesMax);
  if (!value || !value->is_object()) {
    return Error{Errc::kCorrupt, layouts_path(home).string() + " is not a file of layouts",
                 "delete it; the mappings are given anew with --map"};
  }
  return value->as_object();
}

/// A sheet's layout: its type and titles. Two sheets of one layout mean the same by a title.
std::string layout_name(const std::string& type, const std::vector<std::string>& titles) {
  std::string all = type;
  for (const std::string& title : titles) {
    all += "\n" + title;
  }
  return sha256(as_bytes(all)).hex().substr(0, 32);
}

Result<std::map<std::string, std::string>> given_mapping(const SheetSource& source,
                                                         const EventType& type) {
  std::map<std::string, std::string> mapping;
  const auto columns = sheet::sheet_columns(type);
  for (const std::string& item : source.map) {
    const auto equals = item.rfind('=');
    const std::string field = equals == std::string::npos ? "" : item.substr(equals + 1);
    const sheet::Column* column = sheet::find_column(columns, field);
    if (equals == std::string::npos || equals == 0 || (field != "-" && column == nullptr)) {
      return Error{Errc::kInvalid, "--map " + item + ": no such column of " + type.name,
                   "write title=field, or title=- to leave a column out; `hefu event types " +
                       type.name + "` lists the fields"};
    }
    mapping[sheet::comparable(item.substr(0, equals))] = field == "-" ? "-" : column->field;
  }
  return mapping;
}

Result<void> remember(const Home& home, const std::string& layout,
                      const std::map<std::string, std::string>& mapping) {
  auto layouts = read_layouts(home);
  auto folder =
      layouts ? create_private_dir(home.path() / "sheets") : Result<void>(layouts.error());
  if (!folder) {
    return folder.error();
  }
  json::object remembered;
  for (const auto& [title, field] : mapping) {
    remembered[title] = field;
  }
  (*layouts)[layout] = std::move(remembered);
  return write_file_atomically(layouts_path(home), canonical_json(*layouts) + "\n",
                               FileMode::kPrivate);
}

}  // namespace

Result<sheet::ReadSheet> read_sheet(const SheetSource& source) {
  const std::string extension = lower_extension(source.file);
  if (extension == ".xls" || extension == ".xlsm" || extension == ".xlsb" || extension == ".ods" ||
      extension == ".et") {
    return Error{Errc::kUnsupported,
                 sheet::shown(source.file, sheet::kPathShown) + ": " + extension + " is not read",
                 "save it as .xlsx (without macros), or as CSV"};
  }
  auto bytes = read_file(source.file, sheet::kFileBytesMax);
  if (!bytes) {
    return bytes.error();
  }
  auto read =
      sheet::read_sheet_file(as_bytes(*bytes), source.sheet, source.encoding, extension == ".xlsx");
  if (!read) {
    return read.error().during(sheet::shown(source.file, sheet::kPathShown));
  }
  if (!source.type.empty() && !read->type.empty() && source.type != read->type) {
    return Error{Errc::kInvalid,
                 "the file is a sheet for " + sheet::shown(read->type) + ", not for " + source.type,
                 "leave out --type, or use the right file"};
  }
  read->type = source.type.empty() ? read->type : source.type;
  if (read->type.empty()) {
    return Error{Errc::kInvalid, "what kind of events are these rows?",
                 "say --type; `hefu event types` lists them; a template carries its own"};
  }
  return read;
}

Result<sheet::Institutions> fetch_institutions(HttpClient& node) {
  sheet::Institutions all;
  auto members = node.get_json("/v1/members");
  auto guests = members ? node.get_json("/v1/guests") : members;
  if (!guests) {
    return guests.error().during("asking the node for institutions");
  }
  sheet::add_members(members->as_object(), &all);
  sheet::add_guests(guests->as_object(), &all);
  auto registered = each_event(node, "", "institution-registration",
                               [&](const json::object& row) { sheet::add_registered(row, &all); });
  return registered ? Result<sheet::Institutions>(std::move(all)) : registered.error();
}

Result<sheet::HeldEvents> fetch_held(HttpClient& node, const std::string& member,
                                     const std::string& type) {
  sheet::HeldEvents held;
  auto ok = each_event(node, member, type, [&](const json::object& row) { held.add(row); });
  return ok ? Result<sheet::HeldEvents>(std::move(held)) : ok.error();
}

Result<CheckedSheet> check_source(const Context& context, const SheetSource& source) {
  auto desk = open_desk(context);
  auto read = desk ? read_sheet(source) : Result<sheet::ReadSheet>(desk.error());
  auto catalogue = read ? fetch_catalogue(desk->node) : Result<Catalogue>(read.error());
  if (!catalogue) {
    return catalogue.error();
  }
  const EventType* type = catalogue->find(read->type);
  if (type == nullptr || type->protocol) {
    return Error{Errc::kNotFound,
                 sheet::shown(read->type) + " is no event type that sheets are for",
                 "`hefu event types` lists them"};
  }
  auto institutions = fetch_institutions(desk->node);
  auto mapping = given_mapping(source, *type);
  auto layouts = read_layouts(desk->home);
  if (!institutions || !mapping || !layouts) {
    return !institutions ? institutions.error() : !mapping ? mapping.error() : layouts.error();
  }
  sheet::CheckOptions options;
  options.catalogue = &*catalogue;
  options.type = type;
  options.institutions = &*institutions;
  options.issuer = desk->card.id;
  options.programmes = source.programmes;
  options.repeats = source.repeats;
  options.today = system_now().date();
  options.mapping = *mapping;
  sheet::CheckOutcome outcome = sheet::check_sheet(read->grid, options);
  const std::string layout = layout_name(read->type, outcome.titles);
  // The titles are known only once they have been found: then what is remembered of them joins in.
  if (const json::object* remembered = object_at(*layouts, layout)) {
    for (const auto& item : *remembered) {
      options.mapping.emplace(item.key(), text_at(*remembered, item.key()));
    }
    outcome = sheet::check_sheet(read->grid, options);
  }
  if (!mapping->empty() && outcome.titles_good) {
    if (auto ok = remember(desk->home, layout, options.mapping); !ok) {
      return ok.error();
    }
  }
  return CheckedSheet{*std::move(desk), *std::move(catalogue), *std::move(institutions),
                      *std::move(read), std::move(outcome)};
}

void note_held(const sheet::HeldEvents& held, CheckedSheet* checked) {
  const auto& fields = checked->type().fields;
  const bool personal =
      std::any_of(fields.begin(), fields.end(), [](const Field& field) { return field.personal; });
  for (const sheet::SheetRow& row : checked->outcome.rows) {
    const auto found = held.by_in_clear.find(row.in_clear);
    if (!row.good || found == held.by_in_clear.end()) {
      continue;
    }
    const std::string place = "#" + std::to_string(found->second.index);
    checked->outcome.add(
        {row.number, std::nullopt, false,
         personal ? Title{"除个人信息外与已入账的 " + place + " 相同；个人信息无从比较",
                          "but for personal fields, which cannot be compared, the same as " +
                              place + " in the log"}
                  : Title{"已入账（" + place + "），不会重复记录",
                          "in the log already (" + place + "), will not be recorded again"}});
  }
}

Result<void> write_workbook(const sheet::TemplateContent& content, const std::string& path) {
  const std::string beside = path + ".part" + std::to_string(::getpid());
  std::error_code ignored;
  // The writer keeps the mode of the file that it fills.
  if (auto ok = write_file_atomically(beside, "", FileMode::kPrivate); !ok) {
    return ok;
  }
  if (auto ok = sheet::write_template(content, beside); !ok) {
    std::filesystem::remove(beside, ignored);
    return ok;
  }
  std::error_code failed;
  std::filesystem::rename(beside, path, failed);
  if (failed) {
    std::filesystem::remove(beside, ignored);
    return Error{Errc::kIo,
                 "cannot write " + sheet::shown(path, sheet::kPathShown) + ": " + failed.message(),
                 ""};
  }
  return {};
}

Result<void> write_errors(const CheckedSheet& checked, const std::string& path,
                          bool wrong_rows_only) {
  const sheet::TemplateContent content{&checked.catalogue,    &checked.type(),
                                       &checked.institutions, &checked.outcome,
                                       &checked.read.grid,    wrong_rows_only};
  return lower_extension(path) == ".csv"
             ? write_file_atomically(path, sheet::errors_csv(content), FileMode::kPrivate)
             : write_workbook(content, path);
}

}  // namespace hefu
