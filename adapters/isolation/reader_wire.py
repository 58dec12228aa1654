"""The words that a pool and its reading processes exchange: lines of JSON with open descriptors beside them.

Not pickle: whoever writes a pickle runs code in whoever reads it.
"""

from __future__ import annotations

import array
import json
import socket
from typing import Any

STEP = b"."
"""On the result pipe: one more part of the work is done."""
RESULT = b"="
"""On the result pipe: the rest is the result."""
OUT_OF_MEMORY = b"!"
"""On the result pipe: the memory limit was met."""
FAULT = b"#"
"""On the result pipe: reading itself has a fault; its kind and place follow, nothing of the document."""
MISSING = b"?"
"""On the result pipe: names of modules that were not loaded in time; the result is not to be trusted."""
KILL = b"kill\n"
"""To the zygote: end the child."""

_LINE_BYTES = 1 << 16
_DESCRIPTORS = 2


def send(peer: socket.socket, message: dict[str, Any], descriptors: tuple[int, ...] = ()) -> None:
    """Send one message. Raises OSError where the other side is gone."""
    line = json.dumps(message).encode() + b"\n"
    sent = socket.send_fds(peer, [line], descriptors) if descriptors else 0
    peer.sendall(line[sent:])


def receive(peer: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """One message and the descriptors that came with it.

    Raises EOFError where the other side is gone, TimeoutError where the socket has a timeout.
    """
    line, descriptors = b"", array.array("i")
    while not line.endswith(b"\n"):
        part, ancillary, _, _ = peer.recvmsg(_LINE_BYTES, socket.CMSG_SPACE(_DESCRIPTORS * descriptors.itemsize))
        if not part:
            raise EOFError
        for level, kind, data in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                descriptors.frombytes(data)
        # A kill that came after the child had ended by itself is still in the socket.
        line = (line + part).removeprefix(KILL)
    message: dict[str, Any] = json.loads(line)
    return message, list(descriptors)
