#include "tools/report_write.h"

#include <algorithm>
#include <iostream>

#include <boost/json.hpp>

#include "api/forms/fill.h"
#include "api/forms/report_sources.h"
#include "api/forms/shipped_forms.h"
#include "node/files.h"
#include "tools/client_source.h"
#include "tools/figure_export.h"
#include "tools/home.h"
#include "tools/json.h"
#include "tools/report_files.h"

namespace hefu {

namespace json = boost::json;

namespace {

constexpr std::size_t kEntriesBytesMax = std::size_t{1} << 20U;

Result<forms::Paper> fill_form(Context& context, const forms::Form& form, const std::string& pack,
                               const ReportWrite& options) {
  std::map<std::string, std::string> entries;
  if (!options.entries.empty()) {
    auto text = read_file(options.entries, kEntriesBytesMax);
    auto read = text ? forms::read_entries(form, *text)
                     : Result<std::map<std::string, std::string>>(text.error());
    if (!read) {
      return read.error().during(options.entries);
    }
    entries = *std::move(read);
  }
  auto node = open_node(context);
  if (!node) {
    return node.error();
  }
  ClientSource source(*node);
  return forms::fill_from(
      source, form, {pack, options.period, options.unit, std::move(entries), ""}, context.entropy);
}

int write_filled(Context& context, const ReportWrite& options, Result<forms::Paper> paper) {
  auto located = paper ? set_locator(options.bundle, options.public_url, &*paper)
                       : Result<void>(paper.error());
  auto written =
      located ? write_paper(context, *paper, options.files) : Result<void>(located.error());
  return written ? kExitOk : report(context, written.error());
}

}  // namespace

int run(Context& context, const ReportList&) {
  json::array all;
  for (const forms::ShippedForm& shipped : forms::shipped_forms()) {
    const auto form = forms::Form::parse(shipped.json);
    if (!form) {
      return report(context, form.error().during(std::string(shipped.name)));
    }
    if (!context.json) {
      std::cout << shipped.name << "  " << form->title << "\n    " << form->pack << "  "
                << form->source << (form->undertaking.empty() ? "" : "  （须签署承诺）") << "\n";
    }
    all.push_back(json::object{{"form", shipped.name},
                               {"title", form->title},
                               {"pack", form->pack},
                               {"source", form->source},
                               {"undertaking", !form->undertaking.empty()}});
  }
  if (context.json) {
    print_json(json::object{{"forms", std::move(all)}}, false);
  }
  return kExitOk;
}

int run(Context& context, const ReportEntries& options) {
  const auto form = open_form(options.form);
  if (!form) {
    return report(context, form.error());
  }
  std::cout << forms::blank_entries(*form);
  for (const forms::FormEntry& entry : form->entries) {
    if (!context.json) {
      std::cerr << "  " << entry.name << "  " << entry.title << "  ≤ "
                << (entry.limit == 0 ? forms::kEntryCharactersMax : entry.limit) << " 字"
                << (entry.personal ? "  （个人信息，不进入共享日志）" : "") << "\n";
    }
  }
  return kExitOk;
}

int run(Context& context, const ReportWrite& options) {
  const auto form = open_form(options.form);
  return write_filled(
      context, options,
      form ? fill_form(context, *form, form->pack, options) : Result<forms::Paper>(form.error()));
}

int run(Context& context, const ReportPrint& options) {
  ReportWrite write;
  write.bundle = options.bundle;
  write.public_url = options.public_url;
  write.files = options.files;
  return write_filled(context, write, open_paper(options.filled));
}

int run(Context& context, const FigureExport& options) {
  ReportWrite write;
  write.period = options.period;
  write.unit = options.unit;
  write.files = {options.xlsx};
  if (!options.form.empty()) {
    const auto form = open_form(options.form);
    return write_filled(
        context, write,
        form ? fill_form(context, *form, options.pack, write) : Result<forms::Paper>(form.error()));
  }
  auto node = open_node(context);
  if (!node) {
    return report(context, node.error());
  }
  ClientSource source(*node);
  auto found =
      forms::gather_figures(source, options.pack, options.period, {options.period}, options.unit);
  return write_filled(
      context, write,
      found ? forms::fill_table(found->in_order, found->pack_title, std::move(found->head))
            : Result<forms::Paper>(found.error()));
}

}  // namespace hefu
