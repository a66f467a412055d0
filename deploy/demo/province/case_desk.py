"""The command: write down what happened in case files, and push it if that is wanted.

``python -m deploy.demo.province.case_desk --cases FILE`` reads one JSON object a line from
standard input: ``{"key": …, "caseNo": …, "change": {…}}``, the change as the contract has
it, without case and number. It answers each with a line ``{"key", "caseNo", "seq"}`` when
it is on disk. The same key is the same change: what was not answered is sent again.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import os
import sqlite3
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from deploy.demo.province.case_file import CaseFile, OtherChangeError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: How long the hub may take to answer a push, in seconds.
_PATIENCE_S = 10


def headers(secret: str, message: str, body: bytes, now: float) -> Mapping[str, str]:
    """Sign a message by Standard Webhooks 1.0.

    Args:
        secret: ``whsec_`` and base64, as the hub's operator has it too.
        message: Its own id, never used for another: the nonce.
        body: The message.
        now: Seconds since 1970.
    """
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message}.{int(now)}.".encode() + body
    digest = hmac.digest(key, signed, hashlib.sha256)
    return {
        "content-type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(int(now)),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def push(url: str, secret: str, message: str, body: bytes) -> int:
    """Send a message, and tell the HTTP status; 0 if nobody is there."""
    now = time.time()  # noqa: TID251  # there is no other clock here
    request = Request(url, body, dict(headers(secret, message, body, now)))  # noqa: S310  # the operator's
    try:
        with urlopen(request, timeout=_PATIENCE_S) as answer:  # noqa: S310
            status: int = answer.status
            return status
    except HTTPError as refused:
        return refused.code
    except (URLError, TimeoutError):
        return 0


def _stop(zh: str, en: str) -> NoReturn:
    sys.stderr.write(f"{zh}\n{en}\n")
    raise SystemExit(2)


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.demo.province.case_desk", description=__doc__
    )
    add = parser.add_argument
    add("--cases", required=True, type=Path, help="the file it is served with")
    add("--code", default="", help="code of the province; needed to push")
    add("--push", default="", metavar="URL", help="the hub's /callbacks/CODE")
    add(
        "--secret-env",
        default="CALLBACK_SECRET",
        metavar="NAME",
        help="environment variable that holds the secret of the signature",
    )
    return parser.parse_args(words)


def _line(text: str) -> tuple[str, str, dict[str, Any]]:
    try:
        told = json.loads(text)
        key, case_no, change = told["key"], told["caseNo"], told["change"]
    except (ValueError, TypeError, KeyError):
        _stop(
            '每行应为 {"key": …, "caseNo": …, "change": {…}}。',
            'Each line is {"key": …, "caseNo": …, "change": {…}}.',
        )
    if not (isinstance(change, dict) and isinstance(change.get("asOf"), str)):
        # The log is served as it stands: a line without a moment would spoil a page.
        _stop(
            "change 须写明 asOf（带时区的时刻）。",
            "A change says when it was written down: asOf, with a zone.",
        )
    return str(key), str(case_no), change


def main(words: Sequence[str]) -> None:
    """Write down each line, and answer it."""
    wanted = _arguments(words)
    secret = os.environ.get(wanted.secret_env, "")
    if wanted.push and not (secret and wanted.code):
        _stop(
            f"推送须给出 --code，并在环境变量 {wanted.secret_env} 中设置签名密钥。",
            f"To push, give --code, and the secret in {wanted.secret_env}.",
        )
    try:
        file = CaseFile(wanted.cases)
    except sqlite3.Error:
        _stop(
            f"无法写入 {wanted.cases}：请检查目录与权限。",
            f"{wanted.cases} cannot be written: check directory and rights.",
        )
    for text in filter(str.strip, sys.stdin):
        key, case_no, change = _line(text)
        try:
            seq = file.write(key, case_no, change)
        except OtherChangeError:
            _stop(
                f"键 {key} 已用于另一事。",
                f"The key {key} was used for another change.",
            )
        told: dict[str, Any] = {"key": key, "caseNo": case_no, "seq": seq}
        if wanted.push:
            page = {"province": wanted.code, **file.of(case_no, seq - 1, 1)}
            body = json.dumps(page, ensure_ascii=False).encode()
            told["pushed"] = push(wanted.push, secret, f"case-{key}", body)
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    file.close()


if __name__ == "__main__":
    main(sys.argv[1:])
