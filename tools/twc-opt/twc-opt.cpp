//===- twc-opt.cpp - mlir-opt with twc's passes ---------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For tests and for looking at one pass at a time.
//
//===----------------------------------------------------------------------===//

#include "twc/Conversion/TWasmToLLVM.h"
#include "twc/Dialect/TWasm/Transforms/Passes.h"
#include "twc/Pipelines/Compile.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  twc::registerDialects(registry);
  twc::twasm::registerTWasmPasses();
  twc::registerConversionPasses();
  mlir::registerTransformsPasses();
  mlir::PassPipelineRegistration<>(
      "twasm-stage", "What --emit=twasm runs after the analysis",
      [](mlir::OpPassManager &passes) { twc::buildTWasmStage(passes); });
  mlir::PassPipelineRegistration<>("std-stage", "What --emit=std runs",
                                   [](mlir::OpPassManager &passes) {
                                     twc::buildStdStage(passes);
                                   });
  return mlir::asMainReturnCode(mlir::MlirOptMain(
      argc, argv, "TensorWasm's modular optimizer driver\n", registry));
}
