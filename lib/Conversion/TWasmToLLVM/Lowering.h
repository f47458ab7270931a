//===- Lowering.h - what the pattern families share -------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The launch constants of a lowered function, and the families of patterns.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_CONVERSION_LOWERING_H
#define TWC_LIB_CONVERSION_LOWERING_H

#include "Format/KernelABI.h"
#include "twc/Conversion/TWasmToLLVM.h"
#include "twc/Dialect/TWasm/Analysis/Tables.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Transforms/DialectConversion.h"

#include <optional>

namespace twc {

/// Linear memory and instance state are in LLVM address space 1: NVPTX's
/// global memory, and plain memory on x86-64, where the number means nothing.
inline constexpr unsigned guestAddressSpace = 1;
/// A block's shared memory: NVPTX's, and plain memory on x86-64.
inline constexpr unsigned sharedAddressSpace = 3;

/// Leading arguments of each lowered function, in this order.
enum LaunchConstant : unsigned {
  MemoryBase,  // !llvm.ptr<1>
  MemorySize,  // i64, bytes
  RuntimePtr,  // !llvm.ptr: trap record (PTX) or HostThread (host)
  StatePtr,    // !llvm.ptr<1>: abi::InstanceState
  StackLimit,  // i64, lowest address of the stack that may be used
  ThreadPtr,   // !llvm.ptr: the thread's record (ThreadRecord), or null
  NumLaunchConstants
};
/// What a thread has for itself, in the frame of its entry point: a register
/// each, where everything is inlined. Offsets.
struct ThreadRecord {
  static constexpr int32_t fuel = 0;         // i64, if fuel is counted
  static constexpr int32_t stackPointer = 8; // i32, in functions with a window
  static constexpr int32_t stack = 16;       // !llvm.ptr to the window's bytes
  static constexpr int32_t shared = 24;      // !llvm.ptr<3>, the block's
  static constexpr int32_t sharedBytes = 32; // i64, in this launch
  static constexpr int32_t printBuffer = 40; // !llvm.ptr, in modules that print
  static constexpr int32_t fragments = 48;   // !llvm.ptr to a MatrixFrame
  static constexpr int32_t size = 56;
};
/// A thread's fragments on a GPU: registers of 32 bits, eight of each fragment,
/// then the layouts (i32) of the operands.
struct MatrixFrame {
  static constexpr int32_t fragmentBytes = 32, operands = 8, accumulators = 16;
  static constexpr int32_t at(twasm::MatrixFile file, int32_t fragment) {
    return (int32_t(file) * operands + fragment) * fragmentBytes;
  }
  static constexpr int32_t layouts =
      (2 * operands + accumulators) * fragmentBytes;
  static constexpr int32_t layoutOf(twasm::MatrixFile file, int32_t fragment) {
    return layouts + (int32_t(file) * operands + fragment) * 4;
  }
  static constexpr int32_t size = layouts + 2 * operands * 4;
};
llvm::SmallVector<mlir::Type> launchConstantTypes(mlir::MLIRContext *context);
mlir::Value getLaunchConstant(mlir::Operation *inside, LaunchConstant which);

/// Wasm function index and byte offset of `op`'s instruction.
std::pair<uint32_t, uint32_t> getPlace(mlir::Operation *op);

/// What patterns ask about a memory. Positions are those of the instance state
/// (runtime's Format/KernelABI.h, StateLayout), all linked modules together.
struct MemoryFacts {
  unsigned index = 0;
  bool grows = false; // something contains its memory.grow
  bool index64 = false;
  bool shared = false;
};

/// The windows of functions that only grids run (twasm-make-grid-clones); a
/// function may have one of them or both.
struct Window {
  /// The addresses [low, top) of `memory` are the thread's own stack. An access
  /// that starts below `low`, and not in shared memory, traps.
  mlir::Value stack; // !llvm.ptr: where the byte at `low` is; null: no stack
  uint64_t low = 0, top = 0;
  llvm::StringRef memory, global; // of the stack, and its pointer
  /// The addresses from abi::sharedBase on of `sharedMemory` are the block's.
  mlir::Value shared;      // !llvm.ptr<3>; null: no such window
  mlir::Value sharedBytes; // i64, the launch's
  llvm::StringRef sharedMemory;
};

/// The module's facts that patterns ask for, by twasm symbol.
struct ModuleInfo {
  explicit ModuleInfo(mlir::ModuleOp module);

  const MemoryFacts &memory(llvm::StringRef symbol) const {
    return memories.find(symbol)->second;
  }

  /// The window of the function that `op` is in, or null.
  const Window *windowOf(mlir::Operation *op) const;
  /// The function that a call of `name` from `op` calls: its copy for grids
  /// where `op` is in such a copy itself.
  mlir::func::FuncOp calleeOf(mlir::Operation *op, llvm::StringRef name) const;

  twrun::abi::StateLayout layout;
  llvm::StringMap<MemoryFacts> memories;
  llvm::StringMap<unsigned> tables, dataSegments, elemSegments; // positions
  llvm::StringMap<twasm::GlobalOp> globals;
  llvm::StringMap<mlir::func::FuncOp> functions;
  llvm::StringMap<mlir::func::FuncOp> gridFunctions; // copies, by original
  llvm::DenseMap<mlir::Operation *, Window> windows; // by function
  /// Frames of functions (twasm-promote-frames): !llvm.ptr.
  llvm::DenseMap<mlir::Operation *, mlir::Value> frames;
  /// Number of a function, as references to it have it (plus 1).
  llvm::StringMap<uint32_t> functionNumbers;
  /// Types before references became i64: what call_indirect compares.
  llvm::StringMap<mlir::FunctionType> functionTypes;
  /// Plain accesses of 32-bit memories whose offset and width end at most here
  /// are isolated; 0: none is.
  uint64_t uncheckedEnd = 0;
  /// What stands in the tables, by the names that functions have in twasm.
  twasm::TableAnalysis tableFacts;
};

/// Signature, before references became i64, of a call_indirect or
/// return_call_indirect; the pass sets it.
inline constexpr llvm::StringLiteral signatureAttr = "twasm.signature";
/// A lowered function's own memory, if it has one (FuncOp's `memory`).
inline constexpr llvm::StringLiteral homeMemoryAttr = "twasm.memory";
/// On a lowered function: it is a copy that only grids run.
inline constexpr llvm::StringLiteral isGridAttr = "twasm.is_grid";
/// On a func.call that a func.return of its results follows: a tail call.
inline constexpr llvm::StringLiteral tailAttr = "twasm.tail";

/// The memory that `op` accesses: the one that it names, or its function's.
llvm::StringRef memoryOf(mlir::Operation *op,
                         std::optional<llvm::StringRef> named);

/// Address of byte `offset` of the instance state, and what stands there. A
/// field that no launch changes is loaded as invariant.
mlir::Value stateAddress(mlir::OpBuilder &builder, mlir::Operation *op,
                         uint64_t offset);
mlir::Value loadState(mlir::OpBuilder &builder, mlir::Operation *op,
                      mlir::Type type, uint64_t offset, bool invariant);

/// Base address (!llvm.ptr<1>) and current size in bytes (i64) of a memory.
mlir::Value getMemoryBase(mlir::OpBuilder &builder, mlir::Operation *op,
                          llvm::StringRef memory, const ModuleInfo &info);
mlir::Value getMemorySize(mlir::OpBuilder &builder, mlir::Operation *op,
                          llvm::StringRef memory, const ModuleInfo &info);

/// Traps unless `bytes` bytes at index + offset lie inside the memory.
void checkBounds(mlir::OpBuilder &builder, mlir::Operation *op,
                 mlir::Value index, uint64_t offset, unsigned bytes,
                 llvm::StringRef memory, const ModuleInfo &info);
/// Address (!llvm.ptr<1>) of index + offset, unchecked.
mlir::Value memoryAddress(mlir::OpBuilder &builder, mlir::Operation *op,
                          mlir::Value index, uint64_t offset,
                          llvm::StringRef memory, const ModuleInfo &info);

/// Checks an access of `bytes` bytes at index + offset and returns its
/// address, which is generic if it may go to a window.
mlir::Value translateAccess(mlir::OpBuilder &builder, mlir::Operation *op,
                            mlir::Value index, uint64_t offset, unsigned bytes,
                            llvm::StringRef memory, const ModuleInfo &info);

/// Where an access of a function with a window goes. Both pointers are generic
/// (LLVM address space 0); one of them is good.
struct WindowAccess {
  mlir::Value inStack; // i1
  mlir::Value stack;   // !llvm.ptr
  mlir::Value memory;  // !llvm.ptr<1>
  mlir::Value select(mlir::OpBuilder &builder, mlir::Location loc) const;
};
/// Checks an access as translateAccess does, if it may go to a window.
std::optional<WindowAccess>
translateWindow(mlir::OpBuilder &builder, mlir::Operation *op,
                mlir::Value index, uint64_t offset, unsigned bytes,
                llvm::StringRef memory, const ModuleInfo &info);
/// Address of `count` bytes from `start` (both i64), which are inside the
/// memory; traps if they are only partly in the window.
mlir::Value translateRange(mlir::OpBuilder &builder, mlir::Operation *op,
                           mlir::Value start, mlir::Value count,
                           llvm::StringRef memory, const ModuleInfo &info);
/// Makes a load or store of a number or vector at index + offset, checked, of
/// any alignment. May split the block before `op`.
mlir::Value loadGuest(mlir::OpBuilder &builder, mlir::Operation *op,
                      mlir::Type type, mlir::Value index, uint64_t offset,
                      llvm::StringRef memory, const ModuleInfo &info);
void storeGuest(mlir::OpBuilder &builder, mlir::Operation *op,
                mlir::Value value, mlir::Value index, uint64_t offset,
                llvm::StringRef memory, const ModuleInfo &info);

/// Whether accesses of `op` to `memory` may go to shared memory. Only then may
/// the next six be called.
bool hasSharedWindow(mlir::Operation *op, llvm::StringRef memory,
                     const ModuleInfo &info);
/// Loads or stores at `index` by an outlined function that looks for the place:
/// code that hardly ever runs, and that no test shall be hoisted for.
mlir::Value loadOutlined(mlir::OpBuilder &builder, mlir::Operation *op,
                         mlir::Type type, mlir::Value index,
                         llvm::StringRef memory, const ModuleInfo &info);
void storeOutlined(mlir::OpBuilder &builder, mlir::Operation *op,
                   mlir::Value value, mlir::Value index,
                   llvm::StringRef memory, const ModuleInfo &info);
/// The generic address of an access, by one opaque call that knows where it most
/// likely goes; traps unless all of it is in one place.
mlir::Value placeAccess(mlir::OpBuilder &builder, mlir::Operation *op,
                        mlir::Value index, uint64_t offset, unsigned bytes,
                        llvm::StringRef memory, const ModuleInfo &info);
/// Where an access most likely goes.
struct LikelyPlace {
  mlir::Value inside;  // i1: all its bytes are there
  mlir::Value pointer; // good if `inside`: !llvm.ptr<1>, <3>, or of the stack
  bool isStack = false;
};
LikelyPlace findLikelyPlace(mlir::OpBuilder &builder, mlir::Operation *op,
                            mlir::Value index, uint64_t offset, unsigned bytes,
                            llvm::StringRef memory, const ModuleInfo &info);
/// The generic address of a range (start and count are i64) or an access; traps
/// unless all of it is in one place. Slow: a call.
mlir::Value findAddress(mlir::OpBuilder &builder, mlir::Operation *op,
                        mlir::Value start, mlir::Value count,
                        llvm::StringRef memory, const ModuleInfo &info);
mlir::Value findAddress(mlir::OpBuilder &builder, mlir::Operation *op,
                        mlir::Value index, uint64_t offset, unsigned bytes,
                        llvm::StringRef memory, const ModuleInfo &info);
/// Splits the block before `op`: the result, of type `type` (null: none), of
/// `hot` if `likely` holds, else of `cold`, which is seldom if `weigh`.
mlir::Value branchOn(mlir::OpBuilder &builder, mlir::Operation *op,
                     mlir::Value likely, mlir::Type type,
                     llvm::function_ref<mlir::Value()> hot,
                     llvm::function_ref<mlir::Value()> cold,
                     bool weigh = true);
/// `first` and the ops behind it that `isOne` accepts, for one test of all. What
/// lies between them is free of effects and needs none of their results; it moves
/// ahead of `first`.
llvm::SmallVector<mlir::Operation *>
collectRun(mlir::PatternRewriter &builder, mlir::Operation *first,
           llvm::function_ref<bool(mlir::Operation *)> isOne);
/// Makes a run's accesses by `all` if `likely`; else the first by `first`, and
/// the others as they are, each marked `aloneAttr`. No result is used.
void accessTogether(mlir::PatternRewriter &builder,
                    llvm::ArrayRef<mlir::Operation *> run, mlir::Value likely,
                    llvm::function_ref<void()> all,
                    llvm::function_ref<void()> first);
inline constexpr llvm::StringLiteral aloneAttr = "twasm.alone";

/// Traps unless the effective address is a multiple of `bytes`.
void checkAtomicAlignment(mlir::OpBuilder &builder, mlir::Operation *op,
                          mlir::Value index, uint64_t offset, unsigned bytes);
/// Checks an access and makes it with `build`, which returns its result of type
/// `type`, null if that is null, for each place where it may go; not atomically
/// on the thread's own stack.
mlir::Value accessAtomically(
    mlir::OpBuilder &builder, mlir::Operation *op, mlir::Value index,
    uint64_t offset, unsigned bytes, llvm::StringRef memory, mlir::Type type,
    const ModuleInfo &info,
    llvm::function_ref<mlir::Value(mlir::Value address, bool isAtomic)> build);
/// The same behind the check of the alignment, where there is shared memory, if
/// the access most likely is not where it should be. Slow: a call.
mlir::Value accessAnywhere(
    mlir::OpBuilder &builder, mlir::Operation *op, mlir::Value index,
    uint64_t offset, unsigned bytes, llvm::StringRef memory, mlir::Type type,
    const ModuleInfo &info,
    llvm::function_ref<mlir::Value(mlir::Value address, bool isAtomic)> build);

/// `pointer` in LLVM address space 0.
mlir::Value toGeneric(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::Value pointer);

/// An i32 or i64 address, index or count as i64.
mlir::Value widen(mlir::OpBuilder &builder, mlir::Location loc,
                  mlir::Value value);
/// base + offset bytes; `offset` is an i64, or constant.
mlir::Value addBytes(mlir::OpBuilder &builder, mlir::Location loc,
                     mlir::Value base, mlir::Value offset);
mlir::Value addBytes(mlir::OpBuilder &builder, mlir::Location loc,
                     mlir::Value base, int32_t offset);

/// The launch constants for a call of `callee` from `op`, whose memory may be
/// another, then `arguments`.
llvm::SmallVector<mlir::Value>
withConstants(mlir::OpBuilder &builder, mlir::Operation *op,
              mlir::func::FuncOp callee, mlir::ValueRange arguments,
              const ModuleInfo &info);

/// Leaves the thread for good at the builder's insertion point.
void trap(mlir::OpBuilder &builder, mlir::Operation *op,
          twasm::TrapCode code);

/// Traps with `code` if `condition` (i1) holds; nothing if it is constant
/// false. The place is `op`'s location.
void trapIf(mlir::OpBuilder &builder, mlir::Operation *op,
            mlir::Value condition, twasm::TrapCode code);

void populateNumericPatterns(mlir::RewritePatternSet &patterns);
void populateConversionPatterns(mlir::RewritePatternSet &patterns);
void populateMemoryPatterns(mlir::RewritePatternSet &patterns,
                            const ModuleInfo &info);
void populateControlPatterns(mlir::RewritePatternSet &patterns,
                             const ModuleInfo &info);
void populateTablePatterns(mlir::RewritePatternSet &patterns,
                           const ModuleInfo &info);
void populateBulkPatterns(mlir::RewritePatternSet &patterns,
                          const ModuleInfo &info);
void populateAtomicPatterns(mlir::RewritePatternSet &patterns,
                            const ModuleInfo &info);
void populateSharedPatterns(mlir::RewritePatternSet &patterns,
                            const ModuleInfo &info);
void populateScopedAtomicPatterns(mlir::RewritePatternSet &patterns,
                                  const ModuleInfo &info);
void populateFuelPatterns(mlir::RewritePatternSet &patterns);
void populateMatrixPatterns(mlir::RewritePatternSet &patterns,
                            const ModuleInfo &info);
void populateGuestPatterns(mlir::RewritePatternSet &patterns,
                           const ModuleInfo &info);

/// On a module of phase `std`: its functions count fuel.
inline constexpr llvm::StringLiteral countsFuelAttr = "twasm.counts_fuel";
/// The same: something in it prints.
inline constexpr llvm::StringLiteral printsAttr = "twasm.prints";
/// The same: something in it uses matrix units.
inline constexpr llvm::StringLiteral usesMatricesAttr = "twasm.uses_matrices";

/// On a module of phase `std`: functions of it have a window of shared memory.
inline constexpr llvm::StringLiteral usesSharedAttr = "twasm.uses_shared";
/// Of an export: the least size in bytes of its function's own memory (i64).
inline constexpr llvm::StringLiteral leastMemoryAttr = "twasm.least_memory";

/// Implementations of twasm.rt and device ops.
void populateRuntimePatterns(const mlir::LLVMTypeConverter &converter,
                             mlir::RewritePatternSet &patterns,
                             TargetKind target);

/// Makes loops of cycles of tail calls, ordinary calls of all others.
mlir::LogicalResult mergeTailCalls(mlir::ModuleOp module);

/// PTX: the address of the block's dynamic shared memory (!llvm.ptr<3>), `bytes`
/// of which (i64) the threads of the block zero together first.
mlir::Value openSharedMemory(mlir::OpBuilder &builder, mlir::Location loc,
                             mlir::ModuleOp module, mlir::Value bytes);

/// Adds an entry point for each exported function.
mlir::LogicalResult addEntryPoints(mlir::ModuleOp module, TargetKind target);

} // namespace twc

#endif // TWC_LIB_CONVERSION_LOWERING_H
