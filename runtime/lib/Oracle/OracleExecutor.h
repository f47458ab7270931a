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
#include "Traps.h"

#include "twrun/Oracle.h"

#include <wabt/interp/interp.h>

namespace twrun {

class OracleExecutor final : public Executor {
public:
  /// Instantiates a module. `wasm` need not outlive the call.
  static Expected<std::unique_ptr<OracleExecutor>>
  create(ptxbin::ByteView wasm, OracleProgress progress = {});

  /// Instantiates the WASM section of `artifact`.
  static Expected<std::unique_ptr<OracleExecutor>>
  create(const ptxbin::PtxBin &artifact, OracleProgress progress = {});

  std::string describe() const override;
  std::span<uint8_t> memory() override;
  Expected<void> grow(uint64_t pages) override;
  uint64_t global(uint32_t index) const override;
  Expected<Outcome> invoke(const ptxbin::KernelInfo &kernel,
                           std::span<const Value> arguments) override;
  Expected<Outcome> launch(const ptxbin::KernelInfo &kernel, Dim3 grid,
                           Dim3 block,
                           std::span<const Value> arguments) override;

  /// The code with which that thread of the last invoke or launch trapped,
  /// None if it did not.
  abi::TrapCode trapOf(Dim3 block, Dim3 thread) const;
  const TrapLog &traps() const { return trapLog; }

private:
  OracleExecutor() = default;
  Expected<void> instantiate(ptxbin::ByteView wasm);
  Expected<wabt::interp::Ref> provideImport(const wabt::interp::ImportType &);
  Expected<wabt::interp::Func::Ptr>
  findExport(const ptxbin::KernelInfo &kernel) const;
  Expected<std::optional<abi::TrapCode>>
  runThread(wabt::interp::Func &function);
  Expected<Outcome> launchThreads(const ptxbin::KernelInfo &kernel, Dim3 grid,
                                  Dim3 block, std::span<const Value> arguments);
  Trap currentTrap(abi::TrapCode code) const;
  void freshThread();

  // Declaration order matters: everything below refers to the store.
  wabt::interp::Store store;
  wabt::interp::Module::Ptr module;
  wabt::interp::Instance::Ptr instance;
  wabt::interp::Memory::Ptr linearMemory; // empty: the module has none
  std::unique_ptr<wabt::interp::Thread> thread;

  OracleProgress progress;
  ThreadPosition position;
  std::string missingImport; // set when one was called
  size_t frameLimit = 0;
  wabt::interp::Values parameters, results; // of the running call
  uint64_t trapsSinceCollect = 0;
  TrapLog trapLog;
  Dim3 lastGrid, lastBlock;
};

} // namespace twrun

#endif // TWRUN_LIB_ORACLE_ORACLEEXECUTOR_H
