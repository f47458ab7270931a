//===- Warp.h - what lanes of a warp compute together -----------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The warp operations of docs/DeviceInterface.md as functions of what the
// lanes passed; who takes part and when is Block.h's to say. The matrix
// operations are in Matrix.h.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_BLOCK_WARP_H
#define TWRUN_LIB_BLOCK_WARP_H

#include "Format/KernelABI.h"

#include <array>

namespace twrun {

/// By lane; only those of the lanes that take part mean anything.
using WarpCalls = std::array<const abi::Collective *, 32>;
using WarpResults = std::array<uint64_t, 32>;

/// The lane whose value lane `lane` gets (PTX ISA, "shfl.sync", with the
/// interface's c); itself where the formula's predicate is false.
unsigned shuffleSource(abi::CollectiveOp op, unsigned lane, uint32_t operand,
                       uint32_t width);

/// WarpSync to WarpReduce: `lanes`, at least one, have called the same.
WarpResults evaluateWarp(uint32_t lanes, const WarpCalls &calls);

} // namespace twrun

#endif // TWRUN_LIB_BLOCK_WARP_H
