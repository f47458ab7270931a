//===- RewriteAtomics.cpp - atomics as the threads proposal has them ------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// WABT asks for an atomic access's bounds before its alignment, the proposal
// the other way round; and it has no waiting.
//
//===----------------------------------------------------------------------===//

#include "Rewriter.h"

using wabt::Expr;
using wabt::ExprType;
using wabt::Index;
using wabt::Opcode;
using wabt::Type;

namespace twrun::rewrite {

/// Traps unless parameter 0 + offset is a multiple of `bytes`, which the
/// threads proposal asks before it asks for the bounds, and WABT after that.
/// What a sum wraps by is a multiple too.
void Rewriter::checkAlignment(Code &code, const wabt::Var &memory,
                              wabt::Address offset, uint64_t bytes) {
  const bool wide = limitsOf(memory).is_64;
  code.get(0);
  code.address(wide, offset);
  code.add<wabt::BinaryExpr>(wide ? Opcode::I64Add : Opcode::I32Add);
  code.address(wide, bytes - 1);
  code.add<wabt::BinaryExpr>(wide ? Opcode::I64And : Opcode::I32And);
  code.address(wide, 0);
  code.add<wabt::CompareExpr>(wide ? Opcode::I64Ne : Opcode::I32Ne);
  Code traps{code.add<wabt::IfExpr>().true_.exprs};
  traps.add<wabt::CallExpr>(added(Unaligned));
}

/// A load, store or read-modify-write behind a check of its alignment.
template <typename Access>
std::optional<Index> Rewriter::aligned(const Expr &expr, Index operands) {
  const Access &access = *wabt::cast<Access>(&expr);
  const Opcode opcode = access.opcode;
  if (opcode.GetMemorySize() == 1)
    return std::nullopt;
  wabt::TypeVector params{addressType(access.memidx), opcode.GetParamType2(),
                          opcode.GetParamType3()};
  params.resize(operands);
  wabt::TypeVector results;
  if (opcode.GetResultType() != Type::Void)
    results.push_back(opcode.GetResultType());
  return standIn(opcode, access.memidx.index(), access.offset,
                 std::move(params), std::move(results), [&](Code &code) {
                   checkAlignment(code, access.memidx, access.offset,
                                  opcode.GetMemorySize());
                   for (Index operand = 0; operand < operands; ++operand)
                     code.get(operand);
                   code.add<Access>(opcode, access.memidx, access.align,
                                    access.offset);
                 });
}

/// One thread after another runs: a wait whose value is there can only time
/// out, and nobody waits to be notified. The load makes the access's traps.
Index Rewriter::wait(const wabt::AtomicWaitExpr &expr) {
  const bool wide = expr.opcode == Opcode::MemoryAtomicWait64;
  return standIn(
      expr.opcode, expr.memidx.index(), expr.offset,
      {addressType(expr.memidx), wide ? Type::I64 : Type::I32, Type::I64},
      {Type::I32}, [&](Code &code) {
        if (!limitsOf(expr.memidx).is_shared)
          code.add<wabt::CallExpr>(added(ExpectedShared));
        checkAlignment(code, expr.memidx, expr.offset, wide ? 8 : 4);
        code.get(0);
        code.add<wabt::AtomicLoadExpr>(wide ? Opcode::I64AtomicLoad
                                            : Opcode::I32AtomicLoad,
                                       expr.memidx, wide ? 8 : 4, expr.offset);
        code.get(1);
        code.add<wabt::CompareExpr>(wide ? Opcode::I64Ne : Opcode::I32Ne);
        Code differs{code.add<wabt::IfExpr>().true_.exprs};
        differs.i32(1);
        differs.add<wabt::ReturnExpr>();
        code.get(2);
        code.add<wabt::ConstExpr>(wabt::Const::I64(0, wabt::Location()));
        code.add<wabt::CompareExpr>(Opcode::I64LtS);
        Code endless{code.add<wabt::IfExpr>().true_.exprs};
        endless.add<wabt::CallExpr>(added(EndlessWait));
        code.i32(2);
      });
}

Index Rewriter::notify(const wabt::AtomicNotifyExpr &expr) {
  return standIn(expr.opcode, expr.memidx.index(), expr.offset,
                 {addressType(expr.memidx), Type::I32}, {Type::I32},
                 [&](Code &code) {
                   checkAlignment(code, expr.memidx, expr.offset, 4);
                   code.get(0);
                   code.add<wabt::AtomicLoadExpr>(Opcode::I32AtomicLoad,
                                                  expr.memidx, 4, expr.offset);
                   code.add<wabt::DropExpr>();
                   code.i32(0);
                 });
}

std::optional<Index> Rewriter::atomic(const Expr &expr) {
  switch (expr.type()) {
  case ExprType::AtomicLoad:
    return aligned<wabt::AtomicLoadExpr>(expr, 1);
  case ExprType::AtomicStore:
    return aligned<wabt::AtomicStoreExpr>(expr, 2);
  case ExprType::AtomicRmw:
    return aligned<wabt::AtomicRmwExpr>(expr, 2);
  case ExprType::AtomicRmwCmpxchg:
    return aligned<wabt::AtomicRmwCmpxchgExpr>(expr, 3);
  case ExprType::AtomicWait:
    return wait(*wabt::cast<wabt::AtomicWaitExpr>(&expr));
  case ExprType::AtomicNotify:
    return notify(*wabt::cast<wabt::AtomicNotifyExpr>(&expr));
  default:
    return std::nullopt;
  }
}

} // namespace twrun::rewrite
