//===- Manifest.h - the MANIFEST section of a .ptxbin -----------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a signed artifact says about itself: identity, compiler, the module's
// instantiation, and one record per exported function. The encoding is
// canonical JSON: UTF-8, keys sorted by byte order, no white space, unsigned
// integers only (no fractions, no exponents, at most 2^53 - 1), 64-bit
// patterns and digests as lower-case hexadecimal strings. A reader re-encodes
// what it parsed and refuses bytes that differ, unknown keys and missing ones.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_FORMAT_MANIFEST_H
#define TWRUN_FORMAT_MANIFEST_H

#include "Format/Error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ptxbin {

inline constexpr uint32_t manifestSchema = 1;
inline constexpr size_t maxManifestBytes = 1u << 20;

/// Wasm number types ("i32", "i64", "f32", "f64").
enum class ValueType : uint8_t { I32, I64, F32, F64 };
const char *toString(ValueType type);

struct CompilerInfo {
  std::string name;      // "twc"
  std::string version;   // of twc
  std::string llvm;      // e.g. "22.1.8"
  std::string assembler; // ptxas version, empty without cubin
  std::vector<std::string> flags; // those that shape the output, in order
};

struct MemoryInfo {
  uint64_t minPages = 0;            // pages of 64 KiB
  std::optional<uint64_t> maxPages; // absent: no limit declared
  bool grows = false;               // the module contains memory.grow
  std::vector<std::string> exports; // names it is exported under
};

struct GlobalInfo {
  ValueType type = ValueType::I32;
  bool isMutable = false;
  uint64_t bits = 0; // initial value, zero-extended
  std::vector<std::string> exports;
};

/// An active data segment: `size` bytes of the WASM section, from
/// `moduleOffset`, go to linear memory at `memoryOffset`.
struct DataInfo {
  uint64_t memoryOffset = 0;
  uint64_t moduleOffset = 0;
  uint64_t size = 0;
};

/// An exported function.
struct KernelInfo {
  std::string name;   // the export's name, any UTF-8
  std::string symbol; // its ASCII symbol in the PTX, cubin and host images
  uint32_t function = 0; // Wasm function index
  std::vector<ValueType> params;
  std::vector<ValueType> results;
  /// Empty: can run. Otherwise why no image contains it (import chain …).
  std::string notOffloadable;
  /// Empty: can be launched as a grid. Otherwise why `launch` refuses it.
  std::string notLaunchable;
  /// Empty: can run on a GPU. Otherwise why only the host can run it.
  std::string notOnGPU;
};

struct Manifest {
  std::string name;
  std::string version;
  uint64_t release = 0;
  std::string publisher;
  uint64_t created = 0; // seconds since 1970, from SOURCE_DATE_EPOCH, else 0
  uint64_t expires = 0; // 0: never
  CompilerInfo compiler;
  std::string sourceSha256; // hex digest of the WASM section's raw bytes
  std::string sandbox;      // "checked"
  std::string floatingPoint; // "strict"
  uint32_t kernelABI = 0;
  std::vector<MemoryInfo> memories; // at most one in this version
  std::vector<GlobalInfo> globals;  // index order
  std::vector<DataInfo> data;       // in instantiation order
  std::optional<std::string> startSymbol; // the start function's entry
  std::vector<std::string> functions; // names by index, for trap reports
  std::vector<KernelInfo> kernels;    // in export order
};

/// Canonical bytes of `manifest`. Fails when they exceed maxManifestBytes or
/// an integer exceeds 2^53 - 1.
Expected<std::string> encodeManifest(const Manifest &manifest);

/// Strict inverse of encodeManifest; never throws.
Expected<Manifest> decodeManifest(std::string_view bytes);

} // namespace ptxbin

#endif // TWRUN_FORMAT_MANIFEST_H
