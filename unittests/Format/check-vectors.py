#!/usr/bin/env python3
"""Checks the test vectors of docs/PTXBinFormat.md.

Shares no code with the reader: SHA-256 is hashlib's, Ed25519 is RFC 8032's
own arithmetic, and every field is taken from the hexadecimal dump by the
offsets that the document gives. Usage: check-vectors.py DOCUMENT FROZEN-FILE
"""

import hashlib
import json
import re
import struct
import sys

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    """Adds two points (x, y) of the curve."""
    (x1, y1), (x2, y2) = a, b
    k = D * x1 * x2 * y1 * y2 % P
    return (
        (x1 * y2 + x2 * y1) * pow(1 + k, P - 2, P) % P,
        (y1 * y2 + x1 * x2) * pow(1 - k, P - 2, P) % P,
    )


def multiply(n, point):
    result = (0, 1)
    while n:
        if n & 1:
            result = add(result, point)
        point = add(point, point)
        n >>= 1
    return result


def decode_point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert (x * x - xx) % P == 0, "not a point of the curve"
    return (P - x if x & 1 != sign else x, y)


BASE = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def verify(public, message, signature):
    s = int.from_bytes(signature[32:], "little")
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    h = int.from_bytes(digest, "little") % L
    return s < L and multiply(s, BASE) == add(
        decode_point(signature[:32]), multiply(h, decode_point(public))
    )


def block(text, name):
    """The bytes of the fenced block that follows `<!-- vector: name -->`."""
    match = re.search(r"<!-- vector: %s -->\n+```\w*\n(.*?)```" % name, text, re.S)
    assert match, "no vector '%s' in the document" % name
    return bytes.fromhex(re.sub(r"\s", "", match.group(1)))


def main():
    text = open(sys.argv[1], encoding="utf-8").read()
    frozen = open(sys.argv[2], "rb").read()
    file = block(text, "file")
    assert file == frozen, "the document's file is not the frozen one"

    assert file[:8] == b"\x89TWP\r\n\x1a\n"
    major, minor, header_size, critical = struct.unpack_from("<BBHI", file, 8)
    signed_size, table, count, entry_size = struct.unpack_from("<QQII", file, 16)
    assert (major, minor, header_size, critical) == (1, 0, 64, 0)
    assert (table, entry_size) == (64, 128)
    payload = file[: 64 + 128 * count]

    name = b"tensorwasm/ptxbin"
    message = struct.pack("<I", len(name)) + name
    message += struct.pack("<IQ", major, len(payload)) + payload
    assert message[: -len(payload)] == block(text, "prefix"), "prefix"
    assert hashlib.sha256(message).digest() == block(text, "content-id"), "id"

    manifest = None
    for i in range(count):
        entry = file[64 + 128 * i : 64 + 128 * (i + 1)]
        kind, flags, offset, stored, raw = struct.unpack_from("<IIQQQ", entry)
        data = file[offset : offset + stored]
        assert flags == 0 and raw == stored == len(data)
        assert hashlib.sha256(data).digest() == entry[48:80] == entry[80:112]
        if kind == 1:
            manifest = data
        if kind == 5:
            module = data
    document = json.loads(manifest)
    canonical = json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    assert canonical.encode() == manifest, "manifest is not canonical"
    assert document["sourceSha256"] == hashlib.sha256(module).hexdigest()

    public = block(text, "public-key")
    assert struct.unpack_from("<II", file, signed_size) == (1, 0)
    trailer = file[signed_size + 8 :]
    assert len(trailer) == 104 and trailer[:8] == b"\x01" + bytes(7)
    key_id = hashlib.sha256(b"\x01" + public).digest()
    assert trailer[8:40] == key_id == block(text, "key-id"), "key id"
    signature = trailer[40:]
    assert signature == block(text, "signature"), "signature"
    assert verify(public, message, signature), "signature does not hold"
    assert not verify(public, message + b"x", signature), "verify is broken"
    print("all vectors hold")


if __name__ == "__main__":
    main()
