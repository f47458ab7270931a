// record.cjs - records what a JavaScript program does with Wasm modules.
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `node --require record.cjs program` runs a program whose libraries load Wasm
// and call it as they always do. For each module this writes to TW_RECORD_DIR
//   N.wasm   its bytes
//   N.json   the calls of its exports from outside, in order, each with what the
//            program wrote into memory before it, and with V8's results and a
//            digest of memory after it: a script for twreplay.
//
// A recording ends where an export calls an imported function, which a replay
// has not got, or after TW_RECORD_CALLS calls. `ended` tells the reason. The
// functions in TW_RECORD_ANSWERS, JSON such as {"env.now": 0}, return what it
// tells and do nothing else; a replay links with a module that does the same.

"use strict";
const crypto = require("crypto");
const fs = require("fs");
const path = require("path");

const directory = process.env.TW_RECORD_DIR || ".";
const maxCalls = Number(process.env.TW_RECORD_CALLS || 64);
const answers = new Map(
    Object.entries(JSON.parse(process.env.TW_RECORD_ANSWERS || "{}")));
const real = {
  Module: WebAssembly.Module,
  Instance: WebAssembly.Instance,
  compile: WebAssembly.compile,
  instantiate: WebAssembly.instantiate,
};
const bytesOf = new WeakMap(); // of each module
const recordings = [];
let depth = 0; // of calls into Wasm

function copyBytes(source) {
  return Buffer.from(
    ArrayBuffer.isView(source)
      ? Buffer.from(source.buffer, source.byteOffset, source.byteLength)
      : Buffer.from(source));
}

// As twreplay reads it: a Number, or text where JSON has no number for it.
function encode(value) {
  if (typeof value === "bigint")
    return value.toString();
  const number = Number(value === undefined || value === null ? 0 : value);
  if (Number.isNaN(number))
    return "nan";
  if (!Number.isFinite(number))
    return number > 0 ? "inf" : "-inf";
  return Object.is(number, -0) ? "-0" : number;
}

class Recording {
  constructor(module) {
    this.module = module;
    this.calls = [];
    this.ended = null;
    this.hostCalls = [];
  }

  start(imports, exports) {
    const names = [...WebAssembly.Module.exports(this.module)
                       .map((e) => exports[e.name]),
                   ...WebAssembly.Module.imports(this.module)
                       .map((i) => (imports[i.module] || {})[i.name])];
    this.memory = names.find((m) => m instanceof WebAssembly.Memory);
    this.shadow = this.snapshot();
    if (this.hostCalls.length)
      this.end(`instantiation calls ${this.hostCalls[0]}`);
  }

  snapshot() {
    return this.memory ? Buffer.from(new Uint8Array(this.memory.buffer))
                       : Buffer.alloc(0);
  }

  end(reason) {
    if (!this.ended)
      this.ended = reason;
    this.shadow = null;
  }

  // What the program wrote since the last call; runs with small gaps are one.
  writes(now) {
    const result = [], old = this.shadow, block = 4096;
    let run = null;
    const close = () => {
      if (run)
        result.push({at: run.begin,
                     bytes: now.toString("base64", run.begin, run.end)});
      run = null;
    };
    for (let at = 0; at < now.length; at += block) {
      const end = Math.min(at + block, now.length);
      if (end <= old.length && now.compare(old, at, end, at, end) === 0)
        continue;
      for (let i = at; i < end; ++i) {
        if (now[i] === (i < old.length ? old[i] : 0))
          continue;
        if (run && i - run.end > 16)
          close();
        if (!run)
          run = {begin: i, end: i};
        run.end = i + 1;
      }
    }
    close();
    return result;
  }

  call(name, wasmFunction, args) {
    if (depth > 0 || this.ended)
      return this.forward(wasmFunction, args);
    const before = this.snapshot();
    const call = {call: name};
    if (before.length > this.shadow.length)
      call.grow = (before.length - this.shadow.length) / 65536;
    const writes = this.writes(before);
    if (writes.length)
      call.writes = writes;
    // JavaScript drops arguments too many, and fills in those missing.
    call.args = Array.from({length: wasmFunction.length},
                           (_, i) => encode(args[i]));
    this.hostCalls = [];
    let result, error = null;
    try {
      result = this.forward(wasmFunction, args);
    } catch (thrown) {
      error = thrown;
    }
    if (this.hostCalls.length) {
      this.end(`${name} calls ${this.hostCalls[0]}`);
    } else if (error && !(error instanceof WebAssembly.RuntimeError)) {
      this.end(`${name} throws ${error}`);
    } else {
      if (error)
        call.traps = true;
      else
        call.results = result === undefined ? []
                       : Array.isArray(result) ? result.map(encode)
                                               : [encode(result)];
      this.shadow = this.snapshot();
      if (this.memory)
        call.memory =
            crypto.createHash("sha256").update(this.shadow).digest("hex");
      this.calls.push(call);
      if (this.calls.length >= maxCalls)
        this.end(`${maxCalls} calls are enough`);
    }
    if (error)
      throw error;
    return result;
  }

  forward(wasmFunction, args) {
    ++depth;
    try {
      return wasmFunction(...args);
    } finally {
      --depth;
    }
  }

  wrapImports(imports) {
    const wrapped = {};
    for (const {module, name, kind} of WebAssembly.Module.imports(this.module)) {
      const value = (imports[module] || {})[name];
      wrapped[module] = wrapped[module] || {};
      wrapped[module][name] =
          kind !== "function" || typeof value !== "function" ? value
          : answers.has(`${module}.${name}`)
              ? () => answers.get(`${module}.${name}`)
          : (...args) => {
              this.hostCalls.push(`${module}.${name}`);
              return value(...args);
            };
    }
    return wrapped;
  }

  wrapExports(exports) {
    const wrapped = Object.create(null);
    for (const [name, value] of Object.entries(exports))
      wrapped[name] =
          typeof value === "function"
              ? (...args) => this.call(name, value, args) : value;
    return Object.freeze(wrapped);
  }

  instance(inner, imports) {
    this.start(imports, inner.exports);
    recordings.push(this);
    return Object.create(real.Instance.prototype,
                         {exports: {value: this.wrapExports(inner.exports)}});
  }
}

function instantiateSync(module, imports = {}) {
  const recording = new Recording(module);
  const wrapped = recording.wrapImports(imports);
  return recording.instance(new real.Instance(module, wrapped), wrapped);
}

function compileSync(bytes) {
  const module = new real.Module(bytes);
  bytesOf.set(module, copyBytes(bytes));
  return module;
}

WebAssembly.Module = new Proxy(real.Module, {
  construct: (_, [bytes]) => compileSync(bytes),
});
WebAssembly.Instance = new Proxy(real.Instance, {
  construct: (_, [module, imports]) => instantiateSync(module, imports),
});
WebAssembly.compile = async (bytes) => compileSync(bytes);
WebAssembly.instantiate = async (source, imports) => {
  if (source instanceof real.Module)
    return instantiateSync(source, imports);
  const module = compileSync(source);
  return {module, instance: instantiateSync(module, imports)};
};
const responseBytes = async (response) =>
    Buffer.from(await (await response).arrayBuffer());
WebAssembly.compileStreaming = async (response) =>
    compileSync(await responseBytes(response));
WebAssembly.instantiateStreaming = async (response, imports) =>
    WebAssembly.instantiate(await responseBytes(response), imports);

process.on("exit", () => {
  fs.mkdirSync(directory, {recursive: true});
  recordings.forEach((recording, i) => {
    const bytes = bytesOf.get(recording.module);
    if (!bytes)
      return;
    fs.writeFileSync(path.join(directory, `${i}.wasm`), bytes);
    fs.writeFileSync(
        path.join(directory, `${i}.json`),
        JSON.stringify({schema: 1, ended: recording.ended || "program",
                        calls: recording.calls}));
  });
});
