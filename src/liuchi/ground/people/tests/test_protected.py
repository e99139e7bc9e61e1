import pytest

from liuchi.ground.people import protected


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("138 0013 8000", "13800138000"),
        ("+86-13800138000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("(0556) 5551234", "05565551234"),
        ("12345", "12345"),
        ("86123", "86123"),
        ("", ""),
    ],
)
def test_normal_phone_when_written_in_any_way_then_the_same_digits(written: str, digits: str) -> None:
    assert protected.normal_phone(written) == digits


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("13812345678", "138****5678"), ("12345", "***45"), ("1", "1"), ("", ""), ("05565551234", "055****1234")],
)
def test_mask_phone_when_shown_then_only_its_ends(phone: str, shown: str) -> None:
    assert protected.mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("name", "shown"), [("张三", "张*"), ("张小三", "张**"), ("欧阳小三", "欧阳**"), ("张", "张*"), ("", "")]
)
def test_mask_name_when_shown_then_only_the_family_name(name: str, shown: str) -> None:
    assert protected.mask_name(name) == shown


def test_seal_and_blind_when_there_is_nothing_then_none() -> None:
    assert (protected.seal("", "x"), protected.blind("", "x"), protected.unseal(None, "x")) == (None, None, "")
