//===- CudaMirror.cpp - the host's copy of a memory -----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Address space for the whole capacity, of which pages are there once touched.
//
//===----------------------------------------------------------------------===//

#include "CudaMirror.h"

#include "CudaDevice.h"

#include <algorithm>
#include <sys/mman.h>

using namespace twrun;
using namespace ptxbin;

Expected<void> CudaMirror::create(uint64_t capacity) {
  Expected<HostMemory> space =
      HostMemory::reserve(std::max<uint64_t>(capacity, 1), hostPageSize(),
                          "a copy of linear memory");
  if (!space)
    return space.error();
  copy = std::move(*space);
  if (!copy.protect(0, copy.size(), PROT_READ | PROT_WRITE))
    return hostMemoryFailure("map a copy of linear memory");
  return {};
}

Expected<std::span<uint8_t>> CudaMirror::pull(uint64_t bytes, bool gives) {
  // At first all are zeros, also those that the memory grows by later.
  if (current < bytes) {
    if (Expected<void> ok =
            copier.fromDevice({copy.data() + current, size_t(bytes - current)},
                              address + current);
        !ok)
      return ok.error();
    current = bytes;
  }
  if (gives)
    given = std::max(given, bytes);
  return std::span<uint8_t>(copy.data(), size_t(bytes));
}

Expected<void> CudaMirror::push() {
  if (!given && !current)
    return {};
  if (Expected<void> ok =
          copier.toDevice(address, {copy.data(), size_t(given)});
      !ok)
    return ok;
  drop();
  return {};
}

void CudaMirror::drop() { given = current = 0; }
