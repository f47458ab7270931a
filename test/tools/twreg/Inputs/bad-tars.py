# bad-tars.py - tar files that twreg import must refuse, one for each reason.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: bad-tars.py GOOD.tar PREFIX. Each bad file is the good one with one
# change; import must exit with 3 and the message given, leave the registry as it
# was, and touch nothing outside of it (PREFIX.victim).

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile

good_path, prefix = sys.argv[1:]
registry, victim = prefix + ".registry", os.path.abspath(prefix + ".victim")
with tarfile.open(good_path) as tar:
    GOOD = [(m, tar.extractfile(m).read()) for m in tar.getmembers()]


def member(name, data=b"", kind=tarfile.REGTYPE, link="", size=None):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    info.size = len(data) if size is None else size
    return info, data


def pack(members, form=tarfile.USTAR_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as tar:
        for info, data in members:
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def lying(size):
    """A member that claims `size` bytes and has none."""
    info, _ = member("blobs/sha256/" + "0" * 64, size=size)
    # The first member is a header and one block of data.
    return pack(GOOD[:1])[:1024] + info.tobuf(tarfile.GNU_FORMAT)


def changed(name_part, change):
    out = []
    for info, data in GOOD:
        if name_part in info.name and change:
            info, data = member(info.name, change(data))
            change = None
        out.append((info, data))
    return pack(out)


def without(name):
    return pack([(info, data) for info, data in GOOD if info.name != name])


def flipped(data):
    return bytes([data[0] ^ 1]) + data[1:]


blob = "blobs/sha256/" + hashlib.sha256(b"x").hexdigest()
gnu = tarfile.GNU_FORMAT
CASES = {
    "traversal": (pack(GOOD + [member("../" + prefix + ".victim", b"x")]),
                  "does not belong"),
    "absolute": (pack(GOOD + [member(victim, b"x")]), "does not belong"),
    "inner traversal": (pack(GOOD + [member("blobs/sha256/../../x", b"x")]),
                        "does not belong"),
    "blob traversal": (pack(GOOD + [member("blobs/sha256/../../../../x", b"x")]),
                       "does not belong"),
    "escape sequence": (pack(GOOD + [member("\x1b[2J", b"x")]), r"\u{1b}[2J"),
    "directory": (pack(GOOD + [member("../d", kind=tarfile.DIRTYPE)]),
                  "does not belong"),
    "symbolic link": (pack(GOOD + [member(blob, kind=tarfile.SYMTYPE,
                                          link=victim)]), "is a link"),
    "linked directory": (pack([member("blobs", kind=tarfile.SYMTYPE, link="/tmp")]
                              + GOOD), "is a link"),
    "hard link": (pack(GOOD + [member(blob, kind=tarfile.LNKTYPE,
                                      link="/etc/passwd")]), "is a link"),
    "device": (pack(GOOD + [member(blob, kind=tarfile.CHRTYPE)]),
               "not a regular file"),
    "pipe": (pack(GOOD + [member(blob, kind=tarfile.FIFOTYPE)]),
             "not a regular file"),
    "twice": (pack(GOOD + [member("index.json", b"{}")]), "occurs twice"),
    "upper-case digest": (pack(GOOD + [member(blob.upper(), b"x")]),
                          "does not belong"),
    "wrong digest": (pack(GOOD + [member("blobs/sha256/" + "0" * 64, b"x")]),
                     "does not have the digest"),
    "flipped blob": (changed("blobs/", flipped), "does not have the digest"),
    "300 bytes": (pack(GOOD + [member("blobs/sha256/" + "a" * 300, b"x")], gnu),
                  "does not belong"),
    "huge size": (lying(1 << 40), "more than the limit"),
    "size without bytes": (lying(200 << 20), "not a tar file that can be read"),
    "huge index": (pack([GOOD[0]])[:1024]
                   + member("index.json", size=1 << 33)[0].tobuf(gnu),
                   "more than the limit"),
    "no layout": (without("oci-layout"), "no OCI image layout"),
    "no index": (without("index.json"), "no OCI image layout"),
    "truncated": (pack(GOOD)[:3000], ""),
    "damaged index": (changed("index.json", flipped), "not valid JSON"),
    "no tar file": (b"\x7fELF" * 1000, "not a tar file"),
    "empty": (b"", "not a tar file"),
    "compressed": (b"\x1f\x8b" + bytes(2000), ""),
}

with open(victim, "wb") as file:
    file.write(b"precious")
failures = 0
for name, (data, words) in CASES.items():
    shutil.rmtree(registry, ignore_errors=True)
    path = prefix + ".tar"
    with open(path, "wb") as file:
        file.write(data)
    done = subprocess.run(
        ["twreg", "import", path, "--registry", registry, "--trust", "a.pub"],
        capture_output=True, text=True, timeout=60, check=False)
    left = [f for f in os.listdir(registry + "/blobs/sha256")]
    left += os.listdir(registry + "/.twc/tmp") + os.listdir(registry + "/.twc/refs")
    if done.returncode != 3 or words not in done.stderr or left:
        print(f"{name}: exit code {done.returncode}, {done.stderr!r}, left {left}")
        failures += 1
with open(victim, "rb") as file:
    if file.read() != b"precious" or os.path.exists("../d"):
        print("something was written outside")
        failures += 1
print(f"{len(CASES)} bad files, {failures} failures")
sys.exit(failures != 0)
