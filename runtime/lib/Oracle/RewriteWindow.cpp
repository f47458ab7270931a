//===- RewriteWindow.cpp - accesses at the edges of shared memory ---------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The oracle keeps a block's shared memory where the guest sees it, in linear
// memory, so WABT finds accesses across an edge of the window in bounds. They
// trap (docs/DeviceInterface.md, "Shared memory"). The edges are multiples of
// 16: an access of at most 16 bytes at a multiple of its size never crosses
// one, and costs the test of that alone.
//
//===----------------------------------------------------------------------===//

#include "Rewriter.h"

#include <algorithm>

using wabt::Expr;
using wabt::ExprList;
using wabt::ExprType;
using wabt::Index;
using wabt::Opcode;
using wabt::Type;

namespace twrun::rewrite {

namespace {

/// What an instruction accesses, and the operand above the address, if any.
struct Access {
  const wabt::Var *memory;
  Opcode opcode;
  wabt::Address offset;
  std::optional<Type> value;
};

template <typename T>
Access read(const Expr &expr, std::optional<Type> value = std::nullopt) {
  const T &access = *wabt::cast<T>(&expr);
  return {&access.memidx, access.opcode, access.offset, value};
}

std::optional<Access> accessOf(const Expr &expr) {
  switch (expr.type()) {
  case ExprType::Load:
    return read<wabt::LoadExpr>(expr);
  case ExprType::Store:
    return read<wabt::StoreExpr>(
        expr, wabt::cast<wabt::StoreExpr>(&expr)->opcode.GetParamType2());
  case ExprType::LoadSplat:
    return read<wabt::LoadSplatExpr>(expr);
  case ExprType::LoadZero:
    return read<wabt::LoadZeroExpr>(expr);
  case ExprType::SimdLoadLane:
    return read<wabt::SimdLoadLaneExpr>(expr, Type(Type::V128));
  case ExprType::SimdStoreLane:
    return read<wabt::SimdStoreLaneExpr>(expr, Type(Type::V128));
  default:
    return std::nullopt;
  }
}

} // namespace

bool Rewriter::hasWindow(const wabt::Var &memory) const {
  return std::find(windowMemories.begin(), windowMemories.end(),
                   memory.index()) != windowMemories.end();
}

/// A local of the function that is visited, for a moment's use as an address
/// or a value.
Index Rewriter::scratch(Type type, bool isValue) {
  auto [at, isNew] =
      scratchLocals.try_emplace(std::pair(Type::Enum(type), isValue), 0);
  if (isNew) {
    at->second = current->GetNumParamsAndLocals();
    current->local_types.AppendDecl(type, 1);
  }
  return at->second;
}

/// Before an access whose address is not a multiple of its size, a call of the
/// check.
void Rewriter::checkAccess(ExprList &list, Place at) {
  std::optional<Access> access = accessOf(*at);
  if (!access || !current || !hasWindow(*access->memory))
    return;
  const uint32_t bytes = access->opcode.GetMemorySize();
  if (bytes == 1)
    return;
  const bool wide = limitsOf(*access->memory).is_64;
  const Index address =
      scratch(wide ? Type::I64 : Type::I32, /*isValue=*/false);
  Code code{list, at};
  if (access->value)
    code.add<wabt::LocalSetExpr>(
        var(scratch(*access->value, /*isValue=*/true)));
  code.add<wabt::LocalTeeExpr>(var(address));
  code.get(address);
  if (access->offset % bytes) {
    code.address(wide, access->offset);
    code.add<wabt::BinaryExpr>(wide ? Opcode::I64Add : Opcode::I32Add);
  }
  code.address(wide, bytes - 1);
  code.add<wabt::BinaryExpr>(wide ? Opcode::I64And : Opcode::I32And);
  if (wide) {
    code.i64(0);
    code.add<wabt::CompareExpr>(Opcode::I64Ne);
  }
  Code checked{code.add<wabt::IfExpr>().true_.exprs};
  checked.get(address);
  if (!wide)
    checked.add<wabt::ConvertExpr>(Opcode::I64ExtendI32U);
  checked.i64(access->offset);
  checked.i64(bytes);
  checked.i32(access->memory->index());
  checked.add<wabt::CallExpr>(added(CheckWindow));
  if (access->value)
    code.get(scratch(*access->value, /*isValue=*/true));
}

/// The check of the range that two parameters of a stand-in tell.
void Rewriter::checkRange(Code &code, const wabt::Var &memory, Index address,
                          Index size) {
  if (!hasWindow(memory))
    return;
  const bool wide = limitsOf(memory).is_64;
  code.get(address);
  if (!wide)
    code.add<wabt::ConvertExpr>(Opcode::I64ExtendI32U);
  code.i64(0);
  code.get(size);
  if (!wide)
    code.add<wabt::ConvertExpr>(Opcode::I64ExtendI32U);
  code.i32(memory.index());
  code.add<wabt::CallExpr>(added(CheckWindow));
}

/// The stand-in for a bulk operation on memory with a window.
std::optional<Index> Rewriter::bulk(const Expr &expr) {
  auto takeAll = [](Code &code) {
    for (Index operand : {0, 1, 2})
      code.get(operand);
  };
  if (auto *fill = wabt::dyn_cast<wabt::MemoryFillExpr>(&expr)) {
    if (!hasWindow(fill->memidx))
      return std::nullopt;
    const Type address = addressType(fill->memidx);
    return standIn(Opcode::MemoryFill, fill->memidx.index(), 0,
                   {address, Type::I32, address}, {}, [&](Code &code) {
                     checkRange(code, fill->memidx, 0, 2);
                     takeAll(code);
                     code.add<wabt::MemoryFillExpr>(fill->memidx);
                   });
  }
  if (auto *copy = wabt::dyn_cast<wabt::MemoryCopyExpr>(&expr)) {
    // Between memories of different index types the size's is the smaller.
    // Only 32-bit memories have windows.
    if (limitsOf(copy->srcmemidx).is_64 || limitsOf(copy->destmemidx).is_64 ||
        (!hasWindow(copy->srcmemidx) && !hasWindow(copy->destmemidx)))
      return std::nullopt;
    return standIn(
        Opcode::MemoryCopy, copy->destmemidx.index(), 0,
        {Type::I32, Type::I32, Type::I32}, {},
        [&](Code &code) {
          checkRange(code, copy->destmemidx, 0, 2);
          checkRange(code, copy->srcmemidx, 1, 2);
          takeAll(code);
          code.add<wabt::MemoryCopyExpr>(copy->srcmemidx, copy->destmemidx);
        },
        copy->srcmemidx.index());
  }
  if (auto *init = wabt::dyn_cast<wabt::MemoryInitExpr>(&expr)) {
    if (!hasWindow(init->memidx) || limitsOf(init->memidx).is_64)
      return std::nullopt;
    return standIn(
        Opcode::MemoryInit, init->memidx.index(), 0,
        {Type::I32, Type::I32, Type::I32}, {},
        [&](Code &code) {
          checkRange(code, init->memidx, 0, 2);
          takeAll(code);
          code.add<wabt::MemoryInitExpr>(init->var, init->memidx);
        },
        init->var.index());
  }
  return std::nullopt;
}

} // namespace twrun::rewrite
