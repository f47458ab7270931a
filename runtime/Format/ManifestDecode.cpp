//===- ManifestDecode.cpp - canonical JSON to manifest --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Strict: every member there, of its type, none else, and bytes equal to what
// the encoder makes of the result. That comparison is what refuses white
// space, other orders, escapes or number forms, and members given twice.
//
//===----------------------------------------------------------------------===//

#include "Format/JsonShape.h"
#include "Format/ManifestRules.h"
#include "Format/ObjectReader.h"

#include <algorithm>

namespace ptxbin {

using json = nlohmann::json;

// Deepest legal nesting is 5 (a name among a memory's exports).
static constexpr unsigned maxDepth = 8;

static Error malformed(const std::string &message) {
  return makeError(ErrorKind::Malformed, "manifest: " + message);
}

static void decode(ObjectReader &in, CompilerInfo &out) {
  in.read("assembler", out.assembler);
  in.read("flags", out.flags);
  in.read("llvm", out.llvm);
  in.read("name", out.name);
  in.read("version", out.version);
}

static void decode(ObjectReader &in, ExportName &out) {
  in.read("module", out.module);
  in.read("name", out.name);
}

static void decode(ObjectReader &in, ImportedMinimum &out) {
  in.read("index", out.index);
  in.read("minimum", out.minimum);
}

/// Decodes each object of a list by the overload for its type.
template <typename T>
static void readList(ObjectReader &in, const char *key, std::vector<T> &out) {
  in.readObjects(key, out,
                 [](ObjectReader &item, T &info) { decode(item, info); });
}

static void decode(ObjectReader &in, ModuleInfo &out) {
  in.read("functions", out.functions);
  readList(in, "memoryImports", out.memoryImports);
  in.read("name", out.name);
  in.read("start", out.startSymbol);
  readList(in, "tableImports", out.tableImports);
  in.read("wasmOffset", out.wasmOffset);
  in.read("wasmSize", out.wasmSize);
}

static void decode(ObjectReader &in, MemoryInfo &out) {
  readList(in, "exports", out.exports);
  in.read("grows", out.grows);
  in.read("index64", out.index64);
  in.read("max", out.maxPages);
  in.read("min", out.minPages);
  in.read("module", out.module);
  in.read("shared", out.shared);
}

static void decode(ObjectReader &in, TableInfo &out) {
  readList(in, "exports", out.exports);
  in.read("grows", out.grows);
  in.read("max", out.maxSize);
  in.read("min", out.minSize);
  in.read("module", out.module);
  in.read("type", out.type);
}

static void decode(ObjectReader &in, GlobalInfo &out) {
  in.readBits("bits", out.bits);
  readList(in, "exports", out.exports);
  in.readBits("highBits", out.highBits);
  in.read("module", out.module);
  in.read("mutable", out.isMutable);
  in.read("type", out.type);
}

static void decode(ObjectReader &in, DataInfo &out) {
  in.read("active", out.active);
  in.read("memory", out.memory);
  in.readBits("memoryOffset", out.memoryOffset);
  in.read("module", out.module);
  in.read("moduleOffset", out.moduleOffset);
  in.read("size", out.size);
}

static void decode(ObjectReader &in, ElemInfo &out) {
  in.read("active", out.active);
  in.read("module", out.module);
  in.readBits("references", out.references);
  in.read("table", out.table);
  in.readBits("tableOffset", out.tableOffset);
}

static void decode(ObjectReader &in, StackWindow &out) {
  in.read("global", out.global);
  in.read("low", out.low);
  in.read("memory", out.memory);
  in.read("size", out.size);
}

static void decode(ObjectReader &in, SharedWindow &out) {
  in.read("limit", out.limit);
  in.read("memory", out.memory);
  in.read("size", out.size);
}

static void decode(ObjectReader &in, KernelInfo &out) {
  in.read("cooperative", out.cooperative);
  in.read("function", out.function);
  in.read("gridSymbol", out.gridSymbol);
  in.read("memory", out.memory);
  in.read("module", out.module);
  in.read("name", out.name);
  in.read("notLaunchable", out.notLaunchable);
  in.read("notOffloadable", out.notOffloadable);
  in.read("notOnGPU", out.notOnGPU);
  in.read("params", out.params);
  in.read("prints", out.prints);
  in.read("results", out.results);
  in.readOptional(
      "shared", out.shared,
      [](ObjectReader &item, SharedWindow &info) { decode(item, info); });
  in.readOptional(
      "stackWindow", out.stackWindow,
      [](ObjectReader &item, StackWindow &info) { decode(item, info); });
  in.read("symbol", out.symbol);
}

/// A member of schema 4 only.
static void decodeBounds(ObjectReader &in, Manifest &out) {
  in.read("mode", out.bounds);
  in.read("reach", out.reach);
}

static void decode(ObjectReader &in, Manifest &out) {
  in.readObject(
      "compiler", out.compiler,
      [](ObjectReader &item, CompilerInfo &info) { decode(item, info); });
  in.read("created", out.created);
  readList(in, "data", out.data);
  readList(in, "elems", out.elems);
  in.read("expires", out.expires);
  in.read("floatingPoint", out.floatingPoint);
  in.read("fuel", out.fuel);
  in.read("functions", out.functions);
  readList(in, "globals", out.globals);
  in.read("kernelABI", out.kernelABI);
  readList(in, "kernels", out.kernels);
  readList(in, "memories", out.memories);
  readList(in, "modules", out.modules);
  in.read("name", out.name);
  in.read("publisher", out.publisher);
  in.read("release", out.release);
  in.read("sandbox", out.sandbox);
  in.read("sourceSha256", out.sourceSha256);
  readList(in, "tables", out.tables);
  in.read("version", out.version);
}

static Expected<Manifest> decodeChecked(std::string_view bytes) {
  if (bytes.size() > maxManifestBytes)
    return malformed(std::to_string(bytes.size()) +
                     " bytes are more than the limit of " +
                     std::to_string(maxManifestBytes));
  if (shapeOfJson(bytes).depth > maxDepth)
    return malformed("nested more than " + std::to_string(maxDepth) + " deep");
  json document = json::parse(bytes.begin(), bytes.end(), nullptr,
                              /*allow_exceptions=*/false);
  if (document.is_discarded())
    return malformed("not valid JSON in UTF-8");

  // The schema's number says what the other members mean.
  Expected<void> failure;
  Manifest manifest;
  ObjectReader reader(document, "", failure);
  uint32_t schema = 0;
  reader.read("schema", schema);
  if (failure && schema != manifestSchema && schema != manifestSchemaBounds)
    return makeError(ErrorKind::Incompatible,
                     "manifest: schema " + std::to_string(schema) +
                         ": this reader knows schemas " +
                         std::to_string(manifestSchema) + " and " +
                         std::to_string(manifestSchemaBounds) + " only");
  if (schema == manifestSchemaBounds)
    reader.readObject("bounds", manifest, decodeBounds);
  decode(reader, manifest);
  reader.finish();
  if (!failure)
    return failure.error();
  if (auto ok = checkManifest(manifest, ErrorKind::Malformed); !ok)
    return ok.error();

  auto canonical = encodeManifest(manifest);
  if (!canonical)
    return makeError(ErrorKind::Malformed, canonical.error().message);
  if (*canonical != bytes) {
    auto differ = std::mismatch(canonical->begin(), canonical->end(),
                                bytes.begin(), bytes.end());
    return malformed("not canonical at byte " +
                     std::to_string(differ.first - canonical->begin()));
  }
  return manifest;
}

Expected<Manifest> decodeManifest(std::string_view bytes) {
  try {
    return decodeChecked(bytes);
  } catch (const std::exception &) {
    // Only memory can run out here; nothing of the library's own is thrown.
    return makeError(ErrorKind::IO, "manifest: out of memory while decoding");
  }
}

} // namespace ptxbin
