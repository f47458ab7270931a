//===- Png.h - buffers as pictures ------------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which arrays are pictures, and their PNG encoding.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_PNG_H
#define TWRUN_LIB_CLI_PNG_H

#include "Array.h"

namespace twrun::cli {

struct Picture {
  uint32_t width = 0, height = 0;
  unsigned channels = 0; // 1 grey, 3 RGB, 4 RGBA; 8 bits each
};

/// H×W u8 is grey, H×W×3 u8 RGB, H×W×4 u8 RGBA; H×W u32 or i32 is RGBA packed
/// as 0xAABBGGRR, which in memory is R, G, B, A. Anything else is an error.
Expected<Picture> pictureOf(ElementType type, const Shape &shape);

Expected<Bytes> encodePng(const Picture &picture, ByteView data);

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_PNG_H
