"""Sources that are watched: what a rollback undid is not built again, what is gone is told of."""

import os
from pathlib import Path

import pytest

from index.hold import holds
from qa.answerer import Answerer
from qa.live import AWAY, Live
from qa.settings import Settings
from qa.store.going_back import gone_back
from qa.tending import Tended

from .numbered import published, serving_from, write


class Site:
    """A knowledge base whose sources are watched by a server; `built` counts its rebuilds."""

    def __init__(self, home: Path) -> None:
        self.home, self.sources, self.kb = home, home / "src", home / "kb"
        self.built = 0
        for number in (1, 2):
            published(home, number)

    def roll_back(self) -> str:
        return gone_back(Settings(kb=self.kb)).manifest.generation

    def start(self) -> Live[Answerer]:
        """Serve, as after a restart."""
        live, _ = serving_from(self.home)
        self.tended = Tended(self.sources, self.kb, live, self._build)
        self.later()
        return live

    def later(self) -> int:
        """How often it was built until a look later."""
        self.tended.watch()
        return self.built

    def _build(self) -> bool:
        self.built += 1
        return True


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr("qa.watch.QUIET", 0.0)
    return Site(tmp_path)


def test_a_restart_does_not_undo_a_rollback(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "qa")
    assert site.roll_back() == "gen-1"

    site.start()

    assert site.later() == 0
    told = [record.getMessage() for record in caplog.records if record.name == "qa.tending"]
    assert told == [
        "gen-1 was rolled back to and the sources have not changed since, so they are not built; "
        f"to build them all the same: citewell build {site.sources} --out {site.kb}"
    ]


def test_it_holds_until_the_sources_say_something_else(site: Site) -> None:
    site.roll_back()
    site.start()
    os.utime(site.sources / "faq.md", ns=(1, 1))
    assert site.later() == 0

    write(site.sources, 3)

    assert site.later() == 1


def test_sources_that_changed_while_nothing_served_are_built(site: Site) -> None:
    site.roll_back()
    write(site.sources, 3)

    site.start()

    assert site.built == 1


@pytest.mark.parametrize("number", [1, 2])
def test_it_holds_until_somebody_builds(site: Site, number: int) -> None:
    """The sources of gen-1, of which a build makes nothing new, or again those of gen-2."""
    site.roll_back()
    assert holds(site.kb)

    published(site.home, number)
    write(site.sources, 2)  # as they were at the rollback
    site.start()

    assert not holds(site.kb)
    assert site.built == 1


def test_what_was_rolled_back_without_its_sources_is_built_when_they_come(site: Site) -> None:
    site.sources.rename(site.home / "away")
    site.roll_back()
    (site.home / "away").rename(site.sources)

    site.start()

    assert site.built == 1


def test_a_folder_that_is_moved_away_is_told_of_and_not_built(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "qa")
    live = site.start()
    assert site.built == 1
    site.sources.rename(site.home / "away")
    assert [site.later() for _ in range(3)] == [1, 1, 1]
    assert (live.trouble and live.trouble.said, live.current.generation) == (AWAY, "gen-2")

    (site.home / "away").rename(site.sources)
    assert (site.later(), live.trouble) == (1, None)

    told = [record.getMessage() for record in caplog.records if record.name == "qa.tending"]
    assert told == [
        f"{site.sources}: the sources are not here any more; put them back, or serve others with "
        "--sources DIR",
        f"the sources are here again: {site.sources}",
    ]


@pytest.mark.parametrize("junk", ["", "{}", "[1]", '{"generation": 1, "sources": 2}', "[" * 99_999])
def test_what_is_no_record_of_a_rollback_holds_nothing(site: Site, junk: str) -> None:
    (site.kb / "rollback.json").write_text(junk)

    site.start()

    assert site.built == 1
