# forms.py - the forms of a kernel in a GPU bundle, and whether they agree.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import os

# The folders of the bundle that a form's files are in. The first is the guest
# as it ships: what the others are compared with.
ARTIFACTS = {"checked": "kernels", "isolate": "variants/isolate",
             "none": "variants/none", "fast": "variants/fast",
             "fuel": "variants/fuel"}
CUBINS = {"twin": "twins", "twin-fma": "twins-fma"}
# Forms whose products and sums may be contracted to fused multiply-adds.
CONTRACTED = ("fast", "twin-fma")


class Failed(Exception):
    pass


def forms_of(options):
    """{label: (kind, folder)} of what is there, and the labels that are not."""
    forms, absent = {}, []
    for kind, folders in (("artifact", ARTIFACTS), ("cubin", CUBINS)):
        for label, folder in folders.items():
            path = os.path.join(options.dir, folder)
            if os.path.isdir(path):
                forms[label] = (kind, path)
            else:
                absent.append(label)
    for text in options.form:
        label, equals, path = text.partition("=")
        if not equals or not os.path.isdir(path):
            raise Failed(f"expected LABEL=FOLDER, but got {text!r}")
        forms[label] = ("artifact", path)
    # In twbench's order: artifacts first.
    ordered = sorted(forms.items(), key=lambda form: form[1][0] != "artifact")
    return dict(ordered), absent


def flags_of(path):
    try:
        with open(os.path.join(path, "FLAGS")) as file:
            return file.read().strip()
    except OSError:
        return "not recorded"


def disagreement(benchmark, form):
    """How a form's outputs are wrong, or None."""
    contracted = form["label"] in CONTRACTED
    bound = benchmark.contracted if contracted else benchmark.strict
    if form["kind"] == "artifact" and not contracted:
        bound = 0  # one guest: its bits do not depend on how it is checked
    for found in form["differences"]:
        if not found["magnitude"]:
            return f"argument {found['argument']} holds nothing but zeros"
        if not found["differing"]:
            continue
        loose = benchmark.loose * found["elements"]
        if contracted and found["differing"] <= loose:
            continue
        gap = found["largest"] / found["magnitude"]
        if bound and not found["nans"] and gap <= bound:
            continue
        return (f"argument {found['argument']}: {found['differing']} of "
                f"{found['elements']} elements differ, by up to {gap:.2g} of "
                f"the largest value ({found['nans']} are NaN or infinite on "
                f"one side); allowed is {bound:g}")
    return None
