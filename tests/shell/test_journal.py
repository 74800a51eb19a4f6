"""The journal in memory keeps what the real ones keep: the same tests run on it."""

from collections.abc import AsyncIterator

import pytest

from tests.contracts.journal import Open, Opened
from tests.contracts.test_journal import (  # noqa: F401 - collected here, on the fixture below
    test_a_page_is_bounded,
    test_a_retry_gets_the_first_answer_for_ever,
    test_a_retry_is_a_matter_of_room_person_and_device,
    test_a_room_that_is_not_there_is_empty,
    test_a_seq_that_is_not_the_next_is_a_conflict,
    test_an_abandoned_append_is_not_written,
    test_an_append_is_whole_or_not_at_all,
    test_appends_settle_in_the_order_of_their_submission,
    test_eight_submitters_leave_no_gap,
    test_only_the_guilty_of_a_batch_are_refused,
    test_stop_settles_what_was_submitted,
    test_the_chain_goes_on_where_it_ended,
    test_two_journals_on_one_store_see_each_other,
    test_what_is_stored_is_read_as_it_was,
    test_what_was_stored_is_read_at_once,
)
from tests.contracts.test_journal_rows import (  # noqa: F401 - collected here as well
    test_receipts_only_rise,
    test_rooms_whose_limit_has_come,
    test_the_newest_state_replaces_the_one_before,
    test_the_worklist_is_filtered,
    test_the_worklist_is_paged_in_order,
)
from tests.shell.journal import MemoryStore, ScriptedJournal


@pytest.fixture
async def opened() -> AsyncIterator[Open]:
    """Opens journals on one store."""
    store = MemoryStore()

    async def open_one() -> Opened:
        return await Opened(ScriptedJournal(store)).start()

    yield open_one
