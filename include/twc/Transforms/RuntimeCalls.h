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
/// As the size: all that the access can reach is mapped (docs/Sandbox.md). The
/// check tells that index + offset + bytes does not leave the 32-bit window, for
/// who wants to know; it is dropped in the end, and never traps.
inline constexpr uint64_t isolatedSize = uint64_t(1) << 32;
/// iN (i32 index, i64 offset, ptr addrspace(1) base, i64 size, ptr rt,
/// i32 function, i32 at) and void (the same, iN value), with the number of bytes
/// appended; 16 are a <4 x i32>: the check and its access. PTX only; defined by
/// defineCheckedAccesses.
inline constexpr llvm::StringLiteral checkedLoad = "__tw_checked_load_";
inline constexpr llvm::StringLiteral checkedStore = "__tw_checked_store_";
/// checkBounds with an i64 index, for 64-bit memories.
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

/// ptr (i64 start, i64 bytes, WINDOW): the generic address of a range that lies
/// in one place; traps otherwise. WINDOW: ptr addrspace(1) base, i64 size,
/// ptr addrspace(3) shared, i64 sharedBytes, ptr stack, i64 low, i64 top
/// (0: no stack), ptr rt, i32 function, i32 at. Defined by
/// defineWindowFunctions, like the next two families.
inline constexpr llvm::StringLiteral windowAddress = "__tw_window_address";
/// iN (i64 address, WINDOW) and void (i64 address, iN value, WINDOW), with the
/// number of bytes appended; 16 are a <4 x i32>.
inline constexpr llvm::StringLiteral windowLoad = "__tw_window_load_";
inline constexpr llvm::StringLiteral windowStore = "__tw_window_store_";
/// ptr (i32 index, i64 offset, i64 bytes, WINDOW): the same of an access at
/// zext(index) + offset, which most likely lies in shared memory, on the thread's
/// stack, or in linear memory above the windows. Opaque until ExpandGuards.
inline constexpr llvm::StringLiteral placeShared = "__tw_place_shared";
inline constexpr llvm::StringLiteral placeStack = "__tw_place_stack";
inline constexpr llvm::StringLiteral placeMemory = "__tw_place_memory";

/// void (ptr addrspace(3) to, ptr addrspace(1) from), with the number of bytes
/// appended; void (); void (i32 groups). Defined by defineAsyncCopies.
inline constexpr llvm::StringLiteral copyAsync = "__tw_copy_async_";
inline constexpr llvm::StringLiteral copyAsyncCommit =
    "__tw_copy_async_commit";
inline constexpr llvm::StringLiteral copyAsyncWait = "__tw_copy_async_wait";

/// Synchronisation scopes of the atomics of module `tw`, until OrderAtomics
/// gives them the target's; the last means a plain access.
inline constexpr llvm::StringLiteral scopeBlock = "tw.block";
inline constexpr llvm::StringLiteral scopeDevice = "tw.device";
inline constexpr llvm::StringLiteral scopeSystem = "tw.system";
inline constexpr llvm::StringLiteral scopeThread = "tw.thread";

/// T (i32 mask, T value) and T (T value), with the operator and the type
/// appended ("add_i32"). PTX only; defined by defineTeamFunctions.
inline constexpr llvm::StringLiteral warpReduce = "__tw_warp_reduce_";
inline constexpr llvm::StringLiteral blockReduce = "__tw_block_reduce_";

/// { 8 float } (i32 layoutA, i32 layoutB, registers of A, B and C), with the
/// elements appended. PTX only; defined by defineMatrixFunctions.
inline constexpr llvm::StringLiteral matrixMma = "__tw_matrix_mma_";

/// i64 (ptr rt, i32 op, i32 mask, i64 value, i32 a, i32 b, i32 function,
/// i32 at): abi::HostThread::collective. Host only; defined by
/// defineHostFunctions, like the next two.
inline constexpr llvm::StringLiteral collective = "__tw_collective";
/// float (ptr rt, i32 function, float x)
inline constexpr llvm::StringLiteral fastMath = "__tw_fast_math";
/// i64 (ptr rt)
inline constexpr llvm::StringLiteral timer = "__tw_timer";

/// i32 (ptr buffer, i32 format, ptr arguments, i64 bytes, ptr rt, i32 memory):
/// tw.printf, with as many bytes of arguments as may be read. Defined by
/// definePrintFunction.
inline constexpr llvm::StringLiteral print = "__tw_print";

/// void (i32 message, i32 memory, ptr rt, i32 function, i32 at): traps with a
/// message. Defined with the trap function.
inline constexpr llvm::StringLiteral abort = "__tw_abort";

} // namespace twc::runtime

#endif // TWC_TRANSFORMS_RUNTIMECALLS_H
