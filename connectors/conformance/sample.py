"""Value: the sample keys that a province gives for its conformance test."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import TYPE_CHECKING, Annotated

import msgspec

from schema.records.kinds import RecordKind
from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_Key = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
#: More keys tell nothing more: they would only be asked for.
_MOST = 50
_RULE = "province-probe"


class Member(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A test member of whom entries are made and taken back.

    Attributes:
        local_id: The worker's name in the province.
        membership_no: Number of the card; for who comes, one that is nobody's yet.
        union: The union of this province: where the member is, or comes to.
        counterpart_union: The union at the other end.
        counterpart_province: Its province.
        joined_on: When the member first joined; for who comes.
    """

    local_id: _Key
    membership_no: _Key
    union: _Key
    counterpart_union: _Key
    counterpart_province: Annotated[str, msgspec.Meta(pattern="^[0-9]{2}$")]
    joined_on: date | None = None


class Acts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose entries may be written and taken back.

    Attributes:
        leaving: A member whose membership is active here.
        coming: A worker with a file here who is no member.
    """

    leaving: Member | None = None
    coming: Member | None = None


class Sample(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom and what the checks may ask for.

    Attributes:
        known: Local keys of workers that the province knows, best of test persons.
        unknown: Local keys that are nobody's; without any, some are made up.
        rows: For each kind, known keys that have rows of it.
        none: For each kind, known keys that have no row of it.
        case_no: A case of which the province's file has changes.
        acts: Whose entries may be written and taken back.
    """

    known: Annotated[tuple[_Key, ...], msgspec.Meta(max_length=_MOST)] = ()
    unknown: Annotated[tuple[_Key, ...], msgspec.Meta(max_length=_MOST)] = ()
    rows: dict[RecordKind, tuple[_Key, ...]] = {}
    none: dict[RecordKind, tuple[_Key, ...]] = {}
    case_no: str = ""
    acts: Acts = Acts()

    def label(self, key: str) -> str:
        """Name a key without telling it: its place in the file, and its beginning."""
        lists: tuple[tuple[str, Sequence[str]], ...] = (
            ("known", self.known),
            ("unknown", self.unknown),
            *((f"rows.{kind}", keys) for kind, keys in self.rows.items()),
            *((f"none.{kind}", keys) for kind, keys in self.none.items()),
        )
        for name, keys in lists:
            if key in keys:
                return f"{name}[{keys.index(key) + 1}] {shortened(key)}"
        return shortened(key)


def shortened(key: str) -> str:
    """Cut a key so that nobody is found by it."""
    return f"{key[: min(3, len(key) // 3)]}…"


def read_sample(file: Path) -> Sample:
    """Read the file of sample keys (TOML).

    Args:
        file: Its path.

    Raises:
        Refused: It is not such a file; with where it is wrong, and never a value.
    """
    try:
        told = tomllib.loads(file.read_text("utf-8"))
        sample = msgspec.convert(told, Sample)
    except tomllib.TOMLDecodeError as error:
        raise _refused(file, str(error)) from None
    except UnicodeDecodeError:
        raise _refused(file, "UTF-8?") from None
    except msgspec.ValidationError as error:
        # It quotes names of fields and of kinds, never keys.
        raise _refused(file, str(error)) from None
    for name, lists in (("rows", sample.rows), ("none", sample.none)):
        for kind, keys in lists.items():
            if kind is RecordKind.WORKER or not set(keys) <= set(sample.known):
                raise _refused(file, f"{name}.{kind}: known?")
    if set(sample.known) & set(sample.unknown):
        raise _refused(file, "known & unknown")
    return sample


def _refused(file: Path, why: str) -> Refused:
    return Refused(
        Refusal(
            "SAMPLE_UNUSABLE",
            _RULE,
            Bilingual(
                f"样本键文件 {file.name} 不能使用（{why}）。",
                f"The file of sample keys {file.name} cannot be used ({why}).",
            ),
            Bilingual(
                "格式见 connectors/REFERENCE.md 的“验收”；rows、none 中的键须也在 known 中。",
                "Its form is shown in connectors/REFERENCE.md, Conformance; keys of rows and"
                " none stand in known too.",
            ),
        )
    )
