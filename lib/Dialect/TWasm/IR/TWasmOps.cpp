//===- TWasmOps.cpp - twasm op verifiers and assembly ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the ops' declarative definitions cannot say.
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/IR/TWasm.h"

#include "Assembly.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/FunctionImplementation.h"

using namespace mlir;
using namespace twc::twasm;

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

void FuncOp::build(OpBuilder &builder, OperationState &state, StringRef name,
                   FunctionType type, uint32_t funcIndex) {
  state.addAttribute(getSymNameAttrName(state.name),
                     builder.getStringAttr(name));
  state.addAttribute(getFunctionTypeAttrName(state.name), TypeAttr::get(type));
  state.addAttribute(getFuncIndexAttrName(state.name),
                     builder.getI32IntegerAttr(funcIndex));
  state.addRegion();
}

ParseResult FuncOp::parse(OpAsmParser &parser, OperationState &result) {
  auto buildType = [](Builder &builder, ArrayRef<Type> args,
                      ArrayRef<Type> results,
                      function_interface_impl::VariadicFlag, std::string &) {
    return builder.getFunctionType(args, results);
  };
  return function_interface_impl::parseFunctionOp(
      parser, result, /*allowVariadic=*/false,
      getFunctionTypeAttrName(result.name), buildType,
      getArgAttrsAttrName(result.name), getResAttrsAttrName(result.name));
}

void FuncOp::print(OpAsmPrinter &printer) {
  function_interface_impl::printFunctionOp(
      printer, *this, /*isVariadic=*/false, getFunctionTypeAttrName(),
      getArgAttrsAttrName(), getResAttrsAttrName());
}

LogicalResult FuncOp::verify() {
  if (getImport() && !isExternal())
    return emitOpError("is imported and must not have a body");
  if (getImport() && getImport()->size() != 2)
    return emitOpError("incorrect number of import names: expected 2 (module "
                       "and field), but got ")
           << getImport()->size();
  if (getPruned() && !isExternal())
    return emitOpError("is pruned and must not have a body");
  if (!getImport() && !getPruned() && isExternal())
    return emitOpError("has neither a body nor an import");
  return success();
}

LogicalResult ReturnOp::verify() {
  auto func = cast<FuncOp>((*this)->getParentOp());
  if (getValues().getTypes() != func.getResultTypes()) {
    InFlightDiagnostic diag = emitOpError("incorrect result types: expected (")
                              << func.getResultTypes() << "), but got ("
                              << getValues().getTypes() << ")";
    diag.attachNote(func.getLoc()) << "of this function";
    return diag;
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Calls and globals
//===----------------------------------------------------------------------===//

LogicalResult CallOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto func = symbols.lookupNearestSymbolFrom<FuncOp>(*this, getCalleeAttr());
  if (!func)
    return emitOpError("calls an undefined function ") << getCallee();
  if (getArgs().getTypes() != func.getArgumentTypes() ||
      getResults().getTypes() != func.getResultTypes()) {
    InFlightDiagnostic diag =
        emitOpError("incorrect callee type: expected ")
        << func.getFunctionType() << ", but got "
        << FunctionType::get(getContext(), getArgs().getTypes(),
                             getResults().getTypes());
    diag.attachNote(func.getLoc()) << "of this function";
    return diag;
  }
  return success();
}

/// A tail call's results are its function's (tail-call proposal, validation).
LogicalResult twc::twasm::verifyTailResults(Operation *op, ArrayAttr results) {
  auto func = op->getParentOfType<FuncOp>();
  auto types = llvm::to_vector(results.getAsValueRange<TypeAttr>());
  if (func && ArrayRef<Type>(types) != func.getResultTypes())
    return op->emitOpError("incorrect result types: expected (")
           << func.getResultTypes() << "), but got (" << types << ")";
  return success();
}

LogicalResult ReturnCallOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto func = symbols.lookupNearestSymbolFrom<FuncOp>(*this, getCalleeAttr());
  if (!func)
    return emitOpError("calls an undefined function ") << getCallee();
  if (getArgs().getTypes() != func.getArgumentTypes())
    return emitOpError("incorrect arguments: expected (")
           << func.getArgumentTypes() << "), but got ("
           << getArgs().getTypes() << ")";
  auto results =
      llvm::to_vector(getTailResults().getAsValueRange<TypeAttr>());
  if (ArrayRef<Type>(results) != func.getResultTypes())
    return emitOpError("incorrect callee results: expected (")
           << func.getResultTypes() << "), but got (" << results << ")";
  return verifyTailResults(*this, getTailResults());
}

LogicalResult RefFuncOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (!symbols.lookupNearestSymbolFrom<FuncOp>(*this, getFuncAttr()))
    return emitOpError("refers to an undefined function ") << getFunc();
  return success();
}

Type TableOp::getElementType() {
  return getElement() ? *getElement() : FuncRefType::get(getContext());
}

static LogicalResult verifyGlobal(Operation *op, FlatSymbolRefAttr name,
                                  Type type, bool write,
                                  SymbolTableCollection &symbols) {
  auto global = symbols.lookupNearestSymbolFrom<GlobalOp>(op, name);
  if (!global)
    return op->emitOpError("refers to an undefined global ") << name;
  if (global.getInit().getType() != type) {
    InFlightDiagnostic diag = op->emitOpError("incorrect type: expected ")
                              << global.getInit().getType() << ", but got "
                              << type;
    diag.attachNote(global.getLoc()) << "of this global";
    return diag;
  }
  if (write && !global.getIsMutable()) {
    InFlightDiagnostic diag = op->emitOpError("writes an immutable global");
    diag.attachNote(global.getLoc()) << "defined here";
    return diag;
  }
  return success();
}

LogicalResult GlobalGetOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyGlobal(*this, getGlobalAttr(), getType(), false, symbols);
}

LogicalResult GlobalSetOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyGlobal(*this, getGlobalAttr(), getValue().getType(), true,
                      symbols);
}

//===----------------------------------------------------------------------===//
// Memory, tables and conversions
//===----------------------------------------------------------------------===//

static LogicalResult verifyStorage(Operation *op, int32_t bits, Type type) {
  unsigned width = type.getIntOrFloatBitWidth();
  if ((bits == 8 || bits == 16 || bits == 32) && unsigned(bits) < width)
    return success();
  return op->emitOpError("incorrect width: expected 8, 16 or 32 and less than ")
         << width << ", but got " << bits;
}

LogicalResult LoadSOp::verify() {
  return verifyStorage(*this, getBits(), getType());
}
LogicalResult LoadUOp::verify() {
  return verifyStorage(*this, getBits(), getType());
}
LogicalResult StoreNOp::verify() {
  return verifyStorage(*this, getBits(), getValue().getType());
}

/// Wasm spec 3.2.1, "Limits": the maximum is not below the minimum and both
/// are within the range of the kind.
static LogicalResult verifyLimits(Operation *op, uint64_t min,
                                  std::optional<uint64_t> max,
                                  uint64_t range) {
  if (min > range)
    return op->emitOpError("minimum too large: expected at most ")
           << range << ", but got " << min;
  if (max && (*max < min || *max > range))
    return op->emitOpError("incorrect maximum: expected ")
           << min << " to " << range << ", but got " << *max;
  return success();
}

LogicalResult MemoryOp::verify() {
  // Pages: 2^32 or 2^64 bytes (memory64 proposal).
  return verifyLimits(*this, getMin(), getMax(),
                      getIndex64() ? uint64_t(1) << 48 : 65536);
}
LogicalResult TableOp::verify() {
  return verifyLimits(*this, getMin(), getMax(), 0xFFFFFFFFu);
}

LogicalResult ReinterpretOp::verify() {
  Type from = getValue().getType(), to = getType();
  if (from.getIntOrFloatBitWidth() == to.getIntOrFloatBitWidth() &&
      isa<FloatType>(from) != isa<FloatType>(to))
    return success();
  return emitOpError("incorrect types: expected a float and an integer of the "
                     "same width, but got ")
         << from << " and " << to;
}

//===----------------------------------------------------------------------===//
// Branches
//===----------------------------------------------------------------------===//

static IntegerAttr conditionOf(ArrayRef<Attribute> operands) {
  return operands.empty() ? IntegerAttr()
                          : dyn_cast_if_present<IntegerAttr>(operands.front());
}

SuccessorOperands BrOp::getSuccessorOperands(unsigned) {
  return SuccessorOperands(getDestOperandsMutable());
}
Block *BrOp::getSuccessorForOperands(ArrayRef<Attribute>) { return getDest(); }

SuccessorOperands BrIfOp::getSuccessorOperands(unsigned index) {
  return SuccessorOperands(index == 0 ? getTrueOperandsMutable()
                                      : getFalseOperandsMutable());
}
Block *BrIfOp::getSuccessorForOperands(ArrayRef<Attribute> operands) {
  IntegerAttr condition = conditionOf(operands);
  if (!condition)
    return nullptr;
  return condition.getValue().isZero() ? getFalseDest() : getTrueDest();
}

SuccessorOperands BrTableOp::getSuccessorOperands(unsigned index) {
  return SuccessorOperands(index == 0 ? getDefaultOperandsMutable()
                                      : getCaseOperandsMutable()[index - 1]);
}
Block *BrTableOp::getSuccessorForOperands(ArrayRef<Attribute> operands) {
  IntegerAttr index = conditionOf(operands);
  if (!index)
    return nullptr;
  uint64_t i = index.getValue().getZExtValue();
  SuccessorRange cases = getCaseDests();
  return i < cases.size() ? cases[i] : getDefaultDest();
}

#define GET_OP_CLASSES
#include "TWasm/TWasmOps.cpp.inc"
