//===- Calls.h - which calls are of one operation ---------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What can be said of a collective call by itself.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_BLOCK_CALLS_H
#define TWRUN_LIB_BLOCK_CALLS_H

#include "Format/KernelABI.h"

namespace twrun {

/// Whether all live threads of the block take part, and not those of a warp.
bool isBlockOp(abi::CollectiveOp op);
bool isMatrixOp(abi::CollectiveOp op);

/// Whether there is such an operation, with such constants.
bool isValid(const abi::Collective &call);

/// Whether two threads of the same warp or block call the same operation; a
/// shuffle's a and b, and a matrix's address, are each lane's own.
bool isSame(const abi::Collective &x, const abi::Collective &y);

} // namespace twrun

#endif // TWRUN_LIB_BLOCK_CALLS_H
