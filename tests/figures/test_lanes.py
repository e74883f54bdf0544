from evaltool.figures.components import joined
from evaltool.figures.lanes import align_at, lanes


def test_touching_texts_get_their_own_lane():
    assert lanes([0, 5, 20], [10, 10, 10], gap=1) == [0, 1, 0]


def test_texts_at_the_ends_turn_inwards():
    assert [align_at(x) for x in (0.0, 0.5, 1.0)] == ["left", "center", "right"]


def test_marks_that_touch_are_told_together():
    assert joined(at=[0.0, 1.0, 50.0], marks=["1", "2", "3"], width=100.0) == [(0.5, "1, 2"), (50.0, "3")]
    assert joined(at=[0.0, 1.0, 2.0], marks=["b", "c", "a"], width=100.0) == [(1.0, "a–c")]
    assert joined(at=[0.0, 1.0, 2.0], marks=["a", "b", "d"], width=100.0) == [(1.0, "a, b, d")]
