//===- FloatEnvironment.h - arithmetic as Wasm has it -----------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The caller of the runtime may have changed how its thread rounds or that it
// flushes subnormals; what is computed for a guest must not depend on that.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_BLOCK_FLOATENVIRONMENT_H
#define TWRUN_LIB_BLOCK_FLOATENVIRONMENT_H

#include <cfenv>

namespace twrun {

/// While it lives, the thread rounds to nearest, keeps subnormals and masks
/// all exceptions. Compilers do not know that arithmetic depends on it: what
/// is read from memory and written there stays in between, and values must be
/// pin()ned, those that go in and those that come out.
class FloatEnvironment {
public:
  FloatEnvironment() {
#if defined(__x86_64__)
    saved = __builtin_ia32_stmxcsr();
    if ((saved & controlBits) != standard)
      __builtin_ia32_ldmxcsr(standard);
#else
    std::fegetenv(&saved);
    std::fesetenv(FE_DFL_ENV);
#endif
    asm volatile("" ::: "memory");
  }
  ~FloatEnvironment() {
    asm volatile("" ::: "memory");
#if defined(__x86_64__)
    if ((saved & controlBits) != standard)
      __builtin_ia32_ldmxcsr(saved);
#else
    std::fesetenv(&saved);
#endif
  }
  FloatEnvironment(const FloatEnvironment &) = delete;

  /// The same integer, computed here and not before or after.
  template <typename Integer> static Integer pin(Integer value) {
    asm volatile("" : "+r"(value));
    return value;
  }

private:
#if defined(__x86_64__)
  /// MXCSR (Intel SDM, volume 1, 10.2.3): all exceptions masked, nothing
  /// else; the six lowest bits are flags.
  static constexpr unsigned standard = 0x1f80, controlBits = ~0x3fu;
  unsigned saved;
#else
  std::fenv_t saved;
#endif
};

} // namespace twrun

#endif // TWRUN_LIB_BLOCK_FLOATENVIRONMENT_H
