"""Kernels of one page each against R: two_sample, paired, proportions, clustered, autocorrelation."""

import math

import numpy as np
import pytest

from evaltool.stats.autocorrelation import hac_difference, newey_west_lag
from evaltool.stats.clustered import ols_clustered
from evaltool.stats.estimate import NotEstimable
from evaltool.stats.paired import paired_t
from evaltool.stats.proportions import newcombe, wilson, wilsons
from evaltool.stats.two_sample import welch

from .reference import agrees, data


def test_welch_agrees_with_r():
    frame = data("scores").query("department == 'd0'")
    sides = frame.groupby("after")["y"]
    agrees(welch(before=sides.get_group(0).to_numpy(), after=sides.get_group(1).to_numpy()), "welch")


def test_paired_t_agrees_with_r():
    wide = data("scores").pivot_table(index="person", columns="after", values="y").dropna()
    agrees(paired_t(before=wide[0].to_numpy(), after=wide[1].to_numpy()), "paired")


def test_paired_t_refuses_unequal_lengths():
    with pytest.raises(ValueError, match="3 before, 2 after"):
        paired_t(before=np.arange(3.0), after=np.arange(2.0))


@pytest.mark.parametrize("outcome", ["event", "nights"])
def test_cluster_robust_agrees_with_sandwich(outcome):
    frame = data("stays")
    x = np.column_stack([np.ones(len(frame)), frame["after"]]).astype(float)
    fit = ols_clustered(y=frame[outcome].to_numpy(float), x=x, clusters=frame["person"].to_numpy())
    case = "cluster_share" if outcome == "event" else "cluster_nights"
    agrees(fit.estimate(position=1, conf_level=0.95), case)


@pytest.mark.parametrize("counts", [(48, 80, 56, 70), (3, 10, 9, 10), (10, 20, 14, 30)])
def test_newcombe_agrees_with_r(counts):
    e1, n1, e2, n2 = counts
    got = newcombe(events_before=e1, n_before=n1, events_after=e2, n_after=n2)
    agrees(got, "newcombe_" + "_".join(map(str, counts)))


def test_newcombe_published_example():
    """Newcombe 1998, table II, method 10: 56/70 against 48/80 -> 0.0524 to 0.3339; 0/10 against 0/10 -> +-0.2775."""
    got = newcombe(events_before=48, n_before=80, events_after=56, n_after=70)
    assert (round(got.conf_low, 4), round(got.conf_high, 4)) == (0.0524, 0.3339)
    none = newcombe(events_before=0, n_before=10, events_after=0, n_after=10)
    assert (round(none.conf_low, 4), round(none.conf_high, 4)) == (-0.2775, 0.2775)
    assert math.isnan(none.p_value) and math.isnan(none.std_error)


def test_wilson_ends_are_exact_at_none_and_all():
    assert wilson(events=0, n=10)[0] == 0.0
    assert wilson(events=10, n=10)[1] == 1.0


def test_many_wilson_intervals_are_to_the_last_digit_those_of_one():
    events, n = (part.ravel() for part in np.meshgrid(np.arange(0.0, 41.0), np.arange(1.0, 41.0)))
    events, n = events[events <= n], n[events <= n]
    low, high = wilsons(events=events, n=n, conf_level=0.9)
    assert list(zip(low, high, strict=True)) == [wilson(events=k, n=m, conf_level=0.9) for k, m in zip(events, n, strict=True)]


def test_hac_agrees_with_r_with_months_left_out():
    frame = data("months")
    got = hac_difference(
        values=frame["nights"].to_numpy(), after=frame["after"].to_numpy(bool), period=frame["month"].to_numpy()
    )
    agrees(got, "hac")
    assert got.method == "hac_lag_3"


def test_hac_without_gaps_is_sandwich_neweywest():
    frame = data("months")
    got = hac_difference(
        values=frame["nights"].to_numpy(), after=frame["after"].to_numpy(bool), period=np.arange(len(frame)), lag=3
    )
    agrees(got, "hac_no_gap_lag3")


def test_lag_grows_slowly():
    assert [newey_west_lag(n=n) for n in (1, 12, 48, 100)] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: welch(before=np.array([1.0]), after=np.arange(3.0)), "too_few"),
        (lambda: welch(before=np.full(3, 0.1 + 0.2), after=np.full(3, 0.3)), "zero_variance"),
        (lambda: paired_t(before=np.arange(3.0), after=np.arange(3.0) + 1), "zero_variance"),
        (lambda: newcombe(events_before=0, n_before=0, events_after=1, n_after=2), "too_few"),
        (lambda: ols_clustered(y=np.arange(4.0), x=np.ones((4, 1)), clusters=np.zeros(4)), "too_few"),
        (lambda: ols_clustered(y=np.arange(4.0), x=np.ones((4, 2)), clusters=np.arange(4)), "not_identified"),
        (
            lambda: hac_difference(values=np.ones(8), after=np.arange(8) > 3, period=np.arange(8)),
            "zero_variance",
        ),
    ],
)
def test_no_number_where_there_is_none(call, reason):
    with pytest.raises(NotEstimable) as caught:
        call()
    assert caught.value.reason == reason
