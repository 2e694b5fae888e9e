"""A sample seen through the year its demonstration shows: short forms for counting."""
from fractions import Fraction

from sample_world import Sample


class Year:
    """A sample seen through one year."""

    def __init__(self, name):
        self.sample = Sample(name)
        self.year = self.sample.about["period"]
        self.first, self.last = f"{self.year}-01-01", f"{self.year}-12-31"
        self.member = self.sample.keys

    def kind(self, org):
        return self.sample.attr(org, "kind")

    def within(self, day):
        return bool(day) and self.first <= day <= self.last

    def all(self, kind, /, **fields):
        """Records of a type with these values in their fields (a set: one of them)."""
        return [record for record in self.sample.of(kind)
                if all(record.get(name) in value if isinstance(value, set) else
                       record.get(name) == value for name, value in fields.items())]

    def shared(self, kind, /, **fields):
        """The same, confirmed by somebody independent."""
        return [record for record in self.all(kind, **fields) if self.sample.independent(record)]

    def this_year(self, records):
        return [record for record in records if self.within(record.date)]

    def so_far(self, records):
        return [record for record in records if record.date <= self.last]

    def at_end(self, records):
        return [record for record in records if record.active_on(self.last)]

    def bodies(self, *kinds, by=None):
        """Joint bodies in operation on the last day, confirmed by an independent founder."""
        return [body for body in self.at_end(self.shared("joint-body-establishment",
                                                         body_kind=set(kinds)))
                if body.state in ("operational", "dissolved")
                and (by is None or by in (body.actor, body.counterparty))]


def ref(record, field):
    value = record.get(field)
    return value and value["$ref"]


def total(records, field):
    return sum(Fraction(str(record.get(field))) for record in records)
