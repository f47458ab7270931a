//===- Array.h - typed, shaped bytes ----------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a buffer argument holds: elements of one type in row-major order, as
// NumPy has them.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_ARRAY_H
#define TWRUN_LIB_CLI_ARRAY_H

#include "Format/PtxBin.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twrun::cli {

using ptxbin::Bytes;
using ptxbin::ByteView;
using ptxbin::Error;
using ptxbin::ErrorKind;
using ptxbin::Expected;
using ptxbin::makeError;

enum class ElementType : uint8_t {
  I8,
  U8,
  I16,
  U16,
  I32,
  U32,
  I64,
  U64,
  F32,
  F64
};

/// "i8" … "f64".
const char *toString(ElementType type);
std::optional<ElementType> parseElementType(std::string_view text);
unsigned byteSize(ElementType type);
bool isFloat(ElementType type);

using Shape = std::vector<uint64_t>;

inline constexpr size_t maxRank = 32;
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

/// Element `index` of `data` as text: decimal, hexadecimal bits for NaNs.
std::string formatElement(ElementType type, const uint8_t *data);

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_ARRAY_H
