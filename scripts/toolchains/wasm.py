# wasm.py - reads the imports of a Wasm module, and writes stand-ins for them.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# A module whose imports are missing keeps only the exports that cannot reach
# them. Linked with a stand-in for each imported module, all of it compiles.
# A stand-in's functions trap, so that a replay which reaches one shows it, but
# for those to which the recording gave an answer.

import re
from dataclasses import dataclass, field
from typing import List, Tuple

TYPES = {
    0x7F: "i32",
    0x7E: "i64",
    0x7D: "f32",
    0x7C: "f64",
    0x7B: "v128",
    0x70: "funcref",
    0x6F: "externref",
}


class Reader:
    """Core specification, 5.2 to 5.5."""

    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def u64(self):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                return value

    def name(self):
        size = self.u64()
        self.at += size
        return self.data[self.at - size : self.at].decode()

    def types(self):
        return [TYPES[self.byte()] for _ in range(self.u64())]

    def limits(self):
        flags = self.byte()
        text = "i64 " if flags & 4 else ""
        text += str(self.u64())
        if flags & 1:
            text += f" {self.u64()}"
        return text + (" shared" if flags & 2 else "")


@dataclass
class Module:
    functions: int = 0  # that it defines
    exports: List[str] = field(default_factory=list)
    imports: List[Tuple[str, str, str]] = field(default_factory=list)


def stand_in(signature, answer):
    """The body of a function that takes the place of an imported one."""
    parameters, results = signature
    text = "(func"
    if parameters:
        text += f" (param {' '.join(parameters)})"
    if results:
        text += f" (result {' '.join(results)})"
    if answer is None:
        return text + " unreachable)"
    null = {"funcref": "(ref.null func)", "externref": "(ref.null extern)"}
    for kind in results:
        value = f"i64x2 0 {answer}" if kind == "v128" else answer
        text += " " + null.get(kind, f"({kind}.const {value})")
    return text + ")"


def read(path, answers):
    """The module's facts; each import with a definition that stands in."""
    with open(path, "rb") as file:
        data = file.read()
    reader, module, signatures = Reader(data, 8), Module(), []
    while reader.at < len(data):
        section, size = reader.byte(), reader.u64()
        end = reader.at + size
        if section == 1:
            for _ in range(reader.u64()):
                reader.byte()  # 0x60
                signatures.append((reader.types(), reader.types()))
        elif section == 2:
            for _ in range(reader.u64()):
                where, name, kind = reader.name(), reader.name(), reader.byte()
                if kind == 0:
                    answer = answers.get(f"{where}.{name}")
                    body = stand_in(signatures[reader.u64()], answer)
                elif kind == 1:
                    element = TYPES[reader.byte()]
                    body = f"(table {reader.limits()} {element})"
                elif kind == 2:
                    body = f"(memory {reader.limits()})"
                elif kind == 3:
                    value, mutable = TYPES[reader.byte()], reader.byte()
                    kind_text = f"(mut {value})" if mutable else value
                    body = f"(global {kind_text} ({value}.const 0))"
                else:
                    raise ValueError(f"{path}: imports of kind {kind}")
                module.imports.append((where, name, body))
        elif section == 3:
            module.functions = reader.u64()
        elif section == 7:
            for _ in range(reader.u64()):
                name, kind = reader.name(), reader.byte()
                reader.u64()
                if kind == 0:
                    module.exports.append(name)
        reader.at = end
    return module


def leb(value):
    data = bytearray()
    while True:
        data.append(value & 0x7F | (0x80 if value >> 7 else 0))
        value >>= 7
        if not value:
            return bytes(data)


def export_all(path, output, module):
    """Writes the module with an export `all.N` of each function it defines.
    Code that only the host calls, through a table, is compiled then too."""
    with open(path, "rb") as file:
        data = file.read()
    imported = sum(body.startswith("(func") for _, _, body in module.imports)
    reader, result = Reader(data, 8), bytearray(data[:8])
    while reader.at < len(data):
        begin = reader.at
        section, size = reader.byte(), reader.u64()
        start, reader.at = reader.at, reader.at + size
        if section != 7:
            result += data[begin : reader.at]
            continue
        inner = Reader(data, start)
        content = leb(inner.u64() + module.functions)
        content += data[inner.at : reader.at]
        for index in range(imported, imported + module.functions):
            name = b"all.%d" % index
            content += leb(len(name)) + name + b"\0" + leb(index)
        result += b"\7" + leb(len(content)) + content
    with open(output, "wb") as file:
        file.write(result)


def quoted(name):
    """As a string of the text format."""
    return '"' + re.sub(rb'[^ !#-\[\]-~]', lambda m: b"\\%02x" % m[0][0],
                        name.encode()).decode() + '"'


def write_stand_ins(module, stem):
    """Writes stem.N.wat for each module imported from; the --link options."""
    options = []
    for number, where in enumerate(dict.fromkeys(i[0] for i in module.imports)):
        path = f"{stem}.{number}.wat"
        with open(path, "w") as file:
            file.write("(module\n")
            done = set()
            for module_name, name, body in module.imports:
                if module_name != where or name in done:
                    continue
                done.add(name)
                keyword, rest = body[1:].split(None, 1) if " " in body else (
                    body[1:-1], ")")
                file.write(f"  ({keyword} (export {quoted(name)}) {rest}\n")
            file.write(")\n")
        options += ["--link", f"{where}={path}"]
    return options
