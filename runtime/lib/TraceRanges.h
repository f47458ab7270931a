//===- TraceRanges.h - spans as NVTX ranges ---------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// NVIDIA's profilers show ranges that a program pushes and pops on a thread
// (NVTX's reference, "Push/Pop ranges"). The library is opened at run time and
// never required.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_TRACERANGES_H
#define TWRUN_LIB_TRACERANGES_H

namespace twrun {

/// Whether a range was opened, which popRange() then closes on this thread.
bool pushRange(const char *name);
void popRange();

} // namespace twrun

#endif // TWRUN_LIB_TRACERANGES_H
