//===- Sink.cpp - where stray accesses of isolated memories end -----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Sink.h"

#include <vector>

std::span<const uint8_t> twrun::sinkPattern() {
  // Never destroyed: instances may outlive static objects.
  static const auto *pattern = [] {
    auto *bytes = new std::vector<uint8_t>(ptxbin::sinkBytes);
    // Multiples of an odd number are all different modulo 2^64.
    uint64_t word = 0;
    for (size_t i = 0; i < bytes->size(); ++i) {
      if (i % 8 == 0)
        word += 0x9e3779b97f4a7c15;
      (*bytes)[i] = uint8_t(word >> 8 * (i % 8));
    }
    return bytes;
  }();
  return *pattern;
}
