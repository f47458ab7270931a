//===- EntryPoints.cpp - kernels' entry points ----------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions that the runtime calls, per runtime/Format/KernelABI.h: on a
// GPU a kernel with the environment by value, on the host a loop over the
// threads of a block. Both load the launch constants and call the lowered
// Wasm function.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "Format/KernelABI.h"
#include "twc/Dialect/TWasm/Transforms/Passes.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace twc;
using twrun::abi::Environment;
using twrun::abi::HostThread;

namespace {

class EntryBuilder {
public:
  EntryBuilder(ModuleOp module, TargetKind target, bool needsStackLimit,
               bool countsFuel, bool prints, bool usesShared,
               bool usesMatrices)
      : b(module.getContext()), module(module), target(target),
        needsStackLimit(needsStackLimit), countsFuel(countsFuel),
        prints(prints), usesShared(usesShared), usesMatrices(usesMatrices),
        i32(b.getI32Type()), i64(b.getI64Type()),
        ptr(LLVM::LLVMPointerType::get(b.getContext())),
        guestPtr(LLVM::LLVMPointerType::get(b.getContext(),
                                            guestAddressSpace)) {}

  /// What the runtime sees to before it calls an entry: the least sizes of the
  /// function's own memory and, in a grid, of shared memory.
  void setLeast(uint64_t memoryBytes, uint64_t sharedBytes) {
    leastMemory = memoryBytes;
    leastShared = sharedBytes;
  }

  /// An entry of `isCooperative` runs one thread on the host.
  void build(StringRef symbol, LLVM::LLVMFuncOp callee, bool isCooperative) {
    isGrid = hasShared = false;
    buildEntry(symbol, callee, isCooperative, {});
  }
  /// The entry of a grid. `window`: [low, top) of the thread's stack, if it has
  /// one; `shared`: its blocks have shared memory.
  void buildGrid(StringRef symbol, LLVM::LLVMFuncOp callee, bool isCooperative,
                 DenseI64ArrayAttr window, bool shared) {
    isGrid = true;
    hasShared = shared;
    buildEntry(symbol, callee, isCooperative, window);
  }

private:
  void buildEntry(StringRef symbol, LLVM::LLVMFuncOp callee, bool isCooperative,
                  DenseI64ArrayAttr window) {
    loc = callee.getLoc();
    cooperative = isCooperative;
    stackTop = window ? window[1] : 0;
    stackBytes = window ? window[1] - window[0] : 0;
    b.setInsertionPointToEnd(module.getBody());
    if (target == TargetKind::PTX)
      buildKernel(symbol, callee);
    else
      buildHostEntry(symbol, callee);
  }

  Value at(Value base, int32_t offset) {
    return offset ? addBytes(b, loc, base, offset) : base;
  }
  Value load(Type type, Value base, int32_t offset, unsigned align) {
    return LLVM::LoadOp::create(b, loc, type, at(base, offset), align);
  }
  Value constant(Type type, int64_t value) {
    return LLVM::ConstantOp::create(b, loc, b.getIntegerAttr(type, value));
  }

  void assumeAtLeast(Value size, uint64_t least) {
    if (least)
      LLVM::AssumeOp::create(
          b, loc,
          LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::uge, size,
                               constant(i64, least)));
  }

  /// The leading arguments of `callee`, from the environment.
  SmallVector<Value> loadConstants(Value env, Value thread) {
    SmallVector<Value> values(NumLaunchConstants);
    values[MemoryBase] = load(guestPtr, env, offsetof(Environment, memoryBase), 8);
    values[MemorySize] = load(i64, env, offsetof(Environment, memorySize), 8);
    assumeAtLeast(values[MemorySize], leastMemory);
    values[StatePtr] =
        load(guestPtr, env, offsetof(Environment, instanceState), 8);
    // In the entry point's frame: private to the thread, and a register where
    // everything is inlined.
    values[ThreadPtr] = LLVM::ZeroOp::create(b, loc, ptr);
    // What it calls may be shared with kernels that have shared memory.
    bool needsShared = isGrid && usesShared;
    bool needsAll = stackBytes || prints || needsShared || usesMatrices;
    if (countsFuel || needsAll)
      values[ThreadPtr] =
          allocate(i64, needsAll ? ThreadRecord::size / 8 : 1, 8);
    if (needsShared)
      loadShared(env, thread, values[ThreadPtr]);
    if (prints)
      LLVM::StoreOp::create(
          b, loc, load(ptr, env, offsetof(Environment, printBuffer), 8),
          at(values[ThreadPtr], ThreadRecord::printBuffer), 8);
    if (usesMatrices)
      makeFragments(values[ThreadPtr]);
    if (stackBytes) {
      stack = allocate(LLVM::LLVMArrayType::get(b.getI8Type(), stackBytes), 1,
                       16);
      LLVM::StoreOp::create(b, loc, stack,
                            at(values[ThreadPtr], ThreadRecord::stack), 8);
    }
    if (target == TargetKind::Host) {
      values[RuntimePtr] = thread;
      values[StackLimit] =
          load(i64, thread, offsetof(HostThread, stackLimit), 8);
      return values;
    }
    values[RuntimePtr] = load(ptr, env, offsetof(Environment, trapRecord), 8);
    values[StackLimit] = constant(i64, 0);
    if (needsStackLimit) {
      // Half of the thread's stack stays for the frame that is being entered
      // and for what the driver keeps there.
      Value sp = LLVM::PtrToIntOp::create(
          b, loc, i64, LLVM::StackSaveOp::create(b, loc, ptr));
      Value size = load(i64, env, offsetof(Environment, stackSize), 8);
      Value half = LLVM::LShrOp::create(b, loc, size, constant(i64, 1));
      if (stackBytes) {
        // The window is in this frame, and part of what the thread has.
        Value taken = constant(i64, stackBytes);
        Value fits = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::ugt,
                                          half, taken);
        half = LLVM::SelectOp::create(b, loc, fits,
                                      LLVM::SubOp::create(b, loc, half, taken),
                                      constant(i64, 0));
      }
      values[StackLimit] = LLVM::SubOp::create(b, loc, sp, half);
    }
    return values;
  }

  /// Tells the thread where its block's shared memory is. On a GPU the block
  /// zeroes it first; the host's runtime gives zeros.
  void loadShared(Value env, Value thread, Value record) {
    Type pointer =
        LLVM::LLVMPointerType::get(b.getContext(), sharedAddressSpace);
    Value shared, bytes;
    if (!hasShared) {
      shared = LLVM::ZeroOp::create(b, loc, pointer);
      bytes = constant(i64, 0);
    } else {
      bytes = load(i64, env, offsetof(Environment, sharedBytes), 8);
      assumeAtLeast(bytes, leastShared);
      if (target == TargetKind::Host) {
        shared = LLVM::AddrSpaceCastOp::create(
            b, loc, pointer,
            load(ptr, thread, offsetof(HostThread, shared), 8));
      } else {
        shared = openSharedMemory(b, loc, module, bytes);
      }
    }
    LLVM::StoreOp::create(b, loc, shared, at(record, ThreadRecord::shared), 8);
    LLVM::StoreOp::create(b, loc, bytes,
                          at(record, ThreadRecord::sharedBytes), 8);
  }

  /// Fragments that are zero, and laid out by rows, until they are set.
  void makeFragments(Value record) {
    Value frame = allocate(
        LLVM::LLVMArrayType::get(i32, MatrixFrame::size / 4), 1, 16);
    LLVM::MemsetOp::create(b, loc, frame, constant(b.getI8Type(), 0),
                           constant(i64, MatrixFrame::size),
                           /*isVolatile=*/false);
    LLVM::StoreOp::create(b, loc, frame, at(record, ThreadRecord::fragments),
                          8);
  }

  Value allocate(Type type, int32_t count, unsigned align) {
    return LLVM::AllocaOp::create(b, loc, ptr, type, constant(i32, count),
                                  align);
  }

  /// Gives a thread its fuel and its stack. `available` is the environment's
  /// fuel, or null.
  void startThread(Value record, Value available) {
    if (countsFuel)
      LLVM::StoreOp::create(b, loc, available,
                            at(record, ThreadRecord::fuel), 8);
    if (!stackBytes)
      return;
    LLVM::StoreOp::create(b, loc, constant(i32, int32_t(stackTop)),
                          at(record, ThreadRecord::stackPointer), 8);
    clearStack();
  }

  /// A thread finds zeros on its stack, as at the start of a program: never
  /// what another thread, or another program, left there.
  void clearStack() {
    auto word = VectorType::get({2}, i64);
    Value zero = LLVM::ZeroOp::create(b, loc, word);
    Value end = constant(i64, stackBytes), first = constant(i64, 0);
    Block *before = b.getInsertionBlock();
    Region *region = before->getParent();
    Block *loop = b.createBlock(region, std::next(before->getIterator()),
                                i64, loc);
    Block *after = b.createBlock(region, std::next(loop->getIterator()));
    b.setInsertionPointToEnd(before);
    LLVM::BrOp::create(b, loc, ValueRange(first), loop);
    b.setInsertionPointToStart(loop);
    Value position = loop->getArgument(0);
    Value address = addBytes(b, loc, stack, position);
    LLVM::StoreOp::create(b, loc, zero, address, 16);
    Value next = LLVM::AddOp::create(b, loc, position, constant(i64, 16));
    Value more =
        LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::ult, next, end);
    LLVM::CondBrOp::create(b, loc, more, loop, ValueRange(next), after,
                           ValueRange());
    b.setInsertionPointToStart(after);
  }
  Value loadFuel(Value env) {
    return countsFuel ? load(i64, env, offsetof(Environment, fuel), 8) : Value();
  }

  /// Calls `callee` and writes its results, 16 bytes apart.
  void call(LLVM::LLVMFuncOp callee, ArrayRef<Value> arguments, Value env) {
    auto op = LLVM::CallOp::create(b, loc, callee, arguments);
    if (op.getNumResults() == 0)
      return;
    Value results = load(guestPtr, env, offsetof(Environment, results), 8);
    Value result = op.getResult();
    auto structType = dyn_cast<LLVM::LLVMStructType>(result.getType());
    size_t count = structType ? structType.getBody().size() : 1;
    for (size_t i = 0; i < count; ++i) {
      Value value = structType
                        ? LLVM::ExtractValueOp::create(b, loc, result, i)
                              .getResult()
                        : result;
      // A result has 16 bytes, aligned so: a v128 fills them.
      LLVM::StoreOp::create(b, loc, value, at(results, 16 * i), 16);
    }
  }

  void buildKernel(StringRef symbol, LLVM::LLVMFuncOp callee) {
    ArrayRef<Type> params = callee.getFunctionType().getParams();
    SmallVector<Type> inputs = {ptr};
    llvm::append_range(inputs, params.drop_front(NumLaunchConstants));
    auto func = LLVM::LLVMFuncOp::create(
        b, loc, symbol,
        LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()),
                                    inputs));
    func->setAttr(NVVM::NVVMDialect::getKernelFuncAttrName(), b.getUnitAttr());
    func.setArgAttr(
        0, LLVM::LLVMDialect::getByValAttrName(),
        TypeAttr::get(LLVM::LLVMArrayType::get(i64, sizeof(Environment) / 8)));
    func.setArgAttr(0, LLVM::LLVMDialect::getAlignAttrName(),
                    b.getI64IntegerAttr(8));
    Block *entry = func.addEntryBlock(b);
    b.setInsertionPointToStart(entry);
    Value env = entry->getArgument(0);
    SmallVector<Value> arguments = loadConstants(env, Value());
    startThread(arguments[ThreadPtr], loadFuel(env));
    llvm::append_range(arguments, entry->getArguments().drop_front());
    call(callee, arguments, env);
    LLVM::ReturnOp::create(b, loc, ValueRange());
  }

  void buildHostEntry(StringRef symbol, LLVM::LLVMFuncOp callee) {
    auto func = LLVM::LLVMFuncOp::create(
        b, loc, symbol,
        LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()),
                                    {ptr, ptr, ptr}));
    Block *entry = func.addEntryBlock(b);
    Value env = entry->getArgument(0), slots = entry->getArgument(1),
          thread = entry->getArgument(2);
    b.setInsertionPointToStart(entry);
    SmallVector<Value> arguments = loadConstants(env, thread);
    ArrayRef<Type> params =
        callee.getFunctionType().getParams().drop_front(NumLaunchConstants);
    for (auto [i, type] : llvm::enumerate(params))
      arguments.push_back(load(type, slots, 16 * i, 8));

    Value fuel = loadFuel(env);

    if (cooperative) {
      startThread(arguments[ThreadPtr], fuel);
      call(callee, arguments, env);
      LLVM::ReturnOp::create(b, loc, ValueRange());
      return;
    }
    Region &body = func.getBody();
    Block *loop = b.createBlock(&body);
    b.setInsertionPointToEnd(entry);
    LLVM::BrOp::create(b, loc, ValueRange(), loop);
    b.setInsertionPointToStart(loop);
    startThread(arguments[ThreadPtr], fuel);
    call(callee, arguments, env);
    // Step x, then y, then z; the first that stays inside the block goes on.
    Block *done = nullptr;
    for (unsigned dim = 0; dim < 3; ++dim) {
      int32_t idAt = offsetof(HostThread, threadId) + 4 * dim;
      Value id = load(i32, thread, idAt, 4);
      Value limit =
          load(i32, thread, offsetof(HostThread, blockDim) + 4 * dim, 4);
      Value next = LLVM::AddOp::create(b, loc, id, constant(i32, 1));
      Value inside = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::ult,
                                          next, limit);
      Value stored = LLVM::SelectOp::create(b, loc, inside, next,
                                            constant(i32, 0));
      LLVM::StoreOp::create(b, loc, stored, at(thread, idAt), 4);
      Block *current = b.getInsertionBlock();
      done = b.createBlock(&body);
      b.setInsertionPointToEnd(current);
      LLVM::CondBrOp::create(b, loc, inside, loop, done);
      b.setInsertionPointToStart(done);
    }
    LLVM::ReturnOp::create(b, loc, ValueRange());
  }

  OpBuilder b;
  ModuleOp module;
  TargetKind target;
  bool needsStackLimit, countsFuel, prints, usesShared, usesMatrices;
  // Of the entry that is being built:
  bool cooperative = false, isGrid = false, hasShared = false;
  uint64_t leastMemory = 0, leastShared = 0;
  uint64_t stackTop = 0, stackBytes = 0; // of the entry that is being built
  Value stack;
  Type i32, i64, ptr, guestPtr;
  Location loc = b.getUnknownLoc();
};

} // namespace

LogicalResult twc::addEntryPoints(ModuleOp module, TargetKind target) {
  bool needsStackLimit = false;
  module.walk([&](LLVM::StackSaveOp) { needsStackLimit = true; });
  bool countsFuel = !!module->removeAttr(countsFuelAttr);
  bool prints = !!module->removeAttr(printsAttr);
  bool usesShared = !!module->removeAttr(usesSharedAttr);
  // The host's runtime has the fragments.
  bool usesMatrices = !!module->removeAttr(usesMatricesAttr) &&
                      target == TargetKind::PTX;
  EntryBuilder entries(module, target, needsStackLimit, countsFuel, prints,
                       usesShared, usesMatrices);
  unsigned ordinal = 0;
  ::llvm::StringSet<> built;
  ::llvm::StringMap<LLVM::LLVMFuncOp> functions;
  for (auto func : module.getOps<LLVM::LLVMFuncOp>())
    functions[func.getSymName()] = func;
  for (auto op : llvm::make_early_inc_range(module.getOps<twasm::ExportOp>())) {
    LLVM::LLVMFuncOp func = functions.lookup(op.getItem());
    // Hand-written IR may lack what twasm-analyze-offload numbers.
    auto number = op->getAttrOfType<IntegerAttr>(twasm::ordinalAttr);
    unsigned index = number ? number.getInt() : ordinal;
    ++ordinal;
    if (func && !(target == TargetKind::PTX &&
                  op->hasAttr(twasm::notOnGPUAttr))) {
      std::string symbol = kernelSymbol(op.getExportName(), index,
                                        op.getModule());
      if (!built.insert(symbol).second)
        return op.emitError("two exports have the symbol ") << symbol;
      bool cooperative = op->hasAttr(twasm::cooperativeAttr);
      auto least = [&](StringRef name) {
        auto bytes = op->getAttrOfType<IntegerAttr>(name);
        return bytes ? bytes.getValue().getZExtValue() : 0;
      };
      entries.setLeast(least(leastMemoryAttr),
                       least(twasm::sharedBytesAttr));
      entries.build(symbol, func, cooperative);
      if (auto grid = op->getAttrOfType<FlatSymbolRefAttr>(twasm::gridAttr))
        if (auto copy = module.lookupSymbol<LLVM::LLVMFuncOp>(grid.getAttr()))
          entries.buildGrid(gridSymbol(symbol), copy, cooperative,
                            op->getAttrOfType<DenseI64ArrayAttr>(
                                twasm::windowAttr),
                            op->hasAttr(twasm::sharedMemoryAttr));
    }
    op.erase();
  }
  for (auto op : llvm::make_early_inc_range(module.getOps<twasm::StartOp>())) {
    entries.setLeast(0, 0);
    if (LLVM::LLVMFuncOp func = functions.lookup(op.getCallee()))
      entries.build(startSymbol(op.getModule()), func,
                    op->hasAttr(twasm::cooperativeAttr));
    op.erase();
  }
  return success();
}
