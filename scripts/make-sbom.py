#!/usr/bin/env python3
# make-sbom.py - a CycloneDX bill of materials of a build.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: make-sbom.py --version V -o FILE PROGRAM...
#
# CycloneDX 1.5, JSON: the programs with their digests, and the Debian packages
# that they are made of. Those that they load are asked of the programs (ldd) and
# of dpkg; those that are compiled in leave no trace in a program and are listed
# below. The same programs on the same system give the same bytes; the time is
# SOURCE_DATE_EPOCH's, or left out.

import argparse
import datetime
import hashlib
import json
import os
import re
import subprocess
import sys
import urllib.parse
import uuid

# Compiled or linked in: the package, and the programs that have it.
LINKED_IN = {
    "libcli11-dev": ("twc", "twrun", "twreg"),
    "nlohmann-json3-dev": ("twc", "twrun", "twreg"),
    "libboost1.74-dev": ("twrun", "twreg"),
    "wabt": ("twrun",),
    "libmlir-22-dev": ("twc",),
    "liblld-22-dev": ("twc",),
}
SPDX = {
    "libcli11-dev": "BSD-3-Clause",
    "nlohmann-json3-dev": "MIT",
    "libboost1.74-dev": "BSL-1.0",
    "wabt": "Apache-2.0",
    "libmlir-22-dev": "Apache-2.0 WITH LLVM-exception",
    "liblld-22-dev": "Apache-2.0 WITH LLVM-exception",
    "libsodium23": "ISC",
}


def output_of(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def package_of(library):
    """The package that a file is of; /lib and /usr/lib are the same."""
    real = os.path.realpath(library)
    for path in (real, real.removeprefix("/usr"), library):
        found = output_of("dpkg-query", "-S", path).split(": ")[0]
        if found:
            return found.split(",")[0].strip()
    return None


def version_of(package):
    return output_of("dpkg-query", "-W", "-f", "${Version} ${Architecture}", package)


def libraries_of(program):
    """Paths of what the loader would load."""
    text = output_of("ldd", program)
    if not text:
        sys.exit(f"{program}: ldd knows nothing of it")
    return re.findall(r"=> (/\S+)", text)


def component(package):
    version, _, architecture = version_of(package).partition(" ")
    if not version:
        return None
    name = package.split(":")[0]
    quoted = urllib.parse.quote(version, safe=".-~")
    reference = f"pkg:deb/debian/{name}@{quoted}?arch={architecture}"
    out = {
        "bom-ref": reference,
        "name": name,
        "purl": reference,
        "type": "library",
        "version": version,
    }
    if name in SPDX:
        out["licenses"] = [{"expression": SPDX[name]}]
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--version", required=True)
    parser.add_argument("-o", dest="output", required=True)
    parser.add_argument("programs", nargs="+")
    options = parser.parse_args()

    packages, programs, needs = {}, [], {}
    for path in sorted(options.programs, key=os.path.basename):
        name = os.path.basename(path)
        with open(path, "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        programs.append(
            {
                "bom-ref": name,
                "hashes": [{"alg": "SHA-256", "content": digest}],
                "name": name,
                "type": "application",
                "version": options.version,
            }
        )
        wanted = {package for package, users in LINKED_IN.items() if name in users}
        for library in libraries_of(path):
            package = package_of(library)
            if package is None:
                sys.exit(f"{name}: {library} is of no Debian package")
            wanted.add(package)
        needs[name] = set()
        for package in wanted:
            found = packages.setdefault(package, component(package))
            if found:
                needs[name].add(found["bom-ref"])
    components = programs + sorted(
        (item for item in packages.values() if item), key=lambda item: item["bom-ref"]
    )
    main_component = {
        "bom-ref": "tensorwasm",
        "licenses": [{"expression": "Apache-2.0 WITH LLVM-exception"}],
        "name": "TensorWasm",
        "type": "application",
        "version": options.version,
    }
    document = {
        "bomFormat": "CycloneDX",
        "components": components,
        "dependencies": [
            {"dependsOn": sorted(needs), "ref": "tensorwasm"},
            *({"dependsOn": sorted(needs[name]), "ref": name} for name in sorted(needs)),
        ],
        "metadata": {"component": main_component},
        "specVersion": "1.5",
        "version": 1,
    }
    if "SOURCE_DATE_EPOCH" in os.environ:
        moment = datetime.datetime.fromtimestamp(
            int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc
        )
        document["metadata"]["timestamp"] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    # Of what it says, not of chance.
    content = json.dumps(document, sort_keys=True)
    serial = uuid.uuid5(uuid.NAMESPACE_URL, "urn:tensorwasm:sbom:" + content)
    document["serialNumber"] = f"urn:uuid:{serial}"
    with open(options.output, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=2, sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    main()
