#!/usr/bin/env python3
# fake-twbench.py - answers as twbench does, without a GPU.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# In the environment: TIMES_OF, {label: microseconds}, and DIFFERING, {label:
# elements}.

import json
import os
import sys

times = json.loads(os.environ["TIMES_OF"])
differing = json.loads(os.environ.get("DIFFERING", "{}"))
words = sys.argv[1:]
options, args = words[:words.index("--")], words[words.index("--") + 1:]
rounds = int(options[options.index("--rounds") + 1])
forms = []
for option, value in zip(options, options[1:]):
    if option in ("--artifact", "--cubin"):
        label, path = value.split("=", 1)
        assert os.path.exists(path), path
        count = differing.get(label, 0)
        forms.append({
            "label": label, "kind": option[2:], "registers": 8, "localBytes": 0,
            "sharedBytes": 0, "occupancy": 1, "seconds": [times[label] * 1e-6] *
            rounds, "differences": [] if not forms else [{
                "argument": 3, "differing": count, "elements": 100,
                "largest": 0.5 if count else 0, "magnitude": 2, "nans": 0}]})
print(json.dumps({"kernel": options[0], "contestants": forms, "arguments": args,
                  "grid": options[options.index("--grid") + 1],
                  "block": options[options.index("--block") + 1]}))
