#include "tools/inbox.h"

#include <iostream>
#include <map>

#include <boost/json.hpp>

#include "tools/home.h"
#include "tools/json.h"
#include "tools/report.h"

namespace hefu {

namespace json = boost::json;

namespace {

/// What to do about an item, in words.
const char* what_to_do(const std::string& kind) {
  static const std::map<std::string, const char*> kWords = {
      {"countersignature", "confirm or reject"},        {"agreement-signature", "sign or decline"},
      {"dispute-response", "answer an objection"},      {"resolution", "decide an objection"},
      {"audit-evidence-provision", "provide evidence"}, {"finding-response", "answer a finding"},
  };
  const auto found = kWords.find(kind);
  return found == kWords.end() ? "answer" : found->second;
}

/// The command that does it.
std::string command_of(const json::object& item) {
  const std::string kind = text_at(item, "kind");
  const std::string record = text_at(item, "record");
  const bool agreement = text_at(item, "type") == "collaboration-agreement";
  const std::string about = " --target " + text_at(item, "about");
  if (kind == "countersignature") {
    return "hefu record countersign " + record;
  }
  if (kind == "agreement-signature") {
    return "hefu agreement countersign " + record + " --version " + text_at(item, "about");
  }
  if (kind == "dispute-response") {
    return agreement ? "hefu agreement respond " + record + " --dispute " + text_at(item, "about") +
                           " --answer …"
                     : "hefu record respond " + record + about + " --answer …";
  }
  if (kind == "resolution") {
    return agreement ? "hefu agreement rule " + record + " --dispute " + text_at(item, "about") +
                           " --ruling …"
                     : "hefu record rule " + record + about + " --ruling …";
  }
  return kind == "finding-response" ? "hefu audit answer --help" : "hefu audit provide --help";
}

void print_item(const json::object& item) {
  const std::string margin(4, ' ');
  const std::string due = text_at(item, "due");
  const std::string title = text_at(item, "title");
  std::cout << what_to_do(text_at(item, "kind")) << (due.empty() ? "" : " by " + due) << ": "
            << text_at(item, "type") << (title.empty() ? "" : "  " + title) << "\n"
            << margin << "from " << text_at(item, "from") << ", " << text_at(item, "occurred_on")
            << "\n";
  if (const std::string text = text_at(item, "text"); !text.empty()) {
    std::cout << margin << text << "\n";
  }
  std::cout << margin << command_of(item) << "\n";
}

}  // namespace

int run(Context& context, const InboxShow& options) {
  std::string member = options.member;
  if (member.empty()) {
    // Of a home, its own; a node that is named without one answers for its own member.
    if (const auto home = Home::open(context)) {
      const auto card = home->card();
      member = card ? card->id : "";
    }
  }
  const std::string path =
      with_query("/v1/inbox", {{"member", member}, {"limit", std::to_string(options.limit)}});
  if (context.json) {
    return print_answer(context, path);
  }
  auto node = open_node(context);
  auto document = node ? node->get_json(path) : Result<json::value>(node.error());
  if (!document) {
    return report(context, document.error());
  }
  const json::object& inbox = document->as_object();
  const json::array& items = array_at(inbox, "items");
  for (const json::value& item : items) {
    print_item(item.as_object());
  }
  const auto total = inbox.at("total").to_number<std::size_t>();
  std::cout << (total == 0 ? "Nothing waits for " : std::to_string(total) + " wait for ")
            << text_at(inbox, "member") << "\n";
  if (total > items.size()) {
    std::cout << "shown: " << items.size() << "; --limit shows more\n";
  }
  return kExitOk;
}

}  // namespace hefu
