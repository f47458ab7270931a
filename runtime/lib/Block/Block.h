//===- Block.h - the threads of a block, taking turns -----------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs the threads of a block on one thread of the host: each is a fiber with
// a stack of its own, and gives way to the next only where it waits for others
// (docs/DeviceInterface.md). What a thread executes is the caller's: a host
// image's entry, or an activation of the interpreter. The order is always the
// same: by linear index, round and round.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_BLOCK_BLOCK_H
#define TWRUN_LIB_BLOCK_BLOCK_H

#include "Format/KernelABI.h"
#include "Stacks.h"

#include <functional>
#include <memory>

namespace twrun {

inline constexpr unsigned warpSize = 32;
/// The most threads of a block (Runtime.cpp, checkGrid).
inline constexpr unsigned maxBlockThreads = 1024;

/// What a thread of a block runs and what happens around its turns. Threads
/// are named by their linear index in the block.
struct BlockThreads {
  unsigned count = 1; // at most maxBlockThreads
  /// Runs thread `index` from its start to its end, on the stack whose lowest
  /// usable address is `stackLow`; it is null where a block's only thread runs
  /// on the caller's stack. Returning is how a thread exits and how it
  /// ends when it traps. May be left by longjmp within itself alone; an
  /// exception that leaves it ends the thread, and run() throws the first.
  std::function<void(unsigned index, uint8_t *stackLow)> body;
  /// Optional: called on the host's own stack before a thread goes on (or
  /// starts) and after it has given way (or ended).
  std::function<void(unsigned index)> enter, leave;
};

/// What collective() found: the result's bits, zero-extended, or why the
/// thread must trap.
struct CollectiveResult {
  abi::TrapCode trap = abi::TrapCode::None;
  uint64_t bits = 0;
};

/// Runs blocks, one after the other. One thread of the host at a time. Stacks
/// that it took from the pool stay with it until its end.
class Block {
public:
  explicit Block(StackPool &pool);
  ~Block();
  Block(const Block &) = delete;

  /// Runs all threads to their end. Fails, having run none, when there is no
  /// memory for their stacks.
  ptxbin::Expected<void> run(const BlockThreads &threads);

  /// To be called from a thread's body: takes part in `call` and returns when
  /// the others have come. After a trap the body must end.
  CollectiveResult collective(const abi::Collective &call);

  /// The thread whose turn it is; only while a body runs.
  unsigned current() const;

private:
  struct State;
  std::unique_ptr<State> state;
};

} // namespace twrun

#endif // TWRUN_LIB_BLOCK_BLOCK_H
