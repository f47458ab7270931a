//===- Host.h - LLVM IR to a host image -------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A self-contained ELF shared object for x86-64: no libraries, no
// constructors, no undefined symbols. See docs/KernelABI.md.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_TARGET_HOST_H
#define TWC_TARGET_HOST_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Target/TargetMachine.h"

#include <cstdint>
#include <memory>
#include <string>

namespace twc {

/// Host images are built for the psABI level x86-64-v3: SSE4.1 rounding and
/// fused multiply-add exist there, so no image needs a math library.
inline constexpr llvm::StringLiteral hostCPU = "x86-64-v3";

llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createHostMachine(unsigned level);

/// Object code in a temporary file, which goes with it.
class HostObject {
public:
  explicit HostObject(std::string path)
      : path(std::move(path)), remover(this->path) {}
  HostObject(HostObject &&other)
      : path(other.path), remover(other.path) {
    other.remover.releaseFile();
  }
  HostObject &operator=(HostObject &&other) {
    remover.setFile(other.path); // removes what was here
    path = other.path;
    other.remover.releaseFile();
    return *this;
  }
  const std::string &getPath() const { return path; }

private:
  std::string path;
  llvm::FileRemover remover;
};

/// Compiles. The module must be optimised for `machine`.
llvm::Expected<HostObject> emitHostObject(llvm::Module &module,
                                          llvm::TargetMachine &machine);

/// Links the objects of one image, in this order. lld runs in this process
/// and is not reentrant: for one thread at a time.
llvm::Expected<std::string> linkHostImage(llvm::ArrayRef<HostObject> objects);

} // namespace twc

#endif // TWC_TARGET_HOST_H
