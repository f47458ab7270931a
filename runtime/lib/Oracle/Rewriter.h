//===- Rewriter.h - how a module is rewritten -------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Private to Rewrite*.cpp. Works on WABT's IR. All variables there are indices:
// a module that was read from its binary form has no names. Expressions nest in
// lists of their own, which are visited from a worklist: a guest can nest
// deeper than our stack.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_ORACLE_REWRITER_H
#define TWRUN_LIB_ORACLE_REWRITER_H

#include "Rewrite.h"

#include <wabt/cast.h>
#include <wabt/ir.h>

#include <map>
#include <tuple>

namespace twrun::rewrite {

/// Positions among the imports that are added.
enum Added : wabt::Index {
  FmaF32,
  FmaF64,
  EndlessWait,
  ExpectedShared,
  Unaligned,
  CheckWindow
};

inline wabt::Var var(wabt::Index index) {
  return wabt::Var(index, wabt::Location());
}

/// Appends instructions to a list, or inserts them before a place in it.
struct Code {
  wabt::ExprList &list;
  wabt::ExprList::iterator at;

  explicit Code(wabt::ExprList &list) : list(list), at(list.end()) {}
  Code(wabt::ExprList &list, wabt::ExprList::iterator at)
      : list(list), at(at) {}

  template <typename T, typename... Args> T &add(Args &&...args) {
    auto made = std::make_unique<T>(std::forward<Args>(args)...);
    T &result = *made;
    list.insert(at, std::move(made));
    return result;
  }
  void get(wabt::Index local) { add<wabt::LocalGetExpr>(var(local)); }
  void i32(uint32_t value) {
    add<wabt::ConstExpr>(wabt::Const::I32(value, wabt::Location()));
  }
  void i64(uint64_t value) {
    add<wabt::ConstExpr>(wabt::Const::I64(value, wabt::Location()));
  }
  /// Of an address's type.
  void address(bool wide, uint64_t value) {
    wide ? i64(value) : i32(uint32_t(value));
  }
};

class Rewriter {
public:
  Rewriter(wabt::Module &module, const std::vector<uint32_t> &windowMemories)
      : module(module), windowMemories(windowMemories),
        oldImports(module.num_func_imports) {}

  void run();
  /// How many tables were added, behind the module's own.
  uint32_t addedTables() const { return tailCallTable ? 1 : 0; }

private:
  using Index = wabt::Index;
  using Place = wabt::ExprList::iterator;

  // Rewrite.cpp: the walk, and what is added.
  void shift(wabt::Var &function);
  Index typeIndex(const wabt::FuncSignature &sig);
  void declare(wabt::Func &function, wabt::TypeVector params,
               wabt::TypeVector results);
  void addImports();
  wabt::Var added(Added which) const { return var(oldImports + which); }
  void visit(wabt::ExprList &root);
  Place visitOne(wabt::ExprList &list, Place at);
  std::optional<Index> replacement(const wabt::Expr &expr);
  const wabt::Limits &limitsOf(const wabt::Var &memory) const {
    return module.memories[memory.index()]->page_limits;
  }
  wabt::Type addressType(const wabt::Var &memory) const {
    return limitsOf(memory).is_64 ? wabt::Type::I64 : wabt::Type::I32;
  }

  /// The function that stands for an instruction, made when first asked for.
  /// `second` tells instructions apart that opcode, memory and offset do not.
  template <typename Body>
  Index standIn(wabt::Opcode opcode, Index memory, wabt::Address offset,
                wabt::TypeVector params, wabt::TypeVector results, Body body,
                Index second = 0) {
    auto [at, isNew] = made.try_emplace(
        std::tuple(wabt::Opcode::Enum(opcode), memory, offset, second), 0);
    if (!isNew)
      return at->second;
    auto field = std::make_unique<wabt::FuncModuleField>();
    declare(field->func, std::move(params), std::move(results));
    Code code{field->func.exprs};
    body(code);
    module.AppendField(std::move(field));
    return at->second = Index(module.funcs.size() - 1);
  }

  // RewriteSimd.cpp
  Index madd(wabt::Opcode opcode);
  Index dotAdd(wabt::Opcode opcode);

  // RewriteAtomics.cpp
  void checkAlignment(Code &code, const wabt::Var &memory, wabt::Address offset,
                      uint64_t bytes);
  template <typename Access>
  std::optional<Index> aligned(const wabt::Expr &expr, Index operands);
  std::optional<Index> atomic(const wabt::Expr &expr);
  Index wait(const wabt::AtomicWaitExpr &expr);
  Index notify(const wabt::AtomicNotifyExpr &expr);

  // RewriteWindow.cpp
  bool hasWindow(const wabt::Var &memory) const;
  void checkAccess(wabt::ExprList &list, Place at);
  void checkRange(Code &code, const wabt::Var &memory, Index address,
                  Index size);
  std::optional<Index> bulk(const wabt::Expr &expr);
  Index scratch(wabt::Type type, bool isValue);

  // RewriteTailCalls.cpp
  Place tailCall(wabt::ExprList &list, Place at);
  void finishTailCalls();

  wabt::Module &module;
  const std::vector<uint32_t> &windowMemories;
  const Index oldImports;
  std::map<std::tuple<wabt::Opcode::Enum, Index, wabt::Address, Index>, Index>
      made;
  wabt::Func *current = nullptr; // whose body is visited
  Index currentIndex = 0;        // its index
  std::map<std::pair<wabt::Type::Enum, bool>, Index>
      scratchLocals; // of `current`
  std::optional<Index> tailCallTable;
  std::vector<Index> tailCallees; // by position in that table
  std::map<Index, uint32_t> tailPositions;
};

/// Whether the module has anything that run() would change.
bool needsRewriting(ptxbin::ByteView wasm, const wabt::Features &features,
                    const std::vector<uint32_t> &windowMemories);

} // namespace twrun::rewrite

#endif // TWRUN_LIB_ORACLE_REWRITER_H
