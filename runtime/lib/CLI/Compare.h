//===- Compare.h - the outcomes of two executors ----------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `--verify` asks: do device and interpreter agree in every byte of all
// memories, in all globals and tables, in every result and in the trap? One
// thing may differ: where an f32 or f64 element or result is a NaN on both
// sides, its payload, which Wasm leaves open and the two sides choose
// differently. Those are counted. More may differ only if the caller says so:
// numbers within a tolerance, and what blocks wrote that the interpreter did
// not run.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_COMPARE_H
#define TWRUN_LIB_CLI_COMPARE_H

#include "Arguments.h"
#include "Tolerance.h"

#include "lib/Oracle/OracleExecutor.h"

namespace twrun::cli {

/// The first place where memory differs.
struct Difference {
  uint32_t memory = 0;
  uint64_t address = 0;
  std::optional<size_t> parameter; // of the buffer it lies in
  std::string buffer;              // "argument 3", "buffer 'out'"
  uint64_t element = 0;            // index in that buffer
  std::string type;                // "u8" outside of buffers
  std::string device, interpreter; // both values
};

struct MemoryComparison {
  uint64_t deviceBytes = 0, interpreterBytes = 0; // sizes on both sides
  uint64_t differences = 0; // elements in buffers, bytes elsewhere
  uint64_t nanPayloads = 0; // NaNs on both sides with other bits
  uint64_t compared = 0;    // bytes
  Deviation within;         // numbers that the tolerance lets agree
  bool sampled = false;     // only what the interpreter changed
  std::optional<Difference> first;
  bool agrees() const {
    // Blocks that only the device ran may have grown its memory.
    const bool sizesAgree = sampled ? deviceBytes >= interpreterBytes
                                    : deviceBytes == interpreterBytes;
    return sizesAgree && differences == 0;
  }
};

/// What to compare of a memory, and how.
struct MemoryRules {
  uint64_t begin = 0; // what is below is left out
  Tolerance tolerance = {};
  /// The interpreter's memory before the launch: elements that are still the
  /// same are left out. Null: nothing is.
  const std::vector<uint8_t> *before = nullptr;
};

/// Compares memories in which `arguments` were placed from `base` on.
MemoryComparison compareMemory(std::span<const uint8_t> device,
                               std::span<const uint8_t> interpreter,
                               const Arguments &arguments, uint64_t base,
                               const MemoryRules &rules = {});

/// An interpreter's memories and tables before a launch of which it runs only
/// some blocks.
struct Snapshot {
  std::vector<std::vector<uint8_t>> memories;
  std::vector<std::vector<uint64_t>> tables;
};
Snapshot takeSnapshot(const ptxbin::Manifest &manifest, OracleExecutor &oracle);

/// All of a verification. `mismatch` is empty when the two agree, else one
/// line that tells the first disagreement.
struct Verification {
  std::string mismatch;
  std::optional<MemoryComparison> memory; // absent: not comparable
  uint64_t nanPayloads = 0;               // in results and memory
  Tolerance tolerance;
  Deviation within;                   // in results and memory
  uint64_t blocks = 0, allBlocks = 0; // run there, if that was not all
  double seconds = 0;                 // the interpreter's
  bool agrees() const { return mismatch.empty(); }
};

struct CompareOptions {
  /// Of the grids' threads: dead stack is no part of what a grid computed, and
  /// is left alone.
  std::vector<ptxbin::StackWindow> windows = {};
  /// What to call the results, if not by their numbers.
  std::vector<std::string> resultNames = {};
  Tolerance tolerance = {};
  /// Compare only what the interpreter changed since. Null: everything.
  const Snapshot *before = nullptr;
};

/// Compares outcomes, memories, globals and tables of an artifact with that
/// `manifest`. `oracle` must have run the launch that `interpreter` tells of. A
/// device trap agrees when that same thread trapped with that code in the
/// interpreter: which of several threads is reported first is the device's
/// choice.
Verification compareOutcomes(const ptxbin::Manifest &manifest,
                             const Outcome &device, Executor &deviceExecutor,
                             const Outcome &interpreter, OracleExecutor &oracle,
                             const Arguments &arguments, uint64_t base,
                             const CompareOptions &options = {});

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_COMPARE_H
