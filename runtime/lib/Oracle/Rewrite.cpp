//===- Rewrite.cpp - what the interpreter lacks ---------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Works on WABT's IR. All variables there are indices: a module that was read
// from its binary form has no names. Expressions nest in lists of their own,
// which are visited from a worklist: a guest can nest deeper than our stack.
//
//===----------------------------------------------------------------------===//

#include "Rewrite.h"

#include "DeviceImports.h"
#include "lib/Quote.h"

#include <wabt/binary-reader-ir.h>
#include <wabt/binary-reader.h>
#include <wabt/binary-writer.h>
#include <wabt/cast.h>
#include <wabt/ir.h>
#include <wabt/stream.h>

#include <algorithm>
#include <map>
#include <tuple>

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

namespace {

/// Positions among the imports that are added.
enum Added : Index { FmaF32, FmaF64, EndlessWait, ExpectedShared, Unaligned };
constexpr const char *addedNames[rewriteImports] = {
    "fma_f32", "fma_f64", "endless_wait", "expected_shared",
    "unaligned_atomic"};

Var var(Index index) { return Var(index, wabt::Location()); }

/// Appends instructions to a list.
struct Code {
  ExprList &list;
  template <typename T, typename... Args> T &add(Args &&...args) {
    auto made = std::make_unique<T>(std::forward<Args>(args)...);
    T &result = *made;
    list.push_back(std::move(made));
    return result;
  }
  void get(Index local) { add<wabt::LocalGetExpr>(var(local)); }
  void i32(uint32_t value) {
    add<wabt::ConstExpr>(wabt::Const::I32(value, wabt::Location()));
  }
};

class Rewriter {
public:
  explicit Rewriter(wabt::Module &module)
      : module(module), oldImports(module.num_func_imports) {}

  void run() {
    addImports();
    const size_t functions = module.funcs.size();
    for (size_t i = module.num_func_imports; i < functions; ++i)
      visit(module.funcs[i]->exprs);
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
  }

private:
  void shift(Var &function) {
    if (function.index() >= oldImports)
      function.set_index(function.index() + rewriteImports);
  }

  Index typeIndex(const wabt::FuncSignature &sig) {
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

  void declare(wabt::Func &function, wabt::TypeVector params,
               wabt::TypeVector results) {
    function.decl.sig.param_types = std::move(params);
    function.decl.sig.result_types = std::move(results);
    function.decl.has_func_type = true;
    function.decl.type_var = var(typeIndex(function.decl.sig));
  }

  void addImports() {
    const wabt::TypeVector params[rewriteImports] = {
        {Type::F32, Type::F32, Type::F32},
        {Type::F64, Type::F64, Type::F64},
        {},
        {},
        {}};
    const wabt::TypeVector results[rewriteImports] = {
        {Type::F32}, {Type::F64}, {}, {}, {}};
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
  Var added(Added which) const { return var(oldImports + which); }

  /// The function that stands for an instruction, made when first asked for.
  template <typename Body>
  Index standIn(Opcode opcode, Index memory, wabt::Address offset,
                wabt::TypeVector params, wabt::TypeVector results,
                Body body) {
    auto [at, isNew] =
        made.try_emplace(std::tuple(Opcode::Enum(opcode), memory, offset), 0);
    if (!isNew)
      return at->second;
    auto field = std::make_unique<wabt::FuncModuleField>();
    declare(field->func, std::move(params), std::move(results));
    body(Code{field->func.exprs});
    module.AppendField(std::move(field));
    return at->second = Index(module.funcs.size() - 1);
  }

  /// a * b + c in each lane, rounded once; or -(a * b) + c, where negating a
  /// first comes to the same.
  Index madd(Opcode opcode) {
    const bool wide = opcode == Opcode::F64X2RelaxedMadd ||
                      opcode == Opcode::F64X2RelaxedNmadd;
    const bool negates = opcode == Opcode::F32X4RelaxedNmadd ||
                         opcode == Opcode::F64X2RelaxedNmadd;
    return standIn(
        opcode, 0, 0, {Type::V128, Type::V128, Type::V128}, {Type::V128},
        [&](Code code) {
          code.get(0); // lanes are replaced one by one
          for (uint64_t lane = 0; lane < (wide ? 2 : 4); ++lane) {
            for (Index operand : {0, 1, 2}) {
              code.get(operand);
              code.add<wabt::SimdLaneOpExpr>(wide ? Opcode::F64X2ExtractLane
                                                  : Opcode::F32X4ExtractLane,
                                             lane);
              if (operand == 0 && negates)
                code.add<wabt::UnaryExpr>(wide ? Opcode::F64Neg
                                               : Opcode::F32Neg);
            }
            code.add<wabt::CallExpr>(added(wide ? FmaF64 : FmaF32));
            code.add<wabt::SimdLaneOpExpr>(wide ? Opcode::F64X2ReplaceLane
                                                : Opcode::F32X4ReplaceLane,
                                           lane);
          }
        });
  }

  /// Relaxed SIMD: dot product to 16-bit lanes, pairs of those added to
  /// 32-bit lanes, and c.
  Index dotAdd(Opcode opcode) {
    return standIn(opcode, 0, 0, {Type::V128, Type::V128, Type::V128},
                   {Type::V128}, [&](Code code) {
                     code.get(0);
                     code.get(1);
                     code.add<wabt::BinaryExpr>(Opcode::I16X8DotI8X16I7X16S);
                     code.add<wabt::UnaryExpr>(
                         Opcode::I32X4ExtaddPairwiseI16X8S);
                     code.get(2);
                     code.add<wabt::BinaryExpr>(Opcode::I32X4Add);
                   });
  }

  const wabt::Limits &limitsOf(const Var &memory) const {
    return module.memories[memory.index()]->page_limits;
  }
  Type addressType(const Var &memory) const {
    return limitsOf(memory).is_64 ? Type::I64 : Type::I32;
  }

  /// Traps unless parameter 0 + offset is a multiple of `bytes`, which the
  /// threads proposal asks before it asks for the bounds, and WABT after that.
  /// What a sum wraps by is a multiple too.
  void checkAlignment(Code &code, const Var &memory, wabt::Address offset,
                      uint64_t bytes) {
    const bool wide = limitsOf(memory).is_64;
    auto constant = [&](uint64_t value) {
      code.add<wabt::ConstExpr>(
          wide ? wabt::Const::I64(value, wabt::Location())
               : wabt::Const::I32(uint32_t(value), wabt::Location()));
    };
    code.get(0);
    constant(offset);
    code.add<wabt::BinaryExpr>(wide ? Opcode::I64Add : Opcode::I32Add);
    constant(bytes - 1);
    code.add<wabt::BinaryExpr>(wide ? Opcode::I64And : Opcode::I32And);
    constant(0);
    code.add<wabt::CompareExpr>(wide ? Opcode::I64Ne : Opcode::I32Ne);
    Code traps{code.add<wabt::IfExpr>().true_.exprs};
    traps.add<wabt::CallExpr>(added(Unaligned));
  }

  /// A load, store or read-modify-write behind a check of its alignment.
  template <typename Access>
  std::optional<Index> aligned(const Expr &expr, Index operands) {
    const Access &access = *wabt::cast<Access>(&expr);
    const Opcode opcode = access.opcode;
    if (opcode.GetMemorySize() == 1)
      return std::nullopt;
    wabt::TypeVector params{addressType(access.memidx),
                            opcode.GetParamType2(), opcode.GetParamType3()};
    params.resize(operands);
    wabt::TypeVector results;
    if (opcode.GetResultType() != Type::Void)
      results.push_back(opcode.GetResultType());
    return standIn(opcode, access.memidx.index(), access.offset,
                   std::move(params), std::move(results), [&](Code code) {
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
  Index wait(const wabt::AtomicWaitExpr &expr) {
    const bool wide = expr.opcode == Opcode::MemoryAtomicWait64;
    return standIn(
        expr.opcode, expr.memidx.index(), expr.offset,
        {addressType(expr.memidx), wide ? Type::I64 : Type::I32, Type::I64},
        {Type::I32}, [&](Code code) {
          if (!limitsOf(expr.memidx).is_shared)
            code.add<wabt::CallExpr>(added(ExpectedShared));
          checkAlignment(code, expr.memidx, expr.offset, wide ? 8 : 4);
          code.get(0);
          code.add<wabt::AtomicLoadExpr>(
              wide ? Opcode::I64AtomicLoad : Opcode::I32AtomicLoad, expr.memidx,
              wide ? 8 : 4, expr.offset);
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

  Index notify(const wabt::AtomicNotifyExpr &expr) {
    return standIn(expr.opcode, expr.memidx.index(), expr.offset,
                   {addressType(expr.memidx), Type::I32}, {Type::I32},
                   [&](Code code) {
                     checkAlignment(code, expr.memidx, expr.offset, 4);
                     code.get(0);
                     code.add<wabt::AtomicLoadExpr>(
                         Opcode::I32AtomicLoad, expr.memidx, 4, expr.offset);
                     code.add<wabt::DropExpr>();
                     code.i32(0);
                   });
  }

  /// The stand-in for an expression, if it needs one.
  std::optional<Index> replacement(const Expr &expr) {
    switch (expr.type()) {
    case ExprType::Ternary:
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

  void visit(ExprList &root) {
    std::vector<ExprList *> work{&root};
    while (!work.empty()) {
      ExprList &list = *work.back();
      work.pop_back();
      for (auto at = list.begin(); at != list.end(); ++at) {
        Expr &expr = *at;
        switch (expr.type()) {
        case ExprType::Block:
          work.push_back(&wabt::cast<wabt::BlockExpr>(&expr)->block.exprs);
          continue;
        case ExprType::Loop:
          work.push_back(&wabt::cast<wabt::LoopExpr>(&expr)->block.exprs);
          continue;
        case ExprType::If:
          work.push_back(&wabt::cast<wabt::IfExpr>(&expr)->true_.exprs);
          work.push_back(&wabt::cast<wabt::IfExpr>(&expr)->false_);
          continue;
        case ExprType::Call:
          shift(wabt::cast<wabt::CallExpr>(&expr)->var);
          continue;
        case ExprType::ReturnCall:
          shift(wabt::cast<wabt::ReturnCallExpr>(&expr)->var);
          continue;
        case ExprType::RefFunc:
          shift(wabt::cast<wabt::RefFuncExpr>(&expr)->var);
          continue;
        case ExprType::AtomicFence: // threads take turns
          at = list.insert(at, std::make_unique<wabt::NopExpr>());
          list.erase(std::next(at));
          continue;
        default:
          break;
        }
        if (std::optional<Index> index = replacement(expr)) {
          at = list.insert(at, std::make_unique<wabt::CallExpr>(var(*index)));
          list.erase(std::next(at));
        }
      }
    }
  }

  wabt::Module &module;
  const Index oldImports;
  std::map<std::tuple<Opcode::Enum, Index, wabt::Address>, Index> made;
};

/// Whether the bytes could contain such an instruction; a wrong yes costs
/// time only. The opcodes are 0xfe 0x00 to 0x4e and 0xfd with 0x105 to 0x108
/// and 0x113 in LEB128, whose first byte is 0x85 to 0x88 or 0x93, or, written
/// longer than need be, 0x80 to 0xce behind 0xfe.
bool mayNeedRewriting(ByteView wasm) {
  for (size_t i = 0; i + 1 < wasm.size(); ++i) {
    const uint8_t next = wasm[i + 1], low = next & 0x7f;
    if (wasm[i] == 0xfe && low <= 0x4e)
      return true;
    if (wasm[i] == 0xfd && next & 0x80 &&
        ((low >= 5 && low <= 8) || low == 0x13))
      return true;
  }
  return false;
}

} // namespace

Expected<std::optional<Bytes>>
rewriteForInterpreter(ByteView wasm, const wabt::Features &features) {
  if (!mayNeedRewriting(wasm))
    return std::optional<Bytes>();
  wabt::ReadBinaryOptions options(features, nullptr, /*read_debug_names=*/false,
                                  /*stop_on_first_error=*/true,
                                  /*fail_on_custom_section_error=*/false);
  wabt::Errors errors;
  wabt::Module module;
  // What is malformed is for the interpreter's own reader to tell.
  if (wabt::Failed(wabt::ReadBinaryIr("module", wasm.data(), wasm.size(),
                                      options, &errors, &module)))
    return std::optional<Bytes>();
  Rewriter(module).run();
  wabt::MemoryStream stream;
  wabt::WriteBinaryOptions writeOptions;
  writeOptions.features = features;
  writeOptions.canonicalize_lebs = true;
  if (wabt::Failed(wabt::WriteBinaryModule(&stream, &module, writeOptions)))
    return makeError(ErrorKind::Incompatible,
                     "cannot rewrite the module for the interpreter");
  return std::optional<Bytes>(std::move(stream.output_buffer().data));
}

interp::HostFunc::Ptr makeRewriteImport(interp::Store &store,
                                        const std::string &name) {
  if (name == addedNames[FmaF32] || name == addedNames[FmaF64])
    return makeDeviceImport(store, name, ThreadPosition());
  const char *message = name == addedNames[EndlessWait] ? "endless wait"
                        : name == addedNames[ExpectedShared]
                            ? "expected shared memory"
                        : name == addedNames[Unaligned] ? "unaligned atomic"
                                                        : nullptr;
  if (!message)
    return {};
  return interp::HostFunc::New(
      store, interp::FuncType({}, {}),
      [message](interp::Thread &running, const interp::Values &,
                interp::Values &, interp::Trap::Ptr *trap) {
        *trap = interp::Trap::New(running.store(), message);
        return wabt::Result::Error;
      });
}

} // namespace twrun
