//===- Plugin.cpp - our LLVM IR passes for opt ----------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// opt -load-pass-plugin=libTWCPasses.so -passes=twc-version-loops: each pass by
// itself, for tests.
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "llvm/Passes/PassBuilder.h"
#include "llvm/Plugins/PassPlugin.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"

using namespace llvm;

static bool addPass(StringRef name, FunctionPassManager &pm,
                    ArrayRef<PassBuilder::PipelineElement>) {
  if (name == "twc-prove-guards")
    pm.addPass(twc::ProveGuards());
  else if (name == "twc-version-fuel")
    pm.addPass(twc::VersionFuel());
  else if (name == "twc-version-loops")
    pm.addPass(twc::VersionLoops(/*needsAlignment=*/true));
  else if (name == "twc-group-guards")
    pm.addPass(twc::GroupGuards(/*needsAlignment=*/true));
  else if (name == "twc-drop-isolated-guards")
    pm.addPass(twc::DropIsolatedGuards());
  else if (name == "twc-assume-in-bounds")
    pm.addPass(twc::AssumeInBounds(/*needsAlignment=*/true));
  else if (name == "twc-widen-addresses")
    pm.addPass(twc::WidenAddresses());
  else if (name == "twc-recompute-conditions")
    pm.addPass(twc::RecomputeConditions());
  else if (name == "twc-sink-cold-blocks")
    pm.addPass(twc::SinkColdBlocks());
  else if (name == "twc-limit-registers")
    pm.addPass(twc::LimitRegisters());
  else if (name == "twc-unroll-loops")
    pm.addPass(twc::UnrollLoops());
  else if (name == "twc-expand-guards")
    pm.addPass(twc::ExpandGuards());
  else if (name == "twc-drop-unseen-nans")
    pm.addPass(twc::DropUnseenNaNs());
  else if (name == "twc-clamp-nans")
    pm.addPass(twc::ClampNaNs());
  else if (name == "twc-drop-nans")
    pm.addPass(twc::DropUnseenNaNs(/*all=*/true));
  else
    return false;
  return true;
}

static bool addLoopPass(StringRef name, LoopPassManager &pm,
                        ArrayRef<PassBuilder::PipelineElement>) {
  if (name != "twc-hint-unroll")
    return false;
  pm.addPass(twc::HintUnroll());
  return true;
}

extern "C" LLVM_ATTRIBUTE_WEAK PassPluginLibraryInfo llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "twc", "1", [](PassBuilder &builder) {
            builder.registerPipelineParsingCallback(addPass);
            builder.registerPipelineParsingCallback(addLoopPass);
          }};
}
