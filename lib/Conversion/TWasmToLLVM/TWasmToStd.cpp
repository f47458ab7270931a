//===- TWasmToStd.cpp - twasm to arith, cf, func, math --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The pass that makes phase `std`: functions first, then their bodies. Exports
// and memories stay for the entry points; everything else that the module
// declares is the manifest's to say.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "mlir/Analysis/CallGraph.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SCCIterator.h"

namespace twc {
#define GEN_PASS_DEF_CONVERTTWASMTOSTD
#include "twc/Conversion/Passes.h.inc"
} // namespace twc

using namespace mlir;
using namespace twc;

SmallVector<Type> twc::launchConstantTypes(MLIRContext *context) {
  Type i64 = IntegerType::get(context, 64);
  Type guest = LLVM::LLVMPointerType::get(context, guestAddressSpace);
  Type plain = LLVM::LLVMPointerType::get(context);
  return {guest, i64, plain, guest, i64, plain};
}

Value twc::getLaunchConstant(Operation *inside, LaunchConstant which) {
  return inside->getParentOfType<func::FuncOp>().getArgument(which);
}

std::pair<uint32_t, uint32_t> twc::getPlace(Operation *op) {
  // The importer's encoding, see getWasmPlace() in twc/Import/Import.h.
  if (auto name = op->getLoc()->findInstanceOf<NameLoc>())
    if (auto place = dyn_cast<FileLineColLoc>(name.getChildLoc()))
      return {place.getLine(), place.getColumn()};
  return {0, 0};
}

void twc::trapIf(OpBuilder &builder, Operation *op, Value condition,
                 twasm::TrapCode code) {
  if (matchPattern(condition, m_Zero()))
    return;
  auto [function, at] = getPlace(op);
  twasm::RtTrapIfOp::create(builder, op->getLoc(), condition,
                            getLaunchConstant(op, RuntimePtr), code, function,
                            at);
}

ModuleInfo::ModuleInfo(ModuleOp module) {
  module.walk([&](Operation *op) {
    if (isa<twasm::MemoryGrowOp>(op))
      memoryGrows = true;
    else if (auto global = dyn_cast<twasm::GlobalOp>(op))
      globals[global.getSymName()] = global;
    else if (auto table = dyn_cast<twasm::TableOp>(op))
      tables[table.getSymName()].size = table.getMin();
  });
}

/// Turns twasm.func into func.func with the launch constants in front.
static void convertFunctions(ModuleOp module, ModuleInfo &info) {
  OpBuilder builder(module.getContext());
  SmallVector<Type> constants = launchConstantTypes(module.getContext());
  for (auto func : llvm::make_early_inc_range(module.getOps<twasm::FuncOp>())) {
    if (func.isExternal()) {
      func.erase();
      continue;
    }
    builder.setInsertionPoint(func);
    SmallVector<Type> inputs(constants);
    llvm::append_range(inputs, func.getArgumentTypes());
    // Index first: two Wasm names may differ only in bytes that LLVM or
    // ptxas would not take.
    std::string name = "f" + std::to_string(func.getFuncIndex()) + "_" +
                       kernelSymbol(func.getSymName(), func.getFuncIndex())
                           .substr(3);
    auto lowered = func::FuncOp::create(
        builder, func.getLoc(), name,
        builder.getFunctionType(inputs, func.getResultTypes()));
    lowered.setPrivate();
    lowered.getBody().takeBody(func.getBody());
    Block &entry = lowered.getBody().front();
    for (auto [i, type] : llvm::enumerate(constants))
      entry.insertArgument(i, type, func.getLoc());
    info.functions[func.getSymName()] = lowered;
    func.erase();
  }
}

/// Table contents after instantiation, and exports under their new names.
static LogicalResult resolveReferences(ModuleOp module, ModuleInfo &info) {
  for (auto elem : module.getOps<twasm::ElemOp>()) {
    TableContents &table = info.tables[elem.getTable()];
    for (auto [i, ref] : llvm::enumerate(elem.getFuncs())) {
      uint64_t at = elem.getOffset() + i;
      if (at >= table.size)
        return elem.emitError("element segment is out of the table's bounds: "
                              "instantiation would trap");
      if (auto name = dyn_cast<FlatSymbolRefAttr>(ref))
        table.elements[at] = info.functions.lookup(name.getValue());
      else
        table.elements.erase(at); // a null overwrites too
    }
  }
  for (auto op : llvm::make_early_inc_range(module.getOps<twasm::ExportOp>())) {
    func::FuncOp func = op.getKind() == twasm::ExternKind::Func
                            ? info.functions.lookup(op.getItem())
                            : func::FuncOp();
    if (func)
      op.setItem(func.getSymName());
    else
      op.erase();
  }
  for (auto op : llvm::make_early_inc_range(module.getOps<twasm::StartOp>())) {
    if (func::FuncOp func = info.functions.lookup(op.getCallee()))
      op.setCallee(func.getSymName());
    else
      op.erase();
  }
  return success();
}

/// An upper bound of a function's frame: every value spilled, 8 bytes each,
/// and room for a call's bookkeeping.
static uint64_t frameBound(func::FuncOp func) {
  uint64_t values = 0;
  func.walk([&](Block *block) { values += block->getNumArguments(); });
  func.walk([&](Operation *op) { values += op->getNumResults(); });
  return 8 * values + 128;
}

/// Functions compare their stack pointer with the thread's limit (design:
/// counting depth does not contain recursion) where the stack could run out:
/// in a module that recurses, or whose deepest chain of calls could be large.
/// There every function checks, since one that does not recurse can be called
/// from the end of a recursion that does.
static void insertStackChecks(ModuleOp module) {
  // Less than any stack that the runtime gives without being asked.
  constexpr uint64_t enough = 1 << 20;
  CallGraph graph(module);
  bool needed = false;
  DenseMap<const CallGraphNode *, uint64_t> depth; // of the chain from here
  // Strongly connected components come callees first.
  for (auto it = llvm::scc_begin(&std::as_const(graph)); !it.isAtEnd(); ++it) {
    for (const CallGraphNode *node : *it) {
      if (node->isExternal())
        continue;
      needed |= it.hasCycle();
      uint64_t deepest = 0;
      for (const CallGraphNode::Edge &edge : *node)
        deepest = std::max(deepest, depth.lookup(edge.getTarget()));
      auto func =
          cast<func::FuncOp>(node->getCallableRegion()->getParentOp());
      depth[node] = deepest + frameBound(func);
      needed |= depth[node] > enough;
    }
  }
  if (!needed)
    return;
  for (auto func : module.getOps<func::FuncOp>()) {
    OpBuilder builder = OpBuilder::atBlockBegin(&func.getBody().front());
    auto [function, at] = getPlace(func);
    twasm::RtCheckStackOp::create(builder, func.getLoc(),
                                  func.getArgument(StackLimit),
                                  func.getArgument(RuntimePtr), function, at);
  }
}

namespace {
struct ConvertTWasmToStd
    : twc::impl::ConvertTWasmToStdBase<ConvertTWasmToStd> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    ModuleInfo info(module);
    convertFunctions(module, info);
    if (failed(resolveReferences(module, info)))
      return signalPassFailure();

    module.walk([&](twasm::ConsumeFuelOp) {
      module->setAttr(countsFuelAttr, UnitAttr::get(&getContext()));
      return WalkResult::interrupt();
    });

    ConversionTarget target(getContext());
    target.addLegalDialect<arith::ArithDialect, cf::ControlFlowDialect,
                           func::FuncDialect, math::MathDialect,
                           LLVM::LLVMDialect>();
    target.addIllegalDialect<twasm::TWasmDialect>();
    // Lowered per target by the next pass; module-level ops feed the entry
    // points and are dropped with them.
    target.addLegalOp<
        twasm::RtCheckBoundsOp, twasm::RtTrapIfOp, twasm::RtTrapOp,
        twasm::RtCheckStackOp, twasm::ThreadIdOp, twasm::BlockIdOp,
        twasm::BlockDimOp, twasm::GridDimOp, twasm::ExportOp, twasm::StartOp,
        twasm::MemoryOp, twasm::TableOp, twasm::GlobalOp, twasm::DataOp,
        twasm::ElemOp>();
    RewritePatternSet patterns(&getContext());
    populateNumericPatterns(patterns);
    populateConversionPatterns(patterns);
    populateMemoryPatterns(patterns, info);
    populateControlPatterns(patterns, info);
    populateFuelPatterns(patterns);
    ConversionConfig config;
    config.allowPatternRollback = false; // no pattern fails half-way
    if (failed(applyPartialConversion(module, target, std::move(patterns),
                                      config)))
      return signalPassFailure();

    for (Operation &op : llvm::make_early_inc_range(*module.getBody()))
      if (isa<twasm::TableOp, twasm::GlobalOp, twasm::DataOp, twasm::ElemOp,
              twasm::MemoryOp>(op))
        op.erase();
    // What follows a call_indirect that no element can satisfy.
    IRRewriter rewriter(&getContext());
    for (auto func : module.getOps<func::FuncOp>())
      (void)eraseUnreachableBlocks(rewriter, func.getBody());
    // First: a loop of tail calls takes no more stack than one call.
    if (failed(mergeTailCalls(module)))
      return signalPassFailure();
    insertStackChecks(module);
  }
};
} // namespace
