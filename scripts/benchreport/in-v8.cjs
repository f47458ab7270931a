// in-v8.cjs - runs a kernel as a grid in V8, on one thread, and times it.
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// node --no-liftoff in-v8.cjs FILE.wasm KERNEL GRID BLOCK TIMES ARGS...
//
// ARGS are twrun's (docs/TwrunCLI.md): numbers, @random:SEED:TYPE:SHAPE,
// @zeros:TYPE:SHAPE, @FILE, each buffer with =FILE to save it at the end.
// Prints the seconds of each launch. The threads run one after the other, in a
// loop that is itself WebAssembly, and so is what tells them where they are: V8
// calls nothing of JavaScript in between. A kernel that imports more than that,
// such as a barrier, is refused with exit code 3.

"use strict";
const fs = require("fs");

const AXES = ["x", "y", "z"];
const PLACES = ["thread_id", "block_id", "block_dim", "grid_dim"]
    .flatMap((what) => AXES.map((axis) => `${what}_${axis}`));
const I32 = 0x7f, F32 = 0x7d;

// Binary format: unsigned LEB128, vectors, names, sections.
function leb(value) {
  const bytes = [];
  for (; value >= 128; value = Math.floor(value / 128))
    bytes.push(value % 128 | 128);
  return [...bytes, value];
}
function signed(value) {
  const bytes = [];
  for (;; value >>= 7) {
    const done = value >> 6 === 0 || value >> 6 === -1;
    bytes.push(value & 127 | (done ? 0 : 128));
    if (done)
      return bytes;
  }
}
const vec = (items) => [...leb(items.length), ...items.flat()];
const name = (text) => vec([...Buffer.from(text)].map((byte) => [byte]));
const section = (id, body) => [id, ...leb(body.length), ...body];
const body = (code) => {
  const whole = [0, ...code, 0x0b];  // no locals
  return [...leb(whole.length), ...whole];
};
const module_ = (...sections) => new WebAssembly.Module(
    Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]));

// A module of one global for each place, and a function that reads it.
function makePlaces(dims) {
  const value = (place) => dims[place] || 0;
  return new WebAssembly.Instance(module_(
      section(1, vec([[0x60, 0, 1, I32]])),
      section(3, vec(PLACES.map(() => [0]))),
      section(6, vec(PLACES.map(
          (place) => [I32, 1, 0x41, ...signed(value(place)), 0x0b]))),
      section(7, vec(PLACES.flatMap((place, i) => [
        [...name(place), 0, ...leb(i)],
        [...name("=" + place), 3, ...leb(i)]]))),
      section(10, vec(PLACES.map((_, i) => body([0x23, ...leb(i)])))))).exports;
}

// A module whose function `run` calls the kernel once for each thread.
function makeLoop(kernel, types, places, dims) {
  let code = [...types.flatMap((_, i) => [0x20, ...leb(i)]), 0x10, 0];
  PLACES.slice(0, 6).forEach((place, i) => {
    const end = dims[PLACES[i + 6]];
    // place = 0; do { code; place += 1 } while (place < end)
    code = [0x41, 0, 0x24, i, 0x03, 0x40, ...code,
            0x23, i, 0x41, 1, 0x6a, 0x24, i,
            0x23, i, 0x41, ...signed(end), 0x49, 0x0d, 0, 0x0b];
  });
  return new WebAssembly.Instance(module_(
      section(1, vec([[0x60, ...vec(types.map((t) => [t])), 0]])),
      section(2, vec([
        [...name("e"), ...name("kernel"), 0, 0],
        ...PLACES.slice(0, 6).map(
            (place) => [...name("e"), ...name("=" + place), 3, I32, 1])])),
      section(3, vec([[0]])), section(7, vec([[...name("run"), 0, 1]])),
      section(10, vec([body(code)]))),
      {e: {...places, kernel}}).exports.run;
}

// The numbers behind @random: element i is a hash of SEED + i steps.
function* random(seed) {
  const wrap = (value) => BigInt.asUintN(64, value);
  for (let state = BigInt(seed);;) {
    state = wrap(state + 0x9e3779b97f4a7c15n);
    let z = wrap((state ^ state >> 30n) * 0xbf58476d1ce4e5b9n);
    z = wrap((z ^ z >> 27n) * 0x94d049bb133111ebn);
    yield z ^ z >> 31n;
  }
}

function contents(source) {
  const [, kind, rest] = /^(random|zeros):(.*)$/.exec(source) || [];
  if (!kind)
    return fs.readFileSync(source);
  const parts = rest.split(":");
  const seed = kind === "random" ? parts.shift() : 0;
  const [type, shape] = parts;
  const count = shape.split("x").reduce((a, b) => a * Number(b), 1);
  const array = {f32: Float32Array, u32: Uint32Array, u8: Uint8Array,
                 u64: BigUint64Array}[type];
  if (!array)
    throw new Error(`${source}: expected f32, u32, u64 or u8, but got ${type}`);
  const data = new array(count);
  if (kind === "random") {
    const numbers = random(seed);
    // Of integers, the upper bits.
    const take = {f32: (z) => Number(z >> 40n) * 2 ** -23 - 1,
                  u8: (z) => Number(z >> 56n), u32: (z) => Number(z >> 32n),
                  u64: (z) => z}[type];
    for (let i = 0; i < count; i++)
      data[i] = take(numbers.next().value);
  }
  return Buffer.from(data.buffer);
}

function main([file, kernel, grid, block, times, ...args]) {
  const compiled = new WebAssembly.Module(fs.readFileSync(file));
  const missing = WebAssembly.Module.imports(compiled)
      .filter((i) => i.module !== "tw" || !PLACES.includes(i.name));
  if (missing.length) {
    console.error("imports " + missing.map((i) => i.name).join(", "));
    return 3;
  }
  const dims = {};
  [["block_dim", block], ["grid_dim", grid]].forEach(([what, text]) => {
    const sizes = text.split(",").map(Number);
    AXES.forEach((axis, i) => dims[`${what}_${axis}`] = sizes[i] || 1);
  });
  const places = makePlaces(dims);
  const {exports: guest} = new WebAssembly.Instance(compiled, {tw: places});

  const sinks = [];
  const values = args.map((arg) => {
    if (arg[0] !== "@")
      return Number(arg);
    const [source, sink] = arg.slice(1).split("=");
    const data = contents(source);
    const address = guest.memory.buffer.byteLength;
    guest.memory.grow(Math.ceil(data.length / 65536));
    new Uint8Array(guest.memory.buffer).set(data, address);
    if (sink)
      sinks.push([sink, address, data.length]);
    return address;
  });
  const types = args.map((arg) => /^(@.*|-?\d+)$/.test(arg) ? I32 : F32);
  const run = makeLoop(guest[kernel], types, places, dims);

  const seconds = [];
  for (let i = 0; i < Number(times); i++) {
    const start = process.hrtime.bigint();
    run(...values);
    seconds.push(Number(process.hrtime.bigint() - start) / 1e9);
  }
  for (const [sink, address, length] of sinks)
    fs.writeFileSync(
        sink, new Uint8Array(guest.memory.buffer, address, length));
  console.log(JSON.stringify({seconds}));
  return 0;
}

process.exitCode = main(process.argv.slice(2));
