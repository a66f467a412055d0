"""A province's SFTP server: a process of its own, which lies, hangs and dies as it is told.

What it does wrong stands in ``faults.json`` of its control folder, and is read at every
request; what was read and written stands in ``log``.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import sys
from pathlib import Path

import asyncssh

from tests.provinces.launch import end_with_parent, ready

ROOT, CONTROL = Path(), Path()


def faults():
    try:
        return json.loads((CONTROL / "faults.json").read_text("utf-8"))
    except OSError:
        return {}


def log(*words):
    with (CONTROL / "log").open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(words) + "\n")


def grow(file):
    with file.open("ab") as stream:
        stream.write(b"more\n")


class Files(asyncssh.SFTPServer):
    """The drop folder."""

    read_bytes = 0

    def __init__(self, channel):
        super().__init__(channel, chroot=str(ROOT).encode())

    async def scandir(self, path):
        if path.decode().strip("./") in faults().get("closed", ()):
            raise asyncssh.SFTPPermissionDenied("no")
        if faults().get("endless"):
            for number in itertools.count():
                attrs = asyncssh.SFTPAttrs(size=1, permissions=0o100644, mtime=1)
                yield asyncssh.SFTPName(f"{number}.csv".encode(), attrs=attrs)
        for one in faults().get("names", ()):
            attrs = asyncssh.SFTPAttrs(size=1, permissions=0o100644, mtime=1)
            yield asyncssh.SFTPName(one.encode(), attrs=attrs)
        async for one in super().scandir(path):
            more = faults().get("longer", 0)
            one.attrs.size = (one.attrs.size or 0) + more
            yield one

    async def lstat(self, path):
        told = asyncssh.SFTPAttrs.from_local(super().lstat(path))
        told.size += faults().get("longer", 0)
        return told

    async def open(self, path, pflags, attrs):
        if hang := faults().get("hang"):
            await asyncio.sleep(hang)
        return super().open(path, pflags, attrs)

    async def read(self, file_obj, offset, size):
        data = super().read(file_obj, offset, size)
        log("read", Path(os.fsdecode(file_obj.name)).name, offset, len(data))
        if faults().get("grows"):
            grow(Path(os.fsdecode(file_obj.name)))
        Files.read_bytes += len(data)
        if Files.read_bytes > faults().get("die_after", 1 << 60):
            os._exit(9)
        return data

    def posix_rename(self, oldpath, newpath):
        if faults().get("old"):
            raise asyncssh.SFTPOpUnsupported("no")
        log("put", newpath.decode().removeprefix("./"))
        super().posix_rename(oldpath, newpath)

    def rename(self, oldpath, newpath):
        log("put", newpath.decode().removeprefix("./"))
        super().rename(oldpath, newpath)


class Door(asyncssh.SSHServer):
    """Who may come in."""

    def begin_auth(self, username):  # noqa: ARG002
        return True

    def password_auth_supported(self):
        return True

    def validate_password(self, username, password):
        return (username, password) == ("hub", "of the tests")

    def public_key_auth_supported(self):
        return True

    def validate_public_key(self, username, key):  # noqa: ARG002
        known = (CONTROL / "client.pub").read_text("utf-8")
        return key == asyncssh.import_public_key(known)


async def main(port):
    server = await asyncssh.create_server(
        Door,
        "127.0.0.1",
        port,
        server_host_keys=[str(CONTROL / "host")],
        sftp_factory=Files,
        reuse_address=True,
    )
    ready({"port": server.get_port()})
    await asyncio.to_thread(end_with_parent)


if __name__ == "__main__":
    ROOT, CONTROL = Path(sys.argv[1]), Path(sys.argv[2])
    asyncio.run(main(int(sys.argv[3])))
