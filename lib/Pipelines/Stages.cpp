//===- Stages.cpp - MLIR pass pipelines -----------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which passes make each phase, and why they stand in this order.
//
//===----------------------------------------------------------------------===//

#include "twc/Conversion/TWasmToLLVM.h"
#include "twc/Dialect/TWasm/IR/TWasm.h"
#include "twc/Dialect/TWasm/Transforms/Passes.h"
#include "twc/Pipelines/Compile.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Pass/PassManager.h"

using namespace mlir;
using namespace twc;

void twc::registerDialects(DialectRegistry &registry) {
  registry.insert<twasm::TWasmDialect, arith::ArithDialect,
                  cf::ControlFlowDialect, func::FuncDialect,
                  LLVM::LLVMDialect, math::MathDialect, NVVM::NVVMDialect>();
}

void twc::buildTWasmStage(OpPassManager &passes, bool fuel, uint64_t stackSize,
                          bool contract) {
  // The manifest is made after the analysis: it speaks of all exports, also
  // of those that pruning drops.
  passes.addPass(twasm::createPruneFunctions());
  passes.addPass(twasm::createMakeGridClones());
  passes.addPass(twasm::createPromoteFrames());
  // Behind it: a frame that is no longer in memory needs no stack.
  twasm::PlanGridStacksOptions stacks;
  stacks.stackSize = stackSize;
  passes.addPass(twasm::createPlanGridStacks(stacks));
  // Behind it: shared memory lies below the stacks.
  passes.addPass(twasm::createPlanSharedMemory());
  passes.addPass(twasm::createTraceAddresses());
  // Before anything adds ops that no instruction stands for.
  if (fuel)
    passes.addPass(twasm::createInsertFuel());
  // Behind it, for fuel counts instructions; ahead of all that differs by
  // target.
  if (contract)
    passes.addPass(twasm::createContractFloats());
  // On twasm, where a value's origin is still an op; after lowering, LLVM has
  // merged and moved what the classification needs.
  passes.addPass(twasm::createCanonicalizeNaNs());
}

void twc::buildStdStage(OpPassManager &passes, uint64_t isolateReach) {
  ConvertTWasmToStdOptions options;
  options.isolateReach = isolateReach;
  passes.addPass(createConvertTWasmToStd(options));
}

void twc::buildLLVMStage(OpPassManager &passes, bool forPTX) {
  ConvertStdToLLVMOptions options;
  options.target = forPTX ? "ptx" : "host";
  passes.addPass(createConvertStdToLLVM(options));
}
