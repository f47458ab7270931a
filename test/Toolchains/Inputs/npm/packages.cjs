// packages.cjs - uses libraries from npm, each as its documentation shows.
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// node --require record.cjs packages.cjs DIRECTORY NAME
// runs one use of a package below DIRECTORY/node_modules. What it computes is
// also checked here where Node can: a recording of a wrong use shows nothing.

"use strict";
// Emscripten's loaders of some years ago take a fetch to mean a browser.
delete globalThis.fetch;
const assert = require("assert");
const crypto = require("crypto");
const fs = require("fs");
const path = require("path");
const zlib = require("zlib");
const {createRequire} = require("module");
const {pathToFileURL} = require("url");

const [directory, name] = process.argv.slice(2);
const load = createRequire(path.join(path.resolve(directory), "x.js"));
const file = (inner) => path.join(directory, "node_modules", inner);
const loadESM = (inner) => import(pathToFileURL(file(inner)).href);

const text = "Jackdaws love my big sphinx of quartz. ".repeat(50);
const data = Buffer.alloc(3000);
for (let i = 0, x = 1; i < data.length; ++i) {
  x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
  data[i] = x >>> 24 & (i >> 8 & 1 ? 3 : 255);
}
const nodeHash = (kind) => crypto.createHash(kind).update(data).digest("hex");
const same = (a, b) => assert.deepStrictEqual(Buffer.from(a), Buffer.from(b));

// An 8-bit RGB PNG.
function png(width, height) {
  const chunk = (type, body) => {
    const tail = Buffer.concat([Buffer.from(type), body]);
    let crc = ~0;
    for (const byte of tail) {
      crc ^= byte;
      for (let k = 0; k < 8; ++k)
        crc = crc >>> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    const size = Buffer.alloc(4), sum = Buffer.alloc(4);
    size.writeUInt32BE(body.length);
    sum.writeUInt32BE(~crc >>> 0);
    return Buffer.concat([size, tail, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + 3 * width));
  for (let i = 0; i < rows.length; ++i)
    rows[i] = i % (1 + 3 * width) ? i * 7 >> 3 : 0;
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"), chunk("IHDR", header),
    chunk("IDAT", zlib.deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

async function hashWasm(kind, ...args) {
  return load("hash-wasm")[kind](...args);
}

const uses = {
  "hash-wasm-sha256": async () =>
      assert.equal(await hashWasm("sha256", data), nodeHash("sha256")),
  "hash-wasm-sha3": async () =>
      assert.equal(await hashWasm("sha3", data, 512), nodeHash("sha3-512")),
  "hash-wasm-blake2b": async () =>
      assert.equal(await hashWasm("blake2b", data), nodeHash("blake2b512")),
  "hash-wasm-blake3": () => hashWasm("blake3", data),
  "hash-wasm-md5": async () =>
      assert.equal(await hashWasm("md5", data), nodeHash("md5")),
  "hash-wasm-ripemd160": () => hashWasm("ripemd160", data),
  "hash-wasm-whirlpool": () => hashWasm("whirlpool", data),
  "hash-wasm-sm3": () => hashWasm("sm3", data),
  "hash-wasm-crc32": () => hashWasm("crc32", data),
  "hash-wasm-xxhash64": () => hashWasm("xxhash64", data, 1, 2),
  "hash-wasm-xxhash128": () => hashWasm("xxhash128", data),
  "hash-wasm-argon2id": () => hashWasm("argon2id", {
    password: "secret", salt: data.subarray(0, 16), parallelism: 1,
    iterations: 2, memorySize: 64, hashLength: 32, outputType: "hex"}),
  "hash-wasm-bcrypt": () => hashWasm("bcrypt", {
    password: "secret", salt: data.subarray(0, 16), costFactor: 4,
    outputType: "hex"}),
  "xxhash-wasm": async () => {
    const {h32, h64, create64} = await load("xxhash-wasm")();
    assert.equal(create64().update(text).digest(), h64(text));
    h32(text, 7);
  },
  "argon2-browser": async () => {
    const argon2 = load("argon2-browser");
    await argon2.hash({pass: "password", salt: "somesalt", time: 2, mem: 64,
                       type: argon2.ArgonType.Argon2id});
  },
  "zstd-wasm": async () => {
    const zstd = load("@bokuweb/zstd-wasm");
    await zstd.init();
    same(zstd.decompress(zstd.compress(data, 3)), data);
    same(zstd.decompress(zstd.compress(Buffer.from(text), 9)),
         Buffer.from(text));
  },
  "brotli-wasm": async () => {
    const brotli = load("brotli-wasm");
    const packed = brotli.compress(Buffer.from(text));
    same(zlib.brotliDecompressSync(packed), Buffer.from(text));
    same(brotli.decompress(packed), Buffer.from(text));
  },
  "lz4-wasm-nodejs": async () => {
    const lz4 = load("lz4-wasm-nodejs");
    same(lz4.decompress(lz4.compress(data)), data);
  },
  "snappy-wasm": async () => {
    const snappy = load("snappy-wasm");
    same(snappy.decompress_raw(snappy.compress_raw(data)), data);
  },
  "wasm-flate": async () => {
    const flate = load("wasm-flate");
    same(zlib.inflateSync(flate.zlib_encode_raw(data)), data);
    same(flate.gzip_decode_raw(zlib.gzipSync(data)), data);
  },
  "foxglove-lz4": async () => {
    const lz4 = load("@foxglove/wasm-lz4");
    await (lz4.default || lz4).isLoaded;
    // A block of one run of literals.
    const block = Buffer.concat([Buffer.from([0x50]), Buffer.from("hello")]);
    const frame = Buffer.concat([
      Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]),
      Buffer.from([block.length, 0, 0, 0]), block, Buffer.alloc(4)]);
    same((lz4.default || lz4)(frame, 5), Buffer.from("hello"));
  },
  "foxglove-zstd": async () => {
    const zstd = load("@foxglove/wasm-zstd");
    await zstd.isLoaded;
    same(zstd.decompress(zstd.compress(data, 3), data.length), data);
  },
  "meshoptimizer-decoder": async () => {
    const {MeshoptDecoder: decoder, MeshoptEncoder: encoder} =
        load("meshoptimizer");
    await Promise.all([decoder.ready, encoder.ready]);
    const source = new Uint8Array(data.subarray(0, 16 * 128));
    const target = new Uint8Array(source.length);
    decoder.decodeVertexBuffer(target, 128, 16,
                               encoder.encodeVertexBuffer(source, 128, 16));
    same(target, source);
  },
  "meshoptimizer-simplifier": async () => {
    const {MeshoptSimplifier: simplifier} = load("meshoptimizer");
    await simplifier.ready;
    const n = 12, positions = new Float32Array(3 * n * n), indices = [];
    for (let i = 0; i < n * n; ++i)
      positions.set([i % n, Math.floor(i / n), Math.sin(i % n * 0.3)], 3 * i);
    for (let y = 0; y + 1 < n; ++y)
      for (let x = 0; x + 1 < n; ++x) {
        const a = y * n + x;
        indices.push(a, a + 1, a + n, a + n, a + 1, a + n + 1);
      }
    simplifier.simplify(new Uint32Array(indices), positions, 3, 60, 0.1);
  },
  "scrypt-wasm": async () => {
    const hex = (s) => Buffer.from(s).toString("hex");
    // Its JavaScript is for bundlers; this is what that does with the module.
    const bytes = fs.readFileSync(file("scrypt-wasm/scrypt_wasm_bg.wasm"));
    const {instance: {exports: e}} = await WebAssembly.instantiate(
        bytes, {"./scrypt_wasm": {__wbindgen_throw: () => assert.fail()}});
    const pass = (s) => {
      const hex = Buffer.from(s).toString("hex"), at = e.__wbindgen_malloc(hex.length);
      new Uint8Array(e.memory.buffer).set(Buffer.from(hex), at);
      return [at, hex.length];
    };
    const result = e.__wbindgen_global_argument_ptr();
    e.scrypt(result, ...pass("pleaseletmein"), ...pass("SodiumChloride"),
             16, 2, 1, 32);
    const [at, size] = new Uint32Array(e.memory.buffer, result, 2);
    assert.equal(Buffer.from(e.memory.buffer, at, size).toString(),
                 crypto.scryptSync("pleaseletmein", "SodiumChloride", 32,
                                   {N: 16, r: 2, p: 1}).toString("hex"));
  },
  "as-sha256": async () => {
    const {digest} = await import(pathToFileURL(load.resolve("@chainsafe/as-sha256")).href);
    same(digest(data), crypto.createHash("sha256").update(data).digest());
  },
  "tiny-secp256k1": async () => {
    const ecc = load("tiny-secp256k1");
    const key = crypto.createHash("sha256").update("key").digest();
    const hash = crypto.createHash("sha256").update("message").digest();
    assert(ecc.verify(hash, ecc.pointFromScalar(key), ecc.sign(hash, key)));
  },
  "kissfft": async () => {
    const m = load("kissfft-wasm");
    await load("kissfft-wasm/lib/wasm.js").waitLoading();
    const fft = await m.fft(new Float32Array(128).map((_, i) => i % 7 - 3));
    assert.equal(fft.length, 128);
  },
  "pffft": async () => {
    const {default: create} =
        await loadESM("@echogarden/pffft-wasm/dist/simd/pffft.js");
    const m = await create();
    const setup = m._pffft_new_setup(64, 0), at = m._pffft_aligned_malloc(1024);
    m.HEAPF32.set(new Float32Array(64).map((_, i) => i % 5), at >> 2);
    m._pffft_transform_ordered(setup, at, at + 256, 0, 0);
    m._pffft_transform_ordered(setup, at + 256, at + 512, 0, 1);
    assert.equal(Math.round(m.HEAPF32[(at >> 2) + 128 + 3] / 64), 3);
  },
  "rnnoise": async () => {
    const {default: create} = await loadESM("@jitsi/rnnoise-wasm/dist/rnnoise.js");
    const m = await create({
      wasmBinary: fs.readFileSync(file("@jitsi/rnnoise-wasm/dist/rnnoise.wasm"))});
    const at = m._malloc(480 * 4), state = m._rnnoise_create();
    for (let frame = 0; frame < 3; ++frame) {
      m.HEAPF32.set(new Float32Array(480).map((_, i) => 1000 * Math.sin(i * (frame + 1) / 9)), at >> 2);
      m._rnnoise_process_frame(state, at, at);
    }
  },
  "cjs-module-lexer": async () => {
    const lexer = require(path.resolve(file("cjs-module-lexer/dist/lexer.js")));
    await lexer.init();
    assert.deepEqual(lexer.parse("exports.a = 1; exports['b'] = 2;").exports,
                     ["a", "b"]);
  },
  "es-module-lexer": async () => {
    const lexer = load("es-module-lexer");
    await lexer.init;
    assert.equal(lexer.parse("import a from 'b'; export const c = import('d');")[0].length, 2);
  },
  "jsquash-resize": async () => {
    const m = await loadESM("@jsquash/resize/lib/resize/pkg/squoosh_resize.js");
    await m.default(fs.readFileSync(file("@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm")));
    m.resize(new Uint8Array(data.subarray(0, 16 * 16 * 4)), 16, 16, 11, 7, 3, true, true);
  },
  "jsquash-hqx": async () => {
    const m = await loadESM("@jsquash/resize/lib/hqx/pkg/squooshhqx.js");
    await m.default(fs.readFileSync(file("@jsquash/resize/lib/hqx/pkg/squooshhqx_bg.wasm")));
    m.resize(new Uint32Array(64).map((_, i) => i * 0x10305), 8, 8, 3);
  },
  "jsquash-oxipng": async () => {
    const m = await loadESM("@jsquash/oxipng/codec/pkg/squoosh_oxipng.js");
    await m.default(fs.readFileSync(file("@jsquash/oxipng/codec/pkg/squoosh_oxipng_bg.wasm")));
    assert(m.optimise(png(24, 16), 2, false, false).length > 50);
  },
  "source-map": async () => {
    const {SourceMapConsumer} = load("source-map");
    const consumer = await new SourceMapConsumer({
      version: 3, sources: ["a.js"], names: [], mappings: "AAAA,CAAC;AACD"});
    // Its answer comes by a callback, which the recording leaves out.
    consumer.originalPositionFor({line: 1, column: 2});
    consumer.destroy();
  },
  "llhttp": async () => {
    const base64 = load("undici/lib/llhttp/llhttp-wasm.js");
    const zero = () => 0;
    const module_ = new WebAssembly.Module(Buffer.from(base64, "base64"));
    const env = {};
    for (const {name} of WebAssembly.Module.imports(module_))
      env[name] = zero;
    const {exports: e} = new WebAssembly.Instance(module_, {env});
    const parser = e.llhttp_alloc(2), at = e.malloc(512);
    const response = Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    new Uint8Array(e.memory.buffer).set(response, at);
    assert.equal(e.llhttp_execute(parser, at, response.length), 0);
  },
  "harfbuzz-subset": async () => {
    const bytes = fs.readFileSync(file("harfbuzzjs/hb-subset.wasm"));
    const {instance: {exports: e}} = await WebAssembly.instantiate(bytes);
    const at = e.malloc(data.length);
    new Uint8Array(e.memory.buffer).set(data, at);
    const blob = e.hb_blob_create(at, data.length, 2, 0, 0);
    const face = e.hb_face_create(blob, 0);
    const input = e.hb_subset_input_create_or_fail();
    const set = e.hb_subset_input_unicode_set(input);
    for (let c = 60; c < 100; c += 3)
      e.hb_set_add(set, c);
    e.hb_subset_or_fail(face, input);
    e.hb_subset_input_destroy(input);
    e.hb_face_destroy(face);
  },
  "sql.js": async () => {
    const database = new (await load("sql.js")()).Database();
    database.run("create table t(a, b); insert into t values (1, 'x'), (2, 'y')");
    database.exec("select sum(a), group_concat(b) from t");
  },
};

(async () => {
  if (!Object.hasOwn(uses, name))
    throw new Error(`no use of a package is named ${name}`);
  await uses[name]();
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
