#!/usr/bin/env python3
# check-trace.py - is it a trace that viewers open, with what it must contain?
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# check-trace.py FILE NAME=COUNT...: events of that name. The rules are those of
# Chrome's Trace Event Format; spans of one track must nest.

import collections
import json
import sys

with open(sys.argv[1]) as file:
    document = json.load(file)
events = document["traceEvents"]
assert document["otherData"]["lost"] == 0

named = {e["tid"] for e in events if e["ph"] == "M" and e["name"] == "thread_name"}
tracks = collections.defaultdict(list)
counts = collections.Counter()
for event in events:
    assert event["ph"] in "XMiC", event
    if event["ph"] == "M":
        continue
    assert event["ts"] >= 0 and event["tid"] in named, event
    counts[event["name"]] += 1
    if event["ph"] == "X":
        assert event["dur"] >= 0, event
        tracks[event["tid"]].append((event["ts"], event["ts"] + event["dur"], event))

for spans in tracks.values():
    open_spans = []
    for begin, end, event in sorted(spans, key=lambda s: (s[0], -s[1])):
        while open_spans and open_spans[-1] <= begin + 1e-3:
            open_spans.pop()
        assert not open_spans or end <= open_spans[-1] + 1e-3, event
        open_spans.append(end)

for wanted in sys.argv[2:]:
    name, count = wanted.split("=")
    assert counts[name] == int(count), f"{name}: {counts[name]} instead of {count}"
