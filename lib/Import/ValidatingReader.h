//===- ValidatingReader.h - WABT's validator and reader ---------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Forwards the instructions that have an op to WABT's SharedValidator, and
// refuses all others by name. Module-level callbacks are FactsReader's.
// ReadBinary alone accepts ill-typed functions, and validating WABT's IR
// overflows the stack on deeply nested blocks; this way does neither.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_IMPORT_VALIDATINGREADER_H
#define TWC_LIB_IMPORT_VALIDATINGREADER_H

#include "wabt/binary-reader-nop.h"
#include "wabt/shared-validator.h"

#include <string>

namespace twc {

class ValidatingReader : public wabt::BinaryReaderNop {
public:
  using Index = wabt::Index;
  using Result = wabt::Result;
  using Type = wabt::Type;
  using Opcode = wabt::Opcode;
  using Address = wabt::Address;

  explicit ValidatingReader(const wabt::Features &features)
      : validator(&errors, wabt::ValidateOptions(features)) {}

  bool OnError(const wabt::Error &error) override {
    errors.push_back(error);
    return true;
  }

  // Every instruction comes through here before its own callback.
  Result OnOpcode(Opcode opcode) override;

  Result OnBinaryExpr(Opcode o) override { return validator.OnBinary(at(), o); }
  Result OnCompareExpr(Opcode o) override {
    return validator.OnCompare(at(), o);
  }
  Result OnConvertExpr(Opcode o) override {
    return validator.OnConvert(at(), o);
  }
  Result OnUnaryExpr(Opcode o) override { return validator.OnUnary(at(), o); }
  Result OnI32ConstExpr(uint32_t bits) override;
  Result OnI64ConstExpr(uint64_t bits) override;
  Result OnF32ConstExpr(uint32_t bits) override;
  Result OnF64ConstExpr(uint64_t bits) override;
  Result OnBlockExpr(Type t) override { return validator.OnBlock(at(), t); }
  Result OnLoopExpr(Type t) override { return validator.OnLoop(at(), t); }
  Result OnIfExpr(Type t) override { return validator.OnIf(at(), t); }
  Result OnElseExpr() override { return validator.OnElse(at()); }
  Result OnEndExpr() override { return validator.OnEnd(at()); }
  Result OnBrExpr(Index depth) override {
    return validator.OnBr(at(), var(depth));
  }
  Result OnBrIfExpr(Index depth) override {
    return validator.OnBrIf(at(), var(depth));
  }
  Result OnBrTableExpr(Index count, Index *depths,
                       Index defaultDepth) override;
  Result OnReturnExpr() override { return validator.OnReturn(at()); }
  Result OnUnreachableExpr() override { return validator.OnUnreachable(at()); }
  Result OnNopExpr() override { return validator.OnNop(at()); }
  Result OnDropExpr() override { return validator.OnDrop(at()); }
  Result OnSelectExpr(Index count, Type *types) override {
    return validator.OnSelect(at(), count, types);
  }
  Result OnCallExpr(Index function) override {
    return validator.OnCall(at(), var(function));
  }
  Result OnCallIndirectExpr(Index type, Index table) override {
    return validator.OnCallIndirect(at(), var(type), var(table));
  }
  Result OnLocalGetExpr(Index local) override {
    return validator.OnLocalGet(at(), var(local));
  }
  Result OnLocalSetExpr(Index local) override {
    return validator.OnLocalSet(at(), var(local));
  }
  Result OnLocalTeeExpr(Index local) override {
    return validator.OnLocalTee(at(), var(local));
  }
  Result OnGlobalGetExpr(Index global) override {
    return validator.OnGlobalGet(at(), var(global));
  }
  Result OnGlobalSetExpr(Index global) override {
    return validator.OnGlobalSet(at(), var(global));
  }
  Result OnLoadExpr(Opcode o, Index memory, Address align,
                    Address offset) override {
    return validator.OnLoad(at(), o, var(memory), byteAlignment(align));
  }
  Result OnStoreExpr(Opcode o, Index memory, Address align,
                     Address offset) override {
    return validator.OnStore(at(), o, var(memory), byteAlignment(align));
  }
  Result OnV128ConstExpr(v128) override {
    return validator.OnConst(at(), Type::V128);
  }

  // Vectors
  Result OnTernaryExpr(Opcode o) override {
    return validator.OnTernary(at(), o);
  }
  Result OnSimdLaneOpExpr(Opcode o, uint64_t lane) override {
    return validator.OnSimdLaneOp(at(), o, lane);
  }
  Result OnSimdShuffleOpExpr(Opcode o, v128 lanes) override {
    return validator.OnSimdShuffleOp(at(), o, lanes);
  }
  Result OnLoadSplatExpr(Opcode o, Index memory, Address align,
                         Address) override {
    return validator.OnLoadSplat(at(), o, var(memory), byteAlignment(align));
  }
  Result OnLoadZeroExpr(Opcode o, Index memory, Address align,
                        Address) override {
    return validator.OnLoadZero(at(), o, var(memory), byteAlignment(align));
  }
  Result OnSimdLoadLaneExpr(Opcode o, Index memory, Address align, Address,
                            uint64_t lane) override {
    return validator.OnSimdLoadLane(at(), o, var(memory),
                                    byteAlignment(align), lane);
  }
  Result OnSimdStoreLaneExpr(Opcode o, Index memory, Address align, Address,
                             uint64_t lane) override {
    return validator.OnSimdStoreLane(at(), o, var(memory),
                                     byteAlignment(align), lane);
  }

  // Tail calls
  Result OnReturnCallExpr(Index function) override {
    return validator.OnReturnCall(at(), var(function));
  }
  Result OnReturnCallIndirectExpr(Index type, Index table) override {
    return validator.OnReturnCallIndirect(at(), var(type), var(table));
  }

  // References and tables
  Result OnRefNullExpr(Type type) override {
    return validator.OnRefNull(at(), type);
  }
  Result OnRefIsNullExpr() override { return validator.OnRefIsNull(at()); }
  Result OnRefFuncExpr(Index function) override {
    Result result = validator.OnRefFunc(at(), var(function));
    if (inConstantExpression || wabt::Failed(result))
      return result;
    // WABT 1.0.32 gives it a type of its own there, `(ref n)`, which table.set,
    // table.grow and table.fill then refuse.
    result |= validator.OnDrop(at());
    return result | validator.OnRefNull(at(), Type::FuncRef);
  }
  Result OnTableGetExpr(Index table) override {
    return validator.OnTableGet(at(), var(table));
  }
  Result OnTableSetExpr(Index table) override {
    return validator.OnTableSet(at(), var(table));
  }
  Result OnTableSizeExpr(Index table) override {
    return validator.OnTableSize(at(), var(table));
  }
  Result OnTableGrowExpr(Index table) override {
    return validator.OnTableGrow(at(), var(table));
  }
  Result OnTableFillExpr(Index table) override {
    return validator.OnTableFill(at(), var(table));
  }
  Result OnTableCopyExpr(Index dst, Index src) override {
    return validator.OnTableCopy(at(), var(dst), var(src));
  }
  Result OnTableInitExpr(Index segment, Index table) override {
    return validator.OnTableInit(at(), var(segment), var(table));
  }
  Result OnElemDropExpr(Index segment) override {
    return validator.OnElemDrop(at(), var(segment));
  }

  // Bulk memory
  Result OnMemoryCopyExpr(Index first, Index second) override {
    return validator.OnMemoryCopy(at(), var(first), var(second));
  }
  Result OnMemoryFillExpr(Index memory) override {
    return validator.OnMemoryFill(at(), var(memory));
  }
  Result OnMemoryInitExpr(Index segment, Index memory) override {
    return validator.OnMemoryInit(at(), var(segment), var(memory));
  }
  Result OnDataDropExpr(Index segment) override {
    return validator.OnDataDrop(at(), var(segment));
  }

  // Atomics
  Result OnAtomicLoadExpr(Opcode o, Index memory, Address align,
                          Address) override {
    return validator.OnAtomicLoad(at(), o, var(memory), byteAlignment(align));
  }
  Result OnAtomicStoreExpr(Opcode o, Index memory, Address align,
                           Address) override {
    return validator.OnAtomicStore(at(), o, var(memory), byteAlignment(align));
  }
  Result OnAtomicRmwExpr(Opcode o, Index memory, Address align,
                         Address) override {
    return validator.OnAtomicRmw(at(), o, var(memory), byteAlignment(align));
  }
  Result OnAtomicRmwCmpxchgExpr(Opcode o, Index memory, Address align,
                                Address) override {
    return validator.OnAtomicRmwCmpxchg(at(), o, var(memory),
                                        byteAlignment(align));
  }
  Result OnAtomicWaitExpr(Opcode o, Index memory, Address align,
                          Address) override {
    return validator.OnAtomicWait(at(), o, var(memory), byteAlignment(align));
  }
  Result OnAtomicNotifyExpr(Opcode o, Index memory, Address align,
                            Address) override {
    return validator.OnAtomicNotify(at(), o, var(memory), byteAlignment(align));
  }
  Result OnAtomicFenceExpr(uint32_t consistencyModel) override {
    return validator.OnAtomicFence(at(), consistencyModel);
  }

  Result OnMemorySizeExpr(Index memory) override {
    return validator.OnMemorySize(at(), var(memory));
  }
  Result OnMemoryGrowExpr(Index memory) override {
    return validator.OnMemoryGrow(at(), var(memory));
  }

protected:
  wabt::Location at() const { return wabt::Location(state->offset); }
  wabt::Var var(Index index) const { return wabt::Var(index, at()); }

  /// The memarg's exponent as WABT's validator wants it; one that no access
  /// has stays larger than any natural alignment.
  static Address byteAlignment(Address exponent) {
    return exponent < 32 ? Address(1) << exponent : Address(1) << 32;
  }

  /// Refuses something valid that this version does not support.
  Result unsupported(const std::string &what);
  /// Likewise, for there is more of it than a limit of this compiler.
  Result tooMany(const std::string &what, uint64_t most, const char *remedy);

  wabt::Errors errors;
  wabt::SharedValidator validator;
  /// Set while a constant expression is read; there an instruction is only
  /// recorded.
  bool inConstantExpression = false;
  /// ", in function 3 'saxpy'" while a body is read.
  std::string where;
};

} // namespace twc

#endif // TWC_LIB_IMPORT_VALIDATINGREADER_H
