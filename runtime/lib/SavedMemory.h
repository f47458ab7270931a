//===- SavedMemory.h - the bytes of memories in a snapshot ------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kept on the host they are a file in memory, of which a host instance can map
// private copies: a page of it costs nothing until the guest touches it. Kept
// on a GPU they are device memory (CudaSnapshot.cpp).
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_SAVEDMEMORY_H
#define TWRUN_LIB_SAVEDMEMORY_H

#include "HostMemory.h"
#include "twrun/Memory.h"

#include <span>
#include <vector>

namespace twrun {

class SavedMemory {
public:
  virtual ~SavedMemory();
  virtual Place place() const = 0;

  /// By memory: its size, a multiple of 64 KiB.
  const std::vector<uint64_t> sizes;
  uint64_t bytes() const;

protected:
  explicit SavedMemory(std::vector<uint64_t> sizes) : sizes(std::move(sizes)) {}
};

class HostSaved : public SavedMemory {
public:
  static ptxbin::Expected<std::shared_ptr<HostSaved>>
  create(std::vector<uint64_t> sizes);
  ~HostSaved() override;
  Place place() const override { return Place::Host; }

  /// Where the bytes of a memory are to be put.
  std::span<uint8_t> bytesOf(size_t index) {
    return {view.data() + offsets[index], size_t(sizes[index])};
  }
  /// Those ahead of the first page from which on all are zero.
  std::span<const uint8_t> usedOf(size_t index) const {
    return {view.data() + offsets[index], size_t(used[index])};
  }
  /// Tells how much of the first `bytes` of a memory is not zero. Once, when
  /// its bytes are there.
  void setUsed(size_t index, uint64_t bytes) { used[index] = bytes; }

  int descriptor() const { return file; }
  uint64_t offsetOf(size_t index) const { return offsets[index]; }

private:
  using SavedMemory::SavedMemory;
  int file = -1;
  HostMemory view;
  std::vector<uint64_t> offsets, used;
};

/// `bytes` up to the end of the last page that is not all zeros.
uint64_t usedBytes(std::span<const uint8_t> bytes);

} // namespace twrun

#endif // TWRUN_LIB_SAVEDMEMORY_H
