//===- Compile.h - from bytes to any phase ----------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The stages of compilation behind one enum. Tools use this and nothing else
// of the compiler.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_PIPELINES_COMPILE_H
#define TWC_PIPELINES_COMPILE_H

#include "twc/Pipelines/Remarks.h"
#include "twc/Target/PTX.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/Error.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mlir {
class DialectRegistry;
class OpPassManager;
} // namespace mlir

namespace twc {

/// Where compilation stops.
enum class Phase { TWasm, Std, LLVMDialect, LLVM, PTX, Cubin, Host, PtxBin };

/// "twasm", "std", … as --emit takes them.
std::optional<Phase> parsePhase(llvm::StringRef name);
/// True where the output is text.
bool isTextPhase(Phase phase);
/// True where LLVM has been at work.
inline bool hasCode(Phase phase) { return phase >= Phase::LLVM; }
/// "mlir", "ll", "ptx" …, for output file names.
llvm::StringRef fileExtension(Phase phase);

/// What to compile for. At least one of the two.
struct Targets {
  std::vector<GPUArch> gpus;
  bool host = false;
};
/// Parses "sm_80,sm_90,host".
llvm::Expected<Targets> parseTargets(llvm::StringRef list);

struct CompileOptions {
  Phase phase = Phase::PtxBin;
  Targets targets;
  unsigned optLevel = 2;
  bool cubin = false; // add cubins to the artifact (needs ptxas)
  bool fuel = false;  // functions and loops consume fuel
  bool contract = false; // products and sums may be rounded once
  /// How accesses are kept inside linear memory.
  ptxbin::BoundsMode bounds = ptxbin::BoundsMode::Check;
  bool remarks = false;  // say what became of bounds checks
  unsigned jobs = 1;  // threads; 0: one per core. The output does not change
  /// Position of the global that is C's stack pointer; none: it is found.
  std::optional<uint32_t> stackPointer;
  /// Bytes of stack of a grid's thread where the module leaves the need open.
  uint64_t stackSize = 1024;
  ArtifactIdentity identity;
};

struct CompileResult {
  std::vector<uint8_t> output; // bytes or text of the phase asked for
  ptxbin::Manifest manifest;
  std::vector<std::string> warnings; // one line each, naming the file
  KernelNeeds needs;                 // what analyze() found
  // Of the images that were made, if options.remarks.
  std::vector<AccessRemark> remarks;
  std::vector<BoundsTotals> totals;
};

/// Loads the dialects that compilation uses, and no others.
void registerDialects(mlir::DialectRegistry &registry);

// Stages, for twc-opt and tests.
/// Prune, copy for grids, fuel and contraction if asked for, NaNs.
void buildTWasmStage(mlir::OpPassManager &passes, bool fuel = false,
                     uint64_t stackSize = 1024, bool contract = false);
/// `isolateReach`: findIsolationReach() of the module; 0: all is checked.
void buildStdStage(mlir::OpPassManager &passes, uint64_t isolateReach = 0);
void buildLLVMStage(mlir::OpPassManager &passes, bool forPTX);

/// Links Wasm modules (either format) into one program, instantiated in this
/// order, and compiles it to `options.phase`. Errors are one line and name the
/// file. Not thread-safe on one context.
llvm::Expected<CompileResult> compileTo(mlir::MLIRContext &context,
                                        llvm::ArrayRef<ModuleInput> inputs,
                                        const CompileOptions &options);

/// Imports, links and analyses only: the manifest, for --report, and no output.
llvm::Expected<CompileResult> analyze(mlir::MLIRContext &context,
                                      llvm::ArrayRef<ModuleInput> inputs,
                                      const CompileOptions &options);

} // namespace twc

#endif // TWC_PIPELINES_COMPILE_H
