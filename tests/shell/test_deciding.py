"""From an act to everyone: in order, once, and never before it is on the disk (W-10 to W-19)."""

from functools import partial

from hub.live import Ok
from hub.principal import Principal, author
from hub.room.stages import Stage
from hub.wire.errors import Err
from tests.room.cast import CLAIRE, LEA, MARC, OMAR
from tests.shell.clock import calm, pass_time
from tests.shell.house import ROOM, House, loaded, principal, slugs

# -- stored, then ok, then delivered (W-10) --------------------------------------------------------


async def test_nothing_is_answered_or_shown_before_it_is_stored(house: House) -> None:
    house.furnish()
    marc, lea = await house.member(MARC), await house.member(LEA)
    house.journal.hold()
    lea.say("one")
    await pass_time(1)
    assert marc.seqs() == lea.seqs() == []
    assert lea.answers("cid-one") == []
    assert house.live().kept.seq == house.head()
    house.journal.take_up()  # on the disk, and the hub does not know
    await calm()
    assert marc.seqs() == lea.seqs() == []
    assert lea.answers("cid-one") == []
    house.journal.tell()
    assert lea.answers("cid-one") == [{"t": "ok", "re": "cid-one", "seq": house.head()}]
    assert marc.seqs() == lea.seqs() == [house.head()]


async def test_ok_comes_before_the_event(house: House) -> None:
    house.furnish()
    lea = await house.member(LEA)
    lea.say("one")
    lea.say("two")
    await calm()
    order = [frame["t"] for frame in lea.link.arrived if frame["t"] in ("ok", "evt")]
    assert order == ["ok", "ok", "evt", "evt"] or order == ["ok", "evt", "ok", "evt"]


async def test_acts_of_one_batch_come_in_the_order_given(house: House) -> None:
    head = await loaded(house)
    marc = await house.member(MARC)
    house.journal.hold()
    answers = [house.say([LEA, OMAR][n % 2], f"m{n}") for n in range(50)]
    house.journal.settle()
    await calm()
    assert answers == [[Ok(head + n)] for n in range(1, 51)]
    assert [event["body"]["text"] for event in marc.events()] == [f"m{n}" for n in range(50)]


async def test_a_batch_may_be_settled_in_pieces(house: House) -> None:
    head = await loaded(house)
    house.journal.hold()
    answers = [house.say(LEA, f"m{n}") for n in range(5)]
    for done in range(1, 6):
        house.journal.settle(1)
        assert [len(got) for got in answers] == [1] * done + [0] * (5 - done)
        assert house.live().kept.seq == head + done
        assert house.live().tip.seq == head + 5
    assert house.live().pending == house.live().fallen == type(house.live().pending)()


# -- the store fails (W-19) ------------------------------------------------------------------------


async def test_a_store_that_fails_refuses_all_and_keeps_nothing_for_later(house: House) -> None:
    head = await loaded(house)
    marc = await house.member(MARC)
    house.journal.hold()
    answers = [house.say(LEA, f"m{n}") for n in range(4)]
    house.journal.fail()
    await calm()
    assert [slugs(got) for got in answers] == [["storage_unavailable"]] * 4
    assert house.live().tip.seq == house.live().kept.seq == head
    house.journal.up = True
    house.journal.release()
    await house.rounds.tidy()
    await pass_time(5)
    assert house.head() == head
    assert marc.seqs() == []
    again = house.say(LEA, "m2")
    await calm()
    assert again == [Ok(head + 1)]  # its author brought it again: stored, once
    assert house.texts()[-1] == "m2"


async def test_an_act_given_while_the_store_is_down_is_refused_at_once(house: House) -> None:
    await loaded(house)
    house.journal.up = False
    answers = house.say(LEA, "m")
    assert slugs(answers) == ["storage_unavailable"]
    assert isinstance(answers[0], Err)
    assert answers[0].retry_after_ms


async def test_what_stands_on_a_lost_act_is_decided_again_in_order(house: House) -> None:
    head = await loaded(house)
    marc = await house.member(MARC)
    house.journal.hold()
    answers = [house.say(LEA, f"m{n}") for n in range(4)]
    house.journal.fail(1)
    house.journal.settle(1)  # stands on nothing: a conflict
    assert [slugs(got) for got in answers[1:]] == [[], [], []]
    house.journal.settle()
    house.journal.release()
    await calm()
    assert [slugs(got) for got in answers] == [["storage_unavailable"], ["ok"], ["ok"], ["ok"]]
    assert house.texts()[-3:] == ["m1", "m2", "m3"]
    assert marc.seqs() == [head + 1, head + 2, head + 3]


async def test_what_depended_on_a_lost_act_is_refused_with_it(house: House) -> None:
    await loaded(house, Stage.REQUESTED)
    house.journal.hold()
    claim = house.give(OMAR, "case.claim", {}, "claim")
    decide = house.give(OMAR, "justification.decide", {"decision": "accept"}, "decide")
    say = house.say(OMAR, "and a word")
    house.journal.fail(1)
    house.journal.settle()
    house.journal.release()
    await calm()
    assert slugs(claim) == ["storage_unavailable"]
    assert slugs(decide) == ["wrong_stage"]
    assert slugs(say) == ["ok"]
    assert house.fold().stage is Stage.REQUESTED
    assert house.live().kept == house.fold()


async def test_a_commit_that_failed_and_was_written_is_found_by_the_retry(house: House) -> None:
    head = await loaded(house)
    marc = await house.member(MARC)
    house.journal.hold()
    first = house.say(LEA, "one")
    house.journal.fail(written=True)
    await calm()
    assert slugs(first) == ["storage_unavailable"]
    house.journal.up = True
    house.journal.release()
    again = house.say(LEA, "one")
    await calm()
    assert again == [Ok(head + 1, dup=True)]
    assert house.texts().count("one") == 1
    assert marc.seqs() == [head + 1]


async def test_an_act_stored_on_a_base_reported_lost_is_answered_and_shown(house: House) -> None:
    head = await loaded(house)
    marc = await house.member(MARC)
    house.journal.hold()
    first, second = house.say(LEA, "one"), house.say(LEA, "two")
    house.journal.fail(1, written=True)
    house.journal.settle()
    house.journal.release()
    await calm()
    assert slugs(first) == ["storage_unavailable"]
    assert second == [Ok(head + 2)]
    assert marc.seqs() == [head + 1, head + 2]
    assert house.live().kept == house.live().tip == house.fold()


async def test_reading_goes_on_while_writing_fails(house: House) -> None:
    house.furnish(more=5)
    house.journal.up = False
    marc = await house.member(MARC, after=0)
    assert marc.seqs() == [*range(1, house.head() + 1)]


async def test_a_late_answer_is_503_and_a_late_commit_is_still_delivered(house: House) -> None:
    head = await loaded(house)
    marc = await house.member(MARC)
    house.rounds.start()
    house.journal.hold()
    first, second = house.say(LEA, "one"), house.say(LEA, "two")
    house.journal.take_up(1)
    await pass_time(2)
    assert slugs(first) == slugs(second) == ["storage_unavailable"]
    house.journal.release()
    house.journal.tell()
    await calm()
    assert marc.seqs() == [head + 1]  # what was not taken up was given up
    assert house.texts()[-1] == "one"
    assert slugs(house.say(LEA, "one")) == ["dup"]
    await calm()
    assert (len(first), len(second)) == (1, 1)
    await house.rounds.stop()


async def test_an_act_is_overdue_within_two_seconds_and_not_before_its_time(house: House) -> None:
    await loaded(house)
    house.rounds.start()
    house.journal.hold()
    answers = house.say(LEA, "one")
    await pass_time(house.rooms.settings.store_timeout_s - 0.1)
    assert answers == []
    await pass_time(2 - house.rooms.settings.store_timeout_s)
    assert slugs(answers) == ["storage_unavailable"]
    await house.rounds.stop()


async def test_everyone_connected_hears_when_the_store_goes_and_comes_back(house: House) -> None:
    house.furnish()
    marc = await house.member(MARC)
    house.journal.up = False
    house.journal.up = False
    house.journal.up = True
    assert marc.notes() == [("degraded", ""), ("recovered", "")]


# -- somebody else was first -----------------------------------------------------------------------


async def test_acts_that_came_second_are_decided_again_in_order(house: House) -> None:
    head = await loaded(house)
    marc = await house.member(MARC)
    house.journal.hold()
    answers = [house.say([LEA, OMAR][n % 2], f"m{n}") for n in range(6)]
    house.elsewhere(CLAIRE, "message.post", {"text": "from elsewhere"})
    house.journal.settle(2)
    later = house.say(LEA, "m6")
    house.journal.settle()
    house.journal.release()
    await calm()
    assert house.texts()[-8:] == ["from elsewhere", *(f"m{n}" for n in range(7))]
    assert [*answers, later] == [[Ok(head + 2 + n)] for n in range(7)]
    assert marc.seqs() == [*range(head + 1, head + 9)]


async def test_of_two_who_claim_one_has_it_and_the_other_hears_who(house: House) -> None:
    await loaded(house, Stage.REQUESTED)
    house.journal.hold()
    mine = house.give(OMAR, "case.claim", {}, "claim")
    house.elsewhere(CLAIRE, "case.claim")
    house.journal.release()
    await calm()
    assert slugs(mine) == ["already_claimed"]
    owner = house.live().kept.owner
    assert owner
    assert owner.person == "claire"


async def test_what_was_decided_on_an_act_that_came_second_is_decided_again(house: House) -> None:
    await loaded(house, Stage.REQUESTED)
    house.journal.hold()
    claim = house.give(OMAR, "case.claim", {}, "claim")
    decide = house.give(OMAR, "justification.decide", {"decision": "accept"}, "decide")
    house.elsewhere(CLAIRE, "case.claim")
    house.journal.release()
    await calm()
    assert slugs(claim) == ["already_claimed"]
    assert slugs(decide) != ["ok"]
    assert house.fold().stage is Stage.CLAIMED


async def test_who_was_removed_elsewhere_is_refused_when_decided_again(house: House) -> None:
    await loaded(house)
    house.journal.hold()
    said = house.say(MARC, "still here?")
    house.elsewhere(OMAR, "member.remove", {"person": "marc", "reason": "test"})
    house.journal.release()
    await calm()
    assert slugs(said) == ["forbidden"]
    assert "still here?" not in house.texts()


async def test_an_act_on_what_was_not_seen_is_stale(house: House) -> None:
    head = await loaded(house, Stage.PROTOCOLLED)
    body = {"version": 2, "modality": "CT", "regions": ["head"], "reason": "r"}
    body |= {"series": [{"n": 1, "name": "Head", "phase": "arterial"}]}
    done = house.give(OMAR, "protocol.amend", body, "mine")
    await calm()
    assert slugs(done) == ["ok"]
    late: list[Ok | Err] = []
    read = b'{"regions":["head"],"phases":["non-contrast"]}'
    text = b'{"version":1,"content_hash":"%b","read_back":%b}' % (b"0" * 64, read)
    submit = partial(house.rooms.submit, author(principal(MARC), "dev-1"), ROOM)
    submit("protocol.acknowledge", text, "ack", lambda _, answer: late.append(answer), head)
    await calm()
    assert slugs(late) == ["stale_after"]


# -- rights that changed elsewhere (W-22) ----------------------------------------------------------


async def test_acts_put_back_are_stored_in_order_when_rights_are_as_before(house: House) -> None:
    head = await loaded(house)
    marc = await house.member(MARC)
    house.journal.hold()
    answers = [house.say([LEA, OMAR][n % 2], f"m{n}") for n in range(4)]
    house.journal.put_back(2)
    again = house.say(LEA, "m0")
    house.journal.settle()  # what stood on those that were put back
    house.journal.release()
    await calm()
    assert answers == [[Ok(head + n)] for n in range(1, 5)]
    assert again == [Ok(head + 1, dup=True)]
    assert house.texts()[-4:] == ["m0", "m1", "m2", "m3"]
    assert marc.seqs() == [*range(head + 1, head + 5)]


async def test_an_act_put_back_of_somebody_without_rights_is_refused(house: House) -> None:
    await loaded(house)
    asked: list[str] = []

    async def standing(who: Principal, age: float) -> Principal | None:
        asked.append(who.person)
        return None if who.person == "marc" else who

    house.rooms.decider.standing = standing
    house.journal.hold()
    lost, kept = house.say(MARC, "no more"), house.say(LEA, "still")
    house.journal.put_back()
    house.journal.release()
    await calm()
    assert slugs(lost) == ["not_authenticated"]
    assert slugs(kept) == ["ok"]
    assert house.texts() == ["still"]
    assert asked == ["marc", "lea"]
