//===- State.cpp - the instance state and addresses in it -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where memories, tables and globals stand (runtime's Format/KernelABI.h). A
// function's own memory comes in its launch constants; everything else is read
// from the instance state.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace twc;
using twrun::abi::MemoryState;

ModuleInfo::ModuleInfo(ModuleOp module) : tableFacts(module) {
  for (Operation &op : *module.getBody()) {
    if (auto memory = dyn_cast<twasm::MemoryOp>(op)) {
      MemoryFacts &facts = memories[memory.getSymName()];
      facts.index = layout.memories++;
      facts.index64 = memory.getIndex64();
      facts.shared = memory.getShared();
    } else if (auto table = dyn_cast<twasm::TableOp>(op)) {
      tables[table.getSymName()] = layout.tables++;
    } else if (auto data = dyn_cast<twasm::DataOp>(op)) {
      dataSegments[data.getSymName()] = layout.data++;
    } else if (auto elem = dyn_cast<twasm::ElemOp>(op)) {
      elemSegments[elem.getSymName()] = layout.elems++;
    } else if (auto global = dyn_cast<twasm::GlobalOp>(op)) {
      globals[global.getSymName()] = global;
      ++layout.globals;
    } else if (auto func = dyn_cast<twasm::FuncOp>(op)) {
      functionNumbers[func.getSymName()] = func.getFuncIndex();
      functionTypes[func.getSymName()] = func.getFunctionType();
    }
  }
}

StringRef twc::memoryOf(Operation *op, std::optional<StringRef> named) {
  if (named)
    return *named;
  auto home = op->getParentOfType<func::FuncOp>()
                  ->getAttrOfType<FlatSymbolRefAttr>(homeMemoryAttr);
  return home ? home.getValue() : StringRef();
}

Value twc::widen(OpBuilder &builder, Location loc, Value value) {
  if (value.getType().isInteger(64))
    return value;
  return arith::ExtUIOp::create(builder, loc, builder.getI64Type(), value);
}

Value twc::addBytes(OpBuilder &builder, Location loc, Value base,
                    Value offset) {
  return LLVM::GEPOp::create(builder, loc, base.getType(), builder.getI8Type(),
                             base, ArrayRef<LLVM::GEPArg>{offset});
}
Value twc::addBytes(OpBuilder &builder, Location loc, Value base,
                    int32_t offset) {
  return LLVM::GEPOp::create(builder, loc, base.getType(), builder.getI8Type(),
                             base, ArrayRef<LLVM::GEPArg>{offset});
}

Value twc::stateAddress(OpBuilder &builder, Operation *op, uint64_t offset) {
  Value state = getLaunchConstant(op, StatePtr);
  return offset ? addBytes(builder, op->getLoc(), state, int32_t(offset))
                : state;
}

Value twc::loadState(OpBuilder &builder, Operation *op, Type type,
                     uint64_t offset, bool invariant) {
  return LLVM::LoadOp::create(
      builder, op->getLoc(), type, stateAddress(builder, op, offset),
      /*alignment=*/offset % 16 ? 8 : 16, /*isVolatile=*/false,
      /*isNonTemporal=*/false, /*isInvariant=*/invariant);
}

Value twc::getMemoryBase(OpBuilder &builder, Operation *op, StringRef memory,
                         const ModuleInfo &info) {
  if (memory == memoryOf(op, std::nullopt))
    return getLaunchConstant(op, MemoryBase);
  Type pointer =
      LLVM::LLVMPointerType::get(op->getContext(), guestAddressSpace);
  return loadState(builder, op, pointer,
                   info.layout.memory(info.memory(memory).index) +
                       offsetof(MemoryState, base),
                   /*invariant=*/true);
}

Value twc::getMemorySize(OpBuilder &builder, Operation *op, StringRef memory,
                         const ModuleInfo &info) {
  const MemoryFacts &facts = info.memory(memory);
  if (!facts.grows && memory == memoryOf(op, std::nullopt))
    return getLaunchConstant(op, MemorySize);
  uint64_t field =
      info.layout.memory(facts.index) + offsetof(MemoryState, bytes);
  if (!facts.grows)
    return loadState(builder, op, builder.getI64Type(), field, true);
  // Atomic: another thread of the grid may be growing the memory.
  return LLVM::LoadOp::create(
      builder, op->getLoc(), builder.getI64Type(),
      stateAddress(builder, op, field), /*alignment=*/8, /*isVolatile=*/false,
      /*isNonTemporal=*/false, /*isInvariant=*/false,
      /*isInvariantGroup=*/false, LLVM::AtomicOrdering::monotonic);
}

Value twc::translateAccess(OpBuilder &builder, Operation *op, Value index,
                           uint64_t offset, unsigned bytes, StringRef memory,
                           const ModuleInfo &info) {
  Location loc = op->getLoc();
  if (hasSharedWindow(op, memory, info))
    return placeAccess(builder, op, index, offset, bytes, memory, info);
  if (std::optional<WindowAccess> access =
          translateWindow(builder, op, index, offset, bytes, memory, info))
    return access->select(builder, loc);
  checkBounds(builder, op, index, offset, bytes, memory, info);
  return memoryAddress(builder, op, index, offset, memory, info);
}

Value twc::memoryAddress(OpBuilder &builder, Operation *op, Value index,
                         uint64_t offset, StringRef memory,
                         const ModuleInfo &info) {
  Location loc = op->getLoc();
  Value address =
      addBytes(builder, loc, getMemoryBase(builder, op, memory, info),
               widen(builder, loc, index));
  if (offset == 0)
    return address;
  Value distance = arith::ConstantOp::create(builder, loc,
                                             builder.getI64IntegerAttr(offset));
  return addBytes(builder, loc, address, distance);
}

SmallVector<Value> twc::withConstants(OpBuilder &builder, Operation *op,
                                      func::FuncOp callee, ValueRange arguments,
                                      const ModuleInfo &info) {
  SmallVector<Value> all;
  for (unsigned i = 0; i < NumLaunchConstants; ++i)
    all.push_back(getLaunchConstant(op, LaunchConstant(i)));
  auto home = callee->getAttrOfType<FlatSymbolRefAttr>(homeMemoryAttr);
  if (home && home.getValue() != memoryOf(op, std::nullopt)) {
    const MemoryFacts &facts = info.memory(home.getValue());
    all[MemoryBase] = getMemoryBase(builder, op, home.getValue(), info);
    // A memory that grows is never taken from the launch constants.
    if (!facts.grows)
      all[MemorySize] = getMemorySize(builder, op, home.getValue(), info);
  }
  llvm::append_range(all, arguments);
  return all;
}
