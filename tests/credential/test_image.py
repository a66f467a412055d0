"""The QR image is read by a decoder that is not the one that drew it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
import segno
import zxingcpp

from hub.credential.image import LARGEST, qr_svg
from tests.credential.holding import hold, settings

_MOVE = re.compile(r"([Mm])([\d.-]+)[ ,]?([\d.-]+)|h(\d+)")


def raster(svg, scale=4):
    """Draw the SVG as a scanner would see it: a byte for each point."""
    root = ET.fromstring(svg)  # noqa: S314  # drawn by us
    side = int(root.get("width")) // 4
    dark = [[255] * side for _ in range(side)]
    (path,) = [p for p in root.iter() if p.get("class") == "qrline"]
    x = y = 0.0
    for found in _MOVE.finditer(path.get("d")):
        if found[4]:
            for at in range(int(x), int(x) + int(found[4])):
                dark[int(y)][at] = 0
            x += int(found[4])
        else:
            relative = found[1] == "m"
            x = x * relative + float(found[2])
            y = y * relative + float(found[3])
    points = bytes(
        v for row in dark for _ in range(scale) for v in row for _ in range(scale)
    )
    return memoryview(points).cast("B", (side * scale, side * scale))


@pytest.mark.parametrize("key", ["old", "ec"])
async def test_a_phone_reads_what_was_signed(key):
    held = hold(made=settings(key))
    issued = await held.issue(number="n" * 64)

    (seen,) = zxingcpp.read_barcodes(raster(qr_svg(issued.compact)))

    assert seen.text == issued.compact
    assert seen.format == zxingcpp.BarcodeFormat.QRCode
    assert len(issued.compact) < 800
    drawn = segno.make_qr(issued.compact, error="m", boost_error=False)
    assert drawn.version <= LARGEST


async def test_a_smear_in_the_middle_does_no_harm():
    issued = await hold().issue()
    points = raster(qr_svg(issued.compact))
    side = points.shape[0]
    smeared = bytearray(points.tobytes())
    for y in range(side // 2, side // 2 + side // 10):
        smeared[y * side + side // 3 : y * side + side // 3 + side // 4] = bytes(
            side // 4
        )

    (seen,) = zxingcpp.read_barcodes(memoryview(smeared).cast("B", (side, side)))

    assert seen.text == issued.compact


def test_the_image_refers_to_nothing_outside_and_a_long_text_has_none():
    svg = qr_svg("eyJ")

    assert "href" not in svg
    assert "<script" not in svg
    assert svg.startswith("<svg")
    with pytest.raises(segno.DataOverflowError):
        qr_svg("x" * 1000)
