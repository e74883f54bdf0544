"""The synthetic sample municipality: clean tables with planted truth, and the files its sources would write."""

from .tables import sample_tables
from .write import write_sample

__all__ = ["sample_tables", "write_sample"]
