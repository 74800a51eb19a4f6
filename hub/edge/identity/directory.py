"""The directory as the hub asks it: people, sites and lines, over the jobs of the journal's store.

Reads go to a reader, writes through the one writer. Everything raises `StoreUnavailable` where the
store does not answer.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from hub.ports import Journal
from persistence import credentials, directory
from persistence.credentials import Credential, Standing
from persistence.directory import Line, Person, Site

T = TypeVar("T")


class Directory:
    """People, their parts, sites, lines and credentials."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._sites: tuple[int, Mapping[str, Site]] = (-1, {})
        """Every site, and the revision at which they were read."""

    async def revision(self) -> int:
        """Differs from the one before once any right may have changed."""
        return await self._journal.query(directory.revision)

    async def person(self, person: str) -> Person | None:
        """The person of this id, for `member.invite` and for naming."""
        return (await self.people([person])).get(person)

    async def people(self, ids: Sequence[str]) -> dict[str, Person]:
        """The people of these ids; those nobody has are left out."""
        wanted = list(ids)
        return await self._journal.query(lambda at: directory.find(at, wanted))

    async def by_login(self, login: str) -> Person | None:
        """The person who logs in under this name."""
        name = normal_login(login)
        return await self._journal.query(lambda at: directory.by_login(at, name))

    async def search(self, text: str = "", role: str = "", limit: int = 50) -> list[Person]:
        """People who are not shut out, by name."""
        return await self._journal.query(
            lambda at: directory.search(at, text=text, role=role, limit=limit)
        )

    async def sites(self) -> Mapping[str, Site]:
        """Every site by its id; read again only once something of the directory changed."""
        held = self._sites

        def read(at: Any) -> tuple[int, Mapping[str, Site]]:
            now = directory.revision(at)
            return held if held[0] == now else (now, _by_id(directory.all_sites(at)))

        self._sites = await self._journal.query(read)
        return self._sites[1]

    async def lines(self) -> list[Line]:
        """Every line with its sites and people."""
        return await self._journal.query(directory.all_lines)

    async def change(self, job: Callable[[Any], T]) -> T:
        """Run a job of `persistence.directory` or `persistence.credentials` on the writer."""
        return await self._journal.run(job)

    async def keep(self, credential: Credential) -> None:
        """Keep a new session or token."""
        await self._journal.run(lambda at: credentials.add(at, [credential]))

    async def end(self, id: str, now: str) -> None:
        """End a session or token; one that ended before stays ended."""

        def job(at: Any) -> None:
            if credentials.by_ids(at, [id], now):
                credentials.end(at, id, now)

        await self._journal.run(job)

    async def by_secret(self, secret_hash: str, now: str) -> tuple[int, Standing | None]:
        """What a secret stands for, with the revision at which that was read."""
        return await self._journal.query(
            lambda at: (directory.revision(at), credentials.by_secret(at, secret_hash, now))
        )

    async def standing(self, ids: Sequence[str], now: str) -> tuple[int, dict[str, Standing]]:
        """The credentials among `ids` that still stand, with the revision."""
        wanted = list(ids)
        return await self._journal.query(
            lambda at: (directory.revision(at), credentials.by_ids(at, wanted, now))
        )


def _by_id(sites: Sequence[Site]) -> Mapping[str, Site]:
    return {one.site: one for one in sites}


def normal_login(login: str) -> str:
    """How a login is compared and kept: without case and outer blanks."""
    return login.strip().casefold()
