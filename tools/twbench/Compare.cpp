//===- Compare.cpp - how two buffers differ -------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
#include "Compare.h"

#include <cmath>
#include <cstring>

using namespace twrun;
using namespace twrun::bench;
using cli::ElementType;

template <typename T>
static Difference compareAs(std::span<const uint8_t> expected,
                            std::span<const uint8_t> found) {
  Difference difference;
  difference.elements = expected.size() / sizeof(T);
  for (size_t i = 0; i < difference.elements; ++i) {
    T a, b;
    memcpy(&a, expected.data() + i * sizeof(T), sizeof(T));
    memcpy(&b, found.data() + i * sizeof(T), sizeof(T));
    const double wanted = double(a), gap = std::fabs(double(b) - wanted);
    if (std::isfinite(wanted))
      difference.magnitude = std::max(difference.magnitude, std::fabs(wanted));
    if (memcmp(&a, &b, sizeof(T)) == 0)
      continue;
    ++difference.differing;
    if (std::isfinite(gap))
      difference.largest = std::max(difference.largest, gap);
    else
      ++difference.nans;
  }
  return difference;
}

Difference twrun::bench::compare(ElementType type,
                                 std::span<const uint8_t> expected,
                                 std::span<const uint8_t> found) {
  switch (type) {
  case ElementType::I8:
    return compareAs<int8_t>(expected, found);
  case ElementType::U8:
    return compareAs<uint8_t>(expected, found);
  case ElementType::I16:
    return compareAs<int16_t>(expected, found);
  case ElementType::U16:
    return compareAs<uint16_t>(expected, found);
  case ElementType::I32:
    return compareAs<int32_t>(expected, found);
  case ElementType::U32:
    return compareAs<uint32_t>(expected, found);
  case ElementType::I64:
    return compareAs<int64_t>(expected, found);
  case ElementType::U64:
    return compareAs<uint64_t>(expected, found);
  case ElementType::F32:
    return compareAs<float>(expected, found);
  case ElementType::F64:
    return compareAs<double>(expected, found);
  }
  return {};
}
