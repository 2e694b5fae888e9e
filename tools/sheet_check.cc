#include <iostream>

#include "tools/sheet.h"
#include "tools/sheet_desk.h"

namespace hefu {

int run(Context& context, const SheetTemplate& options) {
  auto node = open_node(context);
  auto catalogue = node ? fetch_catalogue(*node) : Result<Catalogue>(node.error());
  if (!catalogue) {
    return report(context, catalogue.error());
  }
  const EventType* type = catalogue->find(options.type);
  if (type == nullptr || type->protocol) {
    return report(context,
                  Error{Errc::kNotFound, options.type + " is no event type that sheets are for",
                        "`hefu event types` lists them"});
  }
  auto institutions = fetch_institutions(*node);
  if (!institutions) {
    return report(context, institutions.error());
  }
  const std::string out = options.out.empty() ? options.type + ".xlsx" : options.out;
  sheet::TemplateContent content;
  content.catalogue = &*catalogue;
  content.type = type;
  content.institutions = &*institutions;
  if (auto ok = write_workbook(content, out); !ok) {
    return report(context, ok.error());
  }
  std::cout << out << "  " << type->title.zh << " / " << type->title.en << "  "
            << sheet::sheet_columns(*type).size() << " columns, " << institutions->all().size()
            << " institutions, " << catalogue->name() << "\n";
  return kExitOk;
}

int run(Context& context, const SheetCheck& options) {
  auto checked = check_source(context, options.source);
  if (!checked) {
    return report(context, checked.error());
  }
  auto held = fetch_held(checked->desk.node, checked->desk.card.id, checked->read.type);
  if (!held) {
    return report(context, held.error());
  }
  note_held(*held, &*checked);
  if (context.json) {
    print_findings_json(*checked);
  } else {
    print_findings(*checked, options.source);
  }
  if (!options.errors.empty()) {
    if (auto ok = write_errors(*checked, options.errors, false); !ok) {
      return report(context, ok.error());
    }
  }
  return checked->outcome.errors == 0 ? kExitOk : kExitRefused;
}

}  // namespace hefu
