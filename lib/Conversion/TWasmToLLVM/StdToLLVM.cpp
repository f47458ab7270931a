//===- StdToLLVM.cpp - phase std to the LLVM and NVVM dialects ------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Upstream's conversions, our runtime patterns, then the entry points.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

namespace twc {
#define GEN_PASS_DEF_CONVERTSTDTOLLVM
#include "twc/Conversion/Passes.h.inc"
} // namespace twc

using namespace mlir;
using namespace twc;

namespace {
struct ConvertStdToLLVM : twc::impl::ConvertStdToLLVMBase<ConvertStdToLLVM> {
  using ConvertStdToLLVMBase::ConvertStdToLLVMBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (target != "ptx" && target != "host") {
      module.emitError("unknown target '")
          << target << "': expected 'ptx' or 'host'";
      return signalPassFailure();
    }
    TargetKind kind = target == "ptx" ? TargetKind::PTX : TargetKind::Host;

    LLVMTypeConverter converter(&getContext());
    RewritePatternSet patterns(&getContext());
    arith::populateArithToLLVMConversionPatterns(converter, patterns);
    cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
    // Without it, each call looks for its callee from the module's start.
    SymbolTableCollection symbolTables;
    populateFuncToLLVMConversionPatterns(converter, patterns, &symbolTables);
    populateMathToLLVMConversionPatterns(converter, patterns);
    populateRuntimePatterns(converter, patterns, kind);

    LLVMConversionTarget conversion(getContext());
    conversion.addLegalDialect<NVVM::NVVMDialect>();
    conversion.addIllegalDialect<twasm::TWasmDialect>();
    // Consumed by addEntryPoints.
    conversion.addLegalOp<twasm::ExportOp, twasm::StartOp, ModuleOp>();
    if (failed(applyFullConversion(module, conversion, std::move(patterns))) ||
        failed(addEntryPoints(module, kind)))
      signalPassFailure();
  }
};
} // namespace
