"""The disclosure gate: ``release(result=, policy=)`` is the only way from a Result to something that is shown.

What is hidden, and why (exact reasons are counted in ``Release.policy["hidden"]``; a row carries what ``reasons`` allows):

* a number built on too few persons, inside or outside the numerator of a share too (persons are counted, not rows), a
  number that is mostly one person's, a share that says the same of everybody: ``primary``
* a before/after answer with a hidden side, on few rows or few degrees of freedom: ``estimates``
* enough further departments that nothing hidden can be worked out from a total: ``phases``, ``grains``
* enough further groups of people (``role=leader``) likewise: ``groups``
* where a department is hidden, its service as a whole is shown if that is safe too: ``coarser``
* one answer beside another (other wash-in, pooled, other counts of persons): ``beside``
* measures of the same rows hide the same departments: ``same_rows``
* whatever else the sums of departments, phases and periods together would give away: ``audit``
* what would single somebody out beside what the reader has been shown before: ``memory``

The other way, for counts of persons that stand alone: ``rounded``, with ``exact_or_rounded`` to keep them alone.
"""

from .coarser import PREFIX as SERVICE
from .exact_or_rounded import refuse_exact, refuse_rounded
from .memory import release_facts, shown_cells
from .of_group import of_group
from .parts import parts, restore
from .policies import Policy, policy
from .release import release
from .rounded import rounded, rounding_base
from .same_rows import closed_by
from .select import demand_release, hidden_counts, select
from .select_subgroup import select_subgroup
from .view import during, within

__all__ = [
    "SERVICE", "Policy", "closed_by", "demand_release", "during", "hidden_counts", "of_group", "parts", "policy", "refuse_exact",
    "refuse_rounded", "release", "release_facts", "restore", "rounded", "rounding_base", "select", "select_subgroup", "shown_cells", "within",
]
