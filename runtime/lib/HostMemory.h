//===- HostMemory.h - anonymous memory of the host, owned -------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One reserved range of address space, of which parts are made accessible.
// Linear memory, host images and the stacks of guest threads live in such.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_HOSTMEMORY_H
#define TWRUN_LIB_HOSTMEMORY_H

#include "Format/Error.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace twrun {

/// The host's page size, a power of two.
size_t hostPageSize();

/// An Error from errno: "cannot <what>: ..."; OutOfMemory, and how much is
/// available, where that is the reason.
ptxbin::Error hostMemoryFailure(const std::string &what);

/// Reserved address space; inaccessible until protect() says otherwise, and
/// zero when first touched. Returned to the system by the destructor.
class HostMemory {
public:
  HostMemory() = default;
  HostMemory(HostMemory &&other) noexcept;
  HostMemory &operator=(HostMemory &&other) noexcept;
  ~HostMemory();

  /// Reserves `size` bytes, rounded up to pages, at a multiple of
  /// `alignment` (a power of two). `purpose` is for the error message.
  static ptxbin::Expected<HostMemory> reserve(size_t size, size_t alignment,
                                              const char *purpose);

  /// mprotect for [offset, offset + size), which must lie within the range;
  /// `offset` is a multiple of the page size. Returns whether it succeeded.
  [[nodiscard]] bool protect(size_t offset, size_t size, int protection);

  /// The same places as zeros of their own, read and written.
  [[nodiscard]] bool mapZeros(size_t offset, size_t size);
  /// The same places as `size` bytes of `file` from `at` on, shared, read and
  /// written.
  [[nodiscard]] bool mapFile(size_t offset, size_t size, int file, size_t at);
  /// The same, each page a copy of the file's from when it is written to.
  [[nodiscard]] bool mapCopy(size_t offset, size_t size, int file, size_t at);

  uint8_t *data() const { return start; }
  size_t size() const { return bytes; }

private:
  uint8_t *start = nullptr;
  size_t bytes = 0;
};

} // namespace twrun

#endif // TWRUN_LIB_HOSTMEMORY_H
