//===- FastMath.h - the fast-math imports on the host -----------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/DeviceInterface.md, "Arithmetic" and "Output, time, end". For host
// images and the interpreter alike, so that both give the same bits.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_BLOCK_FASTMATH_H
#define TWRUN_LIB_BLOCK_FASTMATH_H

#include "Format/KernelABI.h"

namespace twrun {

/// The function, rounded to f32; a NaN is canonical.
float fastMath(abi::MathOp op, float x);

/// Nanoseconds from a start that all threads share.
uint64_t timerNanoseconds();

} // namespace twrun

#endif // TWRUN_LIB_BLOCK_FASTMATH_H
