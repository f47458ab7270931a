//===- Relax.h - between two looks at a value -------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tells the processor that this is a loop that waits.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_ASYNC_RELAX_H
#define TWRUN_LIB_ASYNC_RELAX_H

namespace twrun {

inline void relaxProcessor() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

} // namespace twrun

#endif // TWRUN_LIB_ASYNC_RELAX_H
