//===- Compression.h - bounded zstd -----------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Internal to Format: one zstd frame per section, docs/PTXBinFormat.md,
// "Compression".
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_FORMAT_COMPRESSION_H
#define TWRUN_FORMAT_COMPRESSION_H

#include "Format/PtxBin.h"

namespace ptxbin {

/// One frame that decompressZstd accepts; deterministic for one libzstd.
Expected<Bytes> compressZstd(ByteView raw);

/// Exactly `rawSize` bytes from exactly one frame. Everything that the frame
/// declares is checked before memory is allocated.
Expected<Bytes> decompressZstd(ByteView stored, uint64_t rawSize);

} // namespace ptxbin

#endif // TWRUN_FORMAT_COMPRESSION_H
