//===- Optimize.cpp - the LLVM IR pipeline --------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's default pipeline for the level, with our passes at its late
// extension points: guards stay opaque until the loop passes are done.
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "llvm/IR/Module.h"
#include "llvm/IR/PassInstrumentation.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Transforms/IPO/DeadArgumentElimination.h"
#include "llvm/Transforms/IPO/GlobalDCE.h"
#include "llvm/Transforms/IPO/SCCP.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/DCE.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/LoopSink.h"
#include "llvm/Transforms/Scalar/LoopUnrollPass.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Utils/LCSSA.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"

using namespace llvm;

static OptimizationLevel toLevel(unsigned level) {
  switch (level) {
  case 0:
    return OptimizationLevel::O0;
  case 1:
    return OptimizationLevel::O1;
  case 2:
    return OptimizationLevel::O2;
  default:
    return OptimizationLevel::O3;
  }
}

unsigned twc::getComputeCapability(const TargetMachine &machine) {
  unsigned capability = 0;
  StringRef name = machine.getTargetCPU();
  return name.consume_front("sm_") && !name.consumeInteger(10, capability)
             ? capability
             : 0;
}

/// What becomes of guards, behind the loop passes.
static void addBoundsPasses(FunctionPassManager &pm,
                            const twc::OptimizeOptions &options) {
  // There are no bounds checks left for what follows.
  if (options.bounds == ptxbin::BoundsMode::None)
    pm.addPass(twc::WidenAddresses());
  const bool isolates = options.bounds == ptxbin::BoundsMode::Isolate;
  pm.addPass(twc::ProveGuards());
  pm.addPass(twc::VersionLoops(/*needsAlignment=*/options.forPTX));
  // A run is worth its test where it also settles alignment.
  if (isolates && !options.forPTX)
    pm.addPass(twc::DropIsolatedGuards());
  pm.addPass(twc::GroupGuards(/*needsAlignment=*/options.forPTX));
  if (isolates)
    pm.addPass(twc::DropIsolatedGuards());
  pm.addPass(twc::ExpandGuards());
}

void twc::optimizeModule(Module &module, TargetMachine &machine,
                         const OptimizeOptions &options) {
  const unsigned level = options.level;
  const bool forPTX = options.forPTX;
  annotateRuntimeCalls(module);
  annotateBulkFunctions(module);
  annotateWindowFunctions(module);
  annotateAsyncCopies(module);
  if (forPTX) {
    defineTeamFunctions(module, machine);
    defineMatrixFunctions(module);
    keepTeamsTogether(module);
  } else {
    defineHostFunctions(module);
  }
  definePrintFunction(module, forPTX);

  PipelineTuningOptions tuning;
  // A GPU thread has no vector unit.
  tuning.LoopVectorization = !forPTX && level >= 2;
  tuning.SLPVectorization = !forPTX && level >= 2;
  PassInstrumentationCallbacks callbacks;
  if (forPTX)
    // It would make four loads of a vector's load whose lanes are used one by
    // one; ScalarizeVectors leaves such loads whole.
    callbacks.registerShouldRunOptionalPassCallback(
        [](StringRef pass, Any) { return pass != "VectorCombinePass"; });
  PassBuilder builder(&machine, tuning, /*PGOOpt=*/std::nullopt, &callbacks);
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager graphs;
  ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(graphs);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, graphs, modules);

  ModulePassManager pipeline;
  if (level > 0)
    pipeline.addPass(createModuleToFunctionPassAdaptor(DropUnseenNaNs()));
  if (options.bounds == ptxbin::BoundsMode::None)
    pipeline.addPass(createModuleToFunctionPassAdaptor(
        AssumeInBounds(/*needsAlignment=*/forPTX)));
  if (level == 0) {
    pipeline.addPass(builder.buildO0DefaultPipeline(OptimizationLevel::O0));
    if (options.bounds == ptxbin::BoundsMode::Isolate)
      pipeline.addPass(createModuleToFunctionPassAdaptor(DropIsolatedGuards()));
    pipeline.addPass(
        createModuleToFunctionPassAdaptor(ExpandGuards("-O0 keeps all")));
  } else if (options.isPart && level <= 2) {
    buildPartPipeline(pipeline, options);
  } else {
    if (forPTX)
      builder.registerLateLoopOptimizationsEPCallback(
          [](LoopPassManager &pm, OptimizationLevel) {
            pm.addPass(HintUnroll());
          });
    builder.registerVectorizerStartEPCallback(
        [options](FunctionPassManager &pm, OptimizationLevel) {
          // Calls are inlined now.
          pm.addPass(DropUnseenNaNs());
          pm.addPass(LoopSimplifyPass());
          pm.addPass(LCSSAPass());
          if (options.forPTX && options.level >= 2) {
            // Loops of a few trips at most, as they copy tiles: a test of a
            // nest is longer than one of so many accesses.
            pm.addPass(LoopUnrollPass(LoopUnrollOptions(3)
                                          .setPartial(false)
                                          .setRuntime(false)
                                          .setPeeling(false)
                                          .setUpperBound(true)
                                          .setFullUnrollMaxCount(4)));
            pm.addPass(LoopSimplifyPass());
            pm.addPass(LCSSAPass());
          }
          if (options.forPTX && options.level >= 2)
            pm.addPass(VersionFuel());
          addBoundsPasses(pm, options);
          pm.addPass(EarlyCSEPass());
          pm.addPass(InstCombinePass());
          pm.addPass(SimplifyCFGPass());
          if (options.forPTX) {
            pm.addPass(LoopSimplifyPass());
            pm.addPass(LCSSAPass());
            pm.addPass(UnrollLoops());
          }
        });
    // What CUDA's compiler does at its usual -O3 is what LLVM does at -O3.
    pipeline.addPass(builder.buildPerModuleDefaultPipeline(
        forPTX && level == 2 ? OptimizationLevel::O3 : toLevel(level)));
  }
  pipeline.run(module, modules);

  // The guards' traps exist now: define them, and drop what is left over.
  ModulePassManager late;
  defineWindowFunctions(module);
  defineCheckedAccesses(module);
  defineTrapFunction(module, forPTX);
  defineBulkFunctions(module, forPTX);
  // PTX ISA, "cp.async": from sm_80 on.
  expandAsyncCopies(module, getComputeCapability(machine) >= 80);
  if (forPTX) {
    // What only seldom code needs, loops must not carry in registers. LLVM asks
    // for counts of calls before it believes a branch's weights.
    for (Function &f : module)
      if (!f.isDeclaration())
        f.setEntryCount(1 << 20);
    FunctionPassManager sink;
    sink.addPass(LoopSimplifyPass());
    sink.addPass(LoopSinkPass());
    late.addPass(createModuleToFunctionPassAdaptor(std::move(sink)));
    // What a helper gets from all its callers, such as the lack of a stack, it
    // need not get: arguments are most of the code of a call.
    late.addPass(IPSCCPPass(IPSCCPOptions(/*AllowFuncSpec=*/false)));
    late.addPass(DeadArgumentEliminationPass());
    late.addPass(createModuleToFunctionPassAdaptor(SimplifyCFGPass()));
    // No InstCombine behind this: it would undo some of it.
    FunctionPassManager scalarize;
    scalarize.addPass(ScalarizeVectors());
    scalarize.addPass(EarlyCSEPass());
    // Ahead of the loops that atomics become, whose NaNs are the hardware's.
    if (level > 0) {
      scalarize.addPass(DropUnseenNaNs());
      scalarize.addPass(ClampNaNs());
    }
    scalarize.addPass(DCEPass());
    late.addPass(createModuleToFunctionPassAdaptor(std::move(scalarize)));
    late.addPass(SplitMisaligned());
    late.addPass(
        createModuleToFunctionPassAdaptor(OrderAtomics(/*forPTX=*/true)));
    late.addPass(createModuleToFunctionPassAdaptor(AvoidMiscompiles()));
  } else {
    late.addPass(
        createModuleToFunctionPassAdaptor(OrderAtomics(/*forPTX=*/false)));
  }
  late.addPass(createModuleToFunctionPassAdaptor(InvertGuards()));
  if (forPTX && level > 0)
    late.addPass(createModuleToFunctionPassAdaptor(RecomputeConditions()));
  late.addPass(GlobalDCEPass());
  if (forPTX) {
    late.addPass(SpreadCalls());
    late.addPass(createModuleToFunctionPassAdaptor(SinkColdBlocks()));
    late.addPass(createModuleToFunctionPassAdaptor(LimitRegisters()));
  }
  modules.clear();
  functions.clear();
  graphs.clear();
  loops.clear();
  late.run(module, modules);
}
