//===- BodyReader.cpp - the second reading: function bodies ---------------===//
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

#include "FunctionBuilder.h"
#include "ModuleBuilder.h"

#include "twc/Dialect/TWasm/IR/Instructions.h"

#include "wabt/binary-reader-nop.h"

using namespace mlir;
using namespace twc;
using wabt::Address;
using wabt::Index;
using WResult = wabt::Result;
using WType = wabt::Type;

namespace {

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
    return WResult::Ok;
  }
  WResult OnElseExpr() override {
    f->beginElse();
    return WResult::Ok;
  }
  WResult OnEndExpr() override {
    if (f && labels) { // not a constant expression's
      --labels;
      f->end();
    }
    return WResult::Ok;
  }
  WResult OnBrExpr(Index depth) override {
    return build([&] { f->br(depth); });
  }
  WResult OnBrIfExpr(Index depth) override {
    return build([&] { f->brIf(depth); });
  }
  WResult OnBrTableExpr(Index count, Index *depths,
                        Index defaultDepth) override {
    return build([&] { f->brTable(ArrayRef(depths, count), defaultDepth); });
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
  WResult OnCallIndirectExpr(Index type, Index table) override {
    return build([&] {
      FunctionType sig = module.convertFunctionType(type);
      Value index = f->pop();
      SmallVector<Value> arguments = f->pop(sig.getNumInputs());
      auto op = twasm::CallIndirectOp::create(
          f->getBuilder(), f->getLoc(), sig.getResults(),
          module.getSymbols().tables[table], index, arguments);
      for (Value result : op.getResults())
        f->push(result);
    });
  }

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
  WResult OnBinaryExpr(wabt::Opcode) override { return numeric(2); }
  WResult OnCompareExpr(wabt::Opcode) override { return numeric(2); }
  WResult OnUnaryExpr(wabt::Opcode) override { return numeric(1); }
  // i32.eqz and i64.eqz arrive here too.
  WResult OnConvertExpr(wabt::Opcode) override { return numeric(1); }

  //===-- Memory ----------------------------------------------------------===//

  WResult OnLoadExpr(wabt::Opcode, Index, Address align,
                     Address offset) override {
    return build([&] { load(align, offset); });
  }
  WResult OnStoreExpr(wabt::Opcode, Index, Address align,
                      Address offset) override {
    return build([&] { store(align, offset); });
  }
  WResult OnMemorySizeExpr(Index) override {
    return build([&] {
      f->push(twasm::MemorySizeOp::create(f->getBuilder(), f->getLoc(),
                                          f->getBuilder().getI32Type()));
    });
  }
  WResult OnMemoryGrowExpr(Index) override {
    return build([&] {
      f->push(twasm::MemoryGrowOp::create(f->getBuilder(), f->getLoc(),
                                          f->getBuilder().getI32Type(),
                                          f->pop()));
    });
  }

private:
  /// Builds only what can be reached.
  template <typename Fn> WResult build(Fn fn) {
    if (f && f->isReachable())
      fn();
    return WResult::Ok;
  }

  WResult constant(WType type, uint64_t bits) {
    return build([&] {
      TypedAttr value = module.convertConstant(type, bits);
      f->push(twasm::ConstOp::create(f->getBuilder(), f->getLoc(),
                                     value.getType(), value));
    });
  }

  Type resultType() {
    OpBuilder &b = f->getBuilder();
    return llvm::StringSwitch<Type>(instruction->result)
        .Case("i32", b.getI32Type())
        .Case("i64", b.getI64Type())
        .Case("f32", b.getF32Type())
        .Case("f64", b.getF64Type())
        .Default(Type());
  }

  WResult numeric(unsigned operands) {
    return build([&] {
      OperationState op(f->getLoc(), instruction->op);
      op.addOperands(f->pop(operands));
      op.addTypes(resultType());
      f->push(f->getBuilder().create(op)->getResult(0));
    });
  }

  void load(Address align, Address offset) {
    OpBuilder &b = f->getBuilder();
    Type type = resultType();
    uint32_t bits = instruction->storageBits;
    Value index = f->pop();
    if (instruction->sign == 's')
      f->push(twasm::LoadSOp::create(b, f->getLoc(), type, bits, index, offset,
                                     align));
    else if (instruction->sign == 'u')
      f->push(twasm::LoadUOp::create(b, f->getLoc(), type, bits, index, offset,
                                     align));
    else
      f->push(twasm::LoadOp::create(b, f->getLoc(), type, index, offset,
                                    align));
  }

  void store(Address align, Address offset) {
    OpBuilder &b = f->getBuilder();
    Value value = f->pop();
    Value index = f->pop();
    uint32_t bits = instruction->storageBits;
    if (bits < value.getType().getIntOrFloatBitWidth())
      twasm::StoreNOp::create(b, f->getLoc(), bits, value, index, offset,
                              align);
    else
      twasm::StoreOp::create(b, f->getLoc(), value, index, offset, align);
  }

  void call(Index callee) {
    const FunctionFact &fact = facts.functions[callee];
    FunctionType sig = module.convertFunctionType(fact.type);
    SmallVector<Value> arguments = f->pop(sig.getNumInputs());
    if (isDeviceImport(fact, facts.types[fact.type])) {
      f->push(buildDeviceImport(f->getBuilder(), f->getLoc(),
                                fact.import->field, arguments));
      return;
    }
    auto op = twasm::CallOp::create(f->getBuilder(), f->getLoc(),
                                    sig.getResults(),
                                    module.getSymbols().functions[callee],
                                    arguments);
    for (Value result : op.getResults())
      f->push(result);
  }

  ModuleBuilder &module;
  const ModuleFacts &facts;
  std::optional<FunctionBuilder> f;
  Index current = 0;
  size_t labels = 0;
  const twasm::Instruction *instruction = nullptr;
};

} // namespace

bool twc::readBodies(ModuleBuilder &module, const ModuleFacts &facts,
                     ArrayRef<uint8_t> bytes) {
  BodyReader reader(module, facts);
  wabt::Features features;
  features.EnableAll();
  wabt::ReadBinaryOptions options(features, nullptr, /*read_debug_names=*/false,
                                  /*stop_on_first_error=*/true,
                                  /*fail_on_custom_section_error=*/false);
  return wabt::Succeeded(
      wabt::ReadBinary(bytes.data(), bytes.size(), &reader, options));
}
