"""Decider (pure): days and moments in the ways in which provinces write them.

Days are of China. A moment without a zone is of China too (UTC+8). Dates of the lunar
calendar or the Minguo era are refused, never guessed.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from connectors.mapping.mistakes import Unfit
from connectors.mapping.texts import narrow

if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[[object], object]

CHINA: Final = timezone(timedelta(hours=8), "UTC+8")
_EXCEL_1900, _EXCEL_1904 = date(1899, 12, 30), date(1904, 1, 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Excel counts a 29 February 1900 that never was; days up to it are off by one.
_EXCEL_SOUND = 61
_OTHER_CALENDAR = re.compile(
    r"民国|农历|旧历|阴历|闰|正月|腊月|冬月|初[一二三四五六七八九十]|廿"
)

#: How a day may be written: the name in a mapping, and its pattern.
DAY_TEXTS: Final = {
    "yyyy-MM-dd": re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII),
    "yyyyMMdd": re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII),
    "yyyy/M/d": re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})", re.ASCII),
    "yyyy.M.d": re.compile(r"(\d{4})\.(\d{1,2})\.(\d{1,2})", re.ASCII),
    "yyyy年M月d日": re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日?", re.ASCII),
}
#: How a day or a moment may be counted.
COUNTED: Final = ("excel", "excel1904", "epoch_s", "epoch_ms")
FORMATS: Final = (*DAY_TEXTS, *COUNTED)
#: What is read where a mapping names no format: all that means one day only.
USUAL: Final = tuple(DAY_TEXTS)
_WRITTEN: Final = {
    "yyyy-MM-dd": "{0.year:04}-{0.month:02}-{0.day:02}",
    "yyyyMMdd": "{0.year:04}{0.month:02}{0.day:02}",
    "yyyy/M/d": "{0.year}/{0.month}/{0.day}",
    "yyyy.M.d": "{0.year}.{0.month}.{0.day}",
    "yyyy年M月d日": "{0.year}年{0.month}月{0.day}日",
}
_TIMED = re.compile(
    r"(?P<day>\S{8,12}?)(?:T|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_COMPACT = re.compile(r"(\d{8})(\d{2})(\d{2})(\d{2})", re.ASCII)
_ISO, _DENSE = "yyyy-MM-dd", "yyyyMMdd"
_ISO_LENGTH, _DENSE_LENGTH, _SECONDS_LENGTH = 10, 8, 19


def ambiguous(formats: tuple[str, ...]) -> bool:
    """Tell whether one number could mean two days by these formats."""
    counted = [one for one in formats if one in COUNTED]
    epoch = any(one.startswith("epoch") for one in counted)
    return len(counted) > 1 or (epoch and _DENSE in formats)


def day_reader(formats: tuple[str, ...]) -> Reader:
    """Make the reader of a day; ``formats`` are names of ``FORMATS``."""
    iso = _ISO in formats

    def read(value: object) -> object:
        if iso and type(value) is str and len(value) == _ISO_LENGTH and _dashed(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass  # it may be 2024/01/31, which is as long
        if isinstance(value, datetime):
            return _in_china(value)
        if isinstance(value, date):
            return value
        return _day(value, formats)

    return read


def moment_reader(formats: tuple[str, ...]) -> Reader:
    """Make the reader of a moment; a day alone is its beginning, in China."""
    iso = _ISO in formats

    def read(value: object) -> object:
        if (
            iso
            and type(value) is str
            and len(value) >= _SECONDS_LENGTH
            and _dashed(value)
        ):
            try:
                return _zoned(datetime.fromisoformat(value))
            except ValueError:
                pass  # it may be written in another way
        if isinstance(value, datetime):
            return _zoned(value)
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=CHINA)
        return _moment(value, formats)

    return read


def day_writer(formats: tuple[str, ...]) -> Reader:
    """Make what writes a day in the first of the formats."""
    first = formats[0]

    def write(value: object) -> object:
        if isinstance(value, datetime):
            value = _in_china(value)
        if not isinstance(value, date):
            raise Unfit("WRONG_TYPE")
        if first in _WRITTEN:
            return _WRITTEN[first].format(value)
        if first.startswith("excel"):
            return _serial(value, first)
        midnight = datetime(value.year, value.month, value.day, tzinfo=CHINA)
        return _count(midnight, first)

    return write


def moment_writer(formats: tuple[str, ...]) -> Reader:
    """Make what writes a moment, to the second: a text in China's time, or a count."""
    first = formats[0]

    def write(value: object) -> object:
        if not isinstance(value, datetime):
            raise Unfit("WRONG_TYPE")
        local = _zoned(value).astimezone(CHINA)
        if first == _ISO:
            return local.isoformat(timespec="seconds")
        if first in _WRITTEN:
            return f"{_WRITTEN[first].format(local)} {local:%H:%M:%S}"
        if first.startswith("excel"):
            passed = timedelta(
                hours=local.hour, minutes=local.minute, seconds=local.second
            )
            return _serial(local.date(), first) + passed / timedelta(days=1)
        return _count(local, first)

    return write


def _dashed(text: str) -> bool:
    """Tell whether a text may be of the usual form: no week date, not dense."""
    return text[4] == "-" and text[7] == "-"


def _in_china(value: datetime) -> date:
    return (value if value.tzinfo is None else value.astimezone(CHINA)).date()


def _zoned(value: datetime) -> datetime:
    return value.replace(tzinfo=CHINA) if value.tzinfo is None else value


def _day(value: object, formats: tuple[str, ...]) -> date:
    counted = _counted(value, formats)
    if counted is not None:
        return _in_china(counted)
    text = _text(value)
    if timed := _TIMED.fullmatch(text):
        return _in_china(_with_time(timed, formats))
    return _day_of(text, formats)


def _moment(value: object, formats: tuple[str, ...]) -> datetime:
    counted = _counted(value, formats)
    if counted is not None:
        return _zoned(counted)
    text = _text(value)
    if timed := _TIMED.fullmatch(text):
        return _zoned(_with_time(timed, formats))
    if compact := _COMPACT.fullmatch(text):
        day = _day_of(compact[1], formats)
        hour, minute, second = (int(part) for part in compact.groups()[1:])
        return _at(day, hour, minute, second).replace(tzinfo=CHINA)
    day = _day_of(text, formats)
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)


def _text(value: object) -> str:
    text = narrow(value)
    if _OTHER_CALENDAR.search(text):
        raise Unfit("OTHER_CALENDAR")
    return text


def _day_of(text: str, formats: tuple[str, ...]) -> date:
    for name in formats:
        pattern = DAY_TEXTS.get(name)
        found = pattern.fullmatch(text) if pattern else None
        if found:
            try:
                return date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError:
                break
    raise Unfit("NOT_A_DATE")


def _with_time(found: re.Match[str], formats: tuple[str, ...]) -> datetime:
    day = _day_of(found["day"], formats)
    _, hour, minute, second, fraction, zone = found.groups()
    micro = int((fraction or "0").ljust(6, "0")[:6])
    at = _at(day, int(hour), int(minute), int(second or 0), micro)
    if zone is None:
        return at
    if zone == "Z":
        return at.replace(tzinfo=UTC)
    sign = -1 if zone[0] == "-" else 1
    ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    try:
        return at.replace(tzinfo=timezone(sign * ahead))
    except ValueError:
        raise Unfit("NOT_A_MOMENT") from None


def _at(day: date, hour: int, minute: int, second: int, micro: int = 0) -> datetime:
    try:
        return datetime(  # noqa: DTZ001  # the zone is set by who asks
            day.year, day.month, day.day, hour, minute, second, micro
        )
    except ValueError:
        raise Unfit("NOT_A_MOMENT") from None


def _counted(value: object, formats: tuple[str, ...]) -> datetime | None:
    """Read a number of days or seconds; none if the value is not meant as one."""
    name = next((one for one in formats if one in COUNTED), None)
    if name is None or isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = narrow(value)
        dense = _DENSE in formats and len(text) >= _DENSE_LENGTH
        if dense or not re.fullmatch(r"-?\d{1,15}(\.\d{1,12})?", text, re.ASCII):
            return None
        value = Decimal(text)
    if not isinstance(value, int | float | Decimal):
        return None
    if _DENSE in formats and value >= 10 ** (_DENSE_LENGTH - 1):
        return None
    try:
        return _counted_from(name, float(value))
    except (ArithmeticError, ValueError):
        raise Unfit("NOT_A_DATE") from None


def _counted_from(name: str, number: float) -> datetime:
    if name == "epoch_ms":
        return _EPOCH + timedelta(milliseconds=number)
    if name == "epoch_s":
        return _EPOCH + timedelta(seconds=number)
    first = _EXCEL_1904 if name == "excel1904" else _EXCEL_1900
    if number < (_EXCEL_SOUND if name == "excel" else 0):
        raise Unfit("NOT_A_DATE")
    midnight = datetime(first.year, first.month, first.day)  # noqa: DTZ001  # of China
    # Excel keeps a time of day as a fraction: whole seconds are all that it holds.
    return midnight + timedelta(seconds=round(number * 86_400))


def _serial(day: date, name: str) -> int:
    number = (day - (_EXCEL_1904 if name == "excel1904" else _EXCEL_1900)).days
    if number < (_EXCEL_SOUND if name == "excel" else 0):
        raise Unfit("NOT_A_DATE")
    return number


def _count(at: datetime, name: str) -> int:
    unit = timedelta(milliseconds=1) if name == "epoch_ms" else timedelta(seconds=1)
    return (at - _EPOCH) // unit
