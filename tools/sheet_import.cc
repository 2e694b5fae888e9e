#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <map>
#include <optional>

#include <boost/json.hpp>
#include <unistd.h>

#include "ledger/event/canonical_json.h"
#include "ledger/event/envelope.h"
#include "node/files.h"
#include "tools/json.h"
#include "tools/sheet.h"
#include "tools/sheet/cell_value.h"
#include "tools/sheet_book.h"
#include "tools/sheet_desk.h"

namespace hefu {

namespace json = boost::json;

namespace {

/// Events in one request: enough that the signatures' upper paths are shared, few enough that
/// progress shows and an interruption costs little.
constexpr std::size_t kPartEvents = 500;
constexpr int kTries = 20;
constexpr int kPauseMs = 500;

/// One good row of the sheet, and what becomes of it.
struct Outgoing {
  std::uint32_t number = 0;
  Digest row;  ///< in the book of rows
  EventId event;
  std::optional<std::uint64_t> index;  ///< known before, or told by the node now
  bool before = false;                 ///< recorded before this import
};

class Import {
 public:
  Import(Context& context, const SheetImport& options, CheckedSheet& checked)
      : context_(context), options_(options), checked_(checked), en_(options.source.english) {}

  Result<void> open_book() {
    auto book = load_row_book(context_, checked_.desk.home, checked_.read.type);
    if (!book) {
      return book.error();
    }
    book_ = *std::move(book);
    return {};
  }

  /// Which rows are in the log already, which are new, and the events of these.
  Result<void> prepare_rows(const sheet::HeldEvents& held) {
    std::map<std::string, std::uint32_t> occurrences;
    for (const sheet::SheetRow& row : checked_.outcome.rows) {
      if (!row.good) {
        continue;
      }
      const std::string content = row.content();
      Outgoing out;
      out.number = row.number;
      out.row = book_.row(content, occurrences[content]++);
      if (!known(row, held, &out)) {
        if (auto ok = make_event(row, &out); !ok) {
          return ok.error().during("row " + std::to_string(row.number));
        }
      }
      rows_.push_back(out);
    }
    return {};
  }

  [[nodiscard]] std::size_t count() const { return prepared_.encoded.size(); }
  [[nodiscard]] std::size_t before() const {
    return static_cast<std::size_t>(
        std::count_if(rows_.begin(), rows_.end(), [](const Outgoing& row) { return row.before; }));
  }

  Result<void> send() {
    auto key = checked_.desk.home.key(context_, *key_role(options_.role));
    // Before anything is sent: an interrupted import must find its seeds again.
    auto saved = key ? save() : Result<void>(key.error());
    auto envelopes =
        saved ? sign_batch(prepared_.encoded, *key) : Result<std::vector<Bytes>>(saved.error());
    if (!envelopes) {
      return envelopes.error();
    }
    for (std::size_t begin = 0; begin < envelopes->size(); begin += kPartEvents) {
      const std::size_t end = std::min(begin + kPartEvents, envelopes->size());
      auto sent = send_part(*envelopes, begin, end);
      if (!sent) {
        return sent.error().during("rows recorded so far: " + std::to_string(begin) + " of " +
                                   std::to_string(envelopes->size()));
      }
      progress(end, envelopes->size());
    }
    return {};
  }

  /// Where each row went, for keeping.
  Result<void> write_receipt(const std::string& path) const {
    json::array rows;
    for (const Outgoing& row : rows_) {
      json::object item{{"row", row.number}, {"event", row.event.hex()}, {"before", row.before}};
      if (row.index) {
        item["index"] = *row.index;
      }
      rows.push_back(std::move(item));
    }
    const json::object receipt{
        {"file", std::filesystem::path(options_.source.file).filename().string()},
        {"type", checked_.read.type},
        {"catalogue", checked_.catalogue.name()},
        {"issuer", checked_.desk.card.id},
        {"origin", checked_.desk.card.origin},
        {"level", level_},
        {"checkpoint", checkpoint_},
        {"rows", std::move(rows)}};
    return write_file_atomically(path, canonical_json(receipt) + "\n", FileMode::kShared);
  }

  void print(const std::string& receipt_path, double seconds) const {
    std::optional<std::uint64_t> first;
    std::uint64_t last = 0;
    for (const Outgoing& row : rows_) {
      if (!row.before && row.index) {
        first = std::min(first.value_or(*row.index), *row.index);
        last = std::max(last, *row.index);
      }
    }
    if (context_.json) {
      print_json(json::object{{"recorded", count()},
                              {"before", before()},
                              {"origin", checked_.desk.card.origin},
                              {"level", level_},
                              {"receipt", receipt_path}},
                 false);
      return;
    }
    std::cout << (en_ ? "recorded " : "已入账 ") << count() << (en_ ? " rows" : " 行");
    if (count() != 0) {
      std::cout << (en_ ? " in " : "，账本 ") << checked_.desk.card.origin << " #"
                << first.value_or(0) << "–#" << last << " (" << level_ << ")";
    }
    std::cout << (en_ ? "; in the log before: " : "；此前已入账 ") << before() << (en_ ? "" : " 行")
              << "\n"
              << (en_ ? "receipt " : "回执 ") << sheet::shown(receipt_path, sheet::kPathShown)
              << "\n";
    if (count() != 0) {
      std::cout << (en_ ? "took " : "用时 ") << seconds << (en_ ? " s\n" : " 秒\n");
    }
  }

 private:
  /// Whether the row's event is in the log already.
  bool known(const sheet::SheetRow& row, const sheet::HeldEvents& held, Outgoing* out) {
    if (const sheet::RowBook::Entry* entry = book_.find(out->row)) {
      const auto place = held.by_id.find(entry->event.digest);
      if (place != held.by_id.end()) {
        out->event = entry->event;
        out->index = place->second;
        out->before = true;
        book_.place(out->row, place->second);
        return true;
      }
    }
    // Recorded by other means, or before this home had its book. With personal fields nobody could
    // tell: those rows are another person's as likely as not.
    const auto same = held.by_in_clear.find(row.in_clear);
    const auto& fields = checked_.type().fields;
    const bool personal = std::any_of(fields.begin(), fields.end(),
                                      [](const Field& field) { return field.personal; });
    if (options_.source.repeats || personal || same == held.by_in_clear.end()) {
      return false;
    }
    out->event = EventId{same->second.event};
    out->index = same->second.index;
    out->before = true;
    return true;
  }

  Result<void> make_event(const sheet::SheetRow& row, Outgoing* out) {
    const sheet::RowBook::Entry* noted = book_.find(out->row);
    sheet::RowBook::Entry entry;
    if (noted != nullptr && noted->seed) {
      entry = *noted;
    } else {
      entry.seed = context_.entropy.take<32>();
      entry.created_at = system_now();
    }
    sheet::SeededDraws draws(*entry.seed);
    auto draft = event_from_json(row.event, checked_.catalogue, entry.created_at, draws);
    auto bytes = draft ? encode_event(draft->event) : Result<Bytes>(draft.error());
    if (!bytes) {
      return bytes.error();
    }
    entry.event = event_id(*bytes);
    out->event = entry.event;
    book_.set(out->row, entry);
    prepared_.drafts.push_back(*std::move(draft));
    prepared_.encoded.push_back(*std::move(bytes));
    prepared_.ids.push_back(entry.event);
    sent_rows_.push_back(rows_.size());
    return {};
  }

  Result<void> save() const { return save_row_book(checked_.desk.home, checked_.read.type, book_); }

  /// Sends events [begin, end) and the openings of their personal fields, and notes their places.
  Result<void> send_part(const std::vector<Bytes>& envelopes, std::size_t begin, std::size_t end) {
    Bytes list;
    for (std::size_t i = begin; i < end; ++i) {
      append_be(list, static_cast<std::uint16_t>(envelopes[i].size()));
      append(list, envelopes[i]);
    }
    const std::string path =
        with_query("/v1/events", {{"ack", options_.ack}, {"priority", "bulk"}});
    auto answer = checked_.desk.node.post(path, kEnvelopesType, list);
    for (int i = 0; i < kTries && !answer && answer.error().code == Errc::kUnavailable; ++i) {
      pause_ms(kPauseMs);
      answer = checked_.desk.node.post(path, kEnvelopesType, list);
    }
    auto opened = answer ? send_openings(checked_.desk.node, prepared_, begin, end)
                         : Result<void>(answer.error());
    auto document = opened ? parse_json(as_text(*answer), kAnswerBytesMax)
                           : Result<json::value>(opened.error());
    if (!document) {
      return document.error();
    }
    const json::object& receipt = document->as_object();
    const json::array& places = array_at(receipt, "receipts");
    if (places.size() != end - begin) {
      return Error{Errc::kInvalid, "the node's answer tells of another number of events", ""};
    }
    level_ = text_at(receipt, "level");
    checkpoint_ = text_at(receipt, "checkpoint");
    for (std::size_t i = begin; i < end; ++i) {
      const auto index = static_cast<std::uint64_t>(
          places[i - begin].as_object().at("index").to_number<std::int64_t>());
      Outgoing& row = rows_[sent_rows_[i]];
      row.index = index;
      book_.place(row.row, index);
    }
    return save();
  }

  void progress(std::size_t done, std::size_t all) const {
    if (::isatty(STDERR_FILENO) != 0) {
      std::cerr << "\r" << done << "/" << all << (done == all ? "\n" : "") << std::flush;
    } else if (done == all || done * 10 / all != (done - std::min(done, kPartEvents)) * 10 / all) {
      std::cerr << done << "/" << all << "\n";
    }
  }

  Context& context_;
  const SheetImport& options_;
  CheckedSheet& checked_;
  const bool en_;
  sheet::RowBook book_;
  std::vector<Outgoing> rows_;
  Prepared prepared_;
  std::vector<std::size_t> sent_rows_;  ///< by event of `prepared_`: place in `rows_`
  std::string level_;
  std::string checkpoint_;
};

/// Asks before signing. Errors: kUnauthorised without --yes where there is nobody to ask.
Result<bool> confirmed(const CheckedSheet& checked, std::size_t events,
                       const SheetImport& options) {
  if (options.yes) {
    return true;
  }
  const bool en = options.source.english;
  if (::isatty(STDIN_FILENO) == 0) {
    return Error{Errc::kUnauthorised, "nobody is here to say yes to the signature",
                 "look with `hefu sheet check`, then use --yes"};
  }
  std::cerr << (en ? "Sign " : "以 ") << (en ? std::to_string(events) : checked.desk.card.name_zh)
            << (en ? " events for " + checked.desk.card.name_zh + " with the " + options.role +
                         " key, once for all? [y/N] "
                   : " 的 " + options.role + " 密钥，一次签署 " + std::to_string(events) +
                         " 条记录？[y/N] ");
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "是";
}

std::string errors_file(const CheckedSheet& checked, const SheetImport& options) {
  return options.source.file + ".errors" + (checked.read.csv ? ".csv" : ".xlsx");
}

/// Whether the sheet's errors end the import; the sheet is written out again with them marked.
Result<bool> stops_at_errors(const CheckedSheet& checked, const SheetImport& options) {
  if (checked.outcome.errors == 0) {
    return false;
  }
  if (checked.outcome.titles_good) {
    const std::string path = errors_file(checked, options);
    if (auto ok = write_errors(checked, path, options.only_valid); !ok) {
      return ok.error();
    }
    std::cerr << (options.source.english ? "wrong cells are marked in " : "错误已逐格标在 ")
              << sheet::shown(path, sheet::kPathShown) << "\n";
  }
  return !options.only_valid || checked.outcome.good_rows() == 0;
}

}  // namespace

int run(Context& context, const SheetImport& options) {
  const auto started = std::chrono::steady_clock::now();
  const auto role = key_role(options.role);
  if (!role) {
    return report(context, Error{Errc::kInvalid, options.role + " is not a key role",
                                 "registrar, reviewer or seal sign events"});
  }
  auto checked = check_source(context, options.source);
  if (!checked) {
    return report(context, checked.error());
  }
  if (!context.json) {
    print_findings(*checked, options.source);
  }
  auto stops = stops_at_errors(*checked, options);
  if (!stops) {
    return report(context, stops.error());
  }
  if (checked->outcome.errors == 0 && checked->outcome.rows.empty()) {
    return report(context, Error{Errc::kInvalid, "no rows below the titles; nothing was recorded",
                                 "fill in the sheet, or name another one with --sheet"});
  }
  if (*stops) {
    if (context.json) {
      print_findings_json(*checked);
    }
    return report(context,
                  Error{Errc::kInvalid,
                        std::to_string(checked->outcome.errors) + " errors; nothing was recorded",
                        "mend the cells and import again, or record the good rows with "
                        "--only-valid"});
  }
  auto held = fetch_held(checked->desk.node, checked->desk.card.id, checked->read.type);
  Import import(context, options, *checked);
  auto ready = held ? import.open_book() : Result<void>(held.error());
  ready = ready ? import.prepare_rows(*held) : ready;
  if (!ready) {
    return report(context, ready.error());
  }
  if (import.count() != 0) {
    auto yes = confirmed(*checked, import.count(), options);
    if (!yes) {
      return report(context, yes.error());
    }
    if (!*yes) {
      return report(context, Error{Errc::kUnauthorised, "not signed; nothing was recorded", ""});
    }
    if (auto sent = import.send(); !sent) {
      Error error = sent.error();
      error.hint +=
          (error.hint.empty() ? "" : "; ") +
          std::string("import the same file again: what is recorded is not recorded twice");
      return report(context, error);
    }
  }
  const std::string receipt =
      options.receipt.empty() ? options.source.file + ".receipt.json" : options.receipt;
  if (auto ok = import.write_receipt(receipt); !ok) {
    return report(context, ok.error());
  }
  import.print(receipt,
               std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count());
  return kExitOk;
}

}  // namespace hefu
