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

#include "Image.h"

#include "mlir/IR/BuiltinOps.h"

namespace twc {

/// Each function takes a module in the LLVM dialect, lowered for its target,
/// and starts what `output` asks for. Not thread-safe on one MLIR context.
class Codegen {
public:
  Codegen(mlir::MLIRContext &context, llvm::StringRef fileName,
          unsigned optLevel, ptxbin::BoundsMode bounds, bool remarks,
          Workers &workers)
      : context(context), fileName(fileName), optLevel(optLevel),
        bounds(bounds), remarks(remarks), workers(workers) {}

  /// One image per architecture.
  llvm::Expected<std::vector<std::unique_ptr<Image>>>
  startPTX(mlir::ModuleOp module, llvm::ArrayRef<GPUArch> archs,
           Image::Output output);
  llvm::Expected<std::unique_ptr<Image>> startHost(mlir::ModuleOp module,
                                                   Image::Output output);

private:
  llvm::Expected<std::vector<std::unique_ptr<Image>>>
  start(mlir::ModuleOp module, llvm::ArrayRef<Image::Settings> settings);
  llvm::Expected<std::unique_ptr<llvm::Module>>
  translate(llvm::LLVMContext &llvmContext, mlir::ModuleOp module);

  mlir::MLIRContext &context;
  llvm::StringRef fileName;
  unsigned optLevel;
  ptxbin::BoundsMode bounds;
  bool remarks;
  Workers &workers;
};

} // namespace twc

#endif // TWC_LIB_PIPELINES_CODEGEN_H
