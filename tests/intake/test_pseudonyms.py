from __future__ import annotations

import pyarrow as arrow
import pytest

from evaltool.check import check
from evaltool.errors import PrivacyError, UsageError
from evaltool.intake import parse_mapping, read_source
from evaltool.intake.pseudonyms import pseudonyms, read_key

KEY = b"k" * 32


def names(*texts, key=KEY):
    return pseudonyms(texts=arrow.array(texts, type=arrow.large_string()), key=key).to_pylist()


def test_known_answer():
    """HMAC-SHA256 of "12345678901" by another program: printf 12345678901 | openssl dgst -sha256 -hmac kkk...(32)."""
    assert names("12345678901") == ["p7fa4e912e60765169c9b"]


def test_same_person_in_every_spelling_and_never_another():
    assert len(set(names("01020312345", "010203 12345", "010203-12345", "1020312345"))) == 1
    assert len(set(names("AB 12", "ab12"))) == 1
    assert len(set(names("ab12", "ab13", "12345678901", "12345678902"))) == 4


def test_another_key_gives_other_pseudonyms():
    assert names("x") != names("x", key=b"l" * 32)


def key_file(folder, content=b"0123456789abcdef0123456789abcdef\n", mode=0o600):
    folder.mkdir(exist_ok=True)
    path = folder / "key"
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_key_is_read_without_its_line_end(tmp_path):
    assert read_key(path=key_file(tmp_path / "safe"), study=tmp_path / "study") == b"0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("folder, content, mode, error, code", [
    ("study", b"k" * 40, 0o600, PrivacyError, "key_in_study"),
    ("safe", b"k" * 40, 0o644, PrivacyError, "key_open_to_others"),
    ("safe", b"k" * 40, 0o640, PrivacyError, "key_open_to_others"),
    ("safe", b"k" * 31, 0o600, UsageError, "key_too_short"),
])
def test_unsafe_keys_are_refused(tmp_path, folder, content, mode, error, code):
    (tmp_path / "study").mkdir()
    with pytest.raises(error) as caught:
        read_key(path=key_file(tmp_path / folder, content, mode), study=tmp_path / "study")
    assert caught.value.code == code and "kkk" not in caught.value.message("nb")


def test_link_into_the_study_is_seen_through(tmp_path):
    path = key_file(tmp_path / "study")
    (tmp_path / "link").symlink_to(path)
    with pytest.raises(PrivacyError):
        read_key(path=tmp_path / "link", study=tmp_path / "study")


def test_missing_key_file(tmp_path):
    with pytest.raises(UsageError) as caught:
        read_key(path=tmp_path / "no", study=tmp_path / "study")
    assert caught.value.code == "no_key_file"


PERSONS = {
    "version": 1, "table": "persons",
    "columns": {"person": {"from": "Fødselsnummer", "pseudonymise": True}, "died_on": {"from": "Død", "format": "%d.%m.%Y"}},
}


def test_identity_numbers_come_in_as_pseudonyms_and_are_never_quoted(tmp_path):
    from test_privacy import some

    number = some()
    (tmp_path / "a.csv").write_text(f"Fødselsnummer;Død\n{number};\n{number};01.02.2024\n", encoding="utf8")
    mapping = parse_mapping(name="m", raw=PERSONS)
    result = check(source=read_source(path=tmp_path / "a.csv"), table="persons", mapping=mapping, key=KEY)
    assert result.valid["person"].tolist() == names(number)
    assert result.problems[["rule", "source_column"]].values.tolist() == [["P01", "Fødselsnummer"]]
    assert result.problems["value"].isna().all()


def test_pseudonyms_without_a_key_are_refused(tmp_path):
    (tmp_path / "a.csv").write_text("Fødselsnummer;Død\nx;\n", encoding="utf8")
    with pytest.raises(UsageError) as caught:
        check(source=read_source(path=tmp_path / "a.csv"), table="persons", mapping=parse_mapping(name="m", raw=PERSONS))
    assert caught.value.code == "key_needed"


def test_only_persons_are_pseudonymised():
    with pytest.raises(UsageError):
        parse_mapping(name="m", raw={"version": 1, "table": "persons", "columns": {"died_on": {"from": "x", "pseudonymise": True}}})
