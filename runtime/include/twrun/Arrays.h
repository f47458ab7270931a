//===- Arrays.h - linear memory as typed arrays, and .npy files -*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Elements of one type in row-major order, as NumPy has them, between linear
// memory and .npy files (numpy.lib.format).
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_ARRAYS_H
#define TWRUN_ARRAYS_H

#include "twrun/Runtime.h"

namespace twrun {

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
unsigned byteSize(ElementType type);

/// Extents, the slowest first; none: a scalar.
using Shape = std::vector<uint64_t>;
inline constexpr size_t maxRank = 32;

/// What a file held, and where it is now.
struct PlacedArray {
  ElementType type = ElementType::U8;
  Shape shape;
  MemoryRange range;
};

/// Writes the array of `type` and `shape` that begins at `offset` of memory
/// `index` to the file `path`, which is replaced when all is written.
Expected<void> saveNpy(Executor &executor, const std::string &path,
                       ElementType type, const Shape &shape, uint64_t offset,
                       uint32_t index = 0);

/// Reads the file `path` into memory `index`, at `offset`: all of it must lie
/// within the memory.
Expected<PlacedArray> loadNpy(Executor &executor, const std::string &path,
                              uint64_t offset, uint32_t index = 0);
/// The same at a place that Executor::allocate() gives.
Expected<PlacedArray> loadNpy(Executor &executor, const std::string &path);

} // namespace twrun

#endif // TWRUN_ARRAYS_H
