from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from liuchi.ground.kernel.ids import new_id


def test_new_id_when_called_often_then_each_sorts_after_the_one_before() -> None:
    ids = [new_id() for _ in range(20_000)]

    assert all(isinstance(each, UUID) and each.version == 7 for each in ids)
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)


def test_new_id_when_threads_ask_at_once_then_none_is_given_twice() -> None:
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda _: [new_id() for _ in range(2000)], range(8)))

    assert len({each for some in given for each in some}) == 16_000
