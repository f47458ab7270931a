//===- FakeNvtx.cpp - ranges that are written down ------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In place of libnvToolsExt.so.1: keeps what is pushed and popped.
//
//===----------------------------------------------------------------------===//

#include <string>

#define EXPORT extern "C" [[gnu::visibility("default"), gnu::used]]

static std::string ranges;

EXPORT int nvtxRangePushA(const char *name) {
  ranges += std::string("<") + name;
  return 0;
}

EXPORT int nvtxRangePop() {
  ranges += ">";
  return 0;
}

EXPORT const char *fakeRangeLog() { return ranges.c_str(); }
