//===- Buffer.h - buffer arguments ------------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An argument `@SOURCE[=SINK]` stands for the address of a buffer in linear
// memory: where its bytes come from, and where they are saved afterwards.
//
//   SOURCE := PATH.npy | PATH | zeros:TYPE:SHAPE | random:SEED:TYPE:SHAPE
//   SINK   := PATH.npy | PATH.png | PATH
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_BUFFER_H
#define TWRUN_LIB_CLI_BUFFER_H

#include "Array.h"

namespace twrun::cli {

struct BufferSpec {
  enum class Source { Npy, Raw, Zeros, Random };
  Source source = Source::Raw;
  std::string path;                   // Npy, Raw
  ElementType type = ElementType::U8; // Zeros, Random
  Shape shape;                        // Zeros, Random
  uint64_t seed = 0;                  // Random
  std::string sink;                   // empty: not saved
};

/// Reads an argument that starts with '@'. The first '=' separates source and
/// sink.
Expected<BufferSpec> parseBufferSpec(std::string_view text);

/// The buffer's initial contents; an error when they exceed `limit` bytes,
/// found before allocating. A sink that could not be written from an array of
/// this type and shape is refused here, before anything runs.
Expected<Array> loadBuffer(const BufferSpec &spec, uint64_t limit);

/// The bytes to write to `sink`: .npy, .png or raw, by its name.
Expected<Bytes> encodeSink(const std::string &sink, ElementType type,
                           const Shape &shape, ByteView data);

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_BUFFER_H
