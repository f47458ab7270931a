//===- HostImage.h - loader of host images ----------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A host image is a self-contained ELF shared object (docs/KernelABI.md). This
// loader maps one from the verified buffer instead of calling dlopen, which
// would want a file, run constructors before anything can be checked, resolve
// symbols against the process, and accept all that the rules here refuse.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_HOSTIMAGE_H
#define TWRUN_LIB_HOSTIMAGE_H

#include "Format/PtxBin.h"
#include "HostMemory.h"

#include <map>
#include <string>

namespace twrun {

/// A mapped host image. Thread-safe once loaded; the code is gone with it.
class HostImage {
public:
  /// Checks, maps and relocates `elf`, of which nothing is kept. Any rule
  /// that it breaks is a Malformed error.
  static ptxbin::Expected<HostImage> load(ptxbin::ByteView elf);

  /// Address of the exported function `symbol`, or null.
  const void *function(const std::string &symbol) const;

private:
  HostMemory memory;
  std::map<std::string, uint64_t> functions; // offsets in `memory`
};

} // namespace twrun

#endif // TWRUN_LIB_HOSTIMAGE_H
