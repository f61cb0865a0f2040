"""What the desk reads of an order while the customer waits."""

from pathlib import Path

import pytest

from automation.backoffice.database import today
from automation.backoffice.seed import seed
from desk.integrations.orders import (
    BackOfficeOrders,
    FakeOrders,
    OrdersUnreachable,
    answered_by,
    orders,
)


@pytest.fixture
def real(tmp_path: Path) -> BackOfficeOrders:
    seed(tmp_path / "orders.sqlite")
    return BackOfficeOrders(tmp_path / "orders.sqlite")


def test_an_order_is_read_as_it_stands(real: BackOfficeOrders) -> None:
    order = real.find("KD-4711")
    assert order is not None
    assert (order.email, order.status) == ("emily.hart@example.com", "delivered")
    assert order.delivered_on is not None
    assert (today() - order.delivered_on).days == 5
    assert (order.total_minor, order.currency) == (8900, "EUR")
    assert order.items == ("1 × Celadon Teapot 600 ml",)
    assert order.carrier == "DHL"
    assert order.refund_reference is None


def test_a_refunded_order_tells_the_number_of_its_refund(real: BackOfficeOrders) -> None:
    order = real.find("KD-4712")
    assert order is not None
    assert order.status == "refunded"
    assert order.refund_reference == "RF-10001"


@pytest.mark.parametrize("said", ["kd-4711", " KD4711 ", "#4711", "ＫＤ－４７１１", "kd 4711"])
def test_a_number_is_known_however_it_is_written(real: BackOfficeOrders, said: str) -> None:
    order = real.find(said)
    assert order is not None
    assert order.number == "KD-4711"
    assert FakeOrders([order]).find(said) == order


@pytest.mark.parametrize("said", ["KD-9999", "", "four", "KD-4711' OR 1=1", "\x00", "٤٧١١"])
def test_a_number_that_is_none_finds_nothing(real: BackOfficeOrders, said: str) -> None:
    assert real.find(said) is None


def test_orders_that_cannot_be_read_are_unreachable_and_not_unknown(tmp_path: Path) -> None:
    for broken in (tmp_path / "missing.sqlite", tmp_path):
        with pytest.raises(OrdersUnreachable):
            BackOfficeOrders(broken).find("KD-4711")
    (tmp_path / "noise.sqlite").write_text("this is not a database at all, " * 50)
    with pytest.raises(OrdersUnreachable):
        BackOfficeOrders(tmp_path / "noise.sqlite").find("KD-4711")
    with pytest.raises(OrdersUnreachable):
        FakeOrders(down=True).find("KD-4711")


def test_reading_makes_no_file_where_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(OrdersUnreachable):
        BackOfficeOrders(tmp_path / "missing.sqlite").find("KD-4711")
    assert not list(tmp_path.iterdir())


def test_a_stand_in_answers_inside_its_block_only(
    real: BackOfficeOrders, robot_folder: Path
) -> None:
    order = real.find("KD-4711")
    assert order is not None
    with answered_by(FakeOrders([order])):
        assert orders().find("KD-4712") is None
    assert orders().find("KD-4712") is not None
