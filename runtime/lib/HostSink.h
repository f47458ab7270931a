//===- HostSink.h - the sink of an instance on the host ---------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A file in memory of ptxbin::sinkBytes, mapped shared behind the pages of the
// instance's isolated memories: 2,048 mappings for each.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_HOSTSINK_H
#define TWRUN_LIB_HOSTSINK_H

#include "HostMemory.h"

namespace twrun {

class HostSink {
public:
  HostSink() = default;
  HostSink(const HostSink &) = delete;
  ~HostSink();

  /// Makes it, with the pattern in it.
  ptxbin::Expected<void> create();
  /// Maps it to [offset, offset + size) of `space`, both multiples of the page
  /// size, so that addresses equal modulo sinkBytes meet; `base` is the offset
  /// of a memory, where the count begins.
  ptxbin::Expected<void> map(HostMemory &space, uint64_t base, uint64_t offset,
                             uint64_t size) const;
  /// Whether it was written to; restores the pattern.
  bool takeChanges();

private:
  int file = -1;
  HostMemory view;
};

} // namespace twrun

#endif // TWRUN_LIB_HOSTSINK_H
