#include "tools/bundle.h"

#include <charconv>
#include <iostream>
#include <map>
#include <optional>
#include <set>

#include <boost/json.hpp>

#include "ledger/bundle/bundle.h"
#include "ledger/bundle/verify.h"
#include "ledger/event/canonical_json.h"
#include "ledger/event/envelope.h"
#include "ledger/log/checkpoint.h"
#include "ledger/programme/pack.h"
#include "ledger/verdict/bundle_verdict.h"
#include "ledger/view/view.h"
#include "node/files.h"
#include "tools/exit_code.h"
#include "tools/home.h"
#include "tools/json.h"
#include "tools/report.h"
#include "tools/whole_log.h"

namespace hefu {

namespace json = boost::json;

namespace {

Result<Bundle> read_bundle(const std::string& path) {
  auto content = read_file(path, kBundleBytesMax);
  if (!content) {
    return content.error();
  }
  auto bundle = decode_bundle(as_bytes(*content));
  if (!bundle) {
    // A file that does not even parse is a damaged or altered one: verification failed.
    Error error = bundle.error().during(path);
    if (error.code == Errc::kInvalid) {
      error.code = Errc::kUnverified;
    }
    return error;
  }
  return bundle;
}

Result<Pack> read_pack(const std::string& path) {
  const auto text = read_file(path, kPackBytesMax);
  auto pack = text ? Pack::from_toml(*text) : Result<Pack>(text.error());
  return pack ? pack : Result<Pack>(pack.error().during(path));
}

const char* mark(BundleCheck::Outcome outcome) {
  switch (outcome) {
    case BundleCheck::Outcome::kGood:
      return "✓";
    case BundleCheck::Outcome::kBad:
      return "✗";
    case BundleCheck::Outcome::kUnchecked:
      return "–";
  }
  return "";
}

void print_verdict(const BundleVerdict& verdict, int code, bool english) {
  if (code != kExitBad && !verdict.report.empty()) {
    print_figures(verdict.report, english);
    std::cout << "\n";
  }
  if (code != kExitBad) {
    std::cout << "Level " << verdict.level << (verdict.claim.empty() ? "" : ": " + verdict.claim)
              << "\n";
  }
  for (const auto outcome : {BundleCheck::Outcome::kGood, BundleCheck::Outcome::kBad}) {
    for (const BundleCheck& check : verdict.checks) {
      if (check.outcome == outcome) {
        std::cout << mark(outcome) << " " << check.subject << ": " << check.text << "\n";
      }
    }
  }
  bool first = true;
  for (const BundleCheck& check : verdict.checks) {
    if (check.outcome == BundleCheck::Outcome::kUnchecked) {
      std::cout << (first ? "Not checked:\n" : "") << mark(check.outcome) << " " << check.subject
                << ": " << check.text << "\n";
      first = false;
    }
  }
  if (code == kExitOk) {
    std::cout << "GOOD: "
              << (verdict.level == 2 || verdict.level == 4
                      ? "the figures follow from what the members signed"
                      : "what this level claims holds; see above what it leaves open")
              << ".\n";
  } else if (code == kExitIncomplete) {
    std::cout << "INCOMPLETE: nothing wrong was found, but not everything could be checked.\n";
  } else {
    std::cout << "BAD: do not rely on these figures.\n";
  }
}

Result<std::size_t> byte_offset(const std::string& text, std::size_t size) {
  if (text == "middle") {
    return size / 2;
  }
  std::size_t offset = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (error != std::errc() || end != text.data() + text.size() || offset >= size) {
    return Error{Errc::kInvalid, "--flip-byte " + text + " is not an offset in the file",
                 "a number below " + std::to_string(size) + ", or \"middle\""};
  }
  return offset;
}

struct Found {
  BundleLog* log = nullptr;
  std::size_t entry = 0;
};

/// The records that a bundle of samples shows to count; empty if it has no samples.
std::set<EventId> shown_to_count(const Bundle& bundle) {
  std::set<EventId> records;
  for (const OpenedLeaf& leaf :
       bundle.samples ? bundle.samples->leaves : std::vector<OpenedLeaf>{}) {
    const auto counted = read_view_payload(leaf.payload);
    for (const CountedRecord& one : counted ? *counted : std::vector<CountedRecord>{}) {
      records.insert(one.record);
    }
  }
  return records;
}

/// The last event of a type; of those about records that are shown to count, if there are any:
/// without another's countersignature nothing that the bundle claims would change.
Result<Found> last_of_type(Bundle* bundle, const std::string& type, const std::string& by) {
  const std::set<EventId> shown = shown_to_count(*bundle);
  Found found;
  bool is_shown = false;
  for (BundleLog& log : bundle->logs) {
    if (log.origin.rfind(by, 0) != 0) {
      continue;
    }
    for (std::size_t i = 0; i < log.entries.size(); ++i) {
      auto envelope = decode_envelope(log.entries[i].envelope);
      auto event = envelope ? decode_event(envelope->event) : Result<Event>(envelope.error());
      if (!event || event->type != type) {
        continue;
      }
      const bool counts = event->record && shown.count(*event->record) == 1;
      if (counts || !is_shown) {
        found = Found{&log, i};
        is_shown = counts;
      }
    }
  }
  if (found.log == nullptr) {
    return Error{
        Errc::kNotFound,
        "the bundle holds no event of type " + type + (by.empty() ? "" : " in a log of " + by),
        "`hefu bundle show` lists the types"};
  }
  return found;
}

/// Signs the event of an entry anew with a key nobody certified, as a forger would have to.
Result<void> forge(Context& context, BundleEntry* entry) {
  auto envelope = decode_envelope(entry->envelope);
  if (!envelope) {
    return envelope.error();
  }
  const SecretKey key = SecretKey::generate(context.entropy);
  const Bytes events[] = {envelope->event};
  auto signed_again = sign_batch(events, key);
  if (!signed_again) {
    return signed_again.error();
  }
  auto forged = decode_envelope(signed_again->front());
  if (!forged) {
    return forged.error();
  }
  forged->signer = envelope->signer;  // in the name of the key it pretends to be
  auto bytes = encode_envelope(*forged);
  if (!bytes) {
    return bytes.error();
  }
  entry->envelope = std::move(*bytes);
  return {};
}

/// Withholds or forges the last event of a type.
Result<void> alter_event(Context& context, const BundleTamper& options, Bundle* bundle) {
  auto found =
      last_of_type(bundle, options.withhold.empty() ? options.forge : options.withhold, options.by);
  if (!found) {
    return found.error();
  }
  auto& entries = found->log->entries;
  const auto place = entries.begin() + static_cast<std::ptrdiff_t>(found->entry);
  if (options.withhold.empty()) {
    return forge(context, &*place);
  }
  entries.erase(place);
  return {};
}

/// Shows a leaf that names another version of what it counts.
Result<void> alter_sample(Bundle* bundle) {
  if (!bundle->samples || bundle->samples->leaves.empty() ||
      bundle->samples->leaves.front().payload.empty()) {
    return Error{Errc::kNotFound, "the bundle shows no leaf", "one of level 3 does"};
  }
  bundle->samples->leaves.front().payload.back() ^= 1;
  return {};
}

}  // namespace

int run(Context& context, const BundleExport& options) {
  auto node = open_node(context);
  const std::string path = with_query(
      "/v1/bundle", {{"pack", options.pack},
                     {"period", options.period},
                     {"node", options.unit},
                     {"indicator", options.indicator},
                     {"level", std::to_string(options.level)},
                     {"with_pack", options.with_pack ? "1" : ""},
                     {"samples", options.samples == 0 ? "" : std::to_string(options.samples)},
                     {"value", options.value}});
  auto bytes = node ? node->get(path) : Result<Bytes>(node.error());
  if (!bytes) {
    return report(context, bytes.error());
  }
  auto bundle = decode_bundle(*bytes);
  if (!bundle) {
    return report(context, bundle.error().during("the node's answer"));
  }
  if (auto ok = write_file_atomically(options.out, as_text(*bytes), FileMode::kShared); !ok) {
    return report(context, ok.error());
  }
  std::size_t events = 0;
  for (const BundleLog& log : bundle->logs) {
    events += log.entries.size();
  }
  if (context.json) {
    print_json(json::object{{"file", options.out},
                            {"bytes", bytes->size()},
                            {"level", bundle_level(*bundle)},
                            {"logs", bundle->logs.size()},
                            {"events", events},
                            {"missing", bundle->missing.size()}},
               false);
  } else {
    std::cout << "wrote " << options.out << ": level " << options.level << ", "
              << bytes->size() / 1024 << " KiB, " << events + bundle->declared.size()
              << " events of " << bundle->logs.size() << " logs, " << bundle->missing.size()
              << " logs missing\nNext: hefu bundle verify " << options.out
              << " --trust CHARTER   (offline)\n";
  }
  return kExitOk;
}

int run(Context& context, const BundleVerify& options) {
  std::optional<Charter> trusted;
  if (!options.trust.empty()) {
    auto charter = read_charter(options.trust);
    if (!charter) {
      return report(context, charter.error().during(options.trust));
    }
    trusted = std::move(*charter);
  }
  const auto pack =
      options.pack.empty() ? std::optional<Result<Pack>>() : std::optional(read_pack(options.pack));
  if (pack && !*pack) {
    return report(context, pack->error());
  }
  auto content = read_file(options.file, kBundleBytesMax);
  auto judged = content ? judge_bundle(as_bytes(*content), trusted, pack ? &**pack : nullptr)
                        : Result<BundleVerdict>(content.error());
  if (!judged) {
    return report(context, content ? judged.error().during(options.file) : judged.error());
  }
  const BundleVerdict& verdict = *judged;
  const int code = exit_code(verdict_of(verdict));
  if (context.json) {
    print_json(to_json(verdict), false);
  } else {
    print_verdict(verdict, code, options.english);
  }
  return code;
}

int run(Context& context, const BundleWhole& options) {
  auto node = open_node(context);
  const auto bundle = node ? read_bundle(options.file) : Result<Bundle>(node.error());
  const auto whole = bundle ? download_whole(*node, *bundle) : Result<Bundle>(bundle.error());
  const auto written =
      whole ? write_file_atomically(options.out, as_text(encode_bundle(*whole)), FileMode::kShared)
            : Result<void>(whole.error());
  if (!written) {
    return report(context, written.error());
  }
  if (!context.json) {
    std::cout << "wrote " << options.out << ": the whole logs of the same cut\nNext: hefu bundle "
              << "verify " << options.out << " --trust CHARTER   (offline)\n";
  }
  return kExitOk;
}

int run(Context& context, const BundleShow& options) {
  auto bundle = read_bundle(options.file);
  if (!bundle) {
    return report(context, bundle.error());
  }
  json::array logs;
  for (const BundleLog& log : bundle->logs) {
    std::map<std::string, std::int64_t> types;
    for (const BundleEntry& entry : log.entries) {
      auto envelope = decode_envelope(entry.envelope);
      auto event = envelope ? decode_event(envelope->event) : Result<Event>(envelope.error());
      ++types[event ? event->type : "(unreadable)"];
    }
    json::object counts;
    for (const auto& [type, count] : types) {
      counts[type] = count;
    }
    logs.push_back(json::object{{"origin", log.origin},
                                {"checkpoint", log.checkpoint},
                                {"events", log.entries.size()},
                                {"types", counts}});
  }
  json::array missing;
  for (const std::string& origin : bundle->missing) {
    missing.emplace_back(origin);
  }
  print_json(json::object{{"level", bundle_level(*bundle)},
                          {"pack", bundle->claim.pack},
                          {"pack_digest", bundle->claim.pack_digest.hex()},
                          {"period", bundle->claim.period},
                          {"node", bundle->claim.node},
                          {"indicator", bundle->claim.indicator},
                          {"declared", bundle->declared.size()},
                          {"attestations", bundle->attestations.size()},
                          {"leaves", bundle->samples ? bundle->samples->leaves.size() : 0},
                          {"logs", logs},
                          {"missing", missing}},
             !context.json);
  return kExitOk;
}

int run(Context& context, const BundleTamper& options) {
  const int asked = (options.flip_byte.empty() ? 0 : 1) + (options.withhold.empty() ? 0 : 1) +
                    (options.forge.empty() ? 0 : 1) + (options.sample ? 1 : 0);
  if (asked != 1) {
    return report(context, Error{Errc::kInvalid,
                                 "choose one of --flip-byte, --withhold, --forge, --sample", ""});
  }
  Bytes file;
  if (!options.flip_byte.empty()) {
    auto content = read_file(options.file, kBundleBytesMax);
    if (!content) {
      return report(context, content.error());
    }
    auto offset = byte_offset(options.flip_byte, content->size());
    if (!offset) {
      return report(context, offset.error());
    }
    file = to_bytes(*content);
    file[*offset] ^= 1;
  } else {
    auto bundle = read_bundle(options.file);
    if (!bundle) {
      return report(context, bundle.error());
    }
    if (options.sample) {
      if (auto ok = alter_sample(&*bundle); !ok) {
        return report(context, ok.error());
      }
    } else if (auto ok = alter_event(context, options, &*bundle); !ok) {
      return report(context, ok.error());
    }
    file = encode_bundle(*bundle);
  }
  if (auto ok = write_file_atomically(options.out, as_text(file), FileMode::kShared); !ok) {
    return report(context, ok.error());
  }
  std::cout << "wrote a dishonest copy to " << options.out << "\n";
  return kExitOk;
}

}  // namespace hefu
