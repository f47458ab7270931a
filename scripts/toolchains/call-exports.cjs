// call-exports.cjs - instantiates a module and calls exports as listed.
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// node call-exports.cjs module.wasm '[["sum", 3], ["wide", "5n"]]'
// A string with an n at its end is a BigInt. Imported functions throw. Run
// under record.cjs.

"use strict";
const fs = require("fs");
const module_ = new WebAssembly.Module(fs.readFileSync(process.argv[2]));
const imports = {};
for (const {module, name, kind} of WebAssembly.Module.imports(module_)) {
  if (kind !== "function")
    throw new Error(`imports ${kind} ${module}.${name}`);
  imports[module] = imports[module] || {};
  imports[module][name] = () => {
    throw new Error(`${module}.${name} is not there`);
  };
}
const {exports: exported} = new WebAssembly.Instance(module_, imports);
if (exported._initialize)
  exported._initialize();
for (const [name, ...args] of JSON.parse(process.argv[3])) {
  const values = args.map((a) => typeof a === "string" ? BigInt(a.slice(0, -1)) : a);
  try {
    console.log(name, args.join(" "), "=", String(exported[name](...values)));
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError))
      throw error;
    console.log(name, args.join(" "), "traps:", error.message);
  }
}
