//===- Passes.h - twasm to twasm passes -------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What each pass does is said in Passes.td.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_DIALECT_TWASM_TRANSFORMS_PASSES_H
#define TWC_DIALECT_TWASM_TRANSFORMS_PASSES_H

#include "mlir/Pass/Pass.h"

#include <memory>

namespace twc::twasm {

#define GEN_PASS_DECL
#include "twc/Dialect/TWasm/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "twc/Dialect/TWasm/Transforms/Passes.h.inc"

/// Attributes that twasm-analyze-offload puts on exports.
inline constexpr llvm::StringLiteral notOffloadableAttr = "not_offloadable";
inline constexpr llvm::StringLiteral notLaunchableAttr = "not_launchable";
inline constexpr llvm::StringLiteral notOnGPUAttr = "not_on_gpu";
/// Position among the module's exports, kept when some are pruned.
inline constexpr llvm::StringLiteral ordinalAttr = "ordinal";

} // namespace twc::twasm

#endif // TWC_DIALECT_TWASM_TRANSFORMS_PASSES_H
