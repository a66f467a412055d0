"""Decider: the QR image of a credential, for a phone or for paper."""

from __future__ import annotations

from io import BytesIO
from typing import Final

import segno

#: A seventh of the image may be smeared or folded, and it still reads.
_ERROR: Final = "m"
#: Modules of white around it, as ISO/IEC 18004 §7.3.7 wants.
_QUIET: Final = 4
#: Pixels of a module, where nobody scales the image.
_SCALE: Final = 4
#: The largest version that phones read well from a card of 5 cm: 105 modules.
LARGEST: Final = 22


def qr_svg(text: str) -> str:
    """Draw a text.

    Returns:
        An SVG document with a white ground, that scales to any size; it refers to
        nothing outside of it.

    Raises:
        segno.encoder.DataOverflowError: The text is too long for a phone.
    """
    drawn = segno.make_qr(text, error=_ERROR, boost_error=False)
    if not isinstance(drawn.version, int) or drawn.version > LARGEST:
        raise segno.DataOverflowError("too long for an image that phones read well")
    written = BytesIO()
    drawn.save(
        written,
        kind="svg",
        xmldecl=False,
        nl=False,
        scale=_SCALE,
        border=_QUIET,
        dark="#000",
        light="#fff",
    )
    return written.getvalue().decode()
