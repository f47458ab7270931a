//===- PromoteFrames.cpp - frames that nobody else sees -------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An address of the frame escapes when it is passed, stored, compared, added
// to something that is not constant: then anything may be done with it, and
// the frame stays in memory. So does one that is read before it is written:
// what is found there is what an earlier call left.
//
// A pointer that was made of thin air may point into the frame all the same. It
// finds the thread's stack there, without the frame: no sandbox is left, and no
// valid C program sees the difference.
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/Analysis/StackPointer.h"
#include "twc/Dialect/TWasm/Analysis/Tables.h"
#include "twc/Dialect/TWasm/Transforms/Passes.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/PostOrderIterator.h"

namespace twc::twasm {
#define GEN_PASS_DEF_PROMOTEFRAMES
#include "twc/Dialect/TWasm/Transforms/Passes.h.inc"
} // namespace twc::twasm

using namespace mlir;
using namespace twc;
using namespace twc::twasm;

/// A larger frame would not become registers.
static constexpr int64_t largestFrame = 1024;

namespace {

/// A load or store of the frame: `bytes` at `offset` from its lowest address.
struct Access {
  int64_t offset = 0, bytes = 0;
  bool isStore = false;
};

/// One function's frame.
class Frame {
public:
  Frame(FuncOp func, StringRef stackPointer, StringRef memory)
      : func(func), pointer(stackPointer), memory(memory),
        depths(func, stackPointer) {}

  /// True if all that was asked above holds.
  bool isPrivate() {
    if (!depths.uses || depths.dynamic || !depths.balanced || depths.rises ||
        depths.deepest <= 0 || depths.deepest > largestFrame)
      return false;
    size = (depths.deepest + 15) / 16 * 16;
    WalkResult result = func.walk([&](Operation *op) {
      // A cycle of tail calls becomes a loop, and a frame in a loop would be
      // another one at each turn.
      if (isa<ReturnCallOp, ReturnCallIndirectOp>(op))
        return WalkResult::interrupt();
      return mayUse(op) ? WalkResult::advance() : WalkResult::interrupt();
    });
    return !result.wasInterrupted() && isStoredFirst();
  }

  void promote(bool keepPointer) {
    OpBuilder b = OpBuilder::atBlockBegin(&func.getBody().front());
    Value nowhere = ConstOp::create(b, func.getLoc(), b.getI32IntegerAttr(0));
    for (auto &[op, access] : accesses) {
      op->setAttr(frameAttr, b.getI64IntegerAttr(access.offset));
      op->setOperand(isa<StoreOp, StoreNOp>(op) ? 1 : 0, nowhere);
    }
    func->setAttr(frameSizeAttr, b.getI64IntegerAttr(size));
    SmallVector<Operation *> made; // from the pointer, users before makers
    func.walk([&](Operation *op) {
      auto set = dyn_cast<GlobalSetOp>(op);
      auto get = dyn_cast<GlobalGetOp>(op);
      if ((set && set.getGlobal() == pointer && !keepPointer) ||
          (get && get.getGlobal() == pointer) ||
          (isa<IAddOp, ISubOp>(op) && depths.of(op->getResult(0))))
        made.push_back(op);
    });
    for (bool changed = true; changed;) {
      changed = false;
      for (Operation *&op : made)
        if (op && op->use_empty()) {
          op->erase();
          op = nullptr;
          changed = true;
        }
    }
  }

private:
  static std::optional<Access> accessOf(Operation *op) {
    auto bytesOf = [](Type type) -> int64_t {
      return isa<VectorType>(type) ? 16 : type.getIntOrFloatBitWidth() / 8;
    };
    if (auto load = dyn_cast<LoadOp>(op))
      return Access{int64_t(load.getOffset()), bytesOf(load.getType()), false};
    if (auto load = dyn_cast<LoadSOp>(op))
      return Access{int64_t(load.getOffset()), load.getBits() / 8, false};
    if (auto load = dyn_cast<LoadUOp>(op))
      return Access{int64_t(load.getOffset()), load.getBits() / 8, false};
    if (auto store = dyn_cast<StoreOp>(op))
      return Access{int64_t(store.getOffset()),
                    bytesOf(store.getValue().getType()), true};
    if (auto store = dyn_cast<StoreNOp>(op))
      return Access{int64_t(store.getOffset()), store.getBits() / 8, true};
    return std::nullopt;
  }

  bool isInMemory(Operation *op) {
    auto named = op->getAttrOfType<FlatSymbolRefAttr>("memory");
    if (!named)
      named = func.getMemoryAttr();
    if (named)
      return named.getValue() == memory;
    auto all = func->getParentOfType<ModuleOp>().getOps<MemoryOp>();
    return !all.empty() && (*all.begin()).getSymName() == memory;
  }

  /// Whether `op` does with addresses of the stack only what it may.
  bool mayUse(Operation *op) {
    if (llvm::none_of(op->getOperands(),
                      [&](Value v) { return depths.isFromStack(v); }))
      return true;
    if (auto set = dyn_cast<GlobalSetOp>(op))
      return set.getGlobal() == pointer;
    if (isa<IAddOp, ISubOp>(op))
      return depths.of(op->getResult(0)).has_value();
    if (auto branch = dyn_cast<BranchOpInterface>(op))
      return mayPass(branch);
    std::optional<Access> access = accessOf(op);
    unsigned index = access && access->isStore ? 1 : 0;
    if (!access || !isInMemory(op) ||
        (access->isStore && depths.isFromStack(op->getOperand(0))))
      return false;
    std::optional<int64_t> depth = depths.of(op->getOperand(index));
    if (!depth)
      return false;
    access->offset += size - *depth;
    if (access->offset < 0 || access->offset + access->bytes > size)
      return false; // another function's
    accesses[op] = *access;
    return true;
  }

  /// Whether `branch` gives addresses of the stack only to block arguments that
  /// are one address whichever way they are reached.
  bool mayPass(BranchOpInterface branch) {
    llvm::SmallDenseSet<unsigned> passed;
    for (unsigned i = 0; i < branch->getNumSuccessors(); ++i) {
      SuccessorOperands operands = branch.getSuccessorOperands(i);
      for (unsigned j = 0; j < operands.size(); ++j) {
        Value value = operands[j];
        if (!value)
          continue;
        passed.insert(operands.getOperandIndex(j));
        if (depths.isFromStack(value) &&
            !depths.of(branch->getSuccessor(i)->getArgument(j)))
          return false;
      }
    }
    for (OpOperand &operand : branch->getOpOperands())
      if (depths.isFromStack(operand.get()) &&
          !passed.contains(operand.getOperandNumber()))
        return false;
    return true;
  }

  /// Follows what was stored, forwards; whether each load finds all its bytes
  /// among that.
  bool isStoredFirst() {
    using Bytes = llvm::BitVector;
    Region &body = func.getBody();
    llvm::ReversePostOrderTraversal<Region *> order(&body);
    DenseMap<Block *, Bytes> entries; // absent: not reached yet, anything
    entries[&body.front()] = Bytes(size);
    auto transfer = [&](Block &block, Bytes stored, bool &good) {
      for (Operation &op : block) {
        auto it = accesses.find(&op);
        if (it == accesses.end())
          continue;
        const Access &access = it->second;
        if (access.isStore)
          stored.set(access.offset, access.offset + access.bytes);
        else
          good &= stored.find_first_unset_in(
                      access.offset, access.offset + access.bytes) < 0;
      }
      return stored;
    };
    bool ignored = true;
    for (bool changed = true; changed;) {
      changed = false;
      for (Block *block : order) {
        Bytes end = transfer(*block, entries.lookup(block), ignored);
        for (Block *successor : block->getSuccessors()) {
          auto [it, isNew] = entries.try_emplace(successor, end);
          if (isNew) {
            changed = true;
            continue;
          }
          Bytes both = it->second;
          both &= end;
          changed |= both != it->second;
          it->second = both;
        }
      }
    }
    bool good = true;
    for (Block *block : order)
      transfer(*block, entries.lookup(block), good);
    return good;
  }

  FuncOp func;
  StringRef pointer, memory;
  FrameDepths depths;
  int64_t size = 0;
  llvm::MapVector<Operation *, Access> accesses;
};

struct PromoteFrames : twc::twasm::impl::PromoteFramesBase<PromoteFrames> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    for (auto global : module.getOps<GlobalOp>())
      if (auto memory =
              global->getAttrOfType<FlatSymbolRefAttr>(stackMemoryAttr))
        for (auto func : module.getOps<FuncOp>())
          if (func->hasAttr(gridOfAttr) && !func.isExternal())
            run(func, global.getSymName(), memory.getValue());
  }

  void run(FuncOp func, StringRef pointer, StringRef memory) {
    Frame frame(func, pointer, memory);
    if (!frame.isPrivate())
      return;
    bool calls = false;
    func.walk([&](Operation *op) {
      calls |= isa<CallOp, CallIndirectOp>(op);
    });
    // What is called may use the stack, and where its frame is can be seen.
    frame.promote(/*keepPointer=*/calls);
    ++numPromoted;
  }
};

} // namespace
