// hefu: the commands, their options and examples. Each command is run by the function `run` of the
// file named after it.

#include <exception>
#include <functional>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <curl/curl.h>

#include "tools/account.h"
#include "tools/agreement.h"
#include "tools/attach.h"
#include "tools/audit.h"
#include "tools/audit_acts.h"
#include "tools/audit_read.h"
#include "tools/backup.h"
#include "tools/bundle.h"
#include "tools/charter.h"
#include "tools/closing.h"
#include "tools/context.h"
#include "tools/event.h"
#include "tools/figure.h"
#include "tools/figure_export.h"
#include "tools/fork.h"
#include "tools/fraud.h"
#include "tools/guest.h"
#include "tools/inbox.h"
#include "tools/init.h"
#include "tools/key.h"
#include "tools/log.h"
#include "tools/manual.h"
#include "tools/market.h"
#include "tools/operations.h"
#include "tools/pack.h"
#include "tools/pack_sql.h"
#include "tools/rebuild_views.h"
#include "tools/record_figures.h"
#include "tools/recover.h"
#include "tools/report_seal.h"
#include "tools/report_submit.h"
#include "tools/report_write.h"
#include "tools/sheet.h"
#include "tools/view.h"
#include "tools/webhook.h"
#include "tools/why.h"

namespace {

constexpr const char* kExitCodes =
    "Exit codes: 0 done · 1 refused, the message says why · 2 wrong usage · 3 verification failed "
    "·\n"
    "            4 nothing wrong found, but not everything could be checked · 5 no answer, retry\n"
    "Environment: HEFU_HOME, HEFU_NODE, HEFU_PASSPHRASE stand for --home, --node and the "
    "passphrase;\n             HEFU_TOKEN is an API token for the node.";

/// Adds commands; keeps each command's options alive as long as the parser.
class Commands {
 public:
  Commands(hefu::Context& context, int* exit_code) : context_(context), exit_code_(exit_code) {}

  template <typename Options>
  CLI::App* add(CLI::App* parent, const char* name, const char* what, const char* examples,
                const std::function<void(CLI::App*, Options*)>& define) {
    auto options = std::make_shared<Options>();
    CLI::App* command = parent->add_subcommand(name, what);
    command->footer(std::string("\nExamples:\n") + examples);
    define(command, options.get());
    command->callback([this, options] { *exit_code_ = hefu::run(context_, *options); });
    return command;
  }

 private:
  hefu::Context& context_;
  int* exit_code_;
};

CLI::App* group(CLI::App& app, const char* name, const char* what) {
  CLI::App* made = app.add_subcommand(name, what);
  made->require_subcommand(1);
  return made;
}

void figure_options(CLI::App* c, std::string* pack, std::string* period, std::string* unit) {
  c->add_option("--pack", *pack, "programme pack id, or id/version")->required();
  c->add_option("--period", *period, "2025, 2025-H1, 2025-Q3, 2025-05, 2024-AY")->required();
  c->add_option("--unit", *unit, "organisation the figures are for; default: the whole programme");
}

void add_governance(CLI::App* charter, Commands& commands) {
  using namespace hefu;  // NOLINT(google-build-using-namespace)
  commands.add<CharterStatus>(charter, "status",
                              "Members, rules, and what is open to vote on, as a node knows it",
                              "  hefu charter status\n", [](CLI::App*, CharterStatus*) {});
  commands.add<CharterHistory>(charter, "history", "Every decision, and every change of keys",
                               "  hefu charter history\n", [](CLI::App*, CharterHistory*) {});
  commands.add<CharterJoin>(
      charter, "join", "Ask to join a federation: a request signed with one's root key",
      "  hefu --home ./newcomer charter join --charter charter.note --out newcomer.join\n",
      [](CLI::App* c, CharterJoin* o) {
        c->add_option("--charter", o->charter, "founding charter; default: the home's");
        c->add_option("--peer", o->peer,
                      "host:port where the others reach this node; default: as hefud.toml says");
        c->add_option("--out", o->out, "file to write")->required();
      });
  commands.add<CharterPropose>(
      charter, "propose", "Propose a change of members, keys or rules, and vote for it",
      "  hefu charter propose admit --request newcomer.join --reason 新成员单位\n"
      "  hefu charter propose suspend --member 911… --reason 连续三次未报送\n"
      "  hefu charter propose replace-keys --member 911… --key root=new-root.key \\\n"
      "       --key seal=new-seal.key --revoked-from 2026-03-01 --reason 密钥遗失\n"
      "  hefu charter propose set-rules --council 3 --reason 改为理事会表决\n"
      "  hefu charter propose describe --member 911… --attribute parent=911… \\\n"
      "       --effective-on 2026-09-01 --reason 股权变更\n"
      "  hefu charter propose new-epoch --member 911… --key log=new-log.key --reason 日志分叉\n"
      "       (its log is dead: forked, or nobody has what it signed for. It ends at the latest\n"
      "       checkpoint a quorum witnessed; the member goes on in a new log, its next epoch)\n"
      "  hefu charter propose merge --member 911… --successor 912… --reason 吸收合并\n",
      [](CLI::App* c, CharterPropose* o) {
        c->add_option("CHANGE", o->change,
                      "admit, suspend, reinstate, expel, leave, replace-keys, new-epoch, "
                      "set-rules, describe, merge, close")
            ->required();
        c->add_option("--member", o->member, "credit code of the member concerned");
        c->add_option("--request", o->request, "admit: file made by `hefu charter join`");
        c->add_option("--successor", o->successor, "merge: who takes its place");
        c->add_option("--key", o->keys, "replace-keys, new-epoch: role=FILE of a new key; repeat");
        c->add_option("--checkpoint", o->checkpoint,
                      "new-epoch: file with the checkpoint at which the present log ends; default: "
                      "the latest that a quorum witnessed, as the node has it");
        c->add_option("--revoke", o->revoked, "replace-keys: a key to end; repeat");
        c->add_option("--revoked-from", o->revoked_from,
                      "replace-keys: what the old keys signed from this day on makes no records");
        c->add_option("--authority", o->authority, "set-rules: who is the authority");
        c->add_option("--council", o->council,
                      "votes a decision of the council needs; 0: the authority decides");
        c->add_option("--quorum", o->quorum, "witnesses a checkpoint needs");
        c->add_option("--name-zh", o->name_zh,
                      "describe: new name; without --member, of the "
                      "federation");
        c->add_option("--name-en", o->name_en, "describe: new name in English");
        c->add_option("--attribute", o->attributes, "describe: key=value; repeat");
        c->add_option("--effective-on", o->effective_on, "describe: since when; default: at once");
        c->add_option("--decide-by", o->decide_by, "default: two weeks from today");
        c->add_option("--reason", o->reason)->required();
        c->add_flag("--no-vote", o->no_vote, "do not vote for it");
      });
  commands.add<CharterVote>(
      charter, "vote", "Vote on a proposal; a yes binds until it is decided or out of time",
      "  hefu charter vote 3f… yes\n  hefu charter vote 3f… no --reason 材料不全\n",
      [](CLI::App* c, CharterVote* o) {
        c->add_option("PROPOSAL", o->proposal)->required();
        c->add_option("CHOICE", o->choice)->required()->check(CLI::IsMember({"yes", "no"}));
        c->add_option("--reason", o->reason);
      });
}

void add_setup(CLI::App& app, Commands& commands) {
  using namespace hefu;  // NOLINT(google-build-using-namespace)
  commands.add<Init>(
      &app, "init", "Make an institution's folder: keys, member card, node configuration",
      "  hefu --home ./college init --id 12150200460000000X --name-zh 某职业学院 \\\n"
      "       --domain college.example --kind higher-vocational-college\n",
      [](CLI::App* c, Init* o) {
        c->add_option("--id", o->id, "unified social credit code, 18 characters")->required();
        c->add_option("--name-zh", o->name_zh, "name in Chinese")->required();
        c->add_option("--name-en", o->name_en, "name in English");
        c->add_option("--domain", o->domain, "domain name; the log becomes <domain>/hefu/1")
            ->required();
        c->add_option("--kind", o->kind, "university, enterprise, government-department …")
            ->required();
        c->add_option("--attribute", o->attributes, "key=value, for example parent=<credit code>");
        c->add_option("--http", o->http, "where the node's API listens")->capture_default_str();
        c->add_option("--peer", o->peer, "where the node listens for members")
            ->capture_default_str();
      });

  CLI::App* key = group(app, "key", "Keys in sealed files");
  commands.add<KeyNew>(
      key, "new", "Make a key", "  hefu key new --role reviewer --out reviewer.key\n",
      [](CLI::App* c, KeyNew* o) {
        c->add_option("--role", o->role, "what it will sign")->capture_default_str();
        c->add_option("--out", o->out, "file to write")->required();
      });
  commands.add<KeyShow>(
      key, "show", "Public part of a key file", "  hefu key show college/keys/log.key\n",
      [](CLI::App* c, KeyShow* o) { c->add_option("FILE", o->file)->required(); });
  commands.add<KeyPasswd>(key, "passwd", "Seal a key under a new passphrase",
                          "  hefu key passwd college/keys/root.key\n",
                          [](CLI::App* c, KeyPasswd* o) {
                            c->add_option("FILE", o->file)->required();
                            c->add_option("--new-passphrase-file", o->new_passphrase_file);
                          });

  commands.add<KeyRotate>(
      key, "rotate", "Replace a key of one's own: make, certify with the root key, put in place",
      "  hefu key rotate witness\n  hefu key rotate root\n  hefu key rotate registrar\n",
      [](CLI::App* c, KeyRotate* o) {
        c->add_option("ROLE", o->role)->required();
        c->add_option("--patience", o->patience_s, "seconds to wait until it is in force")
            ->capture_default_str();
      });
  commands.add<KeyRevoke>(
      key, "revoke", "End a former key, or one that signs events, with a day",
      "  hefu key revoke registrar keys/registrar-former-1.key --last-day 2026-06-30\n",
      [](CLI::App* c, KeyRevoke* o) {
        c->add_option("ROLE", o->role)->required();
        c->add_option("KEY", o->key, "key file, or its public part in base64")->required();
        c->add_option("--last-day", o->last_day, "on which it counts; default: today");
      });

  CLI::App* charter = group(app, "charter", "Founding, members and rules of a federation");
  commands.add<CharterFound>(
      charter, "found", "Write an unsigned charter from member cards",
      "  hefu charter found --name 'Baotou' --authority 11150200011200000X \\\n"
      "       bureau/member.json college/member.json --out charter.note\n",
      [](CLI::App* c, CharterFound* o) {
        c->add_option("--name", o->name, "name of the federation")->required();
        c->add_option("--authority", o->authority, "credit code of the governing member")
            ->required();
        c->add_option("--quorum", o->quorum, "witnesses needed; default: the smallest safe number");
        c->add_option("--out", o->out, "file to write")->required();
        c->add_option("CARD", o->cards, "member.json of each founder")->required();
      });
  commands.add<CharterSign>(
      charter, "sign", "Sign a charter with the root key",
      "  hefu --home ./college charter sign charter.note\n",
      [](CLI::App* c, CharterSign* o) { c->add_option("FILE", o->file)->required(); });
  commands.add<CharterShow>(
      charter, "show", "Verify and show a founding charter", "  hefu charter show charter.note\n",
      [](CLI::App* c, CharterShow* o) { c->add_option("FILE", o->file)->required(); });
  add_governance(charter, commands);
}

void add_agreement_acts(CLI::App* agreement, Commands& commands) {
  using namespace hefu;  // NOLINT(google-build-using-namespace)
  const auto act = [&](const char* name, const char* type, const char* what, const char* examples,
                       const std::function<void(CLI::App*, AgreementAct*)>& options) {
    commands.add<AgreementAct>(
        agreement, name, what, examples, [type, options](CLI::App* c, AgreementAct* o) {
          o->type = type;
          c->add_option("ID", o->id, "the agreement")->required();
          c->add_option("--version", o->version, "default: the one in effect");
          options(c, o);
        });
  };
  act("stop-renewal", "agreement-non-renewal", "Keep it from renewing itself at its next end",
      "  hefu agreement stop-renewal 3f… --reason 调整合作方向\n",
      [](CLI::App* c, AgreementAct* o) { c->add_option("--reason", o->text)->required(); });
  act("dispute", "dispute", "Object to a version or an act; it is contested until decided",
      "  hefu agreement dispute 3f… --claim 签字人无授权\n", [](CLI::App* c, AgreementAct* o) {
        c->add_option("--target", o->target, "event meant; default: the version");
        c->add_option("--claim", o->text)->required();
      });
  act("repudiate", "agreement-repudiation", "Disown a signature in one's own name: opens a dispute",
      "  hefu agreement repudiate 3f… --reason 印章密钥被盗\n", [](CLI::App* c, AgreementAct* o) {
        c->add_option("--signature", o->target, "event meant; default: one's own of the version");
        c->add_option("--reason", o->text)->required();
      });
  act("respond", "dispute-response", "Answer a dispute",
      "  hefu agreement respond 3f… --dispute 7a… --answer 授权书见附件\n",
      [](CLI::App* c, AgreementAct* o) {
        c->add_option("--dispute", o->target)->required();
        c->add_option("--answer", o->text)->required();
      });
  act("rule", "resolution", "Decide a dispute as arbiter, or drop one's own (dismissed)",
      "  hefu agreement rule 3f… --dispute 7a… --ruling dismissed --reason 授权有效\n"
      "  hefu agreement rule 3f… --dispute 7a… --ruling upheld --effective-on 2026-06-30\n",
      [](CLI::App* c, AgreementAct* o) {
        c->add_option("--dispute", o->target)->required();
        c->add_option("--ruling", o->ruling)
            ->required()
            ->check(CLI::IsMember({"upheld", "dismissed"}));
        c->add_option("--effective-on", o->effective_on,
                      "upheld: its last day in force; default: it never was");
        c->add_option("--reason", o->text);
      });
  act("succeed", "agreement-succession",
      "Pass a party's roles on: declared by it or the authority, accepted by the successor",
      "  hefu agreement succeed 3f… --predecessor 911… --successor 912… --reason 吸收合并\n",
      [](CLI::App* c, AgreementAct* o) {
        c->add_option("--predecessor", o->predecessor)->required();
        c->add_option("--successor", o->successor, "default: oneself");
        c->add_option("--reason", o->text)->required();
      });
  act("seen", "agreement-seen", "Confirm having read a version; binds to nothing",
      "  hefu agreement seen 3f…\n",
      [](CLI::App* c, AgreementAct* o) { c->add_option("--remark", o->text); });
}

void add_records(CLI::App& app, Commands& commands) {
  using namespace hefu;  // NOLINT(google-build-using-namespace)
  CLI::App* event = group(app, "event", "Signed events: append, show, list, verify");
  commands.add<EventAppend>(
      event, "append", "Validate, sign and record events from JSON or JSON Lines",
      "  hefu event append --file visits.jsonl\n"
      "  hefu event append --file visits.jsonl --dry-run\n"
      "  hefu event append --file visits.jsonl --ack witnessed\n"
      "  echo '{\"type\":\"enterprise-visit\",…}' | hefu event append\n",
      [](CLI::App* c, EventAppend* o) {
        c->add_option("--file", o->file, "file, or - for standard input")->capture_default_str();
        c->add_option("--names", o->names, "file of names for events, read and extended");
        c->add_option("--role", o->role, "key to sign with: registrar, reviewer, seal, root")
            ->capture_default_str();
        c->add_option("--ack", o->ack,
                      "how safe before it is answered: stored (here), replicated (others hold it "
                      "too), witnessed (a quorum has cosigned it)")
            ->check(CLI::IsMember({"stored", "replicated", "witnessed"}));
        c->add_flag("--dry-run", o->dry_run, "only validate");
      });
  commands.add<EventShow>(
      event, "show", "One event, or its offline proof",
      "  hefu event show 3f…\n  hefu event show 3f… --proof > visit.tlog-proof\n",
      [](CLI::App* c, EventShow* o) {
        c->add_option("ID", o->id)->required();
        c->add_flag("--proof", o->proof, "print the .tlog-proof");
      });
  commands.add<EventVerify>(
      event, "verify", "Verify such a proof offline, by the charter alone",
      "  hefu event show 3f… > visit.json\n"
      "  hefu event show 3f… --proof > visit.tlog-proof\n"
      "  hefu event verify visit.tlog-proof --event visit.json --trust charter.note\n"
      "  Exit codes: 0 it stands there · 3 it does not · 4 which event, or whose log or key it "
      "is,\n"
      "              could not be settled\n",
      [](CLI::App* c, EventVerify* o) {
        c->add_option("FILE", o->file, "what `hefu event show --proof` printed")->required();
        c->add_option("--event", o->event, "what `hefu event show` printed of the event");
        c->add_option("--trust", o->trust, "the charter you know; default: the home's");
      });
  commands.add<EventListing>(
      event, "list", "Events a node holds, of any member",
      "  hefu event list --type status-change --limit 20\n", [](CLI::App* c, EventListing* o) {
        c->add_option("--log", o->log, "member id or domain");
        c->add_option("--type", o->type, "event type");
        c->add_option("--record", o->record, "events of this record");
        c->add_option("--issuer", o->issuer, "credit code");
        c->add_option("--from", o->from, "the page after: what the page before printed");
        c->add_option("--limit", o->limit)->capture_default_str();
      });
  commands.add<EventTypes>(event, "types", "What the catalogue knows",
                           "  hefu event types\n  hefu event types enterprise-visit\n",
                           [](CLI::App* c, EventTypes* o) { c->add_option("TYPE", o->type); });
  commands.add<EventErase>(event, "erase", "Erase the personal fields of an event",
                           "  hefu event erase 3f… --reason '学生本人要求'\n",
                           [](CLI::App* c, EventErase* o) {
                             c->add_option("ID", o->id)->required();
                             c->add_option("--reason", o->reason)->required();
                           });

  commands.add<InboxShow>(
      &app, "inbox", "What waits for your institution: to confirm, sign, answer or provide",
      "  hefu inbox\n  hefu --json inbox --limit 500\n", [](CLI::App* c, InboxShow* o) {
        c->add_option("--member", o->member, "credit code; default: that of the home");
        c->add_option("--limit", o->limit, "at most so many, 1 to 1000")->capture_default_str();
      });

  CLI::App* market = group(app, "market", "Supply and demand: search, recommend, follow");
  commands.add<MarketSearch>(
      market, "search", "Search listings, in Chinese or English",
      "  hefu market search 焊接 机器人\n  hefu market search --direction supply --place 1502\n"
      "  hefu market search 岗位 --all\n"
      "A listing is published like any event: `hefu event types supply-demand-listing`, then\n"
      "  hefu event append --file need.json\n",
      [](CLI::App* c, MarketSearch* o) {
        c->add_option("WORDS", o->words, "found where at least half of them stand");
        c->add_option("--direction", o->direction)->check(CLI::IsMember({"supply", "demand"}));
        c->add_option("--category", o->category, "e.g. technical-problem, post, equipment");
        c->add_option("--issuer", o->issuer, "credit code of whoever published it");
        c->add_option("--place", o->place, "beginning of a division code: 1502 is Baotou");
        auto* kind = c->add_option("--availability", o->availability,
                                   "open (default), upcoming, expired, matched, closed, …");
        c->add_flag("--all", o->all, "whether open or not")->excludes(kind);
        c->add_option("--on", o->on, "the day that decides what is open; default: today");
        c->add_option("--from", o->from, "where an earlier answer ended");
        c->add_option("--limit", o->limit, "at most so many, 1 to 1000")->capture_default_str();
      });
  commands.add<MarketRecommend>(
      market, "recommend", "What could answer a listing, and why",
      "  hefu market recommend 3f…\n  hefu --json market recommend 3f… --limit 50\n"
      "Who wants to take one up records a match, which the other side confirms:\n"
      "  hefu event types listing-match\n",
      [](CLI::App* c, MarketRecommend* o) {
        c->add_option("LISTING", o->listing, "id of the record")->required();
        c->add_option("--on", o->on, "the day that decides what is open; default: today");
        c->add_option("--from", o->from, "where an earlier answer ended");
        c->add_option("--limit", o->limit, "at most so many, 1 to 1000")->capture_default_str();
        c->add_flag("--en", o->english, "reasons in English");
      });
  commands.add<MarketFollow>(
      market, "follow", "From a listing over its matches to agreements and what came of them",
      "  hefu market follow 3f…\n", [](CLI::App* c, MarketFollow* o) {
        c->add_option("LISTING", o->listing, "id of the listing, or of a match of it")->required();
        c->add_option("--on", o->on, "the day that decides what is open; default: today");
      });

  CLI::App* record = group(app, "record", "Records: what events add up to");
  commands.add<RecordShow>(
      record, "show", "One record: its events, standing and grade", "  hefu record show 3f…\n",
      [](CLI::App* c, RecordShow* o) { c->add_option("ID", o->id)->required(); });
  commands.add<RecordFigures>(
      record, "figures",
      "Which figures a record or event feeds, and why it does not count in others",
      "  hefu record figures 3f… --pack baotou.xdrh --period 2025\n",
      [](CLI::App* c, RecordFigures* o) {
        c->add_option("ID", o->id, "of the record, or of an event about it")->required();
        figure_options(c, &o->pack, &o->period, &o->unit);
        c->add_flag("--en", o->english, "English titles");
      });
  commands.add<RecordList>(record, "list", "Records a node knows",
                           "  hefu record list --type joint-body-establishment --state confirmed\n",
                           [](CLI::App* c, RecordList* o) {
                             c->add_option("--type", o->type);
                             c->add_option("--party", o->party);
                             c->add_option("--state", o->state);
                           });

  const auto act = [&](const char* name, const char* type, const char* what, const char* examples,
                       const char* text, bool needs_text) {
    commands.add<RecordAct>(record, name, what, examples, [=](CLI::App* c, RecordAct* o) {
      o->type = type;
      auto* ids = c->add_option("ID", o->ids, "the record")->required();
      if (o->type == "countersignature") {
        ids->description("the record; several are confirmed with one signature");
      } else {
        ids->expected(1);
      }
      c->add_option("--target", o->target, "event meant; default: the current version");
      c->add_option(text, o->text)->required(needs_text);
      if (o->type == "status-change") {
        c->add_option("--state", o->state, "operational, dissolved, completed …")->required();
        c->add_option("--effective-on", o->effective_on, "default: today");
      }
      if (o->type == "resolution") {
        c->add_option("--ruling", o->ruling)
            ->required()
            ->check(CLI::IsMember({"upheld", "dismissed"}));
      }
    });
  };
  act("countersign", "countersignature", "Confirm what another institution recorded",
      "  hefu record countersign 3f…\n"
      "  hefu --json inbox | jq -r '.items[] | select(.kind == \"countersignature\").record' |\n"
      "    xargs hefu record countersign     # all that waits, with one signature\n",
      "--remark", false);
  act("reject", "rejection", "Refuse what another institution recorded",
      "  hefu record reject 3f… --reason 未举行\n", "--reason", true);
  act("dispute", "dispute", "Object to a record or an act",
      "  hefu record dispute 3f… --claim 与另一校重复\n", "--claim", true);
  act("respond", "dispute-response", "Answer an objection (--target: the objection)",
      "  hefu record respond 3f… --target 7a… --answer 签到表见附件\n", "--answer", true);
  act("rule", "resolution", "Decide an objection as the authority, or drop one's own (dismissed)",
      "  hefu record rule 3f… --target 7a… --ruling dismissed --reason 已核实\n", "--reason",
      false);
  act("change", "status-change", "Change the state of a record",
      "  hefu record change 3f… --state dissolved --effective-on 2025-06-30 --reason 企业迁址\n",
      "--reason", false);
  act("retract", "retraction", "Take back one's own record or act",
      "  hefu record retract 3f… --reason 录入错误\n", "--reason", true);

  CLI::App* agreement = group(app, "agreement", "Agreements between institutions");
  commands.add<AgreementPropose>(
      agreement, "propose", "Propose terms and sign them",
      "  hefu agreement propose --kind practice-base --title 共建实习基地协议 \\\n"
      "       --party 91150200MA0000000X --valid-from 2026-09-01 --valid-to 2029-08-31 \\\n"
      "       --text agreement.pdf\n"
      "  # two of three parties suffice; renews itself yearly; disputes go to the industry body\n"
      "  hefu agreement propose … --party A --party B --quorum 2 --renew-months 12 --arbiter C\n",
      [](CLI::App* c, AgreementPropose* o) {
        c->add_option("--kind", o->kind, "as in the catalogue")->required();
        c->add_option("--title", o->title)->required();
        c->add_option("--party", o->parties, "credit code of another party; repeat")->required();
        c->add_option("--valid-from", o->valid_from)->required();
        c->add_option("--valid-to", o->valid_to);
        c->add_option("--sign-by", o->sign_by, "default: seven days from today");
        c->add_option("--text", o->text_file, "the document; only its hash is logged")->required();
        c->add_option("--base", o->base, "version this one replaces");
        c->add_option("--agreement", o->agreement, "agreement this is a further version of");
        c->add_option("--attempt", o->attempt)->capture_default_str();
        c->add_option("--notice-days", o->notice_days)->capture_default_str();
        c->add_option("--quorum", o->quorum, "how many of the parties must sign; default: all");
        c->add_option("--require", o->required, "party that must be among them; repeat");
        c->add_option("--faulty", o->faulty,
                      "parties whose logs may fork although witnesses dated them; default: 0");
        c->add_option("--arbiter", o->arbiter,
                      "who decides objections, no party; default: the authority");
        c->add_option("--dispute-days", o->dispute_days, "for objections; default: no end");
        c->add_option("--renew-months", o->renew_months,
                      "renews itself by so much at --valid-to; default: not");
        c->add_option("--renewal-notice-days", o->renewal_notice_days)->capture_default_str();
        c->add_option("--renewals-max", o->renewals_max, "how often it renews itself");
        c->add_option("--renewal-of", o->renewal_of, "agreement this one renews");
        c->add_option("--succession", o->succession,
                      "succession by which a successor signs for a party of --base; repeat");
        c->add_option("--programme", o->programmes);
        c->add_flag("--no-sign", o->no_sign, "propose without signing");
      });
  commands.add<AgreementCountersign>(
      agreement, "countersign", "Sign a version; you are bound until its sign-by date",
      "  hefu agreement countersign 3f…\n", [](CLI::App* c, AgreementCountersign* o) {
        c->add_option("ID", o->id)->required();
        c->add_option("--version", o->version, "if several are open");
        c->add_flag("--yes", o->yes, "do not ask");
      });
  commands.add<AgreementDecline>(agreement, "decline", "Refuse a version before signing it",
                                 "  hefu agreement decline 3f… --reason 期限过长\n",
                                 [](CLI::App* c, AgreementDecline* o) {
                                   c->add_option("ID", o->id)->required();
                                   c->add_option("--version", o->version);
                                   c->add_option("--reason", o->reason)->required();
                                 });
  commands.add<AgreementTerminate>(
      agreement, "terminate", "Give notice of termination",
      "  hefu agreement terminate 3f… --effective-on 2026-12-31 --reason 企业迁址\n",
      [](CLI::App* c, AgreementTerminate* o) {
        c->add_option("ID", o->id)->required();
        c->add_option("--version", o->version);
        c->add_option("--effective-on", o->effective_on)->required();
        c->add_option("--reason", o->reason)->required();
      });
  add_agreement_acts(agreement, commands);
  commands.add<AgreementShow>(agreement, "show", "One agreement, or all",
                              "  hefu agreement show\n  hefu agreement show 3f…\n",
                              [](CLI::App* c, AgreementShow* o) { c->add_option("ID", o->id); });
}

void guest_decision(CLI::App* c, hefu::GuestDecision* o) {
  c->add_flag("--confirm", o->confirm, "confirm without being asked");
  c->add_flag("--reject", o->reject, "reject without being asked");
  c->add_option("--reason,--remark", o->text, "why it is rejected; or a remark");
}

void guest_terms(CLI::App* c, std::string* party, std::string* name, std::string* checked_by,
                 std::int64_t* key_days) {
  c->add_option("--party", *party, "the guest's unified social credit code")->required();
  c->add_option("--name", *name, "its registered name")->required();
  c->add_option("--checked-by", *checked_by, "how its identity was checked")
      ->required()
      ->check(CLI::IsMember(
          {"official-mailbox", "seal-seen", "in-person", "public-register", "known-key"}));
  c->add_option("--key-days", *key_days, "how long its key is good for")
      ->check(CLI::Range(1, 3653))
      ->capture_default_str();
}

void add_hosting(CLI::App* guest, Commands& commands) {
  using namespace hefu;  // NOLINT(google-build-using-namespace)
  commands.add<GuestInvite>(
      guest, "invite", "Member: introduce a guest by a one-time link that asks it about a record",
      "  hefu guest invite --record 3f… --party 91150200MA0000000X --name 某小微企业 \\\n"
      "       --checked-by official-mailbox --public-url https://hefu.college.example\n",
      [](CLI::App* c, GuestInvite* o) {
        c->add_option("--record", o->record, "what it is asked to countersign")->required();
        guest_terms(c, &o->party, &o->name, &o->checked_by, &o->key_days);
        c->add_option("--valid-days", o->valid_days, "how long the link is open")
            ->check(CLI::Range(0, 366))
            ->capture_default_str();
        c->add_option("--public-url", o->public_url, "where the guest reaches this node");
        c->add_option("--out", o->out, "also write a request file, for signing offline");
      });
  commands.add<GuestAdmit>(
      guest, "admit", "Member: introduce the key a guest already has",
      "  hefu guest admit --party 91150200MA0000000X --name 某小微企业 --checked-by in-person \\\n"
      "       --key guest.key\n",
      [](CLI::App* c, GuestAdmit* o) {
        guest_terms(c, &o->party, &o->name, &o->checked_by, &o->key_days);
        c->add_option("--key", o->key, "public key in base64, or a key file")->required();
        c->add_option("--valid-from", o->valid_from,
                      "first day it vouches for; default: today. Earlier days strengthen what the "
                      "key signed before");
      });
  commands.add<GuestRevoke>(
      guest, "revoke", "Member: end an introduction", "  hefu guest revoke 7a… --reason 密钥遗失\n",
      [](CLI::App* c, GuestRevoke* o) {
        c->add_option("ADMISSION", o->admission, "as `hefu guest list` shows it")->required();
        c->add_option("--reason", o->reason)->required();
        c->add_option("--last-day", o->last_day, "last day that counts; default: yesterday");
      });
  commands.add<GuestList>(
      guest, "list", "Who introduced which guest, and what contradicts it",
      "  hefu guest list\n  hefu guest list --party 91150200MA0000000X\n",
      [](CLI::App* c, GuestList* o) { c->add_option("--party", o->party, "only this guest"); });
  commands.add<GuestSubmit>(
      guest, "submit", "Member: record an answer that a guest signed offline",
      "  hefu guest submit answer.json --out receipt.json\n", [](CLI::App* c, GuestSubmit* o) {
        c->add_option("FILE", o->file)->required();
        c->add_option("--out", o->out, "the guest's receipt, to give back")->required();
      });
}

void add_guests(CLI::App& app, Commands& commands) {
  using namespace hefu;  // NOLINT(google-build-using-namespace)
  CLI::App* guest = group(app, "guest", "Guests: institutions without a node that countersign");
  add_hosting(guest, commands);
  const auto folder = [](CLI::App* c, std::string* into) {
    c->add_option("--guest-home", *into,
                  "the guest's folder; default: HEFU_GUEST_HOME, else ~/.hefu-guest");
  };
  commands.add<GuestKeyNew>(
      guest, "key", "Guest: make a key, for a member to introduce",
      "  hefu guest key --party 91150200MA0000000X\n", [=](CLI::App* c, GuestKeyNew* o) {
        folder(c, &o->folder);
        c->add_option("--party", o->party, "the guest's credit code")->required();
      });
  commands.add<GuestOpen>(
      guest, "open", "Guest: open a one-time link, see what is to be signed, sign it",
      "  hefu guest open 'https://hefu.college.example/v1/invitations/TOKEN#SECRET'\n"
      "  hefu guest open request.json --out answer.json     # without network\n",
      [=](CLI::App* c, GuestOpen* o) {
        folder(c, &o->folder);
        c->add_option("LINK", o->link, "the link, or a request file")->required();
        c->add_option("--charter", o->charter, "the charter you know, if you have one");
        c->add_option("--out", o->out, "write the answer to this file instead of sending it");
        c->add_option("--wait", o->wait, "seconds to wait for the proof")->capture_default_str();
        guest_decision(c, &o->decision);
      });
  commands.add<GuestCountersign>(
      guest, "countersign", "Guest: sign with the same key through a member that introduced it",
      "  hefu guest countersign 3f… --node-url https://hefu.park.example\n",
      [=](CLI::App* c, GuestCountersign* o) {
        folder(c, &o->folder);
        c->add_option("RECORD", o->record)->required();
        c->add_option("--charter", o->charter, "the charter you know, if you have one");
        c->add_option("--wait", o->wait, "seconds to wait for the proof")->capture_default_str();
        guest_decision(c, &o->decision);
      });
  commands.add<GuestHistory>(guest, "history",
                             "Guest: everything a node holds in your name, and with whose key",
                             "  hefu guest history --node-url https://hefu.park.example\n",
                             [=](CLI::App* c, GuestHistory* o) { folder(c, &o->folder); });

  CLI::App* receipt = group(*guest, "receipt", "What a guest holds against its host");
  commands.add<GuestReceiptVerify>(
      receipt, "verify", "Is what was promised in the log? Offline, or against any member's node",
      "  hefu guest receipt verify 3f….hefu-receipt\n"
      "  hefu guest receipt verify 3f….hefu-receipt --node-url https://hefu.park.example\n",
      [](CLI::App* c, GuestReceiptVerify* o) {
        c->add_option("FILE", o->file)->required();
        c->add_option("--charter", o->charter, "the charter you know; default: the one inside");
        c->add_option("--out", o->out,
                      "if the event was dropped: file for the proof; default: FILE.dropped");
      });
  commands.add<GuestDropVerify>(
      receipt, "judge", "Verify a proof that a host dropped an event it had promised",
      "  hefu guest receipt judge 3f….dropped --charter charter.note\n",
      [](CLI::App* c, GuestDropVerify* o) {
        c->add_option("FILE", o->file)->required();
        c->add_option("--charter", o->charter, "the charter you know")->required();
      });
}

void add_forks(CLI::App& app, Commands& commands) {
  using namespace hefu;  // NOLINT(google-build-using-namespace)
  CLI::App* fork = group(app, "fork", "Proofs that a log has two histories");
  commands.add<ForkVerify>(
      fork, "verify", "Verify such a proof offline, with public keys alone",
      "  hefu fork verify college.tlog-fork-proof --trust charter.note\n"
      "  hefu fork verify f.tlog-fork-proof --vkey college.example/hefu/1+b13d0c51+AV3f…\n"
      "  Exit codes: 0 proven · 3 not proven · 4 no key known for the log it speaks of\n",
      [](CLI::App* c, ForkVerify* o) {
        c->add_option("FILE", o->file)->required();
        c->add_option("--trust", o->trust, "the charter you know; default: the home's");
        c->add_option("--vkey", o->vkeys,
                      "verifier key of the log, also one that replaced the charter's");
      });
  commands.add<ForkList>(fork, "list", "Forks the node holds proofs of", "  hefu fork list\n",
                         [](CLI::App* /*c*/, ForkList* /*o*/) {});
  commands.add<ForkShow>(
      fork, "show", "Fetch the proof about a member's log and verify it here",
      "  hefu fork show college\n", [](CLI::App* c, ForkShow* o) {
        c->add_option("MEMBER", o->member, "credit code, domain or its first label")->required();
        c->add_option("--trust", o->trust, "charter file to trust");
      });
  commands.add<ForkExport>(
      fork, "export", "Write the proof to a file, verified first",
      "  hefu fork export college --out college.tlog-fork-proof\n", [](CLI::App* c, ForkExport* o) {
        c->add_option("MEMBER", o->member, "credit code, domain or its first label")->required();
        c->add_option("--out", o->out, "file to write")->required();
        c->add_option("--trust", o->trust, "charter file to trust");
      });
}

void add_frauds(CLI::App& app, Commands& commands) {
  using namespace hefu;  // NOLINT(google-build-using-namespace)
  CLI::App* view = group(app, "view", "A figure taken apart: what it adds up from, signed");
  commands.add<ViewAttest>(
      view, "attest", "Compute an indicator from a bundle and sign what it adds up from",
      "  hefu bundle export --pack baotou.xdrh --period 2025 --out b.hefu\n"
      "  hefu view attest --bundle b.hefu --indicator days.open --out days.hefu-view\n"
      "  hefu view attest --bundle b.hefu --indicator days.open --dry-run\n"
      "  hefu view attest --bundle b.hefu --all --out views\n"
      "For counts, sums, stocks and person-days of the whole programme; of a ratio, its two "
      "parts.\n",
      [](CLI::App* c, ViewAttest* o) {
        c->add_option("--bundle", o->bundle, "what to compute from; verified first")->required();
        auto* one = c->add_option("--indicator", o->indicator);
        c->add_flag("--all", o->all, "every indicator that has a tree, under one signature")
            ->excludes(one);
        auto* out = c->add_option("--out", o->out, "file for the leaves; with --all, a folder");
        c->add_option("--role", o->role, "key to sign with")->capture_default_str();
        auto* dry = c->add_flag("--dry-run", o->dry_run, "compute and print, sign nothing");
        out->excludes(dry);
      });
  commands.add<ViewDissentMake>(
      view, "dissent", "Sign that what others attested comes out otherwise here, and where",
      "  hefu view dissent --pack baotou.xdrh --period 2025 --indicator days.open\n"
      "  hefu view dissent --pack baotou.xdrh --period 2025 --indicator days.open \\\n"
      "       --view theirs.hefu-view\n"
      "Computes each attestation in the logs again, at its own cut. With the view file of whoever\n"
      "is disagreed with, the dissent shows the first leaf that differs.\n",
      [](CLI::App* c, ViewDissentMake* o) {
        c->add_option("--pack", o->pack, "programme pack id")->required();
        c->add_option("--period", o->period)->required();
        c->add_option("--indicator", o->indicator)->required();
        c->add_option("--view", o->views, "view file of whoever is disagreed with; repeat");
        c->add_option("--role", o->role, "key to sign with")->capture_default_str();
        c->add_flag("--dry-run", o->dry_run, "compare and print, sign nothing");
      });
  commands.add<ViewShow>(
      view, "show", "Whose it is, and whether its leaves lead to what was signed; offline",
      "  hefu view show days.hefu-view --trust charter.note\n"
      "  hefu view show days.hefu-view --org 12150000000000027U\n",
      [](CLI::App* c, ViewShow* o) {
        c->add_option("FILE", o->file)->required();
        c->add_option("--trust", o->trust, "the charter you know; default: the home's");
        c->add_option("--org", o->org,
                      "prove what an organisation and those below it have: ids from the top of its "
                      "tree, parted by /");
      });

  CLI::App* fraud = group(app, "fraud", "Proofs that a member's index or attested figure is wrong");
  commands.add<FraudProve>(
      fraud, "prove", "Look for a fraud and write the proof of it",
      "  hefu fraud prove index-omission --log college --out college.hefu-fraud\n"
      "  hefu fraud prove wrong-arithmetic --view days.hefu-view --out f.hefu-fraud\n"
      "  hefu fraud prove duplicate --view days.hefu-view --out f.hefu-fraud\n"
      "  hefu fraud prove wrong-leaf --view days.hefu-view --bundle whole.hefu --out f.hefu-fraud\n"
      "  hefu fraud prove superseded --view days.hefu-view --bundle whole.hefu --out f.hefu-fraud\n"
      "  Exit codes: 0 proven and written · 1 nothing found · 3, 4 as for verify\n",
      [](CLI::App* c, FraudProve* o) {
        c->add_option("KIND", o->kind)
            ->required()
            ->check(CLI::IsMember(
                {"index-omission", "wrong-arithmetic", "wrong-leaf", "duplicate", "superseded"}));
        c->add_option("--log", o->log, "index-omission: member whose log a node is asked for");
        c->add_option("--view", o->view, "the others: what `hefu view attest` wrote");
        c->add_option("--bundle", o->bundle,
                      "wrong-leaf, superseded: whole logs of the view's cut (`hefu bundle "
                      "whole`); "
                      "index-omission: one that shows the index");
        c->add_option("--out", o->out, "file to write")->required();
        c->add_option("--trust", o->trust, "the charter you know; default: the home's");
      });
  commands.add<FraudVerify>(
      fraud, "verify", "Verify such a proof offline, with public keys alone",
      "  hefu fraud verify college.hefu-fraud --trust charter.note\n"
      "  Exit codes: 0 proven · 3 not proven · 4 not enough here to judge\n",
      [](CLI::App* c, FraudVerify* o) {
        c->add_option("FILE", o->file)->required();
        c->add_option("--trust", o->trust, "the charter you know; default: the home's");
        c->add_option("--bundle", o->bundle,
                      "a bundle that shows what the members decided, and their keys, since then");
      });
  commands.add<FraudShow>(
      fraud, "show", "What such a proof says, unverified", "  hefu fraud show college.hefu-fraud\n",
      [](CLI::App* c, FraudShow* o) { c->add_option("FILE", o->file)->required(); });
}

void role_option(CLI::App* c, std::string* role) {
  c->add_option("--role", *role, "key that signs: registrar, reviewer, seal, auditor")
      ->capture_default_str();
}

void add_audit_acts(CLI::App* audit, Commands& commands) {
  using namespace hefu;  // NOLINT(google-build-using-namespace)
  commands.add<AuditOpen>(
      audit, "open", "Take on an engagement (as the auditor)",
      "  hefu audit open engagement.toml\n"
      "  engagement.toml:\n"
      "    title = \"2025 年度校地融合指标审计\"\n"
      "    auditees = [\"imust\", \"bvtc\"]        # credit code, domain or its first label\n"
      "    pack = \"baotou.xdrh\"\n"
      "    period = \"2025\"\n"
      "    indicators = [\"days.open\"]\n"
      "    level = \"limited\"                     # agreed-upon, limited, reasonable\n"
      "    independence = \"与被审计单位无控制、出资、任职关系\"\n"
      "    licence = \"150200010001\"\n",
      [](CLI::App* c, AuditOpen* o) {
        c->add_option("FORM", o->form,
                      "TOML or JSON: the fields of `hefu event types "
                      "audit-engagement`")
            ->required();
        role_option(c, &o->role);
      });
  commands.add<AuditSecret>(
      audit, "secret", "Make a secret to commit to, for the plan (each committing party)",
      "  hefu audit secret --out secret.txt\n", [](CLI::App* c, AuditSecret* o) {
        c->add_option("--out", o->out, "file to write; keep it to yourself")->required();
      });
  commands.add<AuditPlanAct>(
      audit, "plan", "Fix what will be looked at, before the cut (as the auditor)",
      "  hefu audit plan 3f9a… plan.toml\n"
      "  plan.toml:\n"
      "    confidence = 95                         # per cent\n"
      "    tolerable = 5\n"
      "    examined_in_full = [\"late\", \"related-party\", \"last-days\"]\n"
      "    beacon = \"双色球第 2026134 期\"\n"
      "    beacon_at = \"2026-11-24 21:15\"          # +08:00; after the cut will be fixed\n"
      "    fallback_beacon = \"双色球第 2026137 期\"\n"
      "    fallback_at = \"2026-12-01 21:15\"\n"
      "    [[strata]]\n"
      "    name = \"visits\"\n"
      "    indicator = \"days.open\"\n"
      "    direction = \"vouching\"                # or tracing\n"
      "    method = \"attribute\"                  # or monetary-unit\n"
      "    stages = [{ size = 59, accepted = 0 }, { size = 93, accepted = 1 }]\n"
      "    [[committing]]                          # the auditor and at least one other\n"
      "    party = \"jyj\"\n"
      "    commitment = \"9b…\"                    # what `hefu audit secret` printed\n",
      [](CLI::App* c, AuditPlanAct* o) {
        c->add_option("ENGAGEMENT", o->engagement)->required();
        c->add_option("FORM", o->form, "TOML or JSON: the fields of `hefu event types audit-plan`")
            ->required();
        role_option(c, &o->role);
      });
  commands.add<AuditCutCommand>(
      audit, "cut", "Fix the logs that are drawn from, or agree to what another party fixed",
      "  hefu audit cut 3f9a…\n", [](CLI::App* c, AuditCutCommand* o) {
        c->add_option("ENGAGEMENT", o->engagement)->required();
        role_option(c, &o->role);
      });
  commands.add<AuditRevealCommand>(
      audit, "reveal", "Show one's secret, once the beacon is out (each committing party)",
      "  hefu audit reveal 3f9a… --secret secret.txt --beacon '03 09 11 18 25 30 + 07'\n"
      "  hefu audit reveal 3f9a… --secret secret.txt --fallback --beacon '01 02 …'\n",
      [](CLI::App* c, AuditRevealCommand* o) {
        c->add_option("ENGAGEMENT", o->engagement)->required();
        c->add_option("--secret", o->secret, "file made by `hefu audit secret`")->required();
        c->add_option("--beacon", o->beacon, "its value, as it was published")->required();
        c->add_flag("--fallback", o->fallback, "the fallback beacon, where a party did not reveal");
        role_option(c, &o->role);
      });
  commands.add<AuditRequestCommand>(
      audit, "request", "Ask for the evidence of items (as the auditor)",
      "  hefu audit request 3f9a… --asks-for '协议原件、签到表' --due-on 2026-12-05\n",
      [](CLI::App* c, AuditRequestCommand* o) {
        c->add_option("ENGAGEMENT", o->engagement)->required();
        c->add_option("--asks-for", o->asks_for)->required();
        c->add_option("--due-on", o->due_on, "last day to answer; silence is a deviation after it")
            ->required();
        c->add_option("--item", o->items, "repeat; default: whatever of the sample is untested");
        role_option(c, &o->role);
      });
  commands.add<AuditProvide>(
      audit, "provide", "Answer a request, or refuse to (as the institution audited)",
      "  hefu audit provide 77ab… --document sheet.pdf --document contract.pdf\n"
      "  hefu audit provide 77ab… --item 12cd… --refuse 原件已移交法院\n",
      [](CLI::App* c, AuditProvide* o) {
        c->add_option("REQUEST", o->request)->required();
        auto* documents = c->add_option("--document", o->documents,
                                        "file; its salted hash is "
                                        "recorded, not the file");
        c->add_option("--item", o->items, "repeat; default: all items asked for");
        c->add_option("--remark", o->remark);
        c->add_option("--refuse", o->refuse, "do not provide, for this reason")
            ->excludes(documents);
        role_option(c, &o->role);
      });
  commands.add<AuditTestCommand>(
      audit, "test", "Record what items showed (as the auditor)",
      "  hefu audit test 3f9a… --stratum visits --item 12cd… --result ok --paper wp-17.pdf\n"
      "  hefu audit test 3f9a… --file tests.jsonl\n"
      "       one line each: {\"stratum\",\"item\",\"result\",\"procedure\",\"paper\",\n"
      "       \"misstated_permille\",\"remark\"}\n",
      [](CLI::App* c, AuditTestCommand* o) {
        c->add_option("ENGAGEMENT", o->engagement)->required();
        c->add_option("--stratum", o->stratum);
        c->add_option("--item", o->item, "as `hefu audit sample` lists it, or how it begins");
        c->add_option("--result", o->result)
            ->check(CLI::IsMember({"ok", "deviation", "not-available"}));
        c->add_option("--procedure", o->procedure)->capture_default_str();
        c->add_option("--paper", o->paper, "working paper; its hash is recorded");
        c->add_option("--misstated", o->misstated, "of a deviation: share in per mille")
            ->capture_default_str();
        c->add_option("--remark", o->remark);
        c->add_option("--file", o->file, "tests, one JSON object a line");
        role_option(c, &o->role);
      });
  commands.add<AuditFindingCommand>(
      audit, "finding", "Raise a finding (as the auditor)",
      "  hefu audit finding 3f9a… --to imust --item 12cd… --rule evidence.min \\\n"
      "       --text 无签到表 --severity major --exclude\n",
      [](CLI::App* c, AuditFindingCommand* o) {
        c->add_option("ENGAGEMENT", o->engagement)->required();
        c->add_option("--to", o->to, "institution it is addressed to")->required();
        c->add_option("--item", o->items, "repeat")->required();
        c->add_option("--rule", o->rule, "what was broken")->required();
        c->add_option("--text", o->text)->required();
        c->add_option("--severity", o->severity)
            ->check(CLI::IsMember({"minor", "major", "critical"}))
            ->capture_default_str();
        c->add_option("--amount", o->amount, "in fen");
        c->add_flag("--pattern", o->pattern, "it repeats from one cause");
        c->add_flag("--exclude", o->exclude, "if upheld its items are disputed, or count no more");
        role_option(c, &o->role);
      });
  commands.add<AuditAnswer>(
      audit, "answer", "Answer a finding (as the institution it is addressed to)",
      "  hefu audit answer 88ef… --position contested --text 有会议纪要\n",
      [](CLI::App* c, AuditAnswer* o) {
        c->add_option("FINDING", o->finding)->required();
        c->add_option("--position", o->position)
            ->required()
            ->check(CLI::IsMember({"accepted", "partly-accepted", "contested"}));
        c->add_option("--text", o->text)->required();
        role_option(c, &o->role);
      });
  commands.add<AuditConclude>(
      audit, "conclude", "Conclude on a finding (the auditor), or rule on it (the authority)",
      "  hefu audit conclude 88ef… upheld --reason 纪要无签字\n",
      [](CLI::App* c, AuditConclude* o) {
        c->add_option("FINDING", o->finding)->required();
        c->add_option("RULING", o->ruling)
            ->required()
            ->check(CLI::IsMember({"upheld", "partly-upheld", "dismissed"}));
        c->add_option("--reason", o->reason)->required();
        role_option(c, &o->role);
      });
  commands.add<AuditClose>(audit, "close", "Say that what was found has been mended (the auditor)",
                           "  hefu audit close 88ef… --remark 已补签并更正\n",
                           [](CLI::App* c, AuditClose* o) {
                             c->add_option("FINDING", o->finding)->required();
                             c->add_option("--remark", o->remark)->required();
                             role_option(c, &o->role);
                           });
  commands.add<AuditStatement>(
      audit, "statement", "Issue the assurance statement (as the auditor)",
      "  hefu audit statement 3f9a… --opinion unqualified --basis 未注意到……\n",
      [](CLI::App* c, AuditStatement* o) {
        c->add_option("ENGAGEMENT", o->engagement)->required();
        c->add_option("--opinion", o->opinion)
            ->required()
            ->check(
                CLI::IsMember({"unqualified", "qualified", "adverse", "disclaimer", "facts-only"}));
        c->add_option("--basis", o->basis, "the opinion in words")->required();
        c->add_option("--level", o->level, "default: that of the engagement")
            ->check(CLI::IsMember({"agreed-upon", "limited", "reasonable"}));
        c->add_option("--exception", o->exceptions, "repeat");
        c->add_option("--limitation", o->limitations, "repeat");
        role_option(c, &o->role);
      });
  commands.add<AuditWithdraw>(audit, "withdraw", "Take a statement back (the auditor)",
                              "  hefu audit withdraw 5c21… --reason 依据有误\n",
                              [](CLI::App* c, AuditWithdraw* o) {
                                c->add_option("STATEMENT", o->statement)->required();
                                c->add_option("--reason", o->reason)->required();
                                role_option(c, &o->role);
                              });
}

void add_audit_reading(CLI::App* audit, Commands& commands) {
  using namespace hefu;  // NOLINT(google-build-using-namespace)
  commands.add<AuditShow>(
      audit, "show", "The audits recorded, or how one stands: order, sample, findings, statement",
      "  hefu audit show\n  hefu audit show 3f9a… --as-of 2026-12-31\n",
      [](CLI::App* c, AuditShow* o) {
        c->add_option("ENGAGEMENT", o->engagement, "its id, or how it begins");
        c->add_option("--as-of", o->as_of, "last day to answer requests by; default: today");
      });
  commands.add<AuditSampleShow>(
      audit, "sample", "The items to look at, drawn anew from the logs",
      "  hefu audit sample 3f9a…\n  hefu --json audit sample 3f9a… --stratum visits --open\n",
      [](CLI::App* c, AuditSampleShow* o) {
        c->add_option("ENGAGEMENT", o->engagement)->required();
        c->add_option("--stratum", o->stratum, "only this one");
        c->add_flag("--open", o->open, "only items nobody has tested");
      });
  commands.add<AuditReportMake>(
      audit, "report", "The report: a document to stamp, data, and a file that proves it",
      "  hefu audit report 3f9a… --html report.html --data report.json --file 2025.hefu-audit\n",
      [](CLI::App* c, AuditReportMake* o) {
        c->add_option("ENGAGEMENT", o->engagement)->required();
        c->add_option("--as-of", o->as_of, "last day to answer requests by; default: today");
        c->add_option("--html", o->html, "one page in Chinese and English, for A4");
        c->add_option("--data", o->data, "canonical JSON");
        c->add_option("--file", o->file, "with the whole logs, for `hefu audit verify`");
      });
  commands.add<AuditVerify>(
      audit, "verify", "Verify such a file offline: everything is made anew from its logs",
      "  hefu audit verify 2025.hefu-audit --trust charter.note\n",
      [](CLI::App* c, AuditVerify* o) {
        c->add_option("FILE", o->file)->required();
        c->add_option("--trust", o->trust, "the charter you know");
        c->add_option("--html", o->html, "write the report as a document, once it holds");
      });
}

void sheet_options(CLI::App* c, hefu::SheetSource* o) {
  c->add_option("FILE", o->file, ".xlsx, or CSV (UTF-8, GB18030)")->required();
  c->add_option("--type", o->type, "event type of the rows; a template says it itself");
  c->add_option("--sheet", o->sheet, "name of the sheet; default: the first that is shown");
  c->add_option("--encoding", o->encoding, "of CSV: utf-8, gb18030, utf-16; default: found out");
  c->add_option("--map", o->map, "title=field, or title=- to leave a column out; remembered");
  c->add_option("--programme", o->programmes, "programme of rows that name none");
  c->add_flag("--repeats", o->repeats, "equal rows are different events, not a mistake");
  c->add_flag("--en", o->english, "in English");
}

void add_sheets(CLI::App& app, Commands& commands) {
  using namespace hefu;  // NOLINT(google-build-using-namespace)
  CLI::App* sheet = group(app, "sheet", "Spreadsheets: templates, checking, recording many rows");
  commands.add<SheetTemplate>(
      sheet, "template", "A workbook to fill in: one column per field, drop-downs, institutions",
      "  hefu sheet template enterprise-visit\n"
      "  hefu sheet template student-placement -o 实习登记表.xlsx\n"
      "Titles in red are required; each title has a note, and the second sheet explains all.\n",
      [](CLI::App* c, SheetTemplate* o) {
        c->add_option("TYPE", o->type, "`hefu event types` lists them")->required();
        c->add_option("-o,--out", o->out, "file to write; default: TYPE.xlsx");
      });
  commands.add<SheetCheck>(
      sheet, "check", "Say everything that is wrong with a filled sheet, by cell; record nothing",
      "  hefu sheet check 走访登记.xlsx --programme baotou.xdrh\n"
      "  hefu sheet check visits.csv --type enterprise-visit --map 企业名称=host --map 备注=-\n"
      "  hefu sheet check 走访登记.xlsx --errors 待改.xlsx\n"
      "  Exit codes: 0 nothing wrong · 1 errors, listed\n",
      [](CLI::App* c, SheetCheck* o) {
        sheet_options(c, &o->source);
        c->add_option("--errors", o->errors, "write the sheet again with the wrong cells marked");
      });
  commands.add<SheetImport>(
      sheet, "import", "Record the rows of a sheet under one signature",
      "  hefu sheet import 走访登记.xlsx --programme baotou.xdrh\n"
      "  hefu sheet import 走访登记.xlsx --only-valid --yes\n"
      "All rows or, if any is wrong, none, unless --only-valid. Interrupted, it goes on when it "
      "is\n"
      "run again; a row that is in the log already is never recorded twice, in whichever file.\n"
      "Writes FILE.receipt.json, and where cells are wrong FILE.errors.xlsx or .csv.\n",
      [](CLI::App* c, SheetImport* o) {
        sheet_options(c, &o->source);
        c->add_flag("--only-valid", o->only_valid, "record the good rows; the others go to a file");
        c->add_flag("--yes", o->yes, "do not ask before signing");
        c->add_option("--role", o->role, "key to sign with")->capture_default_str();
        c->add_option("--ack", o->ack, "wait until it is stored, replicated or witnessed")
            ->check(CLI::IsMember({"stored", "replicated", "witnessed"}));
        c->add_option("--receipt", o->receipt, "file to write; default: FILE.receipt.json");
      });
}

void add_figures(CLI::App& app, Commands& commands) {
  using namespace hefu;  // NOLINT(google-build-using-namespace)
  CLI::App* log = group(app, "log", "Logs: show, verify");
  commands.add<LogShow>(
      log, "show", "Latest cosigned checkpoint of a member's log", "  hefu log show college\n",
      [](CLI::App* c, LogShow* o) {
        c->add_option("MEMBER", o->member, "credit code, domain or its first label")->required();
      });
  commands.add<LogVerify>(log, "verify", "Download a log and check every hash and signature",
                          "  hefu log verify college --charter charter.note\n",
                          [](CLI::App* c, LogVerify* o) {
                            c->add_option("MEMBER", o->member)->required();
                            c->add_option("--charter", o->charter, "charter file to trust");
                          });

  CLI::App* catalogue = group(app, "catalogue", "The catalogue of event types");
  commands.add<CataloguePublish>(
      catalogue, "publish", "Publish a catalogue (authority only)",
      "  hefu catalogue publish deploy/catalogue/hefu-cn-1.json\n",
      [](CLI::App* c, CataloguePublish* o) { c->add_option("FILE", o->file)->required(); });

  CLI::App* pack =
      group(app, "pack", "Programme packs: check, test, coverage, evaluate, SQL, publish");
  commands.add<PackCheck>(
      pack, "check", "Read a pack; print its digest, or the line and what is wrong with it",
      "  hefu pack check deploy/programmes/baotou.toml\n",
      [](CLI::App* c, PackCheck* o) { c->add_option("FILE", o->file)->required(); });
  commands.add<PackRunTests>(
      pack, "test", "Run the tests inside a pack",
      "  hefu pack test deploy/programmes/baotou.toml\n",
      [](CLI::App* c, PackRunTests* o) { c->add_option("FILE", o->file)->required(); });
  commands.add<PackCoverage>(
      pack, "coverage", "Which requirement of the document is carried by which indicator",
      "  hefu pack coverage deploy/programmes/baotou.toml\n"
      "  hefu pack coverage deploy/programmes/baotou.toml --rows rows.txt\n",
      [](CLI::App* c, PackCoverage* o) {
        c->add_option("FILE", o->file)->required();
        c->add_option("--rows", o->rows, "ids of the document's requirements, one a line");
      });
  commands.add<PackEval>(
      pack, "eval", "Figures from a facts file",
      "  hefu --json pack eval pack.toml --facts case.json --period 2024\n",
      [](CLI::App* c, PackEval* o) {
        c->add_option("PACK", o->file)->required();
        c->add_option("--facts", o->facts, "JSON: orgs, groups, facts")->required();
        c->add_option("--period", o->period)->required();
        c->add_option("--node,--unit", o->unit, "organisation");
      });
  commands.add<PackSql>(
      pack, "sql", "Tables, data and a query for each indicator, for PostgreSQL or SQLite",
      "  createdb --template=template0 --encoding=UTF8 --locale=C opinion\n"
      "  hefu pack sql baotou.xdrh --current --period 2025 --schema > opinion.sql\n"
      "  psql -d opinion -f opinion.sql          (each query prints one figure: num / den)\n"
      "  hefu pack sql deploy/programmes/baotou.toml --bundle b.hefu --trust charter.note \\\n"
      "      --period 2025 --schema --dialect sqlite | sqlite3 opinion.db\n"
      "  hefu pack sql deploy/programmes/baotou.toml --period 2025 --indicator days.open\n",
      [](CLI::App* c, PackSql* o) {
        c->add_option("PACK", o->pack, "a file; with --current or --bundle also a pack's id")
            ->required();
        c->add_option("--period", o->period, "2025, 2025-H1, 2025-Q3, 2025-05, 2024-AY, plan");
        c->add_option("--node,--unit", o->unit, "organisation; default: the whole programme");
        c->add_option("--indicator", o->indicators, "only this one; may be given again");
        c->add_option("--dialect", o->dialect, "postgresql (default) or sqlite");
        c->add_flag("--schema", o->schema, "print the tables");
        c->add_flag("--current", o->current, "print the data of the node's current cut");
        c->add_option("--bundle", o->bundle, "print the data of a bundle, verified first");
        c->add_option("--facts", o->facts, "print the data of a facts file");
        c->add_option("--trust", o->trust, "the charter you know, for a bundle");
      });
  commands.add<PackPublish>(
      pack, "publish", "Publish a pack (authority only)",
      "  hefu pack publish deploy/programmes/baotou.toml\n",
      [](CLI::App* c, PackPublish* o) { c->add_option("FILE", o->file)->required(); });
  commands.add<PackList>(pack, "list", "Packs a node knows", "  hefu pack list\n",
                         [](CLI::App*, PackList*) {});

  CLI::App* figure = group(app, "figure", "Figures: indicator tables with their evidence");
  commands.add<FigureShow>(figure, "show", "The indicator table of a programme",
                           "  hefu figure show --pack baotou.xdrh --period 2025\n"
                           "  hefu figure show --pack baotou.xdrh --period 2025 --vintage 1\n",
                           [](CLI::App* c, FigureShow* o) {
                             figure_options(c, &o->pack, &o->period, &o->unit);
                             c->add_option("--indicator", o->indicator, "only this one");
                             c->add_option("--vintage", o->vintage,
                                           "of a closed period: its number, \"present\", or the "
                                           "proposal of a cut; default: the last vintage");
                             c->add_flag("--en", o->english, "English titles");
                           });
  commands.add<FigureExplain>(
      figure, "explain",
      "What a figure rests on: its ladder, the records that count or do not, and why, their events",
      "  hefu figure explain bases.active --pack baotou.xdrh --period 2025\n"
      "  hefu figure explain bases.active --pack baotou.xdrh --period 2025 --events\n"
      "  hefu event show 3f… --proof     (one of these events, in its log; `hefu event verify`)\n"
      "The other way round: `hefu record figures ID`.\n",
      [](CLI::App* c, FigureExplain* o) {
        c->add_option("INDICATOR", o->indicator, "its id, as `hefu figure show` prints it first")
            ->required();
        figure_options(c, &o->pack, &o->period, &o->unit);
        c->add_option("--vintage", o->vintage, "as of `hefu figure show`");
        c->add_flag("--events", o->events, "list the events of each record, with their places");
        c->add_flag("--en", o->english, "English titles");
      });

  commands.add<FigureWhy>(
      figure, "why", "What members attested of a figure: who is wrong, at which leaf, and why",
      "  hefu figure why days.open --pack baotou.xdrh --period 2025\n"
      "  hefu figure why days.open --pack baotou.xdrh --period 2025 --view theirs.hefu-view\n"
      "  hefu figure why days.open --view a.hefu-view --view b.hefu-view --bundle whole.hefu\n"
      "With --pack it asks a node for the logs, checks them, and computes each attested cut "
      "again;\n"
      "with --bundle, or view files alone, it is offline.\n"
      "  Exit codes: 0 decided, or they agree · 1 nobody attested it · 3 a file does not hold ·\n"
      "              4 what is here is not enough to tell\n",
      [](CLI::App* c, FigureWhy* o) {
        c->add_option("INDICATOR", o->indicator)->required();
        auto* asked = c->add_option("--pack", o->pack, "programme pack id: ask a node");
        c->add_option("--period", o->period, "with --pack: 2025, 2025-H1, 2025-Q3, …");
        c->add_option("--view", o->views, "view file of somebody that attested it; repeat");
        c->add_option("--bundle", o->bundle, "the events of the attested cut, best of whole logs")
            ->excludes(asked);
        c->add_option("--trust", o->trust, "the charter you know; default: the home's");
        c->add_flag("--en", o->english, "in English");
      });

  commands.add<FigureExport>(
      figure, "export", "Figures as a workbook, in the columns and rows of a form, with evidence",
      "  hefu figure export --pack baotou.xdrh --period 2025 --xlsx 指标.xlsx\n"
      "  hefu figure export --pack cqcvc.jyqsqxx --period 2025 \\\n"
      "       --form cqcvc-progress --xlsx 推进表.xlsx\n"
      "Other formats, and what the office writes itself: `hefu report write`.\n",
      [](CLI::App* c, FigureExport* o) {
        figure_options(c, &o->pack, &o->period, &o->unit);
        c->add_option("--form", o->form,
                      "form to fill, by name or file; default: one row per indicator");
        c->add_option("--xlsx", o->xlsx, "file to write")->required();
      });

  CLI::App* audit =
      group(app, "audit", "For auditors: where to look twice, a sample nobody chose, the report");
  add_audit_acts(audit, commands);
  add_audit_reading(audit, commands);
  commands.add<AuditSignals>(
      audit, "signals", "Records an auditor should look at twice; they change no figure",
      "  hefu audit signals --period 2025\n"
      "  hefu audit signals --period 2025-Q4 --kind recorded-late --party 12150200MB0000001T\n",
      [](CLI::App* c, AuditSignals* o) {
        c->add_option("--period", o->period, "2025, 2025-H1, 2025-Q3, 2025-05, 2024-AY")
            ->required();
        c->add_option("--kind", o->kind, "only these, e.g. same-achievement");
        c->add_option("--party", o->party, "only what concerns this institution");
        c->add_flag("--en", o->english, "in English");
      });

  commands.add<AuditSize>(
      audit, "size", "How many items to look at, offline",
      "  hefu audit size --population 500\n"
      "  hefu audit size --confidence 95 --tolerable 5 --accept 1\n",
      [](CLI::App* c, AuditSize* o) {
        c->add_option("--population", o->population, "items in all; default: very many");
        c->add_option("--confidence", o->confidence, "per cent, 50 to 99")->capture_default_str();
        c->add_option("--tolerable", o->tolerable, "rate of deviations that would do, per cent")
            ->capture_default_str();
        c->add_option("--accept", o->accepted, "deviations with which the sample still passes")
            ->capture_default_str();
      });
  commands.add<AuditLimit>(
      audit, "limit", "What a sample with so many deviations shows, offline",
      "  hefu audit limit --size 93 --deviations 1\n", [](CLI::App* c, AuditLimit* o) {
        c->add_option("--size", o->size, "items looked at")->required();
        c->add_option("--deviations", o->deviations)->required();
        c->add_option("--confidence", o->confidence, "per cent, 50 to 99")->capture_default_str();
      });
  commands.add<AuditDraw>(
      audit, "draw", "Which items to look at: the draw anybody can repeat, offline",
      "  hefu audit draw --cut 3f… --pack 9a… --view 77… --plan 02… --reveal c1… --reveal e8… \\\n"
      "      --beacon '双色球 2026134: 03 09 11 18 25 30 + 07' --population 500 --size 56\n",
      [](CLI::App* c, AuditDraw* o) {
        c->add_option("--cut", o->cut, "digest of the cut")->required();
        c->add_option("--pack", o->pack, "digest of the programme pack")->required();
        c->add_option("--view", o->view, "root of the view whose items are drawn")->required();
        c->add_option("--plan", o->plan, "digest of the audit plan")->required();
        c->add_option("--reveal", o->reveals, "a committing party's secret; once for each")
            ->required();
        c->add_option("--beacon", o->beacon, "the public result the plan named, as published")
            ->required();
        c->add_option("--population", o->population, "items, or units, in all")->required();
        c->add_option("--size", o->size, "how many to draw")->required();
        c->add_option("--stratum", o->stratum, "name of the stratum in the plan");
        c->add_flag("--units", o->units, "units of money, hours, days: one may come twice");
      });

  CLI::App* bundle = group(app, "bundle", "Bundles: one file that proves a figure");
  commands.add<BundleExport>(
      bundle, "export", "Fetch the bundle of a programme's figures",
      "  hefu bundle export --pack baotou.xdrh --period 2025 --out b.hefu\n"
      "  hefu bundle export --level 1 --pack baotou.xdrh --period 2025 \\\n"
      "    --indicator days.open --out attested.hefu\n"
      "  hefu bundle export --level 3 --pack baotou.xdrh --period 2025 \\\n"
      "    --indicator days.open --value \"03 09 11 18 25 30 + 07\" \\\n"
      "    --out samples.hefu\n"
      "Level 0: what an institution declares of one figure (--unit), 1: what\n"
      "members attested of it, 2: all events of a programme's figures, 3: what\n"
      "was attested, with samples, 4: whole logs.\n",
      [](CLI::App* c, BundleExport* o) {
        figure_options(c, &o->pack, &o->period, &o->unit);
        c->add_option("--out", o->out, "file to write")->required();
        c->add_option("--level", o->level, "0 to 4")
            ->check(CLI::Range(0, 4))
            ->capture_default_str();
        c->add_option("--indicator", o->indicator, "the one figure; levels 0, 1 and 3");
        c->add_flag("--with-pack", o->with_pack, "level 1: the pack itself, not its digest alone");
        c->add_option("--samples", o->samples, "level 3: how many to draw; default: 59");
        c->add_option("--value", o->value, "level 3: a public value to draw them with");
      });
  commands.add<BundleWhole>(
      bundle, "whole", "The same bundle with the whole logs of its cut: trusts no index",
      "  hefu bundle whole b.hefu --out whole.hefu\n", [](CLI::App* c, BundleWhole* o) {
        c->add_option("FILE", o->file, "what `hefu bundle export` wrote")->required();
        c->add_option("--out", o->out, "file to write")->required();
      });
  commands.add<BundleAttach>(
      bundle, "attach", "The same bundle with what members attested of its figures",
      "  hefu bundle attach b.hefu --out attested.hefu\n"
      "  hefu bundle attach b.hefu --view a.hefu-view --view b.hefu-view --out attested.hefu\n"
      "From the logs of a node, or offline from view files.\n",
      [](CLI::App* c, BundleAttach* o) {
        c->add_option("FILE", o->file, "what `hefu bundle export` or `whole` wrote")->required();
        c->add_option("--view", o->views, "what `hefu view attest` wrote; repeat");
        c->add_option("--out", o->out, "file to write")->required();
      });
  commands.add<BundleVerify>(bundle, "verify", "Verify a bundle offline, trusting no node",
                             "  hefu bundle verify b.hefu --trust charter.note\n"
                             "  hefu bundle verify attested.hefu --trust charter.note \\\n"
                             "    --pack deploy/programmes/baotou.toml\n"
                             "  Exit codes: 0 all that its level claims holds · 3 something is "
                             "wrong · 4 nothing\n"
                             "              is wrong, but not everything could be checked\n",
                             [](CLI::App* c, BundleVerify* o) {
                               c->add_option("FILE", o->file)->required();
                               c->add_option("--trust", o->trust, "the charter you know");
                               c->add_option("--pack", o->pack,
                                             "file of the pack, for a bundle of level 1 that holds "
                                             "its digest alone");
                               c->add_flag("--en", o->english, "English titles");
                             });
  commands.add<BundleShow>(
      bundle, "show", "What a bundle contains, unverified", "  hefu bundle show b.hefu\n",
      [](CLI::App* c, BundleShow* o) { c->add_option("FILE", o->file)->required(); });
  commands.add<BundleTamper>(
      bundle, "tamper", "Make a dishonest copy, to see verification catch it",
      "  hefu bundle tamper b.hefu --flip-byte middle --out bad.hefu\n"
      "  hefu bundle tamper b.hefu --withhold status-change --out bad.hefu\n"
      "  hefu bundle tamper b.hefu --forge countersignature --out bad.hefu\n"
      "  hefu bundle tamper samples.hefu --sample --out bad.hefu\n",
      [](CLI::App* c, BundleTamper* o) {
        c->add_option("FILE", o->file)->required();
        c->add_option("--out", o->out, "file to write")->required();
        c->add_option("--flip-byte", o->flip_byte, "offset, or middle");
        c->add_option("--withhold", o->withhold, "leave out the last event of this type");
        c->add_option("--forge", o->forge, "sign the last event of this type with another key");
        c->add_flag("--sample", o->sample, "level 3: alter the first leaf shown");
        c->add_option("--by", o->by, "only events in the log of this domain");
      });

  CLI::App* node = group(app, "node", "The node of this institution");
  commands.add<NodeStatus>(node, "status", "Logs, peers and witnesses of a node",
                           "  hefu node status\n  hefu node status --settled && echo at rest\n",
                           [](CLI::App* c, NodeStatus* o) {
                             c->add_flag("--settled", o->settled,
                                         "exit 0 only if every log is here, cosigned and indexed");
                           });
  commands.add<NodeOperations>(
      node, "operations", "Disk by kind and member with a forecast, keys and their ends, backups",
      "  hefu node operations\n  hefu --json node operations | jq .disk.full_on\n",
      [](CLI::App* c, NodeOperations* o) {
        c->add_flag("--all-keys", o->all_keys, "also keys that are valid for long");
      });
  commands.add<NodeRecover>(
      node, "recover", "Watch a node take its own log back from the other members",
      "  hefu node recover            until its log may grow again, with the rate at the end\n"
      "  hefu node recover --once     where it is now\n"
      "A node does it by itself whenever it starts: on an empty data folder, on an old copy "
      "of\n"
      "one, on a restored backup. `hefud --config … --recover` makes it doubt what it has; "
      "with\n"
      "`--without MEMBER` it does not wait for a member that is gone for good.\n",
      [](CLI::App* c, NodeRecover* o) {
        c->add_flag("--once", o->once, "say where it is and end; exit 4 if it is not done");
      });
  commands.add<RebuildViews>(
      node, "rebuild-views", "Make records and figures anew from the logs",
      "  hefu node rebuild-views\n"
      "They are kept up to date entry by entry and can be thrown away at any time; the node goes\n"
      "on serving meanwhile. Says whether what was kept was the same, byte for byte; if not, it\n"
      "exits with 3.\n",
      [](CLI::App*, RebuildViews*) {});
}

void add_backups(CLI::App& app, Commands& commands) {
  using namespace hefu;  // NOLINT(google-build-using-namespace)
  CLI::App* backup = group(app, "backup", "Copies of a node's database, and what goes with it");
  backup->footer(
      "\nA backup holds the whole database: the logs, the openings of personal fields as they "
      "were, the\nwitness's memory; and charter.note, member.json, hefud.toml. KEYS ARE NOT IN "
      "IT "
      "unless --keys\nasks for them: then the sealed key files are, and whoever has backup and "
      "passphrase can sign in\nthis institution's name. Keep backups where personal data may "
      "be "
      "kept; erasing a value in the\nnode does not erase it in a backup made before.\n"
      "The other members hold the logs too: without any backup a node takes its log back from "
      "them.\nWhat no other member has is the openings.");
  commands.add<BackupCreate>(
      backup, "create", "Make one, also while the node is at work",
      "  hefu backup create\n  hefu backup create --keys\n"
      "Into the folder that backup.folder in hefud.toml names; files of earlier backups that "
      "have\n"
      "not changed are not copied again, and the latest backup.keep are kept.\n",
      [](CLI::App* c, BackupCreate* o) {
        c->add_flag("--keys", o->keys, "put the sealed key files in too");
      });
  commands.add<BackupList>(
      backup, "list", "What there is", "  hefu backup list\n", [](CLI::App* c, BackupList* o) {
        c->add_option("--from", o->from, "folder of backups; default: the one in hefud.toml");
      });
  commands.add<BackupVerify>(
      backup, "verify", "Restore one beside itself and hash every entry of every log anew",
      "  hefu backup verify\n  hefu backup verify --from /mnt/backup --id 12\n",
      [](CLI::App* c, BackupVerify* o) {
        c->add_option("--from", o->from, "folder of backups; default: the one in hefud.toml");
        c->add_option("--id", o->id, "default: the latest");
      });
  commands.add<BackupRestore>(
      backup, "restore", "Put one into a new folder",
      "  hefu backup restore --from /mnt/backup --to /srv/hefu\n"
      "  hefud --config /srv/hefu/hefud.toml\n"
      "The restored log may have gone on since the backup. The node therefore hears the other\n"
      "members before it appends, takes back what came later, and its log says so in an event "
      "of\n"
      "type log-recovery. Never start it while the old node runs.\n",
      [](CLI::App* c, BackupRestore* o) {
        c->add_option("--from", o->from, "folder of backups")->required();
        c->add_option("--to", o->to, "institution's folder to make; without data")->required();
        c->add_option("--id", o->id, "default: the latest");
      });
}

void add_cuts(CLI::App& app, Commands& commands) {
  using namespace hefu;  // NOLINT(google-build-using-namespace)
  CLI::App* cut = group(app, "cut", "Fixed moments of the whole federation, cosigned by members");
  commands.add<CutPropose>(
      cut, "propose", "Fix how far each log is read; members that do not answer are named",
      "  hefu cut propose --pack baotou.xdrh --as-of 2025-12-31\n"
      "  hefu cut propose --pack baotou.xdrh --as-of 2025-12-31 --missing beijiang\n",
      [](CLI::App* c, CutPropose* o) {
        c->add_option("--pack", o->pack, "programme pack id, in its last published version")
            ->required();
        c->add_option("--as-of", o->as_of, "YYYY-MM-DD; default: today");
        c->add_option("--missing", o->missing,
                      "a member that did not deliver, besides those that do not answer; repeat");
      });
  commands.add<CutCosign>(
      cut, "cosign", "Say that one's own node holds the same logs up to the same places",
      "  hefu cut cosign 3f…\n",
      [](CLI::App* c, CutCosign* o) { c->add_option("PROPOSAL", o->proposal)->required(); });
  commands.add<CutList>(cut, "list", "Proposed cuts, and who cosigned them", "  hefu cut list\n",
                        [](CLI::App*, CutList*) {});
  commands.add<CutShow>(
      cut, "show", "One proposed cut: logs, missing ones, and how it compares with what is here",
      "  hefu cut show 3f…\n",
      [](CLI::App* c, CutShow* o) { c->add_option("PROPOSAL", o->proposal)->required(); });
  commands.add<CutDiff>(
      cut, "diff", "What differs between the figures of two cuts, and which records made it so",
      "  hefu cut diff vintage:1 present --pack baotou.xdrh --period 2025\n"
      "  hefu cut diff vintage:1 vintage:2 --pack baotou.xdrh --period 2025\n"
      "  hefu cut diff 3f… 7a… --pack baotou.xdrh --period 2025\n",
      [](CLI::App* c, CutDiff* o) {
        c->add_option("FROM", o->from, "proposal of a cut, vintage:N or present")->required();
        c->add_option("TO", o->to, "the same")->capture_default_str();
        figure_options(c, &o->pack, &o->period, &o->unit);
      });
}

void add_accounts(CLI::App& app, Commands& commands) {
  using namespace hefu;  // NOLINT(google-build-using-namespace)
  CLI::App* account = group(app, "account", "Who may use the API and the console of a node");
  account->footer(
      "\nOn the node's own machine, with --home, these speak as its operator: whoever may read "
      "the\n"
      "node's data folder. From elsewhere they take an administrator's token in HEFU_TOKEN. "
      "Accounts\n"
      "say who may use the API; who may sign which event is decided by keys (`hefu key`), which "
      "never\nreach the node. Unless hefud.toml says [api] sign_in = \"required\", whoever reaches "
      "the port\nmay still read and submit without any.");
  const auto name = [](CLI::App* c, std::string* account_name) {
    c->add_option("ACCOUNT", *account_name, "its name")->required();
  };
  commands.add<AccountCreate>(
      account, "create", "Make an account; prints a one-time password, once",
      "  hefu account create li --role registrar@jwc\n"
      "  hefu account create zhaosheng-2 --role reader --role auditor\n"
      "`hefu account list` shows the roles. A registrar does not review the same department.\n",
      [name](CLI::App* c, AccountCreate* o) {
        name(c, &o->account);
        c->add_option("--role", o->roles, "role, or role@department; repeat")->required();
      });
  commands.add<AccountList>(account, "list", "Accounts, and the roles there are",
                            "  hefu account list\n", [](CLI::App*, AccountList*) {});
  commands.add<AccountSetRoles>(
      account, "set-roles", "Give other roles, in the place of all",
      "  hefu account set-roles li --role reader\n", [name](CLI::App* c, AccountSetRoles* o) {
        name(c, &o->account);
        c->add_option("--role", o->roles, "role, or role@department")->required();
      });
  commands.add<AccountDisable>(account, "disable", "End its sessions, suspend it and its tokens",
                               "  hefu account disable li\n",
                               [name](CLI::App* c, AccountDisable* o) { name(c, &o->account); });
  commands.add<AccountEnable>(account, "enable", "Let it in again", "  hefu account enable li\n",
                              [name](CLI::App* c, AccountEnable* o) { name(c, &o->account); });
  commands.add<AccountLink>(
      account, "link", "Let its owner sign in by single sign-on, under the name that gives",
      "  hefu account link li 20180231\n"
      "Where hefud.toml has [api.oidc] or [api.cas]. The name is what the provider sends (the "
      "claim\n"
      "[api.oidc] name_claim, or CAS's user), often a staff number. Its password goes on working;\n"
      "whoever is refused for want of a link is told the name to give here.\n",
      [name](CLI::App* c, AccountLink* o) {
        name(c, &o->account);
        c->add_option("NAME", o->outside_name, "what single sign-on calls its owner")->required();
      });
  commands.add<AccountUnlink>(account, "unlink", "Undo `hefu account link`; ends its sessions",
                              "  hefu account unlink li\n",
                              [name](CLI::App* c, AccountUnlink* o) { name(c, &o->account); });
  commands.add<AccountResetPassword>(
      account, "reset-password", "A new one-time password, printed once",
      "  hefu account reset-password li\n",
      [name](CLI::App* c, AccountResetPassword* o) { name(c, &o->account); });
  commands.add<AccountResetTotp>(
      account, "reset-totp", "Ask for one-time codes no more: the device is lost",
      "  hefu account reset-totp li\n",
      [name](CLI::App* c, AccountResetTotp* o) { name(c, &o->account); });
  commands.add<AccountActs>(account, "acts", "The record of administrative acts, its chain checked",
                            "  hefu account acts\n"
                            "Exit code 3 if an act does not lead to the next. A chain that was "
                            "rewritten as a whole shows\n"
                            "by the digests in the node's journal (\"an administrative act\").\n",
                            [](CLI::App*, AccountActs*) {});

  CLI::App* token = group(app, "token", "API tokens, for programs");
  commands.add<TokenCreate>(
      token, "create", "Make a token of an account; prints it, once",
      "  hefu token create --account bulk --label 批量导入 --scope record --days 90\n"
      "  HEFU_TOKEN=hefu_… hefu --node-url https://node.example sheet import …\n",
      [](CLI::App* c, TokenCreate* o) {
        c->add_option("--account", o->account, "whose; default: the own one");
        c->add_option("--label", o->label, "what it is for")->required();
        c->add_option("--scope", o->scopes,
                      "read, record, disclose, operate, administer; repeat. Never more than the "
                      "account may")
            ->required();
        c->add_option("--days", o->days, "valid for so many days")
            ->capture_default_str()
            ->check(CLI::Range(1, 366));
      });
  commands.add<TokenList>(token, "list", "Tokens, without themselves", "  hefu token list\n",
                          [](CLI::App*, TokenList*) {});
  commands.add<TokenRevoke>(
      token, "revoke", "Revoke one, at once", "  hefu token revoke 3f9a0b1c2d4e5f60\n",
      [](CLI::App* c, TokenRevoke* o) {
        c->add_option("TOKEN", o->id, "its id, as `hefu token list` shows")->required();
      });
}

void add_webhooks(CLI::App& app, Commands& commands) {
  using namespace hefu;  // NOLINT(google-build-using-namespace)
  CLI::App* webhook = group(app, "webhook", "Programs elsewhere that a node tells of changes");
  webhook->footer(
      "\nWhat changed is posted as signed JSON (Standard Webhooks 1.0) and repeated until it is\n"
      "taken: which logs grew, and the node's state; contents are read from the API. The operator\n"
      "lists the hosts that may be posted to in hefud.toml: [api] webhook_hosts.");
  const auto id = [](CLI::App* c, std::string* webhook_id) {
    c->add_option("WEBHOOK", *webhook_id, "its id, as `hefu webhook list` shows")->required();
  };
  commands.add<WebhookAdd>(
      webhook, "add", "Have an address told; prints the secret, once",
      "  hefu webhook add https://erp.college.example/hefu\n", [](CLI::App* c, WebhookAdd* o) {
        c->add_option("URL", o->url, "where messages are posted to")->required();
      });
  commands.add<WebhookList>(webhook, "list", "Webhooks, and how they fare",
                            "  hefu webhook list\n  hefu webhook list --json\n",
                            [](CLI::App*, WebhookList*) {});
  commands.add<WebhookRemove>(webhook, "remove", "Tell it no more",
                              "  hefu webhook remove wh_3f9a0b1c2d4e5f60\n",
                              [id](CLI::App* c, WebhookRemove* o) { id(c, &o->id); });
  commands.add<WebhookResume>(webhook, "resume", "Try it again now, paused or not",
                              "  hefu webhook resume wh_3f9a0b1c2d4e5f60\n",
                              [id](CLI::App* c, WebhookResume* o) { id(c, &o->id); });
}

void add_reports(CLI::App& app, Commands& commands) {
  using namespace hefu;  // NOLINT(google-build-using-namespace)
  CLI::App* report = group(app, "report", "Forms of the programme documents, filled and sealed");
  const auto files = [](CLI::App* c, std::vector<std::string>* out, std::string* bundle,
                        std::string* public_url) {
    c->add_option("--out", *out, "file to write: .docx, .pdf, .xlsx, .csv or .json; repeat")
        ->required();
    c->add_option("--bundle", *bundle, "bundle file that the QR code names by its digest");
    c->add_option("--public-url", *public_url,
                  "address of the node, for the QR code: where readers get the bundle");
  };
  commands.add<ReportList>(report, "list", "The forms there are", "  hefu report list\n",
                           [](CLI::App*, ReportList*) {});
  commands.add<ReportEntries>(
      report, "entries", "What the office writes into a form itself, empty, as JSON",
      "  hefu report entries cq-consortium-recommendation > 推荐书.json\n"
      "Each entry's title and most characters are told beside it. Names and telephone numbers go\n"
      "into the printed form, and never into a log.\n",
      [](CLI::App* c, ReportEntries* o) {
        c->add_option("FORM", o->form, "name of a form, or a file")->required();
      });
  commands.add<ReportWrite>(
      report, "write", "Fill a form from the node's figures and records, and write it",
      "  hefu report write cqcvc-progress --period 2025 --out 推进表.docx --out 推进表.pdf\n"
      "  hefu report write cqcvc-monthly-summary --period 2025-03 --out 月报.docx\n"
      "  hefu report write cq-consortium-recommendation --period 2023 --entries 推荐书.json \\\n"
      "       --out filled.json --out 推荐书.docx\n"
      "Every figure is printed with its evidence, cut and pack, and a QR code leads back to\n"
      "the bundle. A closed period is printed with its frozen figures; beside another period,\n"
      "both with the present ones. The .json is what an undertaking is signed over; keep it.\n"
      "A .pdf is made by LibreOffice, where it is installed.\n",
      [files](CLI::App* c, ReportWrite* o) {
        c->add_option("FORM", o->form, "name of a form, or a file")->required();
        c->add_option("--period", o->period, "2025, 2025-H1, 2025-Q3, 2025-05, 2024-AY")
            ->required();
        c->add_option("--unit", o->unit,
                      "organisation the figures are for; default: the whole programme");
        c->add_option("--entries", o->entries, "what the office writes, as JSON");
        files(c, &o->files, &o->bundle, &o->public_url);
      });
  commands.add<ReportPrint>(
      report, "print", "The same filled form in another format, offline",
      "  hefu report print filled.json --out 推荐书.pdf --bundle 2023.hefu\n",
      [files](CLI::App* c, ReportPrint* o) {
        c->add_option("FILLED", o->filled, "the .json of `hefu report write`")->required();
        files(c, &o->files, &o->bundle, &o->public_url);
      });
  commands.add<ReportUndertake>(
      report, "undertake", "Sign a form's undertaking with the institution's seal key",
      "  hefu report undertake filled.json --out 推荐书.undertaking\n"
      "Further institutions sign the same file, each with its own key: the form asks for their\n"
      "seals beside each other.\n",
      [](CLI::App* c, ReportUndertake* o) {
        c->add_option("FILLED", o->filled, "the .json of `hefu report write`")->required();
        c->add_option("--out", o->out, "undertaking to write, or to sign as well")->required();
      });
  commands.add<ReportSubmit>(
      report, "submit", "Record that a filled form is handed in, by its root",
      "  hefu report submit filled.json --undertaking 推荐书.undertaking \\\n"
      "       --to 11500112009999999X --deadline 2023-11-10 --no-violation\n"
      "  hefu report submit 月报.json --to 125000000000000272 --deadline 2025-04-10\n"
      "A form with an undertaking becomes an application-submission with the form's root and the\n"
      "undertaking; any other a progress-report with its figures, each bound to the cut. Whoever\n"
      "sealed it, and whoever receives it, finds it in `hefu inbox`. Nothing the office wrote "
      "goes\n"
      "into the log. When it came is what witnesses saw, not what is typed.\n",
      [](CLI::App* c, ReportSubmit* o) {
        c->add_option("FILLED", o->filled, "the .json of `hefu report write`")->required();
        c->add_option("--to", o->to, "credit code of whoever receives it")->required();
        c->add_option("--deadline", o->deadline, "last day, YYYY-MM-DD")->required();
        c->add_option("--undertaking", o->undertaking, "file of `hefu report undertake`");
        c->add_option("--kind", o->kind, "of application, as in the catalogue")
            ->capture_default_str();
        c->add_option("--round", o->round, "of applications; default: the form's period");
        c->add_flag("--no-violation", o->no_violation,
                    "declare that no member broke the rules in the last three years");
        c->add_option("--text", o->text, "of a report; default: the form's title");
        c->add_option("--reporter", o->reporter, "of a report: a department; default: oneself");
        c->add_option("--role", o->role,
                      "key to sign with; default: seal for an application, else registrar");
        c->add_flag("--dry-run", o->dry_run, "print the event, sign nothing");
      });
  commands.add<ReportFilings>(
      report, "filings", "What units reported for a period, when it came, and what is late",
      "  hefu report filings --pack cqcvc.jyqsqxx --period 2025-03\n"
      "  hefu --json report filings --pack cqcvc.jyqsqxx --period 2025 | jq '.filings[] | "
      "select(.late)'\n",
      [](CLI::App* c, ReportFilings* o) {
        c->add_option("--pack", o->pack, "programme pack id")->required();
        c->add_option("--period", o->period, "2025 (with its months and quarters), 2025-03")
            ->required();
      });
  commands.add<ReportVerify>(
      report, "verify", "Whether an undertaking covers a form, and a bundle gives its figures",
      "  hefu report verify filled.json --undertaking 推荐书.undertaking --trust charter.note\n"
      "  hefu report verify filled.json --bundle 2023.hefu --trust charter.note\n"
      "  hefu report verify filled.json --record 3f…       # handed in as it is, and in time?\n"
      "An undertaking covers every cell: exit code 3 if one was changed since, or a seal does not\n"
      "hold. A bundle gives the figures again, not the words: exit code 3 if one is another.\n",
      [](CLI::App* c, ReportVerify* o) {
        c->add_option("FILLED", o->filled, "the .json of `hefu report write`")->required();
        c->add_option("--undertaking", o->undertaking, "file of `hefu report undertake`");
        c->add_option("--bundle", o->bundle, "bundle of the form's cut, verified as well");
        c->add_option("--record", o->record, "what `hefu report submit` recorded; asks a node");
        c->add_option("--trust", o->trust, "the charter you know; default: the home's");
      });
}

void add_closing(CLI::App& app, Commands& commands) {
  using namespace hefu;  // NOLINT(google-build-using-namespace)
  add_cuts(app, commands);
  const auto about = [](CLI::App* c, std::string* pack, std::string* period) {
    c->add_option("--pack", *pack, "programme pack id")->required();
    c->add_option("--period", *period, "2025, 2025-H1, 2025-Q3, 2025-05, 2024-AY")->required();
  };
  const auto at_cut = [](CLI::App* c, std::string* proposal) {
    c->add_option("--cut", *proposal, "proposal of the cut: its event")->required();
  };
  CLI::App* period = group(app, "period", "Closing of periods: frozen figures and their vintages");
  commands.add<PeriodClose>(
      period, "close",
      "Authority: freeze a period's figures at a cosigned cut, as one more vintage",
      "  hefu period close --pack baotou.xdrh --period 2025-12\n"
      "  hefu period close --pack baotou.xdrh --period 2025 --cut 3f…\n"
      "  hefu period close --pack baotou.xdrh --period 2025 --reason 更正一处基地\n",
      [about](CLI::App* c, PeriodClose* o) {
        about(c, &o->pack, &o->period);
        c->add_option("--cut", o->proposal,
                      "proposal of the cut; default: the last one a quorum cosigned");
        c->add_option("--reason", o->reason, "why there is a further vintage");
        c->add_flag("--early", o->early, "before the programme's days of grace are over");
        c->add_flag("--dry-run", o->dry_run, "only show what would be closed, and what differs");
      });
  commands.add<PeriodShow>(period, "show", "Vintages, approvals and statements of a period",
                           "  hefu period show --pack baotou.xdrh --period 2025\n",
                           [about](CLI::App* c, PeriodShow* o) { about(c, &o->pack, &o->period); });

  CLI::App* approval = group(app, "approval", "Approval of figures, from the colleges upwards");
  commands.add<ApprovalGive>(
      approval, "give",
      "Vouch for a unit's figures, once all below it are approved at the same cut",
      "  hefu approval give --pack baotou.xdrh --period 2025 --cut 3f… --unit 12150…/jxgc\n"
      "  hefu approval give --pack baotou.xdrh --period 2025 --cut 3f…\n"
      "  hefu approval give --pack baotou.xdrh --period 2025 --cut 3f… --whole\n",
      [about, at_cut](CLI::App* c, ApprovalGive* o) {
        about(c, &o->pack, &o->period);
        at_cut(c, &o->proposal);
        auto* unit = c->add_option("--unit", o->unit, "default: the institution itself");
        c->add_flag("--whole", o->whole, "authority: the whole programme")->excludes(unit);
        c->add_option("--role", o->role, "key to sign with: reviewer, registrar, seal")
            ->capture_default_str();
      });
  commands.add<ApprovalWithdraw>(
      approval, "withdraw", "Take one's approval back; those that rest on it fall with it",
      "  hefu approval withdraw 3f… --reason 数据有误\n", [](CLI::App* c, ApprovalWithdraw* o) {
        c->add_option("APPROVAL", o->approval)->required();
        c->add_option("--reason", o->reason)->required();
        c->add_option("--role", o->role, "key to sign with")->capture_default_str();
      });
  commands.add<ApprovalShow>(approval, "show",
                             "The chain at a cut: who approved, who is ready, who waits for whom",
                             "  hefu approval show --pack baotou.xdrh --period 2025 --cut 3f…\n",
                             [about, at_cut](CLI::App* c, ApprovalShow* o) {
                               about(c, &o->pack, &o->period);
                               at_cut(c, &o->proposal);
                             });

  CLI::App* statement = group(app, "statement", "What institutions state for a period");
  commands.add<StatementSign>(
      statement, "sign", "Sign the own figures of a period, if the cut gives exactly these",
      "  hefu --json figure show --pack baotou.xdrh --period 2025 --unit 12150… > mine.json\n"
      "  hefu statement sign --pack baotou.xdrh --period 2025 --cut 3f… --figures mine.json\n",
      [about, at_cut](CLI::App* c, StatementSign* o) {
        about(c, &o->pack, &o->period);
        at_cut(c, &o->proposal);
        c->add_option("--figures", o->figures,
                      "what `hefu --json figure show` prints, or {\"indicator\": value}")
            ->required();
      });
  commands.add<StatementShow>(
      statement, "show", "Statements for a period, and what was decided about them",
      "  hefu statement show --pack baotou.xdrh --period 2025\n",
      [about](CLI::App* c, StatementShow* o) { about(c, &o->pack, &o->period); });
  commands.add<StatementDecide>(statement, "decide", "Authority: recompute a statement and decide",
                                "  hefu statement decide 3f… accepted\n"
                                "  hefu statement decide 3f… returned --reason 第三项与记录不符\n",
                                [](CLI::App* c, StatementDecide* o) {
                                  c->add_option("STATEMENT", o->statement)->required();
                                  c->add_option("VERDICT", o->verdict)
                                      ->required()
                                      ->check(CLI::IsMember({"accepted", "returned", "rejected"}));
                                  c->add_option("--reason", o->reason);
                                });
}

}  // namespace

// What throws before the try is a mistake in the commands above.
int main(int argc, char** argv) {  // NOLINT(bugprone-exception-escape)
  curl_global_init(CURL_GLOBAL_DEFAULT);
  hefu::Context context;
  int exit_code = hefu::kExitOk;

  CLI::App app{"Hefu (合符): a collaboration ledger whose figures anybody can check.", "hefu"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "hefu 0.1.0");
  app.footer(kExitCodes);
  app.fallthrough();
  app.add_flag("--json", context.json, "machine-readable output");
  app.add_option("--home", context.home, "an institution's folder");
  app.add_option("--node-url", context.node,
                 "base URL of a node, for example http://127.0.0.1:7410");
  app.add_option("--passphrase-file", context.passphrase_file,
                 "file with the passphrase of the keys");

  Commands commands(context, &exit_code);
  add_setup(app, commands);
  add_records(app, commands);
  add_sheets(app, commands);
  add_guests(app, commands);
  add_forks(app, commands);
  add_frauds(app, commands);
  add_figures(app, commands);
  add_reports(app, commands);
  add_closing(app, commands);
  add_backups(app, commands);
  add_accounts(app, commands);
  add_webhooks(app, commands);
  hefu::add_manual(app, &exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? hefu::kExitOk : hefu::kExitUsage;
  } catch (const std::exception& error) {
    // Most likely a JSON answer without a field that every node's answer has.
    exit_code = hefu::report(
        context, hefu::Error{hefu::Errc::kInvalid,
                             std::string("what was read is not what it should be: ") + error.what(),
                             "is the node of another version, or something else altogether?"});
  }
  curl_global_cleanup();
  return exit_code;
}
