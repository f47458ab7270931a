//===- TWasmToLLVM.h - twasm to upstream dialects to LLVM -------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two passes. The first turns twasm into arith, cf, func, math and llvm ops
// (phase "std"), the same for every target: what differs between a GPU and
// the host stays as twasm.rt and device ops. The second turns all of that into
// the LLVM and NVVM dialects for one target (phase "llvm-dialect").
//
//===----------------------------------------------------------------------===//

#ifndef TWC_CONVERSION_TWASMTOLLVM_H
#define TWC_CONVERSION_TWASMTOLLVM_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

#include <memory>
#include <string>

namespace twc {

enum class TargetKind { PTX, Host };

#define GEN_PASS_DECL
#include "twc/Conversion/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "twc/Conversion/Passes.h.inc"

/// The ASCII symbol of the kernel for the export `name`, which is the
/// `ordinal`-th. Letters, digits and `_` stay; any other byte becomes `$` and
/// two hex digits, so that two names never share a symbol.
/// `module` is the position of the module that exports it among those linked.
std::string kernelSymbol(llvm::StringRef name, unsigned ordinal,
                         unsigned module = 0);

/// The entry point that a grid of the kernel `symbol` runs where that is another
/// one. No export's symbol can be this.
std::string gridSymbol(llvm::StringRef symbol);

/// The entry point of the start function of module `module`. No export's
/// symbol can be this.
std::string startSymbol(unsigned module = 0);

/// The bytes from the base of each 32-bit memory that must be mapped for
/// `module` (twasm) to be lowered without checks of its plain accesses
/// (convert-twasm-to-std's isolate-reach): a multiple of ptxbin::sinkBytes.
uint64_t findIsolationReach(mlir::ModuleOp module);

} // namespace twc

#endif // TWC_CONVERSION_TWASMTOLLVM_H
