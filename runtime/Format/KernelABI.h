//===- KernelABI.h - what compiler and runtime agree on ---------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The kernel ABI, version 1: the structures that generated code and the
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

inline constexpr uint32_t kernelABIVersion = 1;

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
  }
  return "unknown trap";
}

/// The trap record: one per launch, zeroed by the runtime, in memory that the
/// device can write. The first thread to fault wins `code` by an atomic
/// compare-exchange with 0 and then writes the other fields; they are read
/// only after the launch has ended.
struct TrapRecord {
  uint32_t code;      // 0: TrapCode
  uint32_t function;  // 4: Wasm function index, imports included
  uint32_t offset;    // 8: byte offset of the instruction in the Wasm module
  uint32_t block[3];  // 12
  uint32_t thread[3]; // 24
  uint32_t reserved[7];
};
static_assert(sizeof(TrapRecord) == 64);

/// The instance state: a 16-byte header, then one 16-byte slot per Wasm
/// global, imported ones included, in index order. Generated code reads
/// `memoryBytes` only in modules that contain memory.grow; in all others the
/// size is a launch constant (Environment::memorySize).
struct InstanceState {
  uint64_t memoryBytes;    // 0: current size of memory 0
  uint64_t memoryCapacity; // 8: size to which memory.grow can succeed
  // 16 + 16 * i: the value of global i, zero-extended
};
static_assert(sizeof(InstanceState) == 16);
inline constexpr uint64_t globalSlotOffset(uint64_t index) {
  return sizeof(InstanceState) + 16 * index;
}

/// What a launch cannot change, passed by value as the first kernel parameter
/// on a GPU and by pointer on the host.
struct Environment {
  uint64_t memoryBase;     // 0: address of linear memory's byte 0
  uint64_t memorySize;     // 8: bytes
  uint64_t trapRecord;     // 16: TrapRecord *
  uint64_t instanceState;  // 24: InstanceState *
  uint64_t results;        // 32: uint64_t[2 * results], 16 bytes per result,
                           //     value zero-extended; may be 0 if none
  uint64_t stackSize;      // 40: bytes of stack that a thread may use
  uint64_t reserved[2];    // 48
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
/// block. `arguments` holds 16 bytes per Wasm parameter, value zero-extended.
/// After a trap the runtime steps threadId past the faulting thread and calls
/// again: on a GPU too the other threads of a block run to their end.
using HostEntry = void (*)(const Environment *env, const uint64_t *arguments,
                           HostThread *thread);

/// Entry point of a kernel in PTX: .visible .entry <symbol>(
///   .param .align 8 .b8 env[64],        // Environment, by value
///   .param .b32/.b64/.f32/.f64 arg...)  // one per Wasm parameter
/// An i32 and an f32 take 4 bytes, an i64 and an f64 take 8.

} // namespace twrun::abi

#endif // TWRUN_FORMAT_KERNELABI_H
