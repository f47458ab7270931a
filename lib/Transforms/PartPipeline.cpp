//===- PartPipeline.cpp - the pipeline of parts ---------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a large module's parts go through in place of LLVM's default pipeline.
// Large modules come from optimising compilers: their loops are rotated, their
// small functions inlined, their dead code gone. What is left to do is what our
// own lowering made: guards that others imply, addresses computed twice,
// arguments passed through. So each function is simplified once instead of at
// every level of inlining, and nothing is unrolled or vectorised.
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "llvm/Analysis/InlineCost.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Transforms/IPO/DeadArgumentElimination.h"
#include "llvm/Transforms/IPO/FunctionAttrs.h"
#include "llvm/Transforms/IPO/GlobalDCE.h"
#include "llvm/Transforms/IPO/Inliner.h"
#include "llvm/Transforms/IPO/SCCP.h"
#include "llvm/Transforms/IPO/ElimAvailExtern.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/CorrelatedValuePropagation.h"
#include "llvm/Transforms/Scalar/ADCE.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/GVN.h"
#include "llvm/Transforms/Scalar/IndVarSimplify.h"
#include "llvm/Transforms/Scalar/LICM.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"

using namespace llvm;

/// NVPTX multiplies its threshold by 11.
static constexpr int inlineThreshold = 45, inlineThresholdPTX = 4;

void twc::buildPartPipeline(ModulePassManager &pipeline,
                            const OptimizeOptions &options) {
  // Before the inliner: what it looks at should be small already.
  FunctionPassManager early;
  // No pass here widens addresses.
  if (options.bounds == ptxbin::BoundsMode::Isolate)
    early.addPass(DropIsolatedGuards());
  // EarlyCSE asks every branch whether it dominates: not before the chains of
  // empty blocks are gone that deep nesting leaves.
  early.addPass(SimplifyCFGPass());
  early.addPass(SROAPass(SROAOptions::ModifyCFG));
  early.addPass(EarlyCSEPass());
  early.addPass(DropGuards());
  early.addPass(SimplifyCFGPass());
  pipeline.addPass(createModuleToFunctionPassAdaptor(std::move(early)));
  pipeline.addPass(IPSCCPPass(IPSCCPOptions(/*AllowFuncSpec=*/false)));

  InlineParams params =
      getInlineParams(options.forPTX ? inlineThresholdPTX : inlineThreshold);
  ModuleInlinerWrapperPass inliner(params);
  CGSCCPassManager &graph = inliner.getPM();
  graph.addPass(PostOrderFunctionAttrsPass());
  pipeline.addPass(std::move(inliner));
  pipeline.addPass(EliminateAvailableExternallyPass());
  pipeline.addPass(DeadArgumentEliminationPass());
  pipeline.addPass(GlobalDCEPass());

  FunctionPassManager main;
  main.addPass(InstCombinePass());
  main.addPass(CorrelatedValuePropagationPass());
  main.addPass(SimplifyCFGPass());
  LoopPassManager loops;
  loops.addPass(LICMPass(LICMOptions()));
  main.addPass(createFunctionToLoopPassAdaptor(std::move(loops),
                                               /*UseMemorySSA=*/true));
  LoopPassManager inductions;
  inductions.addPass(IndVarSimplifyPass());
  main.addPass(createFunctionToLoopPassAdaptor(std::move(inductions)));
  main.addPass(GVNPass());
  main.addPass(DropUnseenNaNs());
  main.addPass(DropGuards());
  main.addPass(ExpandGuards(
      "a large module has no tests for several accesses"));
  main.addPass(EarlyCSEPass(/*UseMemorySSA=*/true));
  main.addPass(CorrelatedValuePropagationPass());
  main.addPass(InstCombinePass());
  main.addPass(ADCEPass());
  main.addPass(SimplifyCFGPass());
  pipeline.addPass(createModuleToFunctionPassAdaptor(std::move(main)));
}
