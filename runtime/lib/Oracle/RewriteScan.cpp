//===- RewriteScan.cpp - whether a module needs rewriting -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
#include "Rewriter.h"

#include <wabt/binary-reader-nop.h>
#include <wabt/binary-reader.h>

#include <algorithm>

using wabt::Address;
using wabt::Index;
using wabt::Opcode;
using wabt::Result;

namespace twrun {

namespace rewrite {

namespace {

/// Reads the module and notes whether one of its instructions is rewritten.
class Scanner final : public wabt::BinaryReaderNop {
public:
  explicit Scanner(const std::vector<uint32_t> &windowMemories)
      : windowMemories(windowMemories) {}
  bool found = false;

  // What is malformed is for the interpreter's own reader to tell.
  bool OnError(const wabt::Error &) override { return true; }

  Result BeginFunctionBody(Index func, wabt::Offset) override {
    current = func;
    return Result::Ok;
  }
  Result OnReturnCallExpr(Index callee) override {
    return note(callee != current);
  }
  Result OnTernaryExpr(Opcode opcode) override {
    return note(opcode == Opcode::F32X4RelaxedMadd ||
                opcode == Opcode::F32X4RelaxedNmadd ||
                opcode == Opcode::F64X2RelaxedMadd ||
                opcode == Opcode::F64X2RelaxedNmadd ||
                opcode == Opcode::I32X4DotI8X16I7X16AddS);
  }
  Result OnAtomicLoadExpr(Opcode opcode, Index, Address, Address) override {
    return note(opcode.GetMemorySize() > 1);
  }
  Result OnAtomicStoreExpr(Opcode opcode, Index, Address, Address) override {
    return note(opcode.GetMemorySize() > 1);
  }
  Result OnAtomicRmwExpr(Opcode opcode, Index, Address, Address) override {
    return note(opcode.GetMemorySize() > 1);
  }
  Result OnAtomicRmwCmpxchgExpr(Opcode opcode, Index, Address,
                                Address) override {
    return note(opcode.GetMemorySize() > 1);
  }
  Result OnAtomicWaitExpr(Opcode, Index, Address, Address) override {
    return note(true);
  }
  Result OnAtomicNotifyExpr(Opcode, Index, Address, Address) override {
    return note(true);
  }
  Result OnAtomicFenceExpr(uint32_t) override { return note(true); }

  // Accesses to memory that can have a window.
  Result OnLoadExpr(Opcode, Index memory, Address, Address) override {
    return noteAccess(memory);
  }
  Result OnStoreExpr(Opcode, Index memory, Address, Address) override {
    return noteAccess(memory);
  }
  Result OnLoadSplatExpr(Opcode, Index memory, Address, Address) override {
    return noteAccess(memory);
  }
  Result OnLoadZeroExpr(Opcode, Index memory, Address, Address) override {
    return noteAccess(memory);
  }
  Result OnSimdLoadLaneExpr(Opcode, Index memory, Address, Address,
                            uint64_t) override {
    return noteAccess(memory);
  }
  Result OnSimdStoreLaneExpr(Opcode, Index memory, Address, Address,
                             uint64_t) override {
    return noteAccess(memory);
  }
  Result OnMemoryFillExpr(Index memory) override { return noteAccess(memory); }
  Result OnMemoryCopyExpr(Index from, Index to) override {
    noteAccess(from);
    return noteAccess(to);
  }
  Result OnMemoryInitExpr(Index, Index memory) override {
    return noteAccess(memory);
  }

private:
  Result note(bool is) {
    found |= is;
    return Result::Ok;
  }
  Result noteAccess(Index memory) {
    return note(std::find(windowMemories.begin(), windowMemories.end(),
                          memory) != windowMemories.end());
  }

  const std::vector<uint32_t> &windowMemories;
  Index current = wabt::kInvalidIndex;
};

/// Reads the module and notes its traits.
class TraitScanner final : public wabt::BinaryReaderNop {
public:
  ModuleTraits traits;

  bool OnError(const wabt::Error &) override { return true; }
  Result OnImportFunc(Index, std::string_view module, std::string_view field,
                      Index, Index) override {
    traits.importsShared |=
        module == "tw" &&
        (field == "shared" || field == "shared_base" || field == "shared_size");
    return Result::Ok;
  }
  Result OnMemoryGrowExpr(Index) override {
    traits.growsMemory = true;
    return Result::Ok;
  }
};

bool read(ptxbin::ByteView wasm, const wabt::Features &features,
          wabt::BinaryReaderDelegate &scanner) {
  wabt::ReadBinaryOptions options(features, nullptr, /*read_debug_names=*/false,
                                  /*stop_on_first_error=*/true,
                                  /*fail_on_custom_section_error=*/false);
  return wabt::Succeeded(
      wabt::ReadBinary(wasm.data(), wasm.size(), &scanner, options));
}

} // namespace

bool needsRewriting(ptxbin::ByteView wasm, const wabt::Features &features,
                    const std::vector<uint32_t> &windowMemories) {
  Scanner scanner(windowMemories);
  return read(wasm, features, scanner) && scanner.found;
}

} // namespace rewrite

ModuleTraits scanForTraits(ptxbin::ByteView wasm,
                           const wabt::Features &features) {
  rewrite::TraitScanner scanner;
  return rewrite::read(wasm, features, scanner) ? scanner.traits
                                                : ModuleTraits();
}

} // namespace twrun
