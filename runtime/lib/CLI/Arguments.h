//===- Arguments.h - a kernel's arguments, and where buffers go -*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turns the command line's ARGS into Wasm values for a kernel, and places
// their buffers in linear memory: memory is grown, and the buffers follow its
// old end in order, each at a multiple of 256 bytes. Placement depends on
// nothing but the module and the buffers, so it is the same on every executor.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_ARGUMENTS_H
#define TWRUN_LIB_CLI_ARGUMENTS_H

#include "Buffer.h"

#include "twrun/Runtime.h"

#include <span>

namespace twrun::cli {

inline constexpr uint64_t pageBytes = 65536;
inline constexpr uint64_t maxPages = 65536;               // 4 GiB
inline constexpr uint64_t maxPages64 = uint64_t(1) << 30; // 64 TiB
inline constexpr uint64_t bufferAlignment = 256;

/// A buffer among the arguments; `offset` counts from memory's old end.
struct Buffer {
  size_t parameter = 0;
  std::string name = {}; // that a pipeline gave it
  BufferSpec spec;
  Array initial;
  uint64_t offset = 0;
};

/// The arguments of a call. A buffer's value is its offset until `place` has
/// made it an address.
struct Arguments {
  std::vector<Value> values;   // by Buffer::parameter
  std::vector<Buffer> buffers; // by increasing offset
  uint64_t extraPages = 0;     // by which memory is grown
  uint32_t memory = 0;         // that the buffers are in: the kernel's own
};

/// Whether an argument is a buffer: "@SOURCE[=SINK]".
inline bool isBuffer(std::string_view text) { return text.starts_with('@'); }

/// The type of addresses in memory `index`.
ValueType addressType(const ptxbin::Manifest &manifest, uint32_t index);

/// Loads a buffer and adds it behind those of `arguments`, in its memory.
/// Checks that memory, as the manifest declares it, can be grown by what they
/// need. Its value, the offset, is left to the caller.
Expected<void> addBuffer(const ptxbin::Manifest &manifest, Arguments &arguments,
                         Buffer buffer);

/// Reads `texts` by the parameters of `kernel` and loads the buffers.
Expected<Arguments> parseArguments(const ptxbin::Manifest &manifest,
                                   const ptxbin::KernelInfo &kernel,
                                   std::span<const std::string> texts);

/// Addresses in one executor's memory.
struct Placement {
  uint64_t base = 0;         // memory's old end
  std::vector<Value> values; // the arguments, addresses filled in
};

/// Grows the executor's memory and copies the buffers into it.
Expected<Placement> place(const Arguments &arguments, Executor &executor);

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_ARGUMENTS_H
