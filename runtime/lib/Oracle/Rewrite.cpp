//===- Rewrite.cpp - what the interpreter lacks ---------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The walk over a module, the imports that are added, and the way in and out.
// What becomes of each instruction is in the other Rewrite*.cpp.
//
//===----------------------------------------------------------------------===//

#include "Rewriter.h"

#include "DeviceImports.h"
#include "lib/Quote.h"

#include <wabt/binary-reader-ir.h>
#include <wabt/binary-reader.h>
#include <wabt/binary-writer.h>
#include <wabt/stream.h>

namespace interp = wabt::interp;
using wabt::Expr;
using wabt::ExprList;
using wabt::ExprType;
using wabt::Index;
using wabt::Opcode;
using wabt::Type;
using wabt::Var;

namespace twrun {

using namespace ptxbin;

namespace rewrite {

namespace {

constexpr const char *addedNames[rewriteImports] = {
    "fma_f32",         "fma_f64",          "endless_wait",
    "expected_shared", "unaligned_atomic", "check_window"};

} // namespace

void Rewriter::run() {
  addImports();
  const size_t functions = module.funcs.size();
  for (size_t i = module.num_func_imports; i < functions; ++i) {
    current = module.funcs[i];
    currentIndex = Index(i);
    scratchLocals.clear();
    visit(current->exprs);
  }
  current = nullptr;
  for (wabt::Global *global : module.globals)
    visit(global->init_expr);
  for (wabt::ElemSegment *segment : module.elem_segments)
    for (ExprList &element : segment->elem_exprs)
      visit(element);
  for (wabt::Export *e : module.exports)
    if (e->kind == wabt::ExternalKind::Func)
      shift(e->var);
  for (Var *start : module.starts)
    shift(*start);
  finishTailCalls();
}

void Rewriter::shift(Var &function) {
  if (function.index() >= oldImports)
    function.set_index(function.index() + rewriteImports);
}

Index Rewriter::typeIndex(const wabt::FuncSignature &sig) {
  for (size_t i = 0; i < module.types.size(); ++i)
    if (auto *type = wabt::dyn_cast<wabt::FuncType>(module.types[i]))
      if (type->sig == sig)
        return Index(i);
  auto type = std::make_unique<wabt::FuncType>();
  type->sig = sig;
  auto field = std::make_unique<wabt::TypeModuleField>();
  field->type = std::move(type);
  module.AppendField(std::move(field));
  return Index(module.types.size() - 1);
}

void Rewriter::declare(wabt::Func &function, wabt::TypeVector params,
                       wabt::TypeVector results) {
  function.decl.sig.param_types = std::move(params);
  function.decl.sig.result_types = std::move(results);
  function.decl.has_func_type = true;
  function.decl.type_var = var(typeIndex(function.decl.sig));
}

void Rewriter::addImports() {
  const wabt::TypeVector params[rewriteImports] = {
      {Type::F32, Type::F32, Type::F32},
      {Type::F64, Type::F64, Type::F64},
      {},
      {},
      {},
      {Type::I64, Type::I64, Type::I64, Type::I32}};
  const wabt::TypeVector results[rewriteImports] = {
      {Type::F32}, {Type::F64}, {}, {}, {}, {}};
  for (Index i = 0; i < rewriteImports; ++i) {
    auto import = std::make_unique<wabt::FuncImport>();
    import->module_name = rewriteModule;
    import->field_name = addedNames[i];
    declare(import->func, params[i], results[i]);
    module.AppendField(
        std::make_unique<wabt::ImportModuleField>(std::move(import)));
    // WABT puts it behind the functions that the module defines.
    wabt::Func *function = module.funcs.back();
    module.funcs.pop_back();
    module.funcs.insert(module.funcs.begin() + oldImports + i, function);
  }
}

/// The stand-in for an expression, if it needs one.
std::optional<Index> Rewriter::replacement(const Expr &expr) {
  if (expr.type() != ExprType::Ternary) {
    if (auto index = atomic(expr))
      return index;
    return bulk(expr);
  }
  switch (auto opcode = wabt::cast<wabt::TernaryExpr>(&expr)->opcode) {
  case Opcode::F32X4RelaxedMadd:
  case Opcode::F32X4RelaxedNmadd:
  case Opcode::F64X2RelaxedMadd:
  case Opcode::F64X2RelaxedNmadd:
    return madd(opcode);
  case Opcode::I32X4DotI8X16I7X16AddS:
    return dotAdd(opcode);
  default:
    return std::nullopt;
  }
}

/// Rewrites one expression that holds no others; returns the last of what
/// stands in its place.
Rewriter::Place Rewriter::visitOne(ExprList &list, Place at) {
  Expr &expr = *at;
  switch (expr.type()) {
  case ExprType::Call:
    shift(wabt::cast<wabt::CallExpr>(&expr)->var);
    return at;
  case ExprType::ReturnCall:
    shift(wabt::cast<wabt::ReturnCallExpr>(&expr)->var);
    return tailCall(list, at);
  case ExprType::RefFunc:
    shift(wabt::cast<wabt::RefFuncExpr>(&expr)->var);
    return at;
  case ExprType::AtomicFence: // threads take turns
    at = list.insert(at, std::make_unique<wabt::NopExpr>());
    list.erase(std::next(at));
    return at;
  default:
    break;
  }
  checkAccess(list, at);
  if (std::optional<Index> index = replacement(expr)) {
    at = list.insert(at, std::make_unique<wabt::CallExpr>(var(*index)));
    list.erase(std::next(at));
  }
  return at;
}

void Rewriter::visit(ExprList &root) {
  std::vector<ExprList *> work{&root};
  while (!work.empty()) {
    ExprList &list = *work.back();
    work.pop_back();
    for (auto at = list.begin(); at != list.end(); ++at) {
      Expr &expr = *at;
      switch (expr.type()) {
      case ExprType::Block:
        work.push_back(&wabt::cast<wabt::BlockExpr>(&expr)->block.exprs);
        break;
      case ExprType::Loop:
        work.push_back(&wabt::cast<wabt::LoopExpr>(&expr)->block.exprs);
        break;
      case ExprType::If:
        work.push_back(&wabt::cast<wabt::IfExpr>(&expr)->true_.exprs);
        work.push_back(&wabt::cast<wabt::IfExpr>(&expr)->false_);
        break;
      default:
        at = visitOne(list, at);
      }
    }
  }
}

} // namespace rewrite

Expected<std::optional<RewrittenModule>>
rewriteForInterpreter(ByteView wasm, const wabt::Features &features,
                      const std::vector<uint32_t> &windowMemories) {
  if (!rewrite::needsRewriting(wasm, features, windowMemories))
    return std::optional<RewrittenModule>();
  wabt::ReadBinaryOptions options(features, nullptr, /*read_debug_names=*/false,
                                  /*stop_on_first_error=*/true,
                                  /*fail_on_custom_section_error=*/false);
  wabt::Errors errors;
  wabt::Module module;
  // What is malformed is for the interpreter's own reader to tell.
  if (wabt::Failed(wabt::ReadBinaryIr("module", wasm.data(), wasm.size(),
                                      options, &errors, &module)))
    return std::optional<RewrittenModule>();
  rewrite::Rewriter rewriter(module, windowMemories);
  rewriter.run();
  wabt::MemoryStream stream;
  wabt::WriteBinaryOptions writeOptions;
  writeOptions.features = features;
  writeOptions.canonicalize_lebs = true;
  if (wabt::Failed(wabt::WriteBinaryModule(&stream, &module, writeOptions)))
    return makeError(ErrorKind::Incompatible,
                     "cannot rewrite the module for the interpreter");
  return std::optional<RewrittenModule>(
      {std::move(stream.output_buffer().data), rewriter.addedTables()});
}

interp::HostFunc::Ptr makeRewriteImport(interp::Store &store,
                                        const std::string &name,
                                        DeviceContext &device) {
  using namespace rewrite;
  if (name == addedNames[FmaF32] || name == addedNames[FmaF64])
    return makeDeviceImport(store, name, device);
  if (name == addedNames[CheckWindow])
    return makeWindowCheck(store, device);
  std::optional<abi::TrapCode> code;
  if (name == addedNames[EndlessWait])
    code = abi::TrapCode::EndlessWait;
  else if (name == addedNames[ExpectedShared])
    code = abi::TrapCode::ExpectedSharedMemory;
  else if (name == addedNames[Unaligned])
    code = abi::TrapCode::UnalignedAtomic;
  if (!code)
    return {};
  return interp::HostFunc::New(
      store, interp::FuncType({}, {}),
      [code](interp::Thread &running, const interp::Values &, interp::Values &,
             interp::Trap::Ptr *trap) { return raise(running, *code, trap); });
}

} // namespace twrun
