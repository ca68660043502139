"""Asks a broker a question over a bare socket: whether it answers the protocol, not only whether its port is open."""

import socket
import struct

from icart_localstack.ports import LOOPBACK

_API_VERSIONS = 18
_CORRELATION = 7


def answers(port: int) -> bool:
    """Whether the broker on this port of 127.0.0.1 answers ApiVersions (allowed before signing in) without error."""
    name = b"icart-localstack"
    body = struct.pack(f">hhih{len(name)}s", _API_VERSIONS, 0, _CORRELATION, len(name), name)
    try:
        with socket.create_connection((LOOPBACK, port), timeout=2.0) as connection:
            connection.sendall(struct.pack(">i", len(body)) + body)
            answer = connection.recv(10, socket.MSG_WAITALL)
    except OSError:
        return False
    if len(answer) < 10:
        return False
    _size, correlation, error = struct.unpack(">iih", answer)
    return bool(correlation == _CORRELATION and error == 0)
