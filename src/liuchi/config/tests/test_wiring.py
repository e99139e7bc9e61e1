from liuchi.config.wiring import REACTIONS


def test_reactions_when_listed_then_each_name_once_and_staff_follow_organisations() -> None:
    wired = {each.name: each.kinds for each in REACTIONS}

    assert len(wired) == len(REACTIONS)
    assert wired["people.organisations"] == {"organisations.succeeded", "organisations.ended"}
    assert wired["people.closed_posts"] == {"organisations.post_closed"}
