//===- Array.h - typed, shaped bytes ----------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an array file or a buffer holds: elements of one type in row-major
// order, as NumPy has them.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_DATA_ARRAY_H
#define TWRUN_LIB_DATA_ARRAY_H

#include "twrun/Arrays.h"

#include <optional>
#include <string_view>

namespace twrun {

using ptxbin::Bytes;
using ptxbin::ByteView;
using ptxbin::makeError;

std::optional<ElementType> parseElementType(std::string_view text);
bool isFloat(ElementType type);

/// Linear memory has 32-bit addresses, so no buffer is larger.
inline constexpr uint64_t maxArrayBytes = uint64_t(1) << 32;

/// "1024x768".
std::string toString(const Shape &shape);
Expected<Shape> parseShape(std::string_view text);

/// Bytes of an array, or an error past maxArrayBytes or maxRank.
Expected<uint64_t> arrayBytes(ElementType type, const Shape &shape);

struct Array {
  ElementType type = ElementType::U8;
  Shape shape;
  Bytes data; // exactly arrayBytes(type, shape)
};

/// `size` zero bytes, or an error where memory is short.
Expected<Bytes> allocateZeros(uint64_t size);

} // namespace twrun

#endif // TWRUN_LIB_DATA_ARRAY_H
