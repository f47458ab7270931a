//===- Npy.h - NumPy's array files ------------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads .npy versions 1.0 to 3.0 (numpy.lib.format) strictly: row-major order,
// little-endian numbers of the types in Array.h, exactly the bytes that the
// shape asks for. Writes version 1.0, byte for byte as NumPy does.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_DATA_NPY_H
#define TWRUN_LIB_DATA_NPY_H

#include "Array.h"

namespace twrun {

/// Longest header read: one that lists 32 extents takes a tenth of it.
inline constexpr size_t maxNpyHeader = 65535;
/// Longest preamble: magic, version and the length of the header.
inline constexpr size_t maxNpyPreamble = 12;

/// The array in `file`; errors tell the rule that it breaks.
Expected<Array> readNpy(Bytes file);

/// What comes ahead of the elements.
Bytes npyHeader(ElementType type, const Shape &shape);
Bytes writeNpy(ElementType type, const Shape &shape, ByteView data);

} // namespace twrun

#endif // TWRUN_LIB_DATA_NPY_H
