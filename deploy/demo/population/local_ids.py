"""Value: how each province names its workers: its own style, never the ID number."""

from __future__ import annotations

#: A prime that divides no power of ten, so that multiplying by it modulo one
#: reaches each number exactly once.
_STRIDE = 2_654_435_761
_SIZE = 10**8


class LocalIds:
    """The local ids of one province; two indices never share one."""

    def __init__(self, province: str, offset: int) -> None:
        self._province = province
        self._offset = offset

    def of(self, index: int) -> str:
        """Name the worker of an index (below a hundred million)."""
        number = (index * _STRIDE + self._offset) % _SIZE
        match self._province:
            case "63":
                return f"QH-{number:08d}"
            case "51":
                return f"51.{number:07X}"
            case "42":
                return f"hb_{number:08d}"
            case "37":
                return f"SD{number % 97:02d}-{number:08d}"
            case "44":
                return f"gd-{number // 10**4:04d}-{number % 10**4:04d}"
            case _:
                return f"ZJ{'ABCDEFGHJK'[number % 10]}{number:08d}"
