//===- OracleExecutor.h - WABT's interpreter as an Executor -----*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The class behind createOracle. The command line uses it directly, because
// it can tell which threads of the last launch trapped (see Traps.h).
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_ORACLE_ORACLEEXECUTOR_H
#define TWRUN_LIB_ORACLE_ORACLEEXECUTOR_H

#include "DeviceImports.h"
#include "References.h"
#include "Traps.h"

#include "twrun/Oracle.h"

#include <wabt/interp/interp.h>

namespace twrun {

class OracleExecutor final : public Executor {
public:
  /// Instantiates a module. `wasm` need not outlive the call.
  static Expected<std::unique_ptr<OracleExecutor>>
  create(ptxbin::ByteView wasm, OracleProgress progress = {});

  /// Instantiates the modules of `artifact`, which must outlive the result,
  /// or, if `stepwise`, leaves that to instantiateNext().
  static Expected<std::unique_ptr<OracleExecutor>>
  create(const ptxbin::PtxBin &artifact, OracleProgress progress = {},
         bool stepwise = false);

  std::string describe() const override;
  Expected<void> instantiateNext() override;
  std::span<uint8_t> memory(uint32_t index = 0) override;
  Expected<void> grow(uint64_t pages, uint32_t index = 0) override;
  Value global(uint32_t index) const override;
  std::vector<uint64_t> table(uint32_t index) const override;
  Expected<Outcome> invoke(const ptxbin::KernelInfo &kernel,
                           std::span<const Value> arguments) override;
  Expected<Outcome> launch(const ptxbin::KernelInfo &kernel, Dim3 grid,
                           Dim3 block,
                           std::span<const Value> arguments) override;

  /// The lowest number of the function that `bits` refers to: an imported one
  /// has another in each module that imports it.
  uint64_t canonicalReference(ValueType type, uint64_t bits) const {
    return references.canonical(type, bits);
  }

  /// The code with which that thread of the last invoke or launch trapped,
  /// None if it did not.
  abi::TrapCode trapOf(Dim3 block, Dim3 thread) const;
  const TrapLog &traps() const { return trapLog; }

private:
  /// One module of the artifact, and what became of it. Its parts are null
  /// where it was not instantiated.
  struct Linked {
    ptxbin::ModuleInfo info;
    size_t firstFunction = 0; // its number in the artifact
    wabt::interp::Module::Ptr module;
    wabt::interp::Instance::Ptr instance;
    uint32_t addedImports = 0;   // by Rewrite.h
    bool countFunctions = false; // nobody told info.functions
  };

  OracleExecutor() : references(store) {}
  Expected<void> start(ptxbin::Bytes wasm,
                       std::vector<ptxbin::ModuleInfo> modules, bool stepwise);
  Expected<void> load(Linked &next);
  Expected<void> instantiate(Linked &next);
  static wabt::interp::RefVec
  numberedFunctions(const Linked &of, const wabt::interp::RefVec &all);
  void addState(const Linked &of);
  void findFailed(const Linked &of);
  Expected<wabt::interp::Ref> provideImport(const wabt::interp::ImportType &);
  wabt::interp::Ref findLinked(const wabt::interp::ImportType &) const;
  Expected<wabt::interp::Func::Ptr>
  findExport(const ptxbin::KernelInfo &kernel) const;
  Expected<std::optional<abi::TrapCode>>
  runThread(wabt::interp::Func &function);
  Expected<Outcome> launchThreads(const ptxbin::KernelInfo &kernel, Dim3 grid,
                                  Dim3 block, std::span<const Value> arguments,
                                  const ptxbin::StackWindow *window);
  Expected<void> checkWindow(const ptxbin::StackWindow &window) const;
  void resetStack(const ptxbin::StackWindow &window);
  Trap currentTrap(abi::TrapCode code) const;
  void freshThread();

  // Declaration order matters: everything below refers to the store.
  mutable wabt::interp::Store store;
  mutable References references; // hands out numbers; caches external ones
  ptxbin::Bytes wasm;            // the modules, one after another
  std::vector<Linked> linked;    // as far as it was tried
  std::vector<ptxbin::ModuleInfo> waiting; // the others, the next one last
  /// By the artifact's positions; null where a module was not instantiated.
  std::vector<wabt::interp::Memory::Ptr> memories;
  std::vector<wabt::interp::Table::Ptr> tables;
  std::vector<wabt::interp::Global::Ptr> globals;
  std::unique_ptr<wabt::interp::Thread> thread;

  OracleProgress progress;
  ThreadPosition position;
  std::string missingImport;    // set when one was called
  size_t frameLimit = SIZE_MAX; // of the module with the largest frames
  bool countFunctions = false;
  wabt::interp::Values parameters, results; // of the running call
  uint64_t trapsSinceCollect = 0;
  TrapLog trapLog;
  Dim3 lastGrid, lastBlock;
};

} // namespace twrun

#endif // TWRUN_LIB_ORACLE_ORACLEEXECUTOR_H
