"""Identity: who gets in, for how long, and how fast they are out again (W-22)."""

import asyncio
from pathlib import Path

import pytest

from hub.edge.identity import Denied, Directory, Identity, LoginThrottle, MemoryTickets, Passwords
from hub.edge.identity.principal import Principal
from hub.edge.identity.tickets import TicketRefused
from hub.room.roles import Role
from persistence import credentials, directory
from persistence.directory import Grant, Person
from persistence.entries import StoreUnavailable
from persistence.sqlite import SqliteJournal
from tests.edge.house import PASSWORD, HandClock, House, house


async def _log_in(
    at: House, login: str = "lea", password: str = PASSWORD, **more: str
) -> Principal:
    _, principal = await at.identity.log_in(login, password, address="192.0.2.1", **more)
    return principal


async def _slug(at: House, login: str, password: str, address: str = "192.0.2.1") -> str:
    with pytest.raises(Denied) as denied:
        await at.identity.log_in(login, password, address=address)
    return denied.value.refusal.slug


async def test_login_gives_a_session_of_the_first_part(at: House) -> None:
    value, principal = await at.identity.log_in(" LEA ", PASSWORD, address="192.0.2.1")
    assert (principal.person, principal.role, principal.site) == ("lea", Role.REQUESTER, "mac")
    assert len(value) >= 43  # 256 bits
    assert await at.identity.authenticate(value) == principal


async def test_neither_the_secret_nor_the_password_is_kept(at: House, tmp_path: Path) -> None:
    value, _ = await at.identity.log_in("lea", PASSWORD, address="192.0.2.1")
    kept = await asyncio.to_thread(_bytes_of, tmp_path)
    assert value.encode() not in kept
    assert PASSWORD.encode() not in kept
    assert b"$argon2id$" in kept


def _bytes_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("examroom.db*"))


async def test_wrong_unknown_and_shut_answer_alike(at: House) -> None:
    await at.change(directory.set_disabled, "marc", True)
    told = set()
    for login, password in (("lea", "wrong"), ("nobody", PASSWORD), ("marc", PASSWORD)):
        with pytest.raises(Denied) as denied:
            await at.identity.log_in(login, password, address="192.0.2.1")
        told.add(denied.value.refusal)
    assert len(told) == 1
    assert told.pop().slug == "not_authenticated"


async def test_an_account_without_password_cannot_be_logged_into(at: House) -> None:
    bot = Person("bot", "bot", "Bot", service=True, grants=(Grant("service", "mac"),))
    await at.change(directory.put_people, [bot])
    assert await _slug(at, "bot", "") == "not_authenticated"
    assert await _slug(at, "bot", "nobody") == "not_authenticated"


async def test_role_and_site_are_chosen_at_login(at: House) -> None:
    await at.change(directory.grant, "lea", "technologist", "autre")
    assert (await _log_in(at, role="technologist")).site == "autre"
    assert (await _log_in(at, site="mac")).role is Role.REQUESTER
    with pytest.raises(Denied) as denied:
        await _log_in(at, role="radiologist")
    assert denied.value.refusal.slug == "forbidden"


async def test_the_sixth_wrong_guess_waits_and_the_wait_ends(at: House) -> None:
    for _ in range(5):
        assert await _slug(at, "lea", "wrong") == "not_authenticated"
    with pytest.raises(Denied) as denied:
        await at.identity.log_in("lea", PASSWORD, address="192.0.2.1")
    refusal = denied.value.refusal
    assert refusal.slug == "rate_limited"
    assert refusal.retry_after_ms is not None and 0 < refusal.retry_after_ms <= 60_001
    # somebody far away does not lock her out where she sits
    await at.identity.log_in("lea", PASSWORD, address="198.51.100.9")
    at.clock.move(refusal.retry_after_ms / 1000)
    await at.identity.log_in("lea", PASSWORD, address="192.0.2.1")


def test_throttle_grows_to_a_minute_and_forgets() -> None:
    throttle, now = LoginThrottle(), 0.0
    waits = []
    for _ in range(20):
        while (wait := throttle.attempt("lea", "192.0.2.1", now)) > 0:
            waits.append(wait)
            now += wait
    assert waits[0] <= 2 and max(waits) == 60
    assert waits == sorted(waits)
    assert throttle.attempt("lea", "192.0.2.1", now + 2000) == 0


def test_throttle_counts_a_volley_before_any_answer() -> None:
    throttle = LoginThrottle()
    let_in = sum(throttle.attempt("lea", "192.0.2.1", 0.0) == 0 for _ in range(100))
    assert let_in == 5


def test_throttle_sees_one_subscriber_behind_many_addresses() -> None:
    throttle = LoginThrottle()
    let_in = sum(throttle.attempt(f"login{n}", f"2001:db8::{n:x}", 0.0) == 0 for n in range(1, 200))
    assert let_in == 40


def test_throttle_memory_is_bounded() -> None:
    throttle = LoginThrottle(keys=100)
    for n in range(1000):
        throttle.attempt(f"login{n}", f"192.0.2.{n % 250}", 0.0)
    assert len(throttle._tallies) <= 100


async def test_a_success_clears_the_pair(at: House) -> None:
    for _ in range(3):
        for _ in range(4):
            await _slug(at, "lea", "wrong")
        await _log_in(at)


async def test_a_queue_of_logins_that_is_full_says_so(at: House) -> None:
    full = Passwords(time_cost=1, memory_kib=8, lanes=1, queue=0)
    identity = _identity(at.directory, at.clock, full)
    with pytest.raises(Denied) as denied:
        await identity.log_in("lea", PASSWORD, address="192.0.2.1")
    assert denied.value.refusal.slug == "overloaded"
    full.close()


async def test_a_hash_of_old_parameters_is_renewed_at_login(at: House) -> None:
    before = await at.directory.by_login("lea")
    dearer = Passwords(time_cost=2, memory_kib=16, lanes=1)
    await _identity(at.directory, at.clock, dearer).log_in("lea", PASSWORD, address="192.0.2.1")
    after = await at.directory.by_login("lea")
    assert before is not None and after is not None
    assert before.password_hash != after.password_hash
    assert not dearer.outdated(after.password_hash)
    dearer.close()


def _identity(people: Directory, clock: HandClock, passwords: Passwords) -> Identity:
    return Identity(
        people,
        clock=clock,
        passwords=passwords,
        throttle=LoginThrottle(),
        tickets=MemoryTickets(clock),
    )


# -- Tickets ---------------------------------------------------------------------------------


async def test_a_ticket_is_redeemed_once(at: House) -> None:
    principal = await _log_in(at)
    ticket = at.identity.issue(principal)
    assert ticket is not None
    assert await at.identity.redeem(ticket) == principal
    with pytest.raises(TicketRefused) as refused:
        await at.identity.redeem(ticket)
    assert refused.value.slug == "ticket_used"


async def test_a_ticket_lives_thirty_seconds(at: House) -> None:
    principal = await _log_in(at)
    first, second = at.identity.issue(principal), at.identity.issue(principal)
    assert first is not None and second is not None
    at.clock.move(29.9)
    assert await at.identity.redeem(first) == principal
    at.clock.move(0.2)
    with pytest.raises(TicketRefused) as refused:
        await at.identity.redeem(second)
    assert refused.value.slug == "ticket_used"


async def test_a_ticket_of_a_session_that_ended_is_worth_nothing(at: House) -> None:
    principal = await _log_in(at)
    ticket = at.identity.issue(principal)
    assert ticket is not None
    await at.identity.log_out(principal)
    with pytest.raises(TicketRefused):
        await at.identity.redeem(ticket)


async def test_garbage_is_no_ticket(at: House) -> None:
    for ticket in ("", "x", "\ud800", "é" * 500):
        with pytest.raises(TicketRefused):
            await at.identity.redeem(ticket)


async def test_unspent_tickets_of_a_session_are_bounded(at: House) -> None:
    principal = await _log_in(at)
    issued = [at.identity.issue(principal) for _ in range(2001)]
    assert issued[-1] is None and None not in issued[:-1]
    at.clock.move(31)
    assert at.identity.issue(principal) is not None
    assert len(at.tickets._held) == 1


# -- Ends of sessions ------------------------------------------------------------------------


async def test_logging_out_ends_the_session_and_tells(at: House) -> None:
    value, principal = await at.identity.log_in("lea", PASSWORD, address="192.0.2.1")
    told: list[frozenset[str]] = []
    at.identity.on_change(told.append)
    await at.identity.log_out(principal)
    assert await at.identity.check(principal) is None
    assert await at.identity.authenticate(value) is None
    assert told == [frozenset({principal.session_id})]


async def test_a_session_ends_by_its_time(at: House) -> None:
    value, principal = await at.identity.log_in("lea", PASSWORD, address="192.0.2.1")
    at.clock.move(14 * 3600 - 1)
    assert await at.identity.check(principal) == principal
    at.clock.move(1)
    assert await at.identity.check(principal) is None
    assert await at.identity.authenticate(value) is None


REVOCATIONS = {
    "disabled": (directory.set_disabled, "lea", True),
    "part taken away": (directory.ungrant, "lea", "requester", "mac"),
    "sessions ended": (credentials.end_all, "lea", "2026-11-21T23:40:00.000Z"),
}


@pytest.mark.parametrize("how", REVOCATIONS)
async def test_a_change_made_elsewhere_is_seen_within_the_poll(at: House, how: str) -> None:
    principal = await _log_in(at)
    other = await _log_in(at, "marc")
    await at.change(*REVOCATIONS[how])
    at.clock.move(2.1)
    assert await at.identity.check(principal) is None
    assert await at.identity.check(other) == other


async def test_refresh_names_the_sessions_that_changed_and_no_others(at: House) -> None:
    lea, marc = await _log_in(at), await _log_in(at, "marc")
    told: list[frozenset[str]] = []
    at.identity.on_change(told.append)
    await at.change(directory.set_disabled, "lea", True)
    await at.identity.refresh()
    await at.identity.refresh()
    assert told == [frozenset({lea.session_id})]
    assert await at.identity.check(marc) == marc


async def test_a_new_line_widens_what_a_session_covers(at: House) -> None:
    omar = await _log_in(at, "omar")
    assert omar.covers == {"tele", "mac"}
    await at.change(lambda c: directory.assign(c, "nuit", add_sites=["autre"]))
    at.clock.move(2.1)
    now = await at.identity.check(omar)
    assert now is not None and now.covers == {"tele", "mac", "autre"}


async def test_only_roles_that_lines_ring_cover_their_sites(at: House) -> None:
    await at.change(lambda c: directory.assign(c, "nuit", add_people=["nora", "marc"]))
    assert (await _log_in(at, "nora")).covers == {"autre"}
    assert (await _log_in(at, "nora")).worklist_sites == frozenset()
    assert (await _log_in(at, "marc")).worklist_sites == {"mac"}


async def test_checking_costs_no_read_until_the_poll_is_due(at: House) -> None:
    principal = await _log_in(at)
    await at.identity.refresh()
    await at.change(directory.set_disabled, "lea", True)
    at.clock.move(0.4)
    assert await at.identity.check(principal) == principal
    at.clock.move(0.2)
    assert await at.identity.check(principal) is None


async def test_w22_where_it_matters_what_is_known_is_asked_again(at: House) -> None:
    principal = await _log_in(at)
    await at.identity.refresh()
    await at.change(directory.set_disabled, "lea", True)
    assert await at.identity.check(principal, 0.0) is None


async def test_what_was_known_holds_while_the_store_is_away(tmp_path: Path) -> None:
    class Away(SqliteJournal):
        gone = False

        async def query(self, job):  # type: ignore[no-untyped-def]  # as the one it stands for
            if self.gone:
                raise StoreUnavailable("test")
            return await super().query(job)

    async with house(tmp_path / "real") as real:
        await _log_in(real)  # the file exists, with its people
        away = Away(real.services.settings.database_url)
        await away.start(lambda settled: None)
        identity = _identity(Directory(away), real.clock, real.passwords)
        value, principal = await identity.log_in("lea", PASSWORD, address="192.0.2.1")
        away.gone = True
        real.clock.move(60)
        assert await identity.check(principal) == principal
        assert await identity.authenticate(value) == principal
        with pytest.raises(StoreUnavailable):
            await identity.authenticate("never seen before")
        real.clock.move(14 * 3600)
        assert await identity.check(principal) is None
        away.gone = False
        await away.stop()


# -- Bearer tokens ---------------------------------------------------------------------------


async def test_a_token_acts_until_it_is_revoked_or_over(at: House) -> None:
    value = await at.token("omar", days=1)
    principal = await at.identity.authenticate(value)
    assert principal is not None and principal.role is Role.RADIOLOGIST
    at.clock.move(86_399)
    assert await at.identity.check(principal) is not None
    at.clock.move(1)
    assert await at.identity.check(principal) is None
    again = await at.identity.authenticate(await at.token("omar"))
    assert again is not None
    await at.change(credentials.end, again.session_id, "2026-11-22T00:00:00.000Z")
    at.clock.move(2.1)
    assert await at.identity.check(again) is None


async def test_a_principal_tells_nothing_in_a_log(at: House) -> None:
    principal = await _log_in(at)
    for held in (principal, await at.directory.person("lea")):
        assert "Léa" not in repr(held) and "lea" not in repr(held)
