//===- BodyReader.h - the second reading: function bodies -------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the code section of a valid module and builds each body.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_IMPORT_BODYREADER_H
#define TWC_LIB_IMPORT_BODYREADER_H

#include "FunctionBuilder.h"
#include "ModuleBuilder.h"

#include "twc/Dialect/TWasm/IR/Instructions.h"

#include "llvm/ADT/StringSwitch.h"

#include "wabt/binary-reader-nop.h"

namespace twc {

using namespace mlir;
using wabt::Address;
using wabt::Index;
using WResult = wabt::Result;
using WType = wabt::Type;

class BodyReader final : public wabt::BinaryReaderNop {
public:
  BodyReader(ModuleBuilder &module, const ModuleFacts &facts)
      : module(module), facts(facts) {}

  bool OnError(const wabt::Error &) override { return true; }

  WResult OnOpcode(wabt::Opcode opcode) override {
    if (f) {
      instruction = twasm::findInstruction(opcode.GetPrefix(),
                                           opcode.GetCode());
      f->setLocation(
          module.locate(current, state->offset - opcode.GetLength()));
    }
    return WResult::Ok;
  }

  WResult BeginFunctionBody(Index index, wabt::Offset) override {
    current = index;
    labels = 1;
    twasm::FuncOp func = module.getFunctions()[index];
    func->setLoc(module.locate(index, state->offset));
    f.emplace(func, facts.functions[index]);
    return WResult::Ok;
  }
  WResult EndFunctionBody(Index) override {
    mergedBefore += f->getMerged();
    f.reset();
    return WResult::Ok;
  }
  WResult OnLocalDecl(Index, Index count, WType type) override {
    if (count) // an empty declaration may have any type
      f->addLocals(count, module.convertType(type));
    return WResult::Ok;
  }

  //===-- Control ---------------------------------------------------------===//

  WResult OnBlockExpr(WType type) override {
    auto [params, results] = module.convertBlockType(type);
    ++labels;
    f->beginBlock(params, results);
    return WResult::Ok;
  }
  WResult OnLoopExpr(WType type) override {
    auto [params, results] = module.convertBlockType(type);
    ++labels;
    f->beginLoop(params, results);
    return WResult::Ok;
  }
  WResult OnIfExpr(WType type) override {
    auto [params, results] = module.convertBlockType(type);
    ++labels;
    f->beginIf(params, results);
    return checkSize();
  }
  WResult OnElseExpr() override {
    f->beginElse();
    return WResult::Ok;
  }
  WResult OnEndExpr() override {
    if (f && labels) { // not a constant expression's
      --labels;
      f->end();
      return checkSize();
    }
    return WResult::Ok;
  }
  WResult OnBrExpr(Index depth) override {
    build([&] { f->br(depth); });
    return checkSize();
  }
  WResult OnBrIfExpr(Index depth) override {
    build([&] { f->brIf(depth); });
    return checkSize();
  }
  WResult OnBrTableExpr(Index count, Index *depths,
                        Index defaultDepth) override {
    build([&] { f->brTable(ArrayRef(depths, count), defaultDepth); });
    return checkSize();
  }
  WResult OnReturnExpr() override {
    return build([&] { f->doReturn(); });
  }
  WResult OnUnreachableExpr() override {
    return build([&] { f->unreachable(); });
  }
  WResult OnCallExpr(Index callee) override {
    return build([&] { call(callee); });
  }
  WResult OnCallIndirectExpr(Index type, Index table) override;
  WResult OnReturnCallExpr(Index callee) override;
  WResult OnReturnCallIndirectExpr(Index type, Index table) override;

  //===-- Parametric and variable -----------------------------------------===//

  WResult OnDropExpr() override {
    return build([&] { f->pop(); });
  }
  WResult OnSelectExpr(Index, WType *) override {
    return build([&] {
      Value condition = f->pop();
      SmallVector<Value> values = f->pop(2);
      f->push(twasm::SelectOp::create(f->getBuilder(), f->getLoc(), condition,
                                      values[0], values[1]));
    });
  }
  WResult OnLocalGetExpr(Index i) override {
    return build([&] { f->getLocal(i); });
  }
  WResult OnLocalSetExpr(Index i) override {
    return build([&] { f->setLocal(i); });
  }
  WResult OnLocalTeeExpr(Index i) override {
    return build([&] { f->teeLocal(i); });
  }
  WResult OnGlobalGetExpr(Index i) override {
    if (!f)
      return WResult::Ok;
    return build([&] {
      f->push(twasm::GlobalGetOp::create(
          f->getBuilder(), f->getLoc(),
          module.convertType(facts.globals[i].type),
          module.getSymbols().globals[i]));
    });
  }
  WResult OnGlobalSetExpr(Index i) override {
    return build([&] {
      twasm::GlobalSetOp::create(f->getBuilder(), f->getLoc(),
                                 module.getSymbols().globals[i], f->pop());
    });
  }

  //===-- Numeric ---------------------------------------------------------===//

  WResult OnI32ConstExpr(uint32_t bits) override {
    return constant(WType::I32, bits);
  }
  WResult OnI64ConstExpr(uint64_t bits) override {
    return constant(WType::I64, bits);
  }
  WResult OnF32ConstExpr(uint32_t bits) override {
    return constant(WType::F32, bits);
  }
  WResult OnF64ConstExpr(uint64_t bits) override {
    return constant(WType::F64, bits);
  }
  WResult OnV128ConstExpr(v128 value) override {
    return constant(WType::V128, value.u64(0), value.u64(1));
  }
  WResult OnBinaryExpr(wabt::Opcode) override { return numeric(2); }
  WResult OnCompareExpr(wabt::Opcode) override { return numeric(2); }
  WResult OnUnaryExpr(wabt::Opcode) override { return numeric(1); }
  // i32.eqz and i64.eqz arrive here too.
  WResult OnConvertExpr(wabt::Opcode) override { return numeric(1); }
  WResult OnTernaryExpr(wabt::Opcode) override { return numeric(3); }

  //===-- Vectors (BodySimd.cpp) ------------------------------------------===//

  WResult OnSimdLaneOpExpr(wabt::Opcode, uint64_t lane) override;
  WResult OnSimdShuffleOpExpr(wabt::Opcode, v128 lanes) override;
  WResult OnLoadSplatExpr(wabt::Opcode, Index memory, Address align,
                          Address offset) override;
  WResult OnLoadZeroExpr(wabt::Opcode, Index memory, Address align,
                         Address offset) override;
  WResult OnSimdLoadLaneExpr(wabt::Opcode, Index memory, Address align,
                             Address offset, uint64_t lane) override;
  WResult OnSimdStoreLaneExpr(wabt::Opcode, Index memory, Address align,
                              Address offset, uint64_t lane) override;

  //===-- Memory (BodyMemory.cpp) -----------------------------------------===//

  WResult OnLoadExpr(wabt::Opcode, Index memory, Address align,
                     Address offset) override;
  WResult OnStoreExpr(wabt::Opcode, Index memory, Address align,
                      Address offset) override;
  WResult OnMemorySizeExpr(Index memory) override;
  WResult OnMemoryGrowExpr(Index memory) override;
  WResult OnMemoryCopyExpr(Index dst, Index src) override;
  WResult OnMemoryFillExpr(Index memory) override;
  WResult OnMemoryInitExpr(Index segment, Index memory) override;
  WResult OnDataDropExpr(Index segment) override;

  //===-- Atomics (BodyAtomic.cpp) ----------------------------------------===//

  WResult OnAtomicLoadExpr(wabt::Opcode, Index memory, Address align,
                           Address offset) override;
  WResult OnAtomicStoreExpr(wabt::Opcode, Index memory, Address align,
                            Address offset) override;
  WResult OnAtomicRmwExpr(wabt::Opcode, Index memory, Address align,
                          Address offset) override;
  WResult OnAtomicRmwCmpxchgExpr(wabt::Opcode, Index memory, Address align,
                                 Address offset) override;
  WResult OnAtomicWaitExpr(wabt::Opcode, Index memory, Address align,
                           Address offset) override;
  WResult OnAtomicNotifyExpr(wabt::Opcode, Index memory, Address align,
                             Address offset) override;
  WResult OnAtomicFenceExpr(uint32_t) override;

  //===-- References and tables (BodyTable.cpp) ---------------------------===//

  WResult OnRefNullExpr(WType type) override;
  WResult OnRefIsNullExpr() override;
  WResult OnRefFuncExpr(Index function) override;
  WResult OnTableGetExpr(Index table) override;
  WResult OnTableSetExpr(Index table) override;
  WResult OnTableSizeExpr(Index table) override;
  WResult OnTableGrowExpr(Index table) override;
  WResult OnTableFillExpr(Index table) override;
  WResult OnTableCopyExpr(Index dst, Index src) override;
  WResult OnTableInitExpr(Index segment, Index table) override;
  WResult OnElemDropExpr(Index segment) override;

  /// Empty, or why reading stopped.
  const std::string &getRefusal() const { return refusal; }
  uint64_t getPlace() const { return place; } // where it stopped

private:
  /// What the compiler takes of values of locals at branches. Each becomes an
  /// operand several times over, and some passes of LLVM do more than linear
  /// work on them: at the limit, all of it takes seconds. Each kept one takes 8
  /// bytes.
  static constexpr uint64_t maxMerged = 1 << 20, maxKept = 1 << 27;
  WResult checkSize();

  /// Builds only what can be reached.
  template <typename Fn> WResult build(Fn fn) {
    if (f && f->isReachable())
      fn();
    return WResult::Ok;
  }

  WResult constant(WType type, uint64_t bits, uint64_t highBits = 0) {
    return build([&] {
      TypedAttr value = module.convertConstant(type, bits, highBits);
      f->push(twasm::ConstOp::create(f->getBuilder(), f->getLoc(),
                                     value.getType(), value));
    });
  }

  /// Of the instruction at hand.
  Type resultType() {
    return llvm::StringSwitch<Type>(instruction->result)
        .Case("i32", b().getI32Type())
        .Case("i64", b().getI64Type())
        .Case("f32", b().getF32Type())
        .Case("f64", b().getF64Type())
        .Case("v128", VectorType::get(4, b().getI32Type()))
        .Default(Type());
  }

  WResult numeric(unsigned operands) {
    return build([&] {
      if (instruction->prefix == 0xFD)
        return buildSimd(operands, {});
      OperationState op(f->getLoc(), instruction->op);
      op.addOperands(f->pop(operands));
      op.addTypes(resultType());
      f->push(f->getBuilder().create(op)->getResult(0));
    });
  }

  /// The vector instruction at hand, with `immediates` beside its shape.
  void buildSimd(unsigned operands, ArrayRef<NamedAttribute> immediates);
  SmallVector<NamedAttribute> memoryImmediates(Index memory, Address align,
                                               Address offset);
  void call(Index callee);
  void pushAll(ResultRange values) {
    for (Value value : values)
      f->push(value);
  }
  OpBuilder &b() { return f->getBuilder(); }
  Location loc() { return f->getLoc(); }

  ModuleBuilder &module;
  const ModuleFacts &facts;
  std::optional<FunctionBuilder> f;
  Index current = 0;
  size_t labels = 0;
  const twasm::Instruction *instruction = nullptr;
  uint64_t mergedBefore = 0; // of earlier functions
  std::string refusal;
  uint64_t place = 0;
};


} // namespace twc

#endif // TWC_LIB_IMPORT_BODYREADER_H
