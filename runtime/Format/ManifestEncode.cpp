//===- ManifestEncode.cpp - manifest to canonical JSON --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Member names and order of the encoding; ManifestDecode.cpp is its mirror.
// nlohmann::json keeps members sorted by byte order and writes no white space,
// which is what "canonical" asks for.
//
//===----------------------------------------------------------------------===//

#include "Format/ManifestRules.h"

#include <nlohmann/json.hpp>

namespace ptxbin {

using json = nlohmann::json;

static std::string bitsToHex(uint64_t bits) {
  std::string text(16, '0');
  for (int i = 15; i >= 0; --i, bits >>= 4)
    text[i] = "0123456789abcdef"[bits & 15];
  return text;
}

static json encodeTypes(const std::vector<ValueType> &types) {
  json list = json::array();
  for (ValueType type : types)
    list.push_back(toString(type));
  return list;
}

static json encode(const CompilerInfo &compiler) {
  return {{"assembler", compiler.assembler},
          {"flags", compiler.flags},
          {"llvm", compiler.llvm},
          {"name", compiler.name},
          {"version", compiler.version}};
}

template <typename T> static json orNull(const std::optional<T> &value) {
  return value ? json(*value) : json(nullptr);
}

static json encode(const ExportName &name) {
  return {{"module", name.module}, {"name", name.name}};
}

static json encode(const ImportedMinimum &import) {
  return {{"index", import.index}, {"minimum", import.minimum}};
}

template <typename T> static json encodeList(const std::vector<T> &items) {
  json list = json::array();
  for (const T &item : items)
    list.push_back(encode(item));
  return list;
}

static json encode(const ModuleInfo &module) {
  return {{"functions", module.functions},
          {"memoryImports", encodeList(module.memoryImports)},
          {"name", module.name},
          {"start", orNull(module.startSymbol)},
          {"tableImports", encodeList(module.tableImports)},
          {"wasmOffset", module.wasmOffset},
          {"wasmSize", module.wasmSize}};
}

static json encode(const MemoryInfo &memory) {
  return {{"exports", encodeList(memory.exports)},
          {"grows", memory.grows},
          {"index64", memory.index64},
          {"max", orNull(memory.maxPages)},
          {"min", memory.minPages},
          {"module", memory.module},
          {"shared", memory.shared}};
}

static json encode(const TableInfo &table) {
  return {{"exports", encodeList(table.exports)},
          {"grows", table.grows},
          {"max", orNull(table.maxSize)},
          {"min", table.minSize},
          {"module", table.module},
          {"type", toString(table.type)}};
}

static json encode(const GlobalInfo &global) {
  return {{"bits", bitsToHex(global.bits)},
          {"exports", encodeList(global.exports)},
          {"highBits", bitsToHex(global.highBits)},
          {"module", global.module},
          {"mutable", global.isMutable},
          {"type", toString(global.type)}};
}

static json encode(const DataInfo &data) {
  return {{"active", data.active},
          {"memory", data.memory},
          {"memoryOffset", bitsToHex(data.memoryOffset)},
          {"module", data.module},
          {"moduleOffset", data.moduleOffset},
          {"size", data.size}};
}

static json encode(const ElemInfo &elem) {
  json references = json::array();
  for (uint64_t reference : elem.references)
    references.push_back(bitsToHex(reference));
  return {{"active", elem.active},
          {"module", elem.module},
          {"references", std::move(references)},
          {"table", elem.table},
          {"tableOffset", bitsToHex(elem.tableOffset)}};
}

static json encode(const StackWindow &window) {
  return {{"global", window.global},
          {"low", window.low},
          {"memory", window.memory},
          {"size", window.size}};
}

static json encode(const SharedWindow &window) {
  return {{"limit", window.limit},
          {"memory", window.memory},
          {"size", window.size}};
}

static json encode(const KernelInfo &kernel) {
  return {{"cooperative", kernel.cooperative},
          {"function", kernel.function},
          {"gridSymbol", kernel.gridSymbol},
          {"memory", orNull(kernel.memory)},
          {"module", kernel.module},
          {"name", kernel.name},
          {"notLaunchable", kernel.notLaunchable},
          {"notOffloadable", kernel.notOffloadable},
          {"notOnGPU", kernel.notOnGPU},
          {"params", encodeTypes(kernel.params)},
          {"prints", kernel.prints},
          {"results", encodeTypes(kernel.results)},
          {"shared",
           kernel.shared ? encode(*kernel.shared) : json(nullptr)},
          {"stackWindow", kernel.stackWindow ? encode(*kernel.stackWindow)
                                             : json(nullptr)},
          {"symbol", kernel.symbol}};
}

static json encode(const Manifest &manifest) {
  json object = {{"compiler", encode(manifest.compiler)},
                 {"created", manifest.created},
                 {"data", encodeList(manifest.data)},
                 {"elems", encodeList(manifest.elems)},
                 {"expires", manifest.expires},
                 {"floatingPoint", manifest.floatingPoint},
                 {"fuel", manifest.fuel},
                 {"functions", manifest.functions},
                 {"globals", encodeList(manifest.globals)},
                 {"kernelABI", manifest.kernelABI},
                 {"kernels", encodeList(manifest.kernels)},
                 {"memories", encodeList(manifest.memories)},
                 {"modules", encodeList(manifest.modules)},
                 {"name", manifest.name},
                 {"publisher", manifest.publisher},
                 {"release", manifest.release},
                 {"sandbox", manifest.sandbox},
                 {"schema", manifest.bounds == BoundsMode::Check
                                ? manifestSchema
                                : manifestSchemaBounds},
                 {"sourceSha256", manifest.sourceSha256},
                 {"tables", encodeList(manifest.tables)},
                 {"version", manifest.version}};
  if (manifest.bounds != BoundsMode::Check)
    object["bounds"] = {{"mode", toString(manifest.bounds)},
                        {"reach", manifest.reach}};
  return object;
}

Expected<std::string> encodeManifest(const Manifest &manifest) {
  if (auto ok = checkManifest(manifest, ErrorKind::Invalid); !ok)
    return ok.error();
  try {
    std::string text = encode(manifest).dump();
    if (text.size() > maxManifestBytes)
      return makeError(ErrorKind::Invalid,
                       "manifest of " + std::to_string(text.size()) +
                           " bytes is more than the limit of " +
                           std::to_string(maxManifestBytes));
    return text;
  } catch (const std::exception &) {
    // dump() throws for a string that is not UTF-8, and for nothing else.
    return makeError(ErrorKind::Invalid,
                     "manifest: a string is not valid UTF-8");
  }
}

} // namespace ptxbin
