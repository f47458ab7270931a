//===- SinkColdBlocks.cpp - likely code falls through ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// NVPTX cannot invert a branch once it is a machine instruction: where the
// likely successor comes to stand behind the block only later, the likely way is
// a jump, over the unlikely code, and ptxas keeps it so. Instruction selection
// can, if the blocks stand in that order before.
//
//===----------------------------------------------------------------------===//

#include "Likelihood.h"

#include "twc/Transforms/Passes.h"

#include "llvm/IR/Function.h"

using namespace llvm;

PreservedAnalyses twc::SinkColdBlocks::run(Function &f,
                                           FunctionAnalysisManager &manager) {
  auto &frequencies = manager.getResult<BlockFrequencyAnalysis>(f);
  SmallVector<BasicBlock *> cold;
  for (BasicBlock &block : llvm::drop_begin(f))
    if (!isLikely(block, frequencies))
      cold.push_back(&block);
  for (BasicBlock *block : cold)
    block->moveAfter(&f.back());
  return cold.empty() ? PreservedAnalyses::all() : PreservedAnalyses::none();
}
