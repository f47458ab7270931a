//===- Passes.h - LLVM IR passes --------------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The LLVM IR side of the pipeline: guards are opaque calls while the loop
// passes run, then become branches; what a target cannot do is rewritten.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_TRANSFORMS_PASSES_H
#define TWC_TRANSFORMS_PASSES_H

#include "Format/Bounds.h"

#include "llvm/Analysis/LoopAnalysisManager.h"
#include "llvm/IR/PassManager.h"

namespace llvm {
class LPMUpdater;
class Loop;
struct LoopStandardAnalysisResults;
class TargetMachine;
} // namespace llvm

namespace twc {

/// Gives the opaque runtime functions the attributes they keep until they are
/// expanded: a guard reads all memory (a trap makes it observable), writes
/// none that the program can see, and may not return.
void annotateRuntimeCalls(llvm::Module &module);

/// Drops guards that no value which their index can have would fail.
struct ProveGuards : llvm::PassInfoMixin<ProveGuards> {
  llvm::PreservedAnalyses run(llvm::Function &function,
                              llvm::FunctionAnalysisManager &manager);
};

/// Gives loop nests, and functions, a test ahead of them, behind which none asks
/// for fuel. Where the test fails a copy counts as before. Wants loops in
/// simplified, loop-closed form, and calls inlined.
struct VersionFuel : llvm::PassInfoMixin<VersionFuel> {
  llvm::PreservedAnalyses run(llvm::Function &function,
                              llvm::FunctionAnalysisManager &manager);
};

/// Gives loop nests a test ahead of them, behind which no access needs a check:
/// in bounds, free of wrap-around and aligned. Where the test fails a copy with
/// all checks runs. Wants loops in simplified, loop-closed form.
struct VersionLoops : llvm::PassInfoMixin<VersionLoops> {
  /// `needsAlignment`: a misaligned access costs, and belongs to the copy.
  explicit VersionLoops(bool needsAlignment) : needsAlignment(needsAlignment) {}
  llvm::PreservedAnalyses run(llvm::Function &function,
                              llvm::FunctionAnalysisManager &manager);

private:
  bool needsAlignment;
};

/// Gives the guarded accesses of a region without loops one test ahead of it, or
/// ahead of the loop that it is in, and a copy with all checks for the case that
/// it fails.
struct GroupGuards : llvm::PassInfoMixin<GroupGuards> {
  explicit GroupGuards(bool needsAlignment) : needsAlignment(needsAlignment) {}
  llvm::PreservedAnalyses run(llvm::Function &function,
                              llvm::FunctionAnalysisManager &manager);

private:
  bool needsAlignment;
};

/// PTX: has LLVM unroll loops of few iterations as if guards cost nothing.
struct HintUnroll : llvm::PassInfoMixin<HintUnroll> {
  llvm::PreservedAnalyses run(llvm::Loop &loop,
                              llvm::LoopAnalysisManager &manager,
                              llvm::LoopStandardAnalysisResults &results,
                              llvm::LPMUpdater &updater);
};

/// PTX: unrolls innermost loops of many iterations, or has LLVM do so. Wants
/// loops in simplified, loop-closed form.
struct UnrollLoops : llvm::PassInfoMixin<UnrollLoops> {
  llvm::PreservedAnalyses run(llvm::Function &function,
                              llvm::FunctionAnalysisManager &manager);
};

/// Drops the guards of isolated accesses (RuntimeCalls.h, isolatedSize), all of
/// whose addresses are mapped.
struct DropIsolatedGuards : llvm::PassInfoMixin<DropIsolatedGuards> {
  llvm::PreservedAnalyses run(llvm::Function &function,
                              llvm::FunctionAnalysisManager &);
  static bool isRequired() { return true; }
};

/// Drops all bounds checks and takes for granted that accesses are in bounds,
/// aligned to their width where that matters (`needsAlignment`), and computed
/// without wrapping.
struct AssumeInBounds : llvm::PassInfoMixin<AssumeInBounds> {
  explicit AssumeInBounds(bool needsAlignment)
      : needsAlignment(needsAlignment) {}
  llvm::PreservedAnalyses run(llvm::Function &function,
                              llvm::FunctionAnalysisManager &);
  static bool isRequired() { return true; }

private:
  bool needsAlignment;
};

/// Behind AssumeInBounds: makes the addresses of loops 64-bit recurrences. Wants
/// loops in simplified, loop-closed form.
struct WidenAddresses : llvm::PassInfoMixin<WidenAddresses> {
  llvm::PreservedAnalyses run(llvm::Function &function,
                              llvm::FunctionAnalysisManager &manager);
};

/// Turns guard calls into compare and branch, and trap calls into calls of
/// the target's trap function.
struct ExpandGuards : llvm::PassInfoMixin<ExpandGuards> {
  /// `unoptimized`: why nothing else has looked at the guards, for remarks.
  explicit ExpandGuards(llvm::StringRef unoptimized = "")
      : unoptimized(unoptimized) {}
  llvm::StringRef unoptimized;
  llvm::PreservedAnalyses run(llvm::Function &function,
                              llvm::FunctionAnalysisManager &);
  static bool isRequired() { return true; }
};

/// Drops bounds checks that one before them, of the same index, implies.
struct DropGuards : llvm::PassInfoMixin<DropGuards> {
  llvm::PreservedAnalyses run(llvm::Function &function,
                              llvm::FunctionAnalysisManager &manager);
};

/// Turns `a > b` into `a <= b` where a guard's `b` has many uses: one of LLVM's
/// passes is quadratic in them.
struct InvertGuards : llvm::PassInfoMixin<InvertGuards> {
  llvm::PreservedAnalyses run(llvm::Function &function,
                              llvm::FunctionAnalysisManager &);
  static bool isRequired() { return true; }
};

/// Takes canonical NaNs for any NaNs where nothing sees their bits. Of `all`,
/// seen or not, for measurements of what they cost.
struct DropUnseenNaNs : llvm::PassInfoMixin<DropUnseenNaNs> {
  explicit DropUnseenNaNs(bool all = false) : all(all) {}
  llvm::PreservedAnalyses run(llvm::Function &function,
                              llvm::FunctionAnalysisManager &);

private:
  bool all;
};

/// PTX: makes NaNs of single-precision arithmetic canonical by one instruction.
/// For what neither LLVM nor we change any more: LLVM knows nothing of the one
/// NaN that the hardware makes.
struct ClampNaNs : llvm::PassInfoMixin<ClampNaNs> {
  llvm::PreservedAnalyses run(llvm::Function &function,
                              llvm::FunctionAnalysisManager &);
};

/// PTX: computes conditions again where they are used, if there are more of the
/// same values than a thread has predicates.
struct RecomputeConditions : llvm::PassInfoMixin<RecomputeConditions> {
  llvm::PreservedAnalyses run(llvm::Function &function,
                              llvm::FunctionAnalysisManager &);
  static bool isRequired() { return true; }
};

/// PTX: leaves no vectors but the <4 x i32> that memory and calls move.
struct ScalarizeVectors : llvm::PassInfoMixin<ScalarizeVectors> {
  llvm::PreservedAnalyses run(llvm::Function &function,
                              llvm::FunctionAnalysisManager &manager);
  static bool isRequired() { return true; }
};

/// PTX: a load or store that may be misaligned tests its address and takes a
/// byte-wise path when it is; the hardware faults on misaligned accesses.
struct SplitMisaligned : llvm::PassInfoMixin<SplitMisaligned> {
  llvm::PreservedAnalyses run(llvm::Module &module,
                              llvm::ModuleAnalysisManager &);
  static bool isRequired() { return true; }
};

/// PTX: puts unlikely blocks at the end of their function.
struct SinkColdBlocks : llvm::PassInfoMixin<SinkColdBlocks> {
  llvm::PreservedAnalyses run(llvm::Function &function,
                              llvm::FunctionAnalysisManager &manager);
};

/// PTX: keeps a kernel's unlikely code from raising its number of registers.
struct LimitRegisters : llvm::PassInfoMixin<LimitRegisters> {
  llvm::PreservedAnalyses run(llvm::Function &function,
                              llvm::FunctionAnalysisManager &manager);
};

/// PTX: works around what LLVM 22.1.8 selects wrongly: shifts with overflow
/// flags, and sign operations on NaNs.
struct AvoidMiscompiles : llvm::PassInfoMixin<AvoidMiscompiles> {
  llvm::PreservedAnalyses run(llvm::Function &function,
                              llvm::FunctionAnalysisManager &);
  static bool isRequired() { return true; }
};

/// PTX: gives helper functions a copy for each hundred calls or so, which keeps
/// the backend's time linear.
struct SpreadCalls : llvm::PassInfoMixin<SpreadCalls> {
  llvm::PreservedAnalyses run(llvm::Module &module,
                              llvm::ModuleAnalysisManager &);
  static bool isRequired() { return true; }
};

/// Of a GPU target, 80 for sm_80; 0 of any other.
unsigned getComputeCapability(const llvm::TargetMachine &machine);

/// PTX: defines the reductions (RuntimeCalls.h) that the module calls.
void defineTeamFunctions(llvm::Module &module,
                         const llvm::TargetMachine &machine);

/// PTX: defines the products of matrices (RuntimeCalls.h) that the module
/// calls, and inlines what has fragments.
void defineMatrixFunctions(llvm::Module &module);
/// What elements the module multiplies that a GPU of compute capability `cc`
/// cannot ("bf16"), or "".
std::string findMissingMatrixUnit(const llvm::Module &module, unsigned cc);

/// PTX: marks the functions that may reach an instruction which threads must
/// come to together. No pass may then make a call of them depend on more
/// conditions than it did (LLVM Language Reference, "convergent").
void keepTeamsTogether(llvm::Module &module);

/// Host: defines the calls of the runtime that the module makes.
void defineHostFunctions(llvm::Module &module);

/// Defines tw.printf's function, if the module calls it.
void definePrintFunction(llvm::Module &module, bool forPTX);

/// Defines the trap function: PTX writes the trap record and exits, the host
/// calls HostThread::trap. Does nothing if the module never traps.
void defineTrapFunction(llvm::Module &module, bool forPTX);

/// Gives the declarations of the bulk functions (RuntimeCalls.h) the attributes
/// that their definitions will deserve.
void annotateBulkFunctions(llvm::Module &module);

/// Defines the bulk functions that the module calls. After the loop passes:
/// none of them may make a call of memcpy or memset of the loops.
void defineBulkFunctions(llvm::Module &module, bool forPTX);

/// The same two of the functions that find accesses which are not where their
/// code looks first (RuntimeCalls.h, windowAddress).
void annotateWindowFunctions(llvm::Module &module);
void defineWindowFunctions(llvm::Module &module);

/// PTX: the same two of the functions that check and access (RuntimeCalls.h,
/// checkedLoad).
void annotateCheckedAccesses(llvm::Module &module);
void defineCheckedAccesses(llvm::Module &module);

/// Asynchronous copies stay calls while LLVM may move memory accesses; then they
/// become the instructions of PTX if `isAsync`, else loads and stores.
void annotateAsyncCopies(llvm::Module &module);
void expandAsyncCopies(llvm::Module &module, bool isAsync);

/// Gives atomics the scopes and the order that the target understands. PTX:
/// read-modify-writes become instructions with both, those of Wasm get the
/// scope of the device and fences. Elsewhere there is one scope.
struct OrderAtomics : llvm::PassInfoMixin<OrderAtomics> {
  explicit OrderAtomics(bool forPTX) : forPTX(forPTX) {}
  bool forPTX;
  llvm::PreservedAnalyses run(llvm::Function &function,
                              llvm::FunctionAnalysisManager &);
  static bool isRequired() { return true; }
};

/// What decides how a module is optimised.
struct OptimizeOptions {
  unsigned level = 2; // 0 to 3
  bool forPTX = false;
  bool isPart = false; // of a large module
  ptxbin::BoundsMode bounds = ptxbin::BoundsMode::Check;
};

/// The pipeline of a part of a large module, guards' expansion included.
void buildPartPipeline(llvm::ModulePassManager &pipeline,
                       const OptimizeOptions &options);

/// Runs the whole LLVM IR pipeline for `machine`. A part of a large module gets
/// a shorter one up to level 2.
void optimizeModule(llvm::Module &module, llvm::TargetMachine &machine,
                    const OptimizeOptions &options);

} // namespace twc

#endif // TWC_TRANSFORMS_PASSES_H
