"""The store of a study: an append-only SQLite ledger that points to immutable parquet snapshots.

An import writes a new snapshot beside the old ones and then, in one transaction, the ledger row that makes it the
current one. Killed before that row, nothing has happened; a snapshot without a row is harmless. One writer at a time,
readers are never blocked. The ledger uses a write-ahead log and must therefore not lie on a network share.
"""

from .decisions import Entry, decisions, entries, record_decision
from .import_table import ImportReceipt, SourceFacts, import_table
from .kept import is_kept, keep, kept, rests_on
from .load import current_table, load, table_names
from .person_shelf import PersonShelf
from .records import history, quality
from .events import events
from .forget import forget
from .purge import purge
from .removals import Removal, removals
from .releases import definition, facts_given, last_cells, record_release, release_history, released_cells
from .rounding_key import rounding_key
from .visits import record_visit, visits

__all__ = [
    "Entry", "ImportReceipt", "PersonShelf", "Removal", "SourceFacts", "current_table", "decisions", "definition", "entries", "facts_given", "forget",
    "history",
    "import_table", "is_kept", "keep", "kept", "last_cells", "load", "purge", "quality", "record_decision", "record_release",
    "record_visit", "removals",
    "events", "release_history", "released_cells", "rests_on", "rounding_key", "table_names", "visits",
]
