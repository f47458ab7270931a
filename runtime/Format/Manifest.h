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

#include "Format/Bounds.h"
#include "Format/Error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ptxbin {

/// The schema of what needs no newer one, and that of artifacts with another
/// bounds mode than Check: readers that do not know the modes must refuse them.
inline constexpr uint32_t manifestSchema = 3;
inline constexpr uint32_t manifestSchemaBounds = 4;
inline constexpr size_t maxManifestBytes = 1u << 20;
/// What Manifest::floatingPoint says: floats are Wasm's to the bit, or products
/// and the sums that they go into are rounded once.
inline constexpr const char *strictFloats = "strict";
inline constexpr const char *contractedFloats = "contracted";
/// Stack of a grid's thread. A GPU thread has at most 512 KiB of memory of its
/// own (CUDA C++ Programming Guide, "Technical Specifications per Compute
/// Capability"), for everything.
inline constexpr uint64_t maxStackWindow = 256 * 1024;
/// Shared memory of a block (KernelABI.h, maxSharedBytes).
inline constexpr uint64_t maxSharedLimit = 227 * 1024;

/// Wasm value types, by the spec's names ("i32" … "externref").
enum class ValueType : uint8_t { I32, I64, F32, F64, V128, FuncRef, ExternRef };
const char *toString(ValueType type);

struct CompilerInfo {
  std::string name;      // "twc"
  std::string version;   // of twc
  std::string llvm;      // e.g. "22.1.8"
  std::string assembler; // ptxas version, empty without cubin
  std::vector<std::string> flags; // those that shape the output, in order
};

/// A name that module `module` exports something under.
struct ExportName {
  uint32_t module = 0;
  std::string name;
};

/// A module is instantiated only if the memory or table that it imports has at
/// least as many pages or elements by then (Wasm spec 4.5.4, import matching;
/// the rest of the matching is the compiler's).
struct ImportedMinimum {
  uint32_t index = 0; // in Manifest::memories or tables
  uint64_t minimum = 0;
};

/// One of the modules that were linked into the artifact, instantiated in
/// order (Wasm spec 4.5.4): imports are checked, its globals, memories and
/// tables made, then its active element and data segments copied in order,
/// then its start function run.
struct ModuleInfo {
  std::string name;         // as the link named it; "" if it is the only one
  uint64_t wasmOffset = 0;  // of the module in the WASM section
  uint64_t wasmSize = 0;    // bytes
  uint64_t functions = 0;   // how many, imports included
  std::vector<ImportedMinimum> memoryImports, tableImports; // all, in order
  /// The start function's entry. Where no export has that symbol too, its
  /// environment's memory is the module's memory 0.
  std::optional<std::string> startSymbol;
};

struct MemoryInfo {
  uint32_t module = 0;              // that defines it
  uint64_t minPages = 0;            // pages of 64 KiB
  std::optional<uint64_t> maxPages; // absent: no limit declared
  bool index64 = false;             // addresses are i64
  bool shared = false;
  bool grows = false;               // something contains its memory.grow
  std::vector<ExportName> exports;
};

struct TableInfo {
  uint32_t module = 0;
  ValueType type = ValueType::FuncRef; // or ExternRef
  uint64_t minSize = 0;                // elements, null at first
  std::optional<uint64_t> maxSize;
  bool grows = false; // something contains its table.grow
  std::vector<ExportName> exports;
};

struct GlobalInfo {
  uint32_t module = 0;
  ValueType type = ValueType::I32;
  bool isMutable = false;
  uint64_t bits = 0;     // initial value, zero-extended; a reference as in
  uint64_t highBits = 0; // KernelABI.h; the upper half of a v128
  std::vector<ExportName> exports;
};

/// A data segment: `size` bytes of the WASM section from `moduleOffset`
/// (counted from the section's start). Active: copied to `memoryOffset` of
/// memory `memory` when its module is instantiated.
struct DataInfo {
  uint32_t module = 0;
  bool active = true;
  uint32_t memory = 0;
  uint64_t memoryOffset = 0;
  uint64_t moduleOffset = 0;
  uint64_t size = 0;
};

/// An element segment. Active: copied to `tableOffset` of table `table` when
/// its module is instantiated. A declarative one is passive and empty.
struct ElemInfo {
  uint32_t module = 0;
  bool active = true;
  uint32_t table = 0;
  uint64_t tableOffset = 0;
  std::vector<uint64_t> references; // as in KernelABI.h
};

/// The bytes [low, low + size) of a memory, where a stack pointer starts at its
/// end, are private to each thread of a grid and zero when it starts. What is
/// below low + size in the memory itself is a stack of invocations alone: no
/// launch changes it.
struct StackWindow {
  uint32_t memory = 0; // in Manifest::memories
  uint32_t global = 0; // the stack pointer, in Manifest::globals
  uint64_t low = 0;
  uint64_t size = 0; // 0: no thread accesses its stack
};

/// The shared memory of a grid's blocks: the addresses from
/// abi::sharedBase on in a memory (docs/DeviceInterface.md).
struct SharedWindow {
  uint32_t memory = 0; // in Manifest::memories
  uint64_t size = 0;   // bytes that the kernel asks for itself
  uint64_t limit = 0;  // the most that a launch may ask for
};

/// An exported function.
struct KernelInfo {
  uint32_t module = 0; // that exports it
  std::string name;    // the export's name, any UTF-8, unique in its module
  std::string symbol;  // its ASCII symbol in the PTX, cubin and host images
  /// The symbol that a grid runs instead; "" where it is the same.
  std::string gridSymbol;
  /// Of a grid's threads; only with a gridSymbol.
  std::optional<StackWindow> stackWindow;
  /// Of a grid's blocks; only with a gridSymbol.
  std::optional<SharedWindow> shared;
  /// Its threads can wait for others of their warp or block.
  bool cooperative = false;
  /// It can reach tw.printf: its launches have a buffer (KernelABI.h).
  bool prints = false;
  uint32_t function = 0; // position in Manifest::functions
  /// Memory whose base and size the entry takes from the environment.
  std::optional<uint32_t> memory;
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
  std::string sourceSha256; // hex digest of the WASM section's raw bytes:
                            // all modules, one after another
  /// "checked", "isolated" or "none", as `bounds` says.
  std::string sandbox;
  /// Anything but Check makes the schema manifestSchemaBounds.
  BoundsMode bounds = BoundsMode::Check;
  /// Isolate: bytes from the base of each 32-bit memory that must be mapped.
  uint64_t reach = 0;
  std::string floatingPoint; // strictFloats or contractedFloats
  uint32_t kernelABI = 0;
  bool fuel = false; // loops and calls count fuel
  std::vector<ModuleInfo> modules;    // in instantiation order, at least one
  // Each kind in module order, those that a module imports counted once, where
  // they are defined: the order of the instance state (KernelABI.h).
  std::vector<MemoryInfo> memories;
  std::vector<TableInfo> tables;
  std::vector<DataInfo> data;
  std::vector<ElemInfo> elems;
  std::vector<GlobalInfo> globals;
  std::vector<std::string> functions; // names for trap reports, module after
                                      // module, imports included
  std::vector<KernelInfo> kernels;    // module after module, in export order
};

/// Canonical bytes of `manifest`. Fails when they exceed maxManifestBytes or
/// an integer exceeds 2^53 - 1.
Expected<std::string> encodeManifest(const Manifest &manifest);

/// Strict inverse of encodeManifest; never throws.
Expected<Manifest> decodeManifest(std::string_view bytes);

} // namespace ptxbin

#endif // TWRUN_FORMAT_MANIFEST_H
