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

#include "Format/Bounds.h"
#include "Simd.h"
#include "twc/Dialect/TWasm/Transforms/Passes.h"

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

void twc::trap(OpBuilder &builder, Operation *op, twasm::TrapCode code) {
  auto [function, at] = getPlace(op);
  twasm::RtTrapOp::create(builder, op->getLoc(),
                          getLaunchConstant(op, RuntimePtr), code, function,
                          at);
}

/// Ops that use the own memory of a function that has none. (The verifier
/// knows that a memory exists which an op or a function names.)
static LogicalResult checkOwnMemories(ModuleOp module) {
  if (!module.getOps<twasm::MemoryOp>().empty())
    return success();
  WalkResult result = module.walk([](Operation *op) {
    if (!op->hasTrait<twasm::UsesMemory>())
      return WalkResult::advance();
    op->emitOpError("uses a memory, but the module has none");
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

/// What a module's ops tell about its memories, and the signatures of indirect
/// calls while they still are Wasm's.
static void collectFacts(ModuleOp module, ModuleInfo &info) {
  auto firstMemory = module.getOps<twasm::MemoryOp>();
  module.walk([&](Operation *op) {
    if (auto grow = dyn_cast<twasm::MemoryGrowOp>(op)) {
      std::optional<StringRef> memory = grow.getMemory();
      if (!memory)
        memory = grow->getParentOfType<twasm::FuncOp>().getMemory();
      if (!memory && !firstMemory.empty())
        memory = (*firstMemory.begin()).getSymName();
      if (memory)
        info.memories[*memory].grows = true;
    } else if (auto call = dyn_cast<twasm::CallIndirectOp>(op)) {
      auto type = FunctionType::get(op->getContext(), call.getArgs().getTypes(),
                                    call.getResultTypes());
      op->setAttr(signatureAttr, TypeAttr::get(type));
    } else if (auto call = dyn_cast<twasm::ReturnCallIndirectOp>(op)) {
      auto results = llvm::to_vector(
          call.getTailResults().getAsValueRange<TypeAttr>());
      auto type = FunctionType::get(op->getContext(), call.getArgs().getTypes(),
                                    results);
      op->setAttr(signatureAttr, TypeAttr::get(type));
    }
  });
}

/// Types as they are from phase `std` on: a reference is an i64.
static Type lowerType(Type type) {
  if (isa<twasm::FuncRefType, twasm::ExternRefType>(type))
    return IntegerType::get(type.getContext(), 64);
  return type;
}

static SmallVector<Type> lowerTypes(ArrayRef<Type> types) {
  return llvm::map_to_vector(types, lowerType);
}

/// In place: only patterns of this pass see the ops afterwards, and none asks
/// for a reference type.
static void lowerReferenceTypes(Region &body) {
  for (Block &block : body)
    for (BlockArgument argument : block.getArguments())
      argument.setType(lowerType(argument.getType()));
  body.walk([](Operation *op) {
    for (OpResult result : op->getResults())
      result.setType(lowerType(result.getType()));
  });
}

/// Loads what the function needs of its windows once, at its entry.
static void addWindows(func::FuncOp func, DenseI64ArrayAttr limits,
                       FlatSymbolRefAttr sharedMemory, ModuleInfo &info) {
  Window window;
  OpBuilder b = OpBuilder::atBlockBegin(&func.getBody().front());
  Location loc = func.getLoc();
  Value record = func.getArgument(ThreadPtr);
  auto load = [&](Type type, int32_t field) -> Value {
    return LLVM::LoadOp::create(b, loc, type, addBytes(b, loc, record, field),
                                8);
  };
  if (limits) {
    window.low = limits[0];
    window.top = limits[1];
    for (auto &[name, global] : info.globals)
      if (auto memory = global->getAttrOfType<FlatSymbolRefAttr>(
              twasm::stackMemoryAttr)) {
        window.global = global.getSymName();
        window.memory = memory.getValue();
      }
    window.stack = load(record.getType(), ThreadRecord::stack);
  }
  if (sharedMemory) {
    window.sharedMemory = sharedMemory.getValue();
    window.shared = load(
        LLVM::LLVMPointerType::get(b.getContext(), sharedAddressSpace),
        ThreadRecord::shared);
    window.sharedBytes = load(b.getI64Type(), ThreadRecord::sharedBytes);
  }
  info.windows[func] = window;
}

static void addFrame(func::FuncOp func, uint64_t size, ModuleInfo &info) {
  OpBuilder b = OpBuilder::atBlockBegin(&func.getBody().front());
  Value one = LLVM::ConstantOp::create(b, func.getLoc(), b.getI64IntegerAttr(1));
  info.frames[func] = LLVM::AllocaOp::create(
      b, func.getLoc(), LLVM::LLVMPointerType::get(b.getContext()),
      LLVM::LLVMArrayType::get(b.getI8Type(), size), one, 16);
}

/// Turns twasm.func into func.func with the launch constants in front.
static void convertFunctions(ModuleOp module, ModuleInfo &info) {
  OpBuilder builder(module.getContext());
  SmallVector<Type> constants = launchConstantTypes(module.getContext());
  FlatSymbolRefAttr firstMemory;
  for (auto memory : module.getOps<twasm::MemoryOp>()) {
    firstMemory = FlatSymbolRefAttr::get(memory);
    break;
  }
  for (auto func : llvm::make_early_inc_range(module.getOps<twasm::FuncOp>())) {
    if (func.isExternal()) {
      func.erase();
      continue;
    }
    builder.setInsertionPoint(func);
    SmallVector<Type> inputs(constants);
    llvm::append_range(inputs, lowerTypes(func.getArgumentTypes()));
    // Index first: two Wasm names may differ only in bytes that LLVM or
    // ptxas would not take.
    // A copy for grids has its original's index.
    auto gridOf = func->getAttrOfType<FlatSymbolRefAttr>(twasm::gridOfAttr);
    std::string name = (gridOf ? "g" : "f") + std::to_string(func.getFuncIndex()) + "_" +
                       kernelSymbol(func.getSymName(), func.getFuncIndex())
                           .substr(3);
    auto lowered = func::FuncOp::create(
        builder, func.getLoc(), name,
        builder.getFunctionType(inputs, lowerTypes(func.getResultTypes())));
    lowered.setPrivate();
    lowered.getBody().takeBody(func.getBody());
    lowerReferenceTypes(lowered.getBody());
    FlatSymbolRefAttr home =
        func.getMemoryAttr() ? func.getMemoryAttr() : firstMemory;
    if (home)
      lowered->setAttr(homeMemoryAttr, home);
    Block &entry = lowered.getBody().front();
    for (auto [i, type] : llvm::enumerate(constants))
      entry.insertArgument(i, type, func.getLoc());
    info.functions[func.getSymName()] = lowered;
    if (gridOf) {
      info.gridFunctions[gridOf.getValue()] = lowered;
      lowered->setAttr(isGridAttr, builder.getUnitAttr());
    }
    auto window = func->getAttrOfType<DenseI64ArrayAttr>(twasm::windowAttr);
    auto shared =
        func->getAttrOfType<FlatSymbolRefAttr>(twasm::sharedMemoryAttr);
    if (window || shared)
      addWindows(lowered, window, shared, info);
    if (shared)
      module->setAttr(usesSharedAttr, builder.getUnitAttr());
    if (auto size = func->getAttrOfType<IntegerAttr>(twasm::frameSizeAttr))
      addFrame(lowered, size.getInt(), info);
    func.erase();
  }
}

/// Exports and start functions under their new names.
static void resolveReferences(ModuleOp module, ModuleInfo &info) {
  for (auto op : llvm::make_early_inc_range(module.getOps<twasm::ExportOp>())) {
    func::FuncOp func = op.getKind() == twasm::ExternKind::Func
                            ? info.functions.lookup(op.getItem())
                            : func::FuncOp();
    if (func) {
      op.setItem(func.getSymName());
      if (auto home = func->getAttrOfType<FlatSymbolRefAttr>(homeMemoryAttr))
        if (auto memory = module.lookupSymbol<twasm::MemoryOp>(home.getAttr()))
          op->setAttr(leastMemoryAttr,
                      Builder(module).getI64IntegerAttr(
                          std::min<uint64_t>(memory.getMin(), 1 << 20)
                          << 16));
    }
    auto grid = op->getAttrOfType<FlatSymbolRefAttr>(twasm::gridAttr);
    if (func && grid) {
      func::FuncOp copy = info.functions.lookup(grid.getValue());
      op->setAttr(twasm::gridAttr, FlatSymbolRefAttr::get(copy));
      auto it = info.windows.find(copy);
      if (it != info.windows.end() && it->second.stack)
        op->setAttr(twasm::windowAttr,
                    Builder(module).getDenseI64ArrayAttr(
                        {int64_t(it->second.low), int64_t(it->second.top)}));
    }
    if (!func)
      op.erase();
  }
  for (auto op : llvm::make_early_inc_range(module.getOps<twasm::StartOp>())) {
    if (func::FuncOp func = info.functions.lookup(op.getCallee()))
      op.setCallee(func.getSymName());
    else
      op.erase();
  }
}

/// An upper bound of a function's frame: every value spilled, 8 bytes each, or
/// 8 for each lane of a vector, what it allocates, and room for a call's
/// bookkeeping.
static uint64_t frameBound(func::FuncOp func) {
  uint64_t values = 0;
  auto add = [&](TypeRange types) {
    for (Type type : types)
      if (auto vector = dyn_cast<VectorType>(type))
        values += vector.getNumElements();
      else
        ++values;
  };
  func.walk([&](Block *block) { add(block->getArgumentTypes()); });
  func.walk([&](Operation *op) { add(op->getResultTypes()); });
  uint64_t allocated = 0;
  func.walk([&](LLVM::AllocaOp op) {
    if (auto array = dyn_cast<LLVM::LLVMArrayType>(op.getElemType()))
      allocated += array.getNumElements();
  });
  return 8 * values + allocated + 128;
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
  using ConvertTWasmToStdBase::ConvertTWasmToStdBase;
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (isolateReach && (isolateReach < ptxbin::minReach ||
                         isolateReach > ptxbin::maxReach)) {
      module.emitError("incorrect isolate-reach: expected 0, or ")
          << ptxbin::minReach << " to " << ptxbin::maxReach << ", but got "
          << isolateReach.getValue();
      return signalPassFailure();
    }
    if (failed(checkOwnMemories(module)))
      return signalPassFailure();
    ModuleInfo info(module);
    if (isolateReach)
      info.uncheckedEnd = isolateReach - ptxbin::windowBytes;
    collectFacts(module, info);
    convertFunctions(module, info);
    resolveReferences(module, info);

    module.walk([&](twasm::ConsumeFuelOp) {
      module->setAttr(countsFuelAttr, UnitAttr::get(&getContext()));
      return WalkResult::interrupt();
    });
    module.walk([&](Operation *op) {
      if (!isa<twasm::MatrixFillOp, twasm::MatrixMmaOp, twasm::MatrixLoadOp,
               twasm::MatrixStoreOp>(op))
        return WalkResult::advance();
      module->setAttr(usesMatricesAttr, UnitAttr::get(&getContext()));
      return WalkResult::interrupt();
    });
    module.walk([&](twasm::PrintfOp) {
      module->setAttr(printsAttr, UnitAttr::get(&getContext()));
      return WalkResult::interrupt();
    });

    ConversionTarget target(getContext());
    target.addLegalDialect<arith::ArithDialect, cf::ControlFlowDialect,
                           func::FuncDialect, math::MathDialect,
                           LLVM::LLVMDialect>();
    // `twasm.rt` and device ops are lowered per target by the next pass;
    // module-level ops feed the entry points and are dropped with them.
    target.addDynamicallyLegalDialect<twasm::TWasmDialect>([](Operation *op) {
      return op->getName().getStringRef().starts_with("twasm.rt.") ||
             (op->hasTrait<twasm::Collective>() &&
              !isa<twasm::MatrixLoadOp, twasm::MatrixStoreOp>(op)) ||
             isa<twasm::ThreadIdOp, twasm::BlockIdOp, twasm::BlockDimOp,
                 twasm::GridDimOp, twasm::LaneIdOp, twasm::FenceOp,
                 twasm::ClockOp, twasm::FastMathOp, twasm::FastDivOp>(op) ||
             isa<ModuleOp>(op->getParentOp());
    });
    RewritePatternSet patterns(&getContext());
    populateNumericPatterns(patterns);
    populateConversionPatterns(patterns);
    populateMemoryPatterns(patterns, info);
    populateControlPatterns(patterns, info);
    populateSimdIntegerPatterns(patterns);
    populateSimdFloatPatterns(patterns);
    populateSimdLanePatterns(patterns);
    populateSimdMemoryPatterns(patterns, info);
    populateTablePatterns(patterns, info);
    populateBulkPatterns(patterns, info);
    populateAtomicPatterns(patterns, info);
    populateScopedAtomicPatterns(patterns, info);
    populateSharedPatterns(patterns, info);
    populateFuelPatterns(patterns);
    populateGuestPatterns(patterns, info);
    populateMatrixPatterns(patterns, info);
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
