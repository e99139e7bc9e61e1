import pytest

from liuchi.ground.kernel.ids import new_id
from liuchi.ground.kernel.keyring import KeyringBroken, keyring
from liuchi.ground.records import protected


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
    assert (protected.seal("", "x", 1), protected.blind("", "x"), protected.unseal(None, "x", 1)) == (None, None, "")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("990803195001010011", "990803********0011"),
        ("990803500101001", "990803*****1001"),
        ("123", "*23"),
        ("", ""),
    ],
)
def test_mask_identity_when_shown_then_only_district_and_last_four(number: str, shown: str) -> None:
    assert protected.mask_identity(number) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("花亭社区12号楼3单元402室", "花亭社区****"),
        ("集贤南路88号", "集贤南路****"),
        ("锡麟街三号", "锡麟街****"),
        ("老宅院子", "老宅****"),
        ("", ""),
    ],
)
def test_mask_address_when_shown_then_only_down_to_the_community(address: str, shown: str) -> None:
    assert protected.mask_address(address) == shown


def test_sealed_value_when_copied_into_another_row_then_does_not_open() -> None:
    row, other = new_id(), new_id()
    sealed = protected.seal("13900000000", protected.PHONE, row)

    assert protected.unseal(sealed, protected.PHONE, row) == "13900000000"
    with pytest.raises(KeyringBroken):
        protected.unseal(sealed, protected.PHONE, other)
    with pytest.raises(KeyringBroken):
        protected.unseal(sealed, protected.IDENTITY, row)


def test_sealed_value_when_made_before_rows_were_bound_then_still_opens_and_says_so() -> None:
    row = new_id()
    old = keyring().seal("13900000000", protected.PHONE)

    assert protected.unseal(memoryview(old), protected.PHONE, row) == "13900000000"
    assert not protected.is_bound(old)
    assert protected.is_bound(protected.seal("13900000000", protected.PHONE, row) or b"")


def test_blinds_when_asked_then_hold_the_index_that_is_written() -> None:
    assert protected.blind("1", protected.PHONE) in protected.blinds("1", protected.PHONE)
    assert protected.blinds("", protected.PHONE) == []
