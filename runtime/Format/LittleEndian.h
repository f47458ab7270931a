//===- LittleEndian.h - fixed-width numbers as bytes ------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Internal to Format. Offsets are the caller's to have bounded.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_FORMAT_LITTLEENDIAN_H
#define TWRUN_FORMAT_LITTLEENDIAN_H

#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

namespace ptxbin {

template <std::unsigned_integral T>
T loadLE(std::span<const uint8_t> bytes, size_t offset) {
  assert(offset <= bytes.size() && sizeof(T) <= bytes.size() - offset);
  T value = 0;
  for (size_t i = 0; i < sizeof(T); ++i)
    value |= static_cast<T>(static_cast<T>(bytes[offset + i]) << (8 * i));
  return value;
}

template <std::unsigned_integral T>
void storeLE(std::span<uint8_t> bytes, size_t offset, T value) {
  assert(offset <= bytes.size() && sizeof(T) <= bytes.size() - offset);
  for (size_t i = 0; i < sizeof(T); ++i)
    bytes[offset + i] = static_cast<uint8_t>(value >> (8 * i));
}

} // namespace ptxbin

#endif // TWRUN_FORMAT_LITTLEENDIAN_H
