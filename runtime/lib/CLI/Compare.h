//===- Compare.h - two executors' outcomes, bit for bit ---------*- C++ -*-===//
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
// differently. Those are counted.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_COMPARE_H
#define TWRUN_LIB_CLI_COMPARE_H

#include "Arguments.h"

#include "lib/Oracle/OracleExecutor.h"

namespace twrun::cli {

/// The first place where memory differs.
struct Difference {
  uint32_t memory = 0;
  uint64_t address = 0;
  std::optional<size_t> parameter; // of the buffer it lies in
  uint64_t element = 0;            // index in that buffer
  std::string type;                // "u8" outside of buffers
  std::string device, interpreter; // both values
};

struct MemoryComparison {
  uint64_t deviceBytes = 0, interpreterBytes = 0; // sizes on both sides
  uint64_t differences = 0; // elements in buffers, bytes elsewhere
  uint64_t nanPayloads = 0; // NaNs on both sides with other bits
  std::optional<Difference> first;
  bool agrees() const {
    return deviceBytes == interpreterBytes && differences == 0;
  }
};

/// Compares memories in which `arguments` were placed from `base` on; what is
/// below `begin` is left out.
MemoryComparison compareMemory(std::span<const uint8_t> device,
                               std::span<const uint8_t> interpreter,
                               const Arguments &arguments, uint64_t base,
                               uint64_t begin = 0);

/// All of a verification. `mismatch` is empty when the two agree, else one
/// line that tells the first disagreement.
struct Verification {
  std::string mismatch;
  std::optional<MemoryComparison> memory; // absent: not comparable
  uint64_t nanPayloads = 0;               // in results and memory
  double seconds = 0;                     // the interpreter's
  bool agrees() const { return mismatch.empty(); }
};

/// Compares outcomes, memories, globals and tables of an artifact with that
/// `manifest`. `oracle` must have run the launch that
/// `interpreter` tells of. A device trap agrees when that same thread trapped
/// with that code in the interpreter: which of several threads is reported
/// first is the device's choice. A grid with a `window` leaves dead stack in
/// the interpreter's memory alone, which is no part of what it computed.
Verification compareOutcomes(const ptxbin::Manifest &manifest,
                             const Outcome &device, Executor &deviceExecutor,
                             const Outcome &interpreter, OracleExecutor &oracle,
                             const Arguments &arguments, uint64_t base,
                             const ptxbin::StackWindow *window = nullptr);

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_COMPARE_H
