//===- KernelABI.h - what compiler and runtime agree on ---------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The kernel ABI, version 2: the structures that generated code and the
// runtime share, and the entry points of a PTX module and of a host image.
// docs/KernelABI.md tells it in prose. Both sides are little-endian with
// 64-bit pointers. Change anything here and kernelABIVersion must change too.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_FORMAT_KERNELABI_H
#define TWRUN_FORMAT_KERNELABI_H

#include <cstddef>
#include <cstdint>

namespace twrun::abi {

inline constexpr uint32_t kernelABIVersion = 2;

/// Why a guest thread stopped; 0 means that none did. The wording of each is
/// the Wasm specification's (core suite, assert_trap and assert_exhaustion).
enum class TrapCode : uint32_t {
  None = 0,
  Unreachable = 1,
  IntegerOverflow = 2,
  IntegerDivideByZero = 3,
  InvalidConversionToInteger = 4,
  OutOfBoundsMemoryAccess = 5,
  IndirectCallTypeMismatch = 6,
  UndefinedElement = 7,
  UninitializedElement = 8,
  CallStackExhausted = 9,
  FuelExhausted = 10,
  OutOfBoundsTableAccess = 11,
  UnalignedAtomic = 12,
  ExpectedSharedMemory = 13,
  /// memory.atomic.wait without a timeout: no other thread of a launch could
  /// ever wake it, so it would never end.
  EndlessWait = 14,
};

/// The specification's wording of a code, or "unknown trap".
constexpr const char *trapMessage(TrapCode code) {
  switch (code) {
  case TrapCode::None:
    return "no trap";
  case TrapCode::Unreachable:
    return "unreachable";
  case TrapCode::IntegerOverflow:
    return "integer overflow";
  case TrapCode::IntegerDivideByZero:
    return "integer divide by zero";
  case TrapCode::InvalidConversionToInteger:
    return "invalid conversion to integer";
  case TrapCode::OutOfBoundsMemoryAccess:
    return "out of bounds memory access";
  case TrapCode::IndirectCallTypeMismatch:
    return "indirect call type mismatch";
  case TrapCode::UndefinedElement:
    return "undefined element";
  case TrapCode::UninitializedElement:
    return "uninitialized element";
  case TrapCode::CallStackExhausted:
    return "call stack exhausted";
  case TrapCode::FuelExhausted:
    return "all fuel consumed";
  case TrapCode::OutOfBoundsTableAccess:
    return "out of bounds table access";
  case TrapCode::UnalignedAtomic:
    return "unaligned atomic";
  case TrapCode::ExpectedSharedMemory:
    return "expected shared memory";
  case TrapCode::EndlessWait:
    return "endless wait";
  }
  return "unknown trap";
}

/// The trap record: one per launch, zeroed by the runtime, in memory that the
/// device can write. The first thread to fault wins `code` by an atomic
/// compare-exchange with 0 and then writes the other fields; they are read
/// only after the launch has ended.
struct TrapRecord {
  uint32_t code;      // 0: TrapCode
  uint32_t function;  // 4: position in Manifest::functions
  uint32_t offset;    // 8: byte offset of the instruction in its Wasm module
  uint32_t block[3];  // 12
  uint32_t thread[3]; // 24
  uint32_t reserved[7];
};
static_assert(sizeof(TrapRecord) == 64);

/// A linear memory. Generated code changes `bytes` alone (memory.grow, by
/// atomic compare-exchange); base and capacity stay for the instance's life.
struct MemoryState {
  uint64_t base;     // 0: address of byte 0
  uint64_t bytes;    // 8: current size
  uint64_t capacity; // 16: size to which memory.grow can succeed
  uint64_t reserved; // 24
};
static_assert(sizeof(MemoryState) == 32);

/// A table: `elements` is the address of an array of `capacity` references,
/// 8 bytes each; those past `size` mean nothing. Generated code changes
/// `size` alone (table.grow).
struct TableState {
  uint64_t elements; // 0
  uint64_t size;     // 8: current number of elements
  uint64_t capacity; // 16: size to which table.grow can succeed
  uint64_t reserved; // 24
};
static_assert(sizeof(TableState) == 32);

/// A data or element segment that code can refer to (memory.init,
/// table.init). Dropped: size 0. An active segment is dropped once
/// instantiation has copied it.
struct SegmentState {
  uint64_t address; // 0: of its bytes, or of its references
  uint64_t size;    // 8: bytes, or references (8 bytes each)
};
static_assert(sizeof(SegmentState) == 16);

/// A reference is 64 bits. Null is 0. A function reference is the function's
/// number in the artifact (Manifest::functions, modules one after another,
/// imports included) plus 1; an external one is the host's number plus 1.
inline constexpr uint64_t nullReference = 0;

/// The instance state: the states of all memories, tables, data segments and
/// element segments, then one 16-byte slot per global (value zero-extended),
/// each kind in the manifest's order and without gaps.
struct StateLayout {
  uint64_t memories = 0, tables = 0, data = 0, elems = 0, globals = 0;

  constexpr uint64_t memory(uint64_t i) const {
    return sizeof(MemoryState) * i;
  }
  constexpr uint64_t table(uint64_t i) const {
    return memory(memories) + sizeof(TableState) * i;
  }
  constexpr uint64_t dataSegment(uint64_t i) const {
    return table(tables) + sizeof(SegmentState) * i;
  }
  constexpr uint64_t elemSegment(uint64_t i) const {
    return dataSegment(data) + sizeof(SegmentState) * i;
  }
  constexpr uint64_t global(uint64_t i) const {
    return elemSegment(elems) + 16 * i;
  }
  constexpr uint64_t size() const { return global(globals); }
};

/// What a launch cannot change, passed by value as the first kernel parameter
/// on a GPU and by pointer on the host.
struct Environment {
  uint64_t memoryBase;     // 0: MemoryState::base of the kernel's own memory
  uint64_t memorySize;     // 8: and its bytes (KernelInfo::memory)
  uint64_t trapRecord;     // 16: TrapRecord *
  uint64_t instanceState;  // 24: see StateLayout
  uint64_t results;        // 32: uint64_t[2 * results], 16 bytes per result,
                           //     value zero-extended; may be 0 if none
  uint64_t stackSize;      // 40: bytes of stack that a thread may use
  uint64_t fuel;           // 48: units each thread may use, if the artifact
                           //     was compiled to count (Manifest::fuel)
  uint64_t reserved;       // 56
};
static_assert(sizeof(Environment) == 64);

/// A host image's view of the running thread. The image's entry point steps
/// `thread` itself; everything else is the runtime's to set before the call.
struct HostThread {
  uint32_t threadId[3]; // 0
  uint32_t blockId[3];  // 12
  uint32_t blockDim[3]; // 24
  uint32_t gridDim[3];  // 36
  uint64_t stackLimit;  // 48: lowest stack address that guest code may reach
  /// Called by generated code when a thread traps; never returns (the runtime
  /// leaves by longjmp: image code owns nothing that would need unwinding).
  void (*trap)(HostThread *self, uint32_t code, uint32_t function,
               uint32_t offset); // 56
};
static_assert(offsetof(HostThread, stackLimit) == 48);
static_assert(offsetof(HostThread, trap) == 56);

/// Entry point of a kernel in a host image: runs the threads of the block
/// `thread->blockId` from `thread->threadId` on, x fastest, to the end of the
/// block. `arguments` holds 16 bytes per Wasm parameter, value zero-extended
/// (a v128 fills them).
/// After a trap the runtime steps threadId past the faulting thread and calls
/// again: on a GPU too the other threads of a block run to their end.
using HostEntry = void (*)(const Environment *env, const uint64_t *arguments,
                           HostThread *thread);

/// Entry point of a kernel in PTX: .visible .entry <symbol>(
///   .param .align 8 .b8 env[64],        // Environment, by value
///   .param .b32/.b64/.f32/.f64 arg...)  // one per Wasm parameter
/// An i32 and an f32 take 4 bytes, an i64, an f64 and a reference 8, a v128
/// 16 (.align 16 .b8 arg[16]).

} // namespace twrun::abi

#endif // TWRUN_FORMAT_KERNELABI_H
