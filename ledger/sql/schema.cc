#include "ledger/sql/schema.h"

#include <array>

namespace hefu {

namespace {

constexpr const char* kValue =
    R"(  kind TEXT,            -- b: true or false, i: integer, t: text, l: list
  flag INTEGER,         -- of b: 1 or 0
  num NUMERIC,          -- num / den: the integer, or the number a text writes as a decimal
  den BIGINT,           -- 1, 10, 100, …
  percent_num NUMERIC,  -- num / den of a text like 12.5%
  percent_den BIGINT,
  txt TEXT,             -- of t
  day BIGINT,           -- of a text that is a date
  identity TEXT,        -- equal where two values are the same, whatever they are
  items BIGINT          -- of l: element.list
)";

constexpr const char* kTables = R"(-- Everything known of a record at the cut.
CREATE TABLE fact (
  id TEXT NOT NULL PRIMARY KEY,
  type TEXT NOT NULL,
  actor TEXT NOT NULL,  -- who recorded it
  org TEXT NOT NULL,    -- whom it is attributed to
  counterparty TEXT,
  registry TEXT,
  on_date TEXT, on_day BIGINT,
  start_date TEXT, start_day BIGINT,
  end_date TEXT, end_day BIGINT,
  recorded_date TEXT, recorded_day BIGINT,
  standing TEXT NOT NULL  -- claimed, confirmed, disputed, rejected, ended
);
CREATE INDEX fact_by_type ON fact (type);
CREATE TABLE signer (fact TEXT NOT NULL, party TEXT NOT NULL, PRIMARY KEY (fact, party));
CREATE TABLE guest (fact TEXT NOT NULL, party TEXT NOT NULL, PRIMARY KEY (fact, party));
CREATE TABLE introducer (fact TEXT NOT NULL, guest TEXT NOT NULL, member TEXT NOT NULL,
                         PRIMARY KEY (fact, guest, member));
CREATE TABLE evidence (fact TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (fact, hash));
CREATE TABLE auditor (fact TEXT NOT NULL, party TEXT NOT NULL, PRIMARY KEY (fact, party));
CREATE TABLE supersedes (fact TEXT NOT NULL, replaced TEXT NOT NULL, PRIMARY KEY (fact, replaced));
)";

constexpr const char* kDirectory = R"(-- The organisation directory.
CREATE TABLE organisation (id TEXT NOT NULL PRIMARY KEY);
CREATE TABLE org_group (id TEXT NOT NULL PRIMARY KEY);
CREATE TABLE membership (grp TEXT NOT NULL, org TEXT NOT NULL, from_day BIGINT NOT NULL,
                         to_day BIGINT);
CREATE INDEX membership_by_org ON membership (grp, org);
-- Numbers and dates among the ids facts carry, for conditions that compare such a text.
CREATE TABLE lexeme (txt TEXT NOT NULL PRIMARY KEY, num NUMERIC, den BIGINT, day BIGINT);
)";

constexpr const char* kCalendar =
    R"(-- The calendar, proleptic Gregorian; no is year * 12 + month - 1.
CREATE TABLE month (no BIGINT NOT NULL PRIMARY KEY, year BIGINT NOT NULL, month BIGINT NOT NULL,
                    first_day BIGINT NOT NULL, last_day BIGINT NOT NULL);
INSERT INTO month
WITH RECURSIVE m(no, first_day, days) AS (
  SELECT 1400 * 12, -208188, 31
  UNION ALL
  SELECT no + 1, first_day + days,
         CASE WHEN (no + 1) % 12 + 1 IN (4, 6, 9, 11) THEN 30
              WHEN (no + 1) % 12 + 1 <> 2 THEN 31
              WHEN (no + 1) / 12 % 4 = 0
                   AND ((no + 1) / 12 % 100 <> 0 OR (no + 1) / 12 % 400 = 0) THEN 29
              ELSE 28 END
  FROM m WHERE no < 2699 * 12 + 11
)
SELECT no, no / 12, no % 12 + 1, first_day, first_day + days - 1 FROM m;
CREATE UNIQUE INDEX month_by_day ON month (first_day);
)";

constexpr const char* kDerivedTables =
    R"(-- Derived: who was related to whom, and how good the evidence is.
CREATE TABLE fact_epoch (fact TEXT NOT NULL PRIMARY KEY, epoch BIGINT NOT NULL);
CREATE TABLE place (epoch BIGINT NOT NULL, org TEXT NOT NULL, institution TEXT NOT NULL,
                    PRIMARY KEY (epoch, org));
CREATE TABLE control (epoch BIGINT NOT NULL, org TEXT NOT NULL, target TEXT NOT NULL,
                      PRIMARY KEY (epoch, org, target));
CREATE TABLE controller (epoch BIGINT NOT NULL, org TEXT NOT NULL, controller TEXT NOT NULL,
                         PRIMARY KEY (epoch, org, controller));
CREATE TABLE party (fact TEXT NOT NULL, epoch BIGINT NOT NULL, org TEXT NOT NULL,
                    PRIMARY KEY (fact, org));
-- outsider: related neither to who recorded the fact nor to whom it is attributed to;
-- outside_counterparty: that, or the very institution one that is not related recorded it of.
CREATE TABLE party_side (fact TEXT NOT NULL, org TEXT NOT NULL, outsider INTEGER NOT NULL,
                         outside_counterparty INTEGER NOT NULL, PRIMARY KEY (fact, org));
CREATE TABLE fact_grade (fact TEXT NOT NULL PRIMARY KEY, grade INTEGER NOT NULL,
                         independent INTEGER NOT NULL, superseded INTEGER NOT NULL);
)";

constexpr const char* kSpans = R"(-- What each attribute said from when to when.
INSERT INTO attribute_span
SELECT a.org, a.name, -99999999999, 99999999999, a.kind, a.flag, a.num, a.den, a.percent_num,
       a.percent_den, a.txt, a.day, a.identity, a.items
FROM attribute a
WHERE NOT EXISTS (SELECT 1 FROM attribute_change c WHERE c.org = a.org AND c.name = a.name);
INSERT INTO attribute_span
SELECT s.org, s.name, s.from_day, s.next_day - 1, s.kind, s.flag, s.num, s.den, s.percent_num,
       s.percent_den, s.txt, s.day, s.identity, s.items
FROM (SELECT c.*, COALESCE(LEAD(c.from_day) OVER (PARTITION BY c.org, c.name ORDER BY c.from_day),
                           100000000000) AS next_day
      FROM attribute_change c
      WHERE NOT EXISTS (SELECT 1 FROM attribute_change d
                        WHERE d.org = c.org AND d.name = c.name AND d.from_day = c.from_day
                          AND d.seq > c.seq)) s
WHERE s.kind IS NOT NULL;
INSERT INTO organisation
SELECT DISTINCT c.org FROM attribute_change c
WHERE NOT EXISTS (SELECT 1 FROM organisation o WHERE o.id = c.org);
)";

// The rules of independence, of the day of the fact: FORMAT.md, "evidence".
constexpr const char* kRelations = R"(-- The directory a fact is judged by: that of the last change
-- before it; of the last known state, if the fact has no day or nothing ever changed.
INSERT INTO fact_epoch
SELECT f.id,
       CASE WHEN COALESCE(f.on_day, f.start_day) IS NULL
                 OR NOT EXISTS (SELECT 1 FROM attribute_change) THEN 99999999999
            ELSE COALESCE((SELECT max(c.from_day) FROM attribute_change c
                           WHERE c.from_day <= COALESCE(f.on_day, f.start_day)), -99999999999) END
FROM fact f;
INSERT INTO directory_then
SELECT 99999999999, a.org, a.name, a.kind, a.flag, a.num, a.den, a.percent_num, a.percent_den,
       a.txt, a.day, a.identity, a.items
FROM attribute a WHERE a.name IN ('parent', 'kind', 'controller');
INSERT INTO directory_then
SELECT e.epoch, a.org, a.name, a.kind, a.flag, a.num, a.den, a.percent_num, a.percent_den,
       a.txt, a.day, a.identity, a.items
FROM (SELECT DISTINCT epoch FROM fact_epoch WHERE epoch < 99999999999) e
JOIN attribute_span a ON e.epoch BETWEEN a.from_day AND a.to_day
WHERE a.name IN ('parent', 'kind', 'controller');
INSERT INTO party
SELECT p.fact, e.epoch, p.org
FROM (SELECT id AS fact, actor AS org FROM fact
      UNION SELECT id, org FROM fact
      UNION SELECT id, counterparty FROM fact WHERE counterparty IS NOT NULL
      UNION SELECT id, registry FROM fact WHERE registry IS NOT NULL
      UNION SELECT fact, party FROM signer
      UNION SELECT fact, member FROM introducer
      UNION SELECT fact, party FROM auditor) p
JOIN fact_epoch e ON e.fact = p.fact;
-- The institution a unit belongs to: its parent's where its kind is a unit, else what stands before
-- the first "/" of its id.
INSERT INTO place
WITH RECURSIVE known(epoch, org) AS (
  SELECT epoch, org FROM party
  UNION SELECT epoch, txt FROM directory_then WHERE name = 'controller' AND kind = 't'
  UNION SELECT d.epoch, e.txt FROM directory_then d JOIN element e ON e.list = d.items
        WHERE d.name = 'controller' AND e.kind = 't'
), step(epoch, org, current, path, depth) AS (
  SELECT epoch, org, org, '|', 0 FROM known
  UNION ALL
  SELECT s.epoch, s.org,
         CASE WHEN p.txt <> '' AND k.txt IN ('secondary-unit', 'college', 'department', 'unit')
              THEN p.txt ELSE @HEAD@ END,
         s.path || s.current || '|', s.depth + 1
  FROM step s
  LEFT JOIN directory_then p ON p.epoch = s.epoch AND p.org = s.current AND p.name = 'parent'
  LEFT JOIN directory_then k ON k.epoch = s.epoch AND k.org = s.current AND k.name = 'kind'
  WHERE replace(s.path, '|' || s.current || '|', '') = s.path  -- a circle ends where it closes
    AND ((p.txt <> '' AND k.txt IN ('secondary-unit', 'college', 'department', 'unit'))
         OR (replace(s.current, '/', '') <> s.current AND @HEAD@ <> ''))
)
SELECT epoch, org, current
FROM (SELECT epoch, org, current,
             ROW_NUMBER() OVER (PARTITION BY epoch, org ORDER BY depth DESC) AS n FROM step) s
WHERE n = 1;
INSERT INTO control
SELECT d.epoch, d.org, p.institution
FROM directory_then d JOIN place p ON p.epoch = d.epoch AND p.org = d.txt
WHERE d.name = 'controller' AND d.kind = 't'
UNION
SELECT d.epoch, d.org, p.institution
FROM directory_then d JOIN element e ON e.list = d.items AND e.kind = 't'
JOIN place p ON p.epoch = d.epoch AND p.org = e.txt
WHERE d.name = 'controller';
-- An organisation's institution and all who control it, one behind the other.
INSERT INTO controller
WITH RECURSIVE c(epoch, org, controller) AS (
  SELECT epoch, org, institution FROM place
  UNION SELECT p.epoch, p.org, t.target
        FROM place p JOIN control t ON t.epoch = p.epoch AND t.org = p.org
  UNION SELECT c.epoch, c.org, t.target
        FROM c JOIN control t ON t.epoch = c.epoch AND t.org = c.controller
)
SELECT epoch, org, controller FROM c;
)";

constexpr const char* kGrades = R"(-- Related: one controller in common.
INSERT INTO party_side
SELECT r.fact, r.org,
       CASE WHEN r.to_actor = 0 AND (r.other = 0 OR r.to_org = 0) THEN 1 ELSE 0 END,
       CASE WHEN r.to_actor = 0 AND (r.other = 0 OR r.to_org = 0 OR r.same = 1) THEN 1 ELSE 0 END
FROM (SELECT p.fact, p.org,
             CASE WHEN f.org <> '' AND f.org <> f.actor THEN 1 ELSE 0 END AS other,
             CASE WHEN mine.institution = its.institution THEN 1 ELSE 0 END AS same,
             CASE WHEN EXISTS (SELECT 1 FROM controller a JOIN controller b
                                      ON b.epoch = a.epoch AND b.controller = a.controller
                               WHERE a.epoch = p.epoch AND a.org = p.org AND b.org = f.actor)
                  THEN 1 ELSE 0 END AS to_actor,
             CASE WHEN EXISTS (SELECT 1 FROM controller a JOIN controller b
                                      ON b.epoch = a.epoch AND b.controller = a.controller
                               WHERE a.epoch = p.epoch AND a.org = p.org AND b.org = f.org)
                  THEN 1 ELSE 0 END AS to_org
      FROM party p
      JOIN fact f ON f.id = p.fact
      JOIN place mine ON mine.epoch = p.epoch AND mine.org = p.org
      JOIN place its ON its.epoch = p.epoch AND its.org = f.org) r;
INSERT INTO fact_grade
SELECT s.id,
       CASE WHEN s.standing = 'claimed' AND s.grade > 1 THEN 1 ELSE s.grade END,
       CASE WHEN s.far = 1 AND (s.e3 = 1 OR s.e2 = 1) THEN 1 ELSE 0 END,
       s.superseded
FROM (SELECT q.*,
             CASE WHEN (q.documents = 1 OR q.signed = 1 OR q.registry IS NOT NULL) AND q.audited = 1
                  THEN 4
                  WHEN q.e3 = 1 THEN 3
                  WHEN q.e2 = 1 THEN 2
                  WHEN q.documents = 1 OR q.signed = 1 THEN 1
                  ELSE 0 END AS grade
      FROM (SELECT f.id, f.standing, f.registry,
                   CASE WHEN EXISTS (SELECT 1 FROM evidence v WHERE v.fact = f.id)
                        THEN 1 ELSE 0 END AS documents,
                   CASE WHEN EXISTS (SELECT 1 FROM signer v WHERE v.fact = f.id)
                        THEN 1 ELSE 0 END AS signed,
                   CASE WHEN EXISTS (SELECT 1 FROM auditor v
                                     JOIN party_side p ON p.fact = v.fact AND p.org = v.party
                                     WHERE v.fact = f.id AND p.outsider = 1)
                        THEN 1 ELSE 0 END AS audited,
                   -- A guest never confirms as a registry.
                   CASE WHEN EXISTS (SELECT 1 FROM party_side p
                                     WHERE p.fact = f.id AND p.org = f.registry AND p.outsider = 1)
                             AND NOT EXISTS (SELECT 1 FROM guest g
                                             WHERE g.fact = f.id AND g.party = f.registry)
                        THEN 1 ELSE 0 END AS e3,
                   -- Of those who introduced a guest's key, one must be an outsider too.
                   CASE WHEN EXISTS (
                          SELECT 1 FROM signer v
                          JOIN party_side p ON p.fact = v.fact AND p.org = v.party
                          WHERE v.fact = f.id AND p.outside_counterparty = 1
                            AND (NOT EXISTS (SELECT 1 FROM guest g
                                             WHERE g.fact = v.fact AND g.party = v.party)
                                 OR EXISTS (SELECT 1 FROM introducer i
                                            JOIN party_side m ON m.fact = i.fact AND m.org = i.member
                                            WHERE i.fact = v.fact AND i.guest = v.party
                                              AND m.outsider = 1)))
                        THEN 1 ELSE 0 END AS e2,
                   CASE WHEN f.counterparty IS NULL
                             OR EXISTS (SELECT 1 FROM party_side p
                                        WHERE p.fact = f.id AND p.org = f.counterparty
                                          AND p.outside_counterparty = 1)
                        THEN 1 ELSE 0 END AS far,
                   -- Only a fact's own actor can replace it.
                   CASE WHEN EXISTS (SELECT 1 FROM supersedes r JOIN fact n ON n.id = r.fact
                                     WHERE r.replaced = f.id AND n.id <> f.id AND n.actor = f.actor)
                        THEN 1 ELSE 0 END AS superseded
            FROM fact f) q) s;
ANALYZE;
)";

// One that has another order of texts would give other figures: stop there.
constexpr const char* kBytewise = R"(-- Stops here ("division by zero") unless texts are compared
-- bytewise: createdb --template=template0 --encoding=UTF8 --locale=C …
SELECT 1 / CASE WHEN 'a' < 'B' THEN 0 ELSE 1 END AS bytewise;
)";

constexpr std::array<const char*, 23> kFilled{
    "fact",           "signer",       "guest",      "introducer",
    "evidence",       "auditor",      "supersedes", "field",
    "element",        "organisation", "attribute",  "attribute_change",
    "org_group",      "membership",   "lexeme",     "attribute_span",
    "directory_then", "fact_epoch",   "place",      "control",
    "controller",     "party",        "party_side"};

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

std::string value_table(const std::string& name, const std::string& columns) {
  return "CREATE TABLE " + name + " (\n  " + columns + ",\n" + kValue + ");\n";
}

}  // namespace

std::string sql_schema(SqlDialect dialect) {
  std::string out = dialect == SqlDialect::kPostgresql ? kBytewise : "";
  out += kTables;
  out += "-- Fields of a fact's body, and the elements of lists wherever they stand.\n";
  out += value_table("field", "fact TEXT NOT NULL, name TEXT NOT NULL");
  out += "CREATE UNIQUE INDEX field_by_fact ON field (fact, name);\n";
  out += value_table("element", "list BIGINT NOT NULL, pos BIGINT NOT NULL");
  out += "CREATE UNIQUE INDEX element_by_list ON element (list, pos);\n";
  out += kDirectory;
  out += "-- As last known, and everything said by those that ever changed (no kind: no longer).\n";
  out += value_table("attribute", "org TEXT NOT NULL, name TEXT NOT NULL");
  out += "CREATE UNIQUE INDEX attribute_by_org ON attribute (org, name);\n";
  out += value_table("attribute_change",
                     "org TEXT NOT NULL, name TEXT NOT NULL, from_day BIGINT NOT NULL, "
                     "seq BIGINT NOT NULL");
  out += "CREATE INDEX attribute_change_by_org ON attribute_change (org, name);\n";
  out += kCalendar;
  out += value_table("attribute_span",
                     "org TEXT NOT NULL, name TEXT NOT NULL, from_day BIGINT NOT NULL, "
                     "to_day BIGINT NOT NULL");
  out += "CREATE INDEX attribute_span_by_org ON attribute_span (org, name);\n";
  out +=
      value_table("directory_then", "epoch BIGINT NOT NULL, org TEXT NOT NULL, name TEXT NOT NULL");
  out += "CREATE UNIQUE INDEX directory_then_by_org ON directory_then (epoch, org, name);\n";
  out += kDerivedTables;
  return out;
}

std::string sql_derive() {
  return std::string(kSpans) + replaced(kRelations, "@HEAD@", sql_head("s.current")) + kGrades;
}

std::string sql_clear() {
  std::string out = "DELETE FROM fact_grade;\n";
  for (const char* table : kFilled) {
    out += std::string("DELETE FROM ") + table + ";\n";
  }
  return out;
}

}  // namespace hefu
