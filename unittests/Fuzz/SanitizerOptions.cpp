//===- SanitizerOptions.cpp - what the sanitizers must not report ---------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM, MLIR and WABT are the system's, without instrumentation. A container
// that one side fills and the other reads has no true annotations
// (container-overflow), and inline functions exist in both forms (ODR).
//
//===----------------------------------------------------------------------===//

extern "C" const char *__asan_default_options() {
  return "detect_container_overflow=0:detect_odr_violation=0:"
         "allocator_may_return_null=1:abort_on_error=0";
}

extern "C" const char *__ubsan_default_options() {
  return "print_stacktrace=1";
}
