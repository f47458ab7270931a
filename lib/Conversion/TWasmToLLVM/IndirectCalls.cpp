//===- IndirectCalls.cpp - patterns of calls through tables ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// call_indirect is devirtualised: it becomes a switch over direct calls. If the
// table's content is constant the switch is over the index, else over the
// function's number in the element, among the functions that it can be. So no
// number that stands in a table can lead a call anywhere else.
//
// Wasm spec 4.4.8, call_indirect: range, then null, then type, which is
// compared structurally.
//
//===----------------------------------------------------------------------===//

#include "TableAccess.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace twc;

namespace {

/// Builds the switch of one call. New blocks stand behind `op`'s block.
class Dispatch {
public:
  /// `finish` ends a block behind the call.
  using Finish = llvm::function_ref<void(func::CallOp)>;

  Dispatch(PatternRewriter &b, Operation *op, StringRef table, Value index,
           ValueRange arguments, Finish finish, const ModuleInfo &info)
      : b(b), op(op), table(table), index(index), arguments(arguments),
        finish(finish), info(info), facts(info.tableFacts[table]),
        signature(cast<FunctionType>(
            op->getAttrOfType<TypeAttr>(signatureAttr).getValue())) {}

  /// Fails if a function that may be called has no body here.
  LogicalResult verify() {
    for (StringAttr name : info.tableFacts.getCallees(table, signature))
      if (!info.functions.lookup(name.getValue()))
        return op->emitError("calls an import that is not provided on a "
                             "device, through ")
               << table << ": " << name.getValue();
    return success();
  }

  /// Puts the switch before `op`, which must be the last of its block.
  void build() {
    b.setInsertionPoint(op);
    OpBuilder::InsertPoint end = b.saveInsertionPoint();
    if (facts.constant)
      buildByIndex(end);
    else
      buildByElement(end);
  }

private:
  Block *newBlock() {
    Block *block = op->getBlock();
    return b.createBlock(block->getParent(), std::next(block->getIterator()));
  }

  Block *trapBlock(Block *&block, twasm::TrapCode code) {
    if (!block) {
      block = newBlock();
      trap(b, op, code);
    }
    return block;
  }

  /// The block that calls `name`; one for all elements that are this function.
  Block *callBlock(StringAttr name) {
    Block *&block = calls[name];
    if (!block) {
      func::FuncOp callee = info.calleeOf(op, name.getValue());
      block = newBlock();
      finish(func::CallOp::create(
          b, op->getLoc(), callee,
          withConstants(b, op, callee, arguments, info)));
    }
    return block;
  }

  void addCase(unsigned width, uint64_t value, Block *block) {
    cases.push_back(APInt(width, value));
    blocks.push_back(block);
  }

  void buildSwitch(Value flag, Block *other) {
    if (cases.empty())
      cf::BranchOp::create(b, op->getLoc(), other);
    else
      cf::SwitchOp::create(b, op->getLoc(), flag, other, ValueRange(), cases,
                           blocks, SmallVector<ValueRange>(blocks.size()));
  }

  /// Only elements that are there are cases: a table may have millions.
  void buildByIndex(OpBuilder::InsertPoint end) {
    Block *nothing = newBlock();
    Value size = arith::ConstantOp::create(
        b, op->getLoc(), b.getI32IntegerAttr(int32_t(uint32_t(facts.size))));
    Value outside = arith::CmpIOp::create(
        b, op->getLoc(), arith::CmpIPredicate::uge, index, size);
    trapIf(b, op, outside, twasm::TrapCode::UndefinedElement);
    trap(b, op, twasm::TrapCode::UninitializedElement);
    Block *mismatch = nullptr;
    for (auto [i, name] : facts.elements)
      addCase(32, i,
              info.tableFacts.getType(name) == signature
                  ? callBlock(name)
                  : trapBlock(mismatch,
                              twasm::TrapCode::IndirectCallMismatch));
    b.restoreInsertionPoint(end);
    buildSwitch(index, nothing);
  }

  void buildByElement(OpBuilder::InsertPoint end) {
    Value element = loadElement(b, op, table, index,
                                twasm::TrapCode::UndefinedElement, info);
    Block *null = nullptr, *mismatch = nullptr;
    addCase(64, twrun::abi::nullReference,
            trapBlock(null, twasm::TrapCode::UninitializedElement));
    for (StringAttr name : info.tableFacts.getCallees(table, signature))
      addCase(64,
              uint64_t(info.functionNumbers.lookup(name.getValue())) + 1,
              callBlock(name));
    trapBlock(mismatch, twasm::TrapCode::IndirectCallMismatch);
    b.restoreInsertionPoint(end);
    buildSwitch(element, mismatch);
  }

  PatternRewriter &b;
  Operation *op;
  StringRef table;
  Value index;
  ValueRange arguments;
  Finish finish;
  const ModuleInfo &info;
  const twasm::TableFacts &facts;
  FunctionType signature;
  llvm::DenseMap<StringAttr, Block *> calls;
  SmallVector<APInt> cases;
  SmallVector<Block *> blocks;
};

struct CallIndirect : OpRewritePattern<twasm::CallIndirectOp> {
  CallIndirect(MLIRContext *context, const ModuleInfo &info)
      : OpRewritePattern(context), info(info) {}

  LogicalResult matchAndRewrite(twasm::CallIndirectOp op,
                                PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Block *after = nullptr;
    auto finish = [&](func::CallOp call) {
      cf::BranchOp::create(b, loc, after, call.getResults());
    };
    Dispatch dispatch(b, op, op.getTable(), op.getIndex(), op.getArgs(),
                      finish, info);
    if (failed(dispatch.verify()))
      return failure();
    Block *before = op->getBlock();
    after = b.splitBlock(before, std::next(op->getIterator()));
    for (Type result : op->getResultTypes())
      after->addArgument(result, loc);
    dispatch.build();
    b.replaceOp(op, after->getArguments());
    return success();
  }
  const ModuleInfo &info;
};

struct ReturnCallIndirect : OpRewritePattern<twasm::ReturnCallIndirectOp> {
  ReturnCallIndirect(MLIRContext *context, const ModuleInfo &info)
      : OpRewritePattern(context), info(info) {}

  LogicalResult matchAndRewrite(twasm::ReturnCallIndirectOp op,
                                PatternRewriter &b) const override {
    auto finish = [&](func::CallOp call) {
      call->setAttr(tailAttr, b.getUnitAttr());
      func::ReturnOp::create(b, op.getLoc(), call.getResults());
    };
    Dispatch dispatch(b, op, op.getTable(), op.getIndex(), op.getArgs(),
                      finish, info);
    if (failed(dispatch.verify()))
      return failure();
    dispatch.build();
    b.eraseOp(op);
    return success();
  }
  const ModuleInfo &info;
};

} // namespace

void twc::populateIndirectCallPatterns(RewritePatternSet &patterns,
                                       const ModuleInfo &info) {
  patterns.add<CallIndirect, ReturnCallIndirect>(patterns.getContext(), info);
}
