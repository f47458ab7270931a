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

static json encode(const MemoryInfo &memory) {
  return {{"exports", memory.exports},
          {"grows", memory.grows},
          {"max", memory.maxPages ? json(*memory.maxPages) : json(nullptr)},
          {"min", memory.minPages}};
}

static json encode(const GlobalInfo &global) {
  return {{"bits", bitsToHex(global.bits)},
          {"exports", global.exports},
          {"mutable", global.isMutable},
          {"type", toString(global.type)}};
}

static json encode(const DataInfo &data) {
  return {{"memoryOffset", data.memoryOffset},
          {"moduleOffset", data.moduleOffset},
          {"size", data.size}};
}

static json encode(const KernelInfo &kernel) {
  return {{"function", kernel.function},
          {"name", kernel.name},
          {"notLaunchable", kernel.notLaunchable},
          {"notOffloadable", kernel.notOffloadable},
          {"notOnGPU", kernel.notOnGPU},
          {"params", encodeTypes(kernel.params)},
          {"results", encodeTypes(kernel.results)},
          {"symbol", kernel.symbol}};
}

template <typename T> static json encodeList(const std::vector<T> &items) {
  json list = json::array();
  for (const T &item : items)
    list.push_back(encode(item));
  return list;
}

static json encode(const Manifest &manifest) {
  return {{"compiler", encode(manifest.compiler)},
          {"created", manifest.created},
          {"data", encodeList(manifest.data)},
          {"expires", manifest.expires},
          {"floatingPoint", manifest.floatingPoint},
          {"functions", manifest.functions},
          {"globals", encodeList(manifest.globals)},
          {"kernelABI", manifest.kernelABI},
          {"kernels", encodeList(manifest.kernels)},
          {"memories", encodeList(manifest.memories)},
          {"name", manifest.name},
          {"publisher", manifest.publisher},
          {"release", manifest.release},
          {"sandbox", manifest.sandbox},
          {"schema", manifestSchema},
          {"sourceSha256", manifest.sourceSha256},
          {"start",
           manifest.startSymbol ? json(*manifest.startSymbol) : json(nullptr)},
          {"version", manifest.version}};
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
