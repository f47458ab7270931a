//===- Random.cpp - reproducible inputs -----------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Random.h"

#include <bit>
#include <cstring>

namespace twrun::cli {

namespace {

struct SplitMix64 {
  uint64_t state;
  uint64_t next() {
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
};

uint64_t element(ElementType type, uint64_t output) {
  switch (type) {
  case ElementType::F32:
    return std::bit_cast<uint32_t>(float(output >> 40) * 0x1p-23f - 1.0f);
  case ElementType::F64:
    return std::bit_cast<uint64_t>(double(output >> 11) * 0x1p-52 - 1.0);
  default:
    return output >> (64 - 8 * byteSize(type));
  }
}

} // namespace

void fillRandom(uint64_t seed, ElementType type, std::span<uint8_t> data) {
  SplitMix64 generator{seed};
  const unsigned size = byteSize(type);
  for (size_t at = 0; at + size <= data.size(); at += size) {
    uint64_t bits = element(type, generator.next());
    std::memcpy(data.data() + at, &bits, size);
  }
}

} // namespace twrun::cli
