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

#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace twc {

/// Host images are built for the psABI level x86-64-v3: SSE4.1 rounding and
/// fused multiply-add exist there, so no image needs a math library.
inline constexpr llvm::StringLiteral hostCPU = "x86-64-v3";

llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createHostMachine(unsigned level);

/// Compiles and links. The module must be optimised for `machine`.
llvm::Expected<std::vector<uint8_t>>
emitHostImage(llvm::Module &module, llvm::TargetMachine &machine);

} // namespace twc

#endif // TWC_TARGET_HOST_H
