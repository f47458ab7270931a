//===- Codegen.cpp - from the LLVM dialect to images ----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The only place where MLIR becomes LLVM IR, on the thread that owns the MLIR
// context. What comes after is tasks.
//
//===----------------------------------------------------------------------===//

#include "Codegen.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/NVVM/NVVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/Module.h"

using namespace mlir;
using namespace twc;

llvm::Expected<std::unique_ptr<llvm::Module>>
Codegen::translate(llvm::LLVMContext &llvmContext, ModuleOp module) {
  registerBuiltinDialectTranslation(context);
  registerLLVMDialectTranslation(context);
  registerNVVMDialectTranslation(context);
  std::unique_ptr<llvm::Module> result =
      translateModuleToLLVMIR(module, llvmContext, fileName);
  if (!result)
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   fileName.str() +
                                       ": error: internal error: the LLVM "
                                       "dialect did not translate");
  for (llvm::Function &f : *result)
    // Only entry points are seen from outside.
    if (!f.isDeclaration() && !f.getName().starts_with("tw"))
      f.setLinkage(llvm::GlobalValue::InternalLinkage);
  return result;
}

llvm::Expected<std::vector<std::unique_ptr<Image>>>
Codegen::start(ModuleOp module, ArrayRef<Image::Settings> settings) {
  std::vector<std::unique_ptr<Image>> images;
  std::shared_ptr<const PartPlan> plan;
  for (const Image::Settings &each : settings) {
    auto image = std::make_unique<Image>(each, workers);
    if (!plan) {
      auto llvmContext = std::make_unique<llvm::LLVMContext>();
      auto translated = translate(*llvmContext, module);
      if (!translated)
        return translated.takeError();
      auto planned = std::make_shared<PartPlan>(planParts(**translated));
      if (planned->parts.empty()) {
        image->start(std::move(llvmContext), std::move(*translated));
        images.push_back(std::move(image));
        continue;
      }
      plan = std::move(planned);
    }
    image->start(plan);
    images.push_back(std::move(image));
  }
  return images;
}

llvm::Expected<std::vector<std::unique_ptr<Image>>>
Codegen::startPTX(ModuleOp module, ArrayRef<GPUArch> archs,
                  Image::Output output) {
  std::vector<Image::Settings> settings;
  for (const GPUArch &arch : archs)
    settings.push_back({arch, optLevel, bounds, output, fileName.str(), remarks});
  return start(module, settings);
}

llvm::Expected<std::unique_ptr<Image>>
Codegen::startHost(ModuleOp module, Image::Output output) {
  auto images = start(module, Image::Settings{std::nullopt, optLevel, bounds,
                                              output, fileName.str(), remarks});
  if (!images)
    return images.takeError();
  return std::move(images->front());
}
