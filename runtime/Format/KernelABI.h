//===- KernelABI.h - what compiler and runtime agree on ---------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The kernel ABI, version 3: the structures that generated code and the
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

inline constexpr uint32_t kernelABIVersion = 3;

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
  /// Import tw.abort; TrapRecord::message has the guest's words.
  Aborted = 15,
  /// A block cannot go on: threads wait at a barrier for others that wait for
  /// them. The host and the oracle tell; a GPU hangs (docs/DeviceInterface.md).
  DivergentBarrier = 16,
  NotInWarpMask = 17,
  UnalignedMatrix = 18,
  /// The runtime's, never a thread's: after a call it found that something was
  /// stored outside of memory, in an isolated artifact (docs/Sandbox.md).
  StrayStore = 19,
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
  case TrapCode::Aborted:
    return "aborted";
  case TrapCode::DivergentBarrier:
    return "barrier not reached by all threads";
  case TrapCode::NotInWarpMask:
    return "thread is not in its warp mask";
  case TrapCode::UnalignedMatrix:
    return "unaligned matrix";
  case TrapCode::StrayStore:
    return "out of bounds store, detected after the call";
  }
  return "unknown trap";
}

/// The trap record: one per launch, zeroed by the runtime, in memory that the
/// device can write. The first thread to fault wins `code` by an atomic
/// compare-exchange with 0 and then writes the other fields; they are read
/// only after the launch has ended.
struct alignas(16) TrapRecord {
  uint32_t code;      // 0: TrapCode
  uint32_t function;  // 4: position in Manifest::functions
  uint32_t offset;    // 8: byte offset of the instruction in its Wasm module
  uint32_t block[3];  // 12
  uint32_t thread[3]; // 24
  uint32_t message;   // 36: of an Aborted thread, an address in its memory
  uint32_t memory;    // 40: position in Manifest::memories of that memory
  uint32_t reserved[5];
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
  uint64_t sharedBytes;    // 56: of a block's shared memory in this launch, a
                           //     multiple of 16 (KernelInfo::shared)
  uint64_t printBuffer;    // 64: PrintBuffer *; 0: nothing is recorded
  uint64_t reserved[7];    // 72
};
static_assert(sizeof(Environment) == 128);

/// Where the addresses of shared memory begin, in the memory of the kernel.
inline constexpr uint32_t sharedBase = 1024;
/// The most that a block can have on any GPU (CUDA C++ Programming Guide,
/// "Technical Specifications per Compute Capability": 9.0 and 10.0).
inline constexpr uint64_t maxSharedBytes = 227 * 1024;

/// A call of tw.printf: what the runtime needs to format it.
struct PrintRecord {
  uint32_t block[3];     // 0
  uint32_t thread[3];    // 12
  uint32_t memory;       // 24: position in Manifest::memories
  uint32_t format;       // 28: address of the format in it
  uint32_t argumentSize; // 32: bytes of `arguments` that could be read
  uint32_t reserved[3];  // 36
  uint8_t arguments[128]; // 48: as clang's variadic calls lay them out
};
static_assert(sizeof(PrintRecord) == 176);

/// A launch's output. A thread takes record `next` by an atomic add; beyond
/// `capacity` there is none, and the call is lost (and counted). Read after
/// the launch has ended. `capacity` records follow.
struct PrintBuffer {
  uint64_t capacity; // 0: records
  uint64_t next;     // 8: calls so far
  uint64_t reserved[6];
};
static_assert(sizeof(PrintBuffer) == 64);

/// What the threads of a warp or block do together. docs/DeviceInterface.md
/// defines each; on the host generated code leaves them to the runtime
/// (HostThread::collective).
enum class CollectiveOp : uint32_t {
  Barrier = 1,      // of the block; result 0
  BarrierCount = 2, // value: the predicate, 0 or 1
  BarrierAnd = 3,
  BarrierOr = 4,
  WarpSync = 8, // from here on: mask
  ShuffleIdx = 9, // value: bits; a: lane, delta or lanes; b: width
  ShuffleUp = 10,
  ShuffleDown = 11,
  ShuffleXor = 12,
  VoteAll = 13, // value: the predicate, 0 or 1
  VoteAny = 14,
  VoteBallot = 15,
  MatchAny = 16, // value: zero-extended bits
  MatchAll = 17,
  WarpReduce = 18,  // value: bits; a: ReduceKind; b: ReduceType
  BlockReduce = 19, // the same, no mask: of the block
  MatrixFill = 24,  // value: f32 bits; a: accumulator
  MatrixLoadA = 25, // value: address of the first element (a host pointer);
  MatrixLoadB = 26, //   a: fragment | MatrixElement << 8 | column-major << 16;
  MatrixLoadC = 27, //   b: stride in elements. Checked by generated code
  MatrixStore = 28,
  MatrixMma = 29, // a: d | a << 8 | b << 16 | c << 24; b: MatrixElement
};
enum class ReduceKind : uint32_t { Add, MinS, MinU, MaxS, MaxU, And, Or, Xor,
                                   Min, Max };
enum class ReduceType : uint32_t { I32, I64, F32, F64 };
enum class MatrixElement : uint32_t { F16, BF16, TF32, F32 };

/// The fast-math imports, for HostThread::math.
enum class MathOp : uint32_t { Rcp, Sqrt, Rsqrt, Sin, Cos, Exp2, Log2, Tanh };

struct Collective {
  CollectiveOp op;   // 0
  uint32_t mask;     // 4: lanes; 0 in operations of a block
  uint64_t value;    // 8
  uint32_t a, b;     // 16, 20
  uint32_t function; // 24: place of the call, as in TrapRecord
  uint32_t offset;   // 28
};
static_assert(sizeof(Collective) == 32);

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
  /// The block's shared memory, Environment::sharedBytes long, 128-aligned;
  /// null when there is none.
  uint8_t *shared; // 64
  /// Takes part in an operation of the warp or block and returns its result
  /// (zero-extended bits) when the others have come. Traps, and does not
  /// return, for NotInWarpMask and DivergentBarrier. Only kernels whose
  /// manifest says `cooperative` call it.
  uint64_t (*collective)(HostThread *self, const Collective *call); // 72
  /// A fast-math function, rounded to f32.
  float (*math)(MathOp op, float x); // 80
  uint64_t (*timer)();               // 88: tw.timer
  /// Set by generated code before it calls `trap` with Aborted: what
  /// TrapRecord::message and memory are to be, should this thread win it.
  uint32_t message; // 96
  uint32_t memory;  // 100
  uint64_t reserved[3];
};
static_assert(offsetof(HostThread, stackLimit) == 48);
static_assert(offsetof(HostThread, trap) == 56);
static_assert(offsetof(HostThread, timer) == 88);
static_assert(offsetof(HostThread, message) == 96);
static_assert(sizeof(HostThread) == 128);

/// Entry point of a kernel in a host image: runs the threads of the block
/// `thread->blockId` from `thread->threadId` on, x fastest, to the end of the
/// block. `arguments` holds 16 bytes per Wasm parameter, value zero-extended
/// (a v128 fills them).
/// A kernel whose manifest says `cooperative` runs the one thread that
/// `thread` names and returns: its threads wait for one another, so each has a
/// HostThread and a stack of its own.
/// After a trap the runtime steps threadId past the faulting thread and calls
/// again: on a GPU too the other threads of a block run to their end.
using HostEntry = void (*)(const Environment *env, const uint64_t *arguments,
                           HostThread *thread);

/// Entry point of a kernel in PTX: .visible .entry <symbol>(
///   .param .align 8 .b8 env[128],       // Environment, by value
///   .param .b32/.b64/.f32/.f64 arg...)  // one per Wasm parameter
/// Shared memory is dynamic, Environment::sharedBytes long.
/// An i32 and an f32 take 4 bytes, an i64, an f64 and a reference 8, a v128
/// 16 (.align 16 .b8 arg[16]).

} // namespace twrun::abi

#endif // TWRUN_FORMAT_KERNELABI_H
