import numpy as np
import pytest

from evaltool.stats.ar1 import ar1_difference
from evaltool.stats.estimate import NotEstimable

from .reference import data, numbers


def test_agrees_with_nlme_with_months_left_out():
    frame, want = data("months"), numbers("ar1")
    got = ar1_difference(values=frame["nights"].to_numpy(), after=frame["after"].to_numpy(bool), period=frame["month"].to_numpy())
    assert (got.change.estimate, got.change.std_error) == pytest.approx((want["estimate"], want["se"]), rel=1e-4)
    assert got.memory == pytest.approx(want["extra"], abs=1e-4)


def test_order_of_rows_does_not_matter():
    frame = data("months")
    mixed = frame.sample(frac=1, random_state=1)
    a, b = (ar1_difference(values=f["nights"].to_numpy(), after=f["after"].to_numpy(bool), period=f["month"].to_numpy()) for f in (frame, mixed))
    assert a.change.conf_low == pytest.approx(b.change.conf_low)


def test_interval_holds_its_promise_where_months_remember():
    """The trap: Newey-West with a short lag covers 85 % at memory 0.4 and 12 + 12 months."""
    rng = np.random.default_rng(9)
    after = np.arange(24) > 11
    held = 0
    for _ in range(400):
        noise = rng.normal(0, 1, 24)
        for t in range(1, 24):
            noise[t] = 0.4 * noise[t - 1] + np.sqrt(1 - 0.16) * noise[t]
        got = ar1_difference(values=noise, after=after, period=np.arange(24)).change
        held += got.conf_low <= 0 <= got.conf_high
    assert held / 400 > 0.9


@pytest.mark.parametrize(
    ("values", "after", "reason"),
    [
        (np.arange(5.0), np.arange(5) > 3, "too_few"),
        (np.ones(8), np.arange(8) > 3, "zero_variance"),
    ],
)
def test_no_number_where_there_is_none(values, after, reason):
    with pytest.raises(NotEstimable) as caught:
        ar1_difference(values=values, after=after, period=np.arange(len(values)))
    assert caught.value.reason == reason
