//===- Codegen.h - from the LLVM dialect to images --------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Translation to LLVM IR, LLVM's pipeline, and the back ends.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_PIPELINES_CODEGEN_H
#define TWC_LIB_PIPELINES_CODEGEN_H

#include "twc/Target/PTX.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace twc {

/// Each function takes a module in the LLVM dialect, lowered for its target.
class Codegen {
public:
  Codegen(mlir::MLIRContext &context, llvm::StringRef fileName,
          unsigned optLevel);

  llvm::Expected<std::string> emitPTX(mlir::ModuleOp module,
                                      const GPUArch &arch);
  llvm::Expected<std::vector<uint8_t>> emitHost(mlir::ModuleOp module);

  /// Optimised LLVM IR as text.
  llvm::Expected<std::string> printPTXModule(mlir::ModuleOp module,
                                             const GPUArch &arch);
  llvm::Expected<std::string> printHostModule(mlir::ModuleOp module);

private:
  struct Context;
  struct Unit;
  llvm::Expected<Unit> optimizeForPTX(Context &llvmContext,
                                      mlir::ModuleOp module,
                                      const GPUArch &arch);
  llvm::Expected<Unit> optimizeForHost(Context &llvmContext,
                                       mlir::ModuleOp module);
  llvm::Expected<std::unique_ptr<llvm::Module>>
  translate(Context &llvmContext, mlir::ModuleOp module);

  mlir::MLIRContext &context;
  llvm::StringRef fileName;
  unsigned optLevel;
};

} // namespace twc

#endif // TWC_LIB_PIPELINES_CODEGEN_H
