//===- Reduce.h - reductions and their operators ----------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The operators of reductions, with the meaning of Wasm's, and the order in
// which they are applied (docs/DeviceInterface.md, "Order of reductions").
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_BLOCK_REDUCE_H
#define TWRUN_LIB_BLOCK_REDUCE_H

#include "Format/KernelABI.h"

#include <span>

namespace twrun {

struct Reduction {
  abi::ReduceKind kind;
  abi::ReduceType type;
};

/// Whether there is such a reduction: the bitwise and signed ones are the
/// integers', min and max the floating-point types'.
bool isReduction(uint32_t kind, uint32_t type);

/// v OP w on bits, zero-extended; NaN results are canonical.
uint64_t combine(Reduction of, uint64_t v, uint64_t w);

/// A value with every NaN made canonical, for one that nothing was combined
/// with.
uint64_t canonicalNaN(abi::ReduceType type, uint64_t bits);

/// Over the lanes of a warp that take part (at least one): `values` by lane.
uint64_t reduceWarp(Reduction of, uint32_t lanes,
                    std::span<const uint64_t, 32> values);

/// From the left over the results of a block's warps, at least one.
uint64_t reduceLeft(Reduction of, std::span<const uint64_t> values);

} // namespace twrun

#endif // TWRUN_LIB_BLOCK_REDUCE_H
