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
                           Dim3 block, std::span<const Value> arguments,
                           const LaunchOptions &options = {}) override;

  /// The lowest number of the function that `bits` refers to: an imported one
  /// has another in each module that imports it.
  uint64_t canonicalReference(ValueType type, uint64_t bits) const {
    return references.canonical(type, bits);
  }

  /// The code with which that thread of the last invoke or launch trapped,
  /// None if it did not.
  abi::TrapCode trapOf(Dim3 block, Dim3 thread) const;
  const TrapLog &traps() const { return trapLog; }

  /// From now on grids run only the blocks of these linear indices, which
  /// ascend; of none, all.
  void chooseBlocks(std::vector<uint64_t> blocks) {
    chosenBlocks = std::move(blocks);
  }

  /// How many calls of tw.printf a call or launch keeps (InstanceOptions).
  void keepPrints(uint64_t records) { printCapacity = records; }

private:
  /// One module of the artifact, and what became of it. Its parts are null
  /// where it was not instantiated.
  struct Linked {
    ptxbin::ModuleInfo info;
    size_t firstFunction = 0; // its number in the artifact
    wabt::interp::Module::Ptr module;
    wabt::interp::Instance::Ptr instance;
    uint32_t addedImports = 0;   // by Rewrite.h
    uint32_t addedTables = 0;    // likewise
    bool countFunctions = false; // nobody told info.functions
  };

  OracleExecutor();
  Expected<void> start(ptxbin::Bytes wasm,
                       std::vector<ptxbin::ModuleInfo> modules, bool stepwise);
  Expected<void> load(Linked &next);
  Expected<void> instantiate(Linked &next);
  static wabt::interp::RefVec
  numberedFunctions(const Linked &of, const wabt::interp::RefVec &all);
  std::vector<uint32_t> windowMemories(const Linked &of,
                                       bool importsShared) const;
  void addState(const Linked &of);
  void findFailed(const Linked &of);
  Expected<wabt::interp::Ref> provideImport(const wabt::interp::ImportType &);
  wabt::interp::Ref findLinked(const wabt::interp::ImportType &) const;
  Expected<wabt::interp::Func::Ptr>
  findExport(const ptxbin::KernelInfo &kernel) const;

  // OracleLaunch.cpp
  struct Running;
  /// How a thread ended: without a word, by a trap, or because the interpreter
  /// cannot run it. `message` is of an Aborted one (TrapRecord).
  struct ThreadEnd {
    abi::TrapCode trap = abi::TrapCode::None;
    uint32_t message = 0, memory = 0;
    std::optional<Error> error;
  };
  std::unique_ptr<wabt::interp::Thread> makeThread(size_t deepest);
  ThreadEnd runThread(wabt::interp::Func &function,
                      std::unique_ptr<wabt::interp::Thread> &thread,
                      wabt::interp::Values &results,
                      size_t deepest = SIZE_MAX);
  void note(Running &run, const ThreadEnd &end, uint64_t thread);
  void runPlain(Running &run);
  Expected<void> runCooperative(Running &run);
  Expected<void> runBlocks(Running &run, bool cooperative);
  CollectiveResult collectAlone(const abi::Collective &call);
  void tellProgress(Running &run, uint64_t done);
  Expected<void> openWindows(Running &run, uint64_t sharedBytes);
  Expected<Outcome> launchThreads(const ptxbin::KernelInfo &kernel, Dim3 grid,
                                  Dim3 block, std::span<const Value> arguments,
                                  std::optional<uint64_t> sharedBytes);
  void finishOutput(Outcome &outcome, const ThreadEnd &trapped);

  // Declaration order matters: everything below refers to the store.
  mutable wabt::interp::Store store;
  mutable References references; // hands out numbers; caches external ones
  const ptxbin::Manifest *manifest = nullptr; // null: a bare module
  ptxbin::Bytes wasm;                         // the modules, one after another
  std::vector<Linked> linked;                 // as far as it was tried
  std::vector<ptxbin::ModuleInfo> waiting;    // the others, the next one last
  /// By the artifact's positions; null where a module was not instantiated.
  std::vector<wabt::interp::Memory::Ptr> memories;
  std::vector<wabt::interp::Table::Ptr> tables;
  std::vector<wabt::interp::Global::Ptr> globals;
  std::unique_ptr<wabt::interp::Thread> thread;
  std::vector<std::unique_ptr<wabt::interp::Thread>> fibers; // of a block

  OracleProgress progress;
  DeviceContext device;
  /// The interpreter's own loop needs little of a stack, however deep the
  /// guest's calls: they are in its vectors.
  StackPool stackPool{256 * 1024};
  Block engine{stackPool};
  std::vector<uint64_t> chosenBlocks;
  uint64_t printCapacity = InstanceOptions().printRecords;
  std::vector<abi::PrintRecord> prints; // of the running call, as far as kept
  uint64_t printCalls = 0;
  std::string refusal; // set by a host function that cannot do its work
  size_t frameLimit = SIZE_MAX; // of the module with the largest frames
  bool countFunctions = false;
  wabt::interp::Values parameters, results; // of the running call
  uint64_t trapsSinceCollect = 0;
  TrapLog trapLog;
  Dim3 lastGrid, lastBlock;
};

} // namespace twrun

#endif // TWRUN_LIB_ORACLE_ORACLEEXECUTOR_H
