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
/// On an export: its grid's threads use the stack in linear memory.
inline constexpr llvm::StringLiteral needsStackAttr = "needs_stack";
/// On the stack pointer: symbol of the memory that the stack lies in.
inline constexpr llvm::StringLiteral stackMemoryAttr = "stack_memory";

/// Attributes of twasm-make-grid-clones. On an export: the function that a grid
/// runs. On that, and what it calls: the original.
inline constexpr llvm::StringLiteral gridAttr = "grid";
inline constexpr llvm::StringLiteral gridOfAttr = "grid_of";

/// Attributes of twasm-promote-frames. On a function: bytes of its own frame.
/// On a load or store: where in that frame it goes; its index means nothing.
inline constexpr llvm::StringLiteral frameSizeAttr = "frame_size";
inline constexpr llvm::StringLiteral frameAttr = "frame";

/// Attributes of twasm-plan-grid-stacks. On the stack pointer: where the threads' own stack begins.
inline constexpr llvm::StringLiteral stackLowAttr = "stack_low";
/// On a function that grids run: [low, top) of its window, if any.
inline constexpr llvm::StringLiteral windowAttr = "window";

} // namespace twc::twasm

#endif // TWC_DIALECT_TWASM_TRANSFORMS_PASSES_H
