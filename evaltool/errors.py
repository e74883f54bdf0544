"""What can go wrong, one class per stage of the house.

Every error carries a code and the fields its sentence needs; the sentence itself stands in
``text/nb.toml`` and ``text/en.toml`` under ``errors.<code>``. Fields hold names, counts and
allowed values, never a person's answer.
"""

from __future__ import annotations


class EvaltoolError(Exception):
    """Base of everything evaltool raises on purpose. ``exit_code`` is what the command line returns."""

    exit_code = 4

    def __init__(self, code: str, **fields: object) -> None:
        self.code = code
        self.fields = fields
        super().__init__(code)

    def message(self, lang: str) -> str:
        """One line that names what was got, what is expected and how to mend it."""
        from .text import t

        return t(f"errors.{self.code}", lang, **self.fields)

    def __str__(self) -> str:
        return self.message("en")


class UsageError(EvaltoolError):
    """Wrong use or wrong configuration: a missing folder, an unknown option, a taken port."""

    exit_code = 2


class StudyError(UsageError):
    """study.toml or the register says something that cannot be."""


class StoreError(UsageError):
    """The store cannot be read or written."""


class ContractError(UsageError):
    """A file in schemas/ (or a local instrument) breaks its own contract."""


class IntakeError(EvaltoolError):
    """A source file cannot be read as a table."""

    exit_code = 1


class CheckError(EvaltoolError):
    """The rows break the contract of their table."""

    exit_code = 1


class ScoringError(EvaltoolError):
    """Answers cannot be scored with the instrument that is declared."""

    exit_code = 1


class DesignError(EvaltoolError):
    """Declared design (link type, phases) and data disagree."""

    exit_code = 1


class PrivacyError(EvaltoolError):
    """Refused to protect a person."""

    exit_code = 3
