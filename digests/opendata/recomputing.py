"""Groups and map computed again from published rows, and compared with what was published.

Workers and commands only: this brings numpy.
"""

from typing import Any

from digests import ballots, findings
from digests.opendata import verify
from digests.opendata.verify import Data, Report


def check_groups(files: verify.Files, data: Data, report: Report) -> None:
    """Compute groups and map from votes.csv with the seed of the digest; people under other names are the same people.

    Exact with the library versions that `method.versions` names; others may give other last digits.
    """
    rows = files.rows("votes.csv", ["pseudonym", "number", "version", "value"])
    people, numbers, versions, values = ([row[at] for row in rows] for at in range(4))
    own = ballots.of(people, [int(n) for n in numbers], [int(v) for v in values], [int(v) for v in versions])
    seed = data.digest["groups"]["seed"] or data.digest["method"]["groups"]["seed"]
    found = findings.find_groups(own, seed)
    section = findings.of_groups(own, found, seed)["groups"]
    for name in section:
        report.expect("full", f"groups.{name}", data.digest["groups"][name], section[name])
    if found is None:
        return
    labels = found.labels + 1 if found.stable else found.labels * 0
    again = dict(zip(own.people.tolist(), labels.tolist(), strict=True))
    given: dict[Any, Any] = {name: group or 0 for name, (group, _place) in data.people.items()}
    report.expect("full", "the group of each person", given, again)
