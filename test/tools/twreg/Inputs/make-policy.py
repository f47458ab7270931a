# make-policy.py - a trust policy from key files.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: make-policy.py FILE --version N [--days D] [--root PREFIX]...
#          [--key PREFIX=STATE]...
#
# Issued D days from now (0), valid for 365 days.

import argparse
import datetime


def public(prefix):
    with open(prefix + ".pub", encoding="ascii") as file:
        return file.read().splitlines()[1]


parser = argparse.ArgumentParser()
parser.add_argument("file")
parser.add_argument("--version", type=int, required=True)
parser.add_argument("--days", type=int, default=0)
parser.add_argument("--root", action="append", default=[])
parser.add_argument("--key", action="append", default=[])
options = parser.parse_args()

now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
issued = now + datetime.timedelta(days=options.days)
expires = issued + datetime.timedelta(days=365)
text = f"""schema = 1
version = {options.version}
issued = {issued.isoformat()}
expires = {expires.isoformat()}
max-age-days = 30
threshold = 1
"""
if options.root:
    keys = ", ".join(f'"{public(root)}"' for root in options.root)
    text += f"\n[root]\nkeys = [{keys}]\nthreshold = 1\n"
for key in options.key:
    prefix, state = key.split("=")
    text += f"""
[[key]]
name = "{prefix}"
public = "{public(prefix)}"
publisher = "Example"
names = ["team/*"]
images = ["wasm", "ptx"]
state = "{state}"
"""
with open(options.file, "w", encoding="ascii") as file:
    file.write(text)
