"""What the sample events of one programme add up to, read from the JSON Lines alone.

Written apart from this project's code and knowing nothing of packs: records with their current
version, state, standing and countersigners, agreements with their signatures, the directory of
institutions and who belongs to which body. deploy/sample/README.md describes the files.
"""
import datetime
import json
import pathlib

TOP = pathlib.Path(__file__).resolve().parents[2]
UNDOING = {"withdrawn", "cancelled", "invalidated", "dismissed"}
ENDING = UNDOING | {"terminated", "dissolved", "ended", "closed", "expired", "completed",
                    "graduated", "repealed", "revoked", "lapsed", "returned", "superseded",
                    "expelled"}
ACTS = {"countersignature", "rejection", "status-change", "retraction", "dispute",
        "agreement-signature", "agreement-decline", "agreement-termination"}
CONFIRMED_WORDS = ("confirmed", "countersigned", "signed", "certified", "agreed", "accepted")
# The field whose date an event goes by, the field whose date it runs from, and the one it runs to.
CATALOGUE = {kind["name"]: kind for kind in json.loads(
    (TOP / "deploy/catalogue/hefu-cn-1.json").read_text(encoding="utf-8"))["types"]}


def house(party):
    """The institution a party belongs to: what stands before the unit number."""
    return party.split("/")[0]


class Record:
    """One undertaking as it stands after all events."""

    def __init__(self, name, event):
        self.name, self.opening, self.event = name, event, event
        self.confirmed_by, self.refused_by, self.changes = [], [], []
        self.disputed = self.retracted = False

    @property
    def type(self):
        return self.opening["type"]

    @property
    def fields(self):
        return self.event["fields"]

    @property
    def actor(self):
        return house(self.event["issuer"])

    def get(self, field, default=None):
        return self.fields.get(field, default)

    def parties(self, field):
        value = self.get(field)
        return [one for one in (value if isinstance(value, list) else [value])
                if isinstance(one, str) and len(house(one)) == 18]

    @property
    def named(self):
        """Institutions that a public field names: they may answer, and so may the authority."""
        return {house(party) for field in CATALOGUE[self.type]["fields"]
                for party in self.parties(field["name"])
                if "party" in field["type"]}

    @property
    def required(self):
        named = [house(party) for field in CATALOGUE[self.type]["countersign"]
                 for party in self.parties(field)]
        return {party for party in named if party != self.actor}

    @property
    def state(self):
        if self.changes:
            return self.changes[-1]["state"]
        states = CATALOGUE[self.type]["lifecycle"]["states"]
        if self.required and self.required <= set(self.confirmed_by):
            for words in (("confirmed",), CONFIRMED_WORDS):
                for state in states:
                    if any(word in state.split("-") for word in words):
                        return state
        return states[0]

    def day(self, part):
        return self.get(CATALOGUE[self.type]["fact"].get(part))

    @property
    def date(self):
        return self.day("date") or self.event["occurred_on"]

    @property
    def start(self):
        return self.day("start")

    @property
    def end(self):
        ends = [self.day("end")]
        if self.changes and self.changes[-1]["state"] in ENDING and self.start:
            ends.append(self.changes[-1]["effective_on"])
        ends = [end for end in ends if end]
        return min(ends) if ends else None

    @property
    def undone(self):
        if not self.changes:
            return False
        state, day = self.changes[-1]["state"], self.changes[-1]["effective_on"]
        start_field = CATALOGUE[self.type]["fact"].get("start")
        if not start_field:
            return state in UNDOING
        start = self.get(start_field) or self.event["occurred_on"]
        return (state in UNDOING and day <= start) or (state in ENDING and day < start)

    @property
    def standing(self):
        if self.retracted or self.undone:
            return "ended"
        if any(party in self.required for party in self.refused_by):
            return "rejected"
        if self.disputed:
            return "disputed"
        return "confirmed" if self.required <= set(self.confirmed_by) else "claimed"

    @property
    def counts(self):
        """Neither taken back, refused nor contested."""
        return self.standing in ("confirmed", "claimed")

    @property
    def counterparty(self):
        for field in CATALOGUE[self.type]["fact"].get("counterparty", []):
            for party in self.parties(field):
                if house(party) != self.actor:
                    return party
        return None

    @property
    def org(self):
        named = self.parties(CATALOGUE[self.type]["fact"].get("org"))
        return named[0] if named else self.actor

    def active_on(self, day):
        return bool(self.start) and self.start <= day and (not self.end or self.end >= day)

    def overlaps(self, first, last):
        return bool(self.start) and self.start <= last and (not self.end or self.end >= first)


class Agreement(Record):
    """A version of an agreement: in force once every party signed it."""

    def __init__(self, name, event):
        super().__init__(name, event)
        self.signed_by, self.declined_by = set(), set()

    @property
    def required(self):
        return {house(party) for party in self.parties("parties")} - {self.actor}

    @property
    def standing(self):
        if self.declined_by:
            return "rejected"
        return "confirmed" if self.required | {self.actor} <= self.signed_by else "claimed"


class Sample:
    """All records of one sample, with the directory."""

    def __init__(self, name):
        self.folder = TOP / "deploy/sample" / name
        self.about = json.loads((self.folder / "members.json").read_text(encoding="utf-8"))
        self.orgs = {member["id"]: dict(member["attributes"]) for member in self.about["members"]}
        self.keys = {member["key"]: member["id"] for member in self.about["members"]}
        self.authority = self.keys[self.about["authority"]]
        self.records, self.root = {}, {}
        for path in sorted((self.folder / "events").glob("*.jsonl")):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
                self.add(json.loads(line), f"{path.stem}:{number + 1}")
        self.register()

    def add(self, event, place):
        kind = event["type"]
        if kind in ACTS:
            self.act(kind, event)
            return
        name = event.get("name", place)
        if "supersedes" in event:
            before = self.records[self.root[event["supersedes"]["$ref"]]]
            self.root[name] = before.name
            before.event = event
            # Who confirmed an earlier version did not confirm this one.
            before.confirmed_by, before.refused_by, before.current = [], [], name
            return
        make = Agreement if kind == "collaboration-agreement" else Record
        self.records[name] = make(name, event)
        self.records[name].current = name
        self.root[name] = name

    def act(self, kind, event):
        fields, who = event["fields"], house(event["issuer"])
        target = (fields.get("target") or fields.get("version"))["$ref"]
        record = self.records[self.root[target]]
        if kind in ("countersignature", "rejection"):
            entitled = record.named | record.required | {self.authority}
            if target == record.current and who in entitled - {record.actor}:
                (record.confirmed_by if kind == "countersignature" else
                 record.refused_by).append(who)
        elif kind == "status-change":
            record.changes.append(fields)
            record.changes.sort(key=lambda change: change["effective_on"])
        elif kind == "retraction":
            record.retracted = True
        elif kind == "dispute":
            record.disputed = True
        elif kind == "agreement-signature":
            record.signed_by.add(who)
        elif kind == "agreement-decline":
            record.declined_by.add(who)

    def register(self):
        for record in self.of("institution-registration"):
            if self.authority in [record.actor] + record.confirmed_by:
                self.orgs.setdefault(record.get("institution_id"), {}).update(
                    {key: value for key, value in record.fields.items() if isinstance(value, str)})

    def of(self, *kinds):
        """Records of these types that are not taken back, refused or contested."""
        return [record for record in self.records.values()
                if record.type in kinds and record.counts]

    def attr(self, org, name):
        return self.orgs.get(org, {}).get(name, "") if org else ""

    def controller(self, org):
        org = house(org)
        while self.attr(org, "controller"):
            org = self.attr(org, "controller")
        return org

    def signers(self, record):
        if isinstance(record, Agreement):
            return record.signed_by - {record.actor}
        return set(record.confirmed_by) - {record.actor}

    def independent(self, record):
        """Confirmed by everybody who must, and by somebody the recorder does not control."""
        own = self.controller(record.actor)
        if record.standing != "confirmed":
            return False
        if record.counterparty and self.controller(record.counterparty) == own:
            return False
        return any(self.controller(signer) != own for signer in self.signers(record))

    def backed(self, record):
        """A document attached, or countersigned by anybody."""
        return bool(record.event.get("evidence")) or bool(self.signers(record))

    def members_of(self, body, day):
        """Institutions that belong to a body on a day, from confirmed membership changes."""
        inside = {}
        changes = [record for record in self.of("membership-change")
                   if record.standing == "confirmed"
                   and self.root[record.get("body")["$ref"]] == body
                   and record.get("effective_on") <= day]
        for record in sorted(changes, key=lambda one: one.get("effective_on")):
            joins = record.get("action") in ("join", "move-in")
            # A stretch closes with the last day on which it holds.
            if joins or record.get("effective_on") < day:
                inside[record.get("member")] = joins
        return {member for member, holds in inside.items() if holds}


def distinct(records, *fields):
    """The number of different values of these fields, record by record."""
    return len({tuple(json.dumps(record.get(field), sort_keys=True) for field in fields)
                for record in records})


def days(first, last):
    """Days from one to the other, both included."""
    return (datetime.date.fromisoformat(last) - datetime.date.fromisoformat(first)).days + 1
