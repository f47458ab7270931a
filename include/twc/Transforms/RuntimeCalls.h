//===- RuntimeCalls.h - opaque runtime functions ----------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions that lowered code calls for guards and traps. They exist only
// between the conversion to the LLVM dialect and the ExpandGuards pass: no
// image ever refers to the first two, and the third is defined per target.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_TRANSFORMS_RUNTIMECALLS_H
#define TWC_TRANSFORMS_RUNTIMECALLS_H

#include "llvm/ADT/StringRef.h"

namespace twc::runtime {

/// void (i32 index, i64 size, i64 offset, i64 bytes, ptr rt, i32 function,
///       i32 at): traps unless zext(index) + offset + bytes <= size.
inline constexpr llvm::StringLiteral checkBounds = "__tw_check_bounds";
/// The same with an i64 index, for 64-bit memories.
inline constexpr llvm::StringLiteral checkBounds64 = "__tw_check_bounds64";

/// void (i1 condition, i32 code, ptr rt, i32 function, i32 at)
inline constexpr llvm::StringLiteral trapIf = "__tw_trap_if";

/// void (i32 code, ptr rt, i32 function, i32 at): never returns.
inline constexpr llvm::StringLiteral trap = "__tw_trap";

/// void (ptr addrspace(1) dst, ptr addrspace(1) src, i64 bytes): copies, also
/// where the ranges overlap. Defined by defineBulkFunctions, like the next two.
inline constexpr llvm::StringLiteral copy = "__tw_copy";

/// void (ptr addrspace(1) dst, i32 value, i64 bytes): sets each byte to the low
/// 8 bits of `value`.
inline constexpr llvm::StringLiteral fill = "__tw_fill";

/// The same of generic pointers, which may be to a thread's own stack.
inline constexpr llvm::StringLiteral copyGeneric = "__tw_copy_generic";
inline constexpr llvm::StringLiteral fillGeneric = "__tw_fill_generic";

/// void (ptr addrspace(1) dst, i64 value, i64 count): sets `count` words; `dst`
/// is a multiple of 8.
inline constexpr llvm::StringLiteral fill64 = "__tw_fill64";

} // namespace twc::runtime

#endif // TWC_TRANSFORMS_RUNTIMECALLS_H
