//===- RewriteTailCalls.cpp - tail calls that the interpreter gets wrong --===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// WABT 1.0.32 runs return_call as a jump into the callee's code, and jumps
// astray where the callee stands behind the caller in a module with imports.
// Its return_call_indirect is right: each return_call of another function
// becomes one, through a table that is added. A host function needs no stack
// that a tail call could save: there it becomes a call and a return.
//
//===----------------------------------------------------------------------===//

#include "Rewriter.h"

using wabt::ExprList;
using wabt::Index;
using wabt::Type;

namespace twrun::rewrite {

/// `at` is a return_call whose index is shifted already. Returns the last of
/// what replaces it.
Rewriter::Place Rewriter::tailCall(ExprList &list, Place at) {
  const Index callee = wabt::cast<wabt::ReturnCallExpr>(&*at)->var.index();
  if (callee == currentIndex)
    return at;
  Code code{list, at};
  bool isHost = false;
  if (callee < oldImports) {
    Index function = 0;
    for (const wabt::Import *import : module.imports)
      if (import->kind() == wabt::ExternalKind::Func && function++ == callee)
        isHost = import->module_name == "tw";
  }
  if (isHost) {
    code.add<wabt::CallExpr>(var(callee));
    code.add<wabt::ReturnExpr>();
  } else {
    if (!tailCallTable)
      tailCallTable = Index(module.tables.size());
    auto [position, isNew] =
        tailPositions.try_emplace(callee, uint32_t(tailCallees.size()));
    if (isNew)
      tailCallees.push_back(callee);
    code.i32(position->second);
    auto &call = code.add<wabt::ReturnCallIndirectExpr>();
    call.decl.has_func_type = true;
    call.decl.sig = module.funcs[callee]->decl.sig;
    call.decl.type_var = var(typeIndex(call.decl.sig));
    call.table = var(*tailCallTable);
  }
  Place last = std::prev(at);
  list.erase(at);
  return last;
}

/// Adds the table and the segment that fills it.
void Rewriter::finishTailCalls() {
  if (!tailCallTable)
    return;
  auto table = std::make_unique<wabt::TableModuleField>();
  table->table.elem_type = Type::FuncRef;
  table->table.elem_limits =
      wabt::Limits(tailCallees.size(), tailCallees.size());
  module.AppendField(std::move(table));
  auto elements = std::make_unique<wabt::ElemSegmentModuleField>();
  wabt::ElemSegment &segment = elements->elem_segment;
  segment.kind = wabt::SegmentKind::Active;
  segment.table_var = var(*tailCallTable);
  segment.elem_type = Type::FuncRef;
  Code{segment.offset}.i32(0);
  for (Index callee : tailCallees) {
    ExprList element;
    Code{element}.add<wabt::RefFuncExpr>(var(callee));
    segment.elem_exprs.push_back(std::move(element));
  }
  module.AppendField(std::move(elements));
}

} // namespace twrun::rewrite
