//===- Codegen.cpp - from the LLVM dialect to images ----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One LLVM context per image: nothing outlives it, and its first error is
// kept instead of ending the process.
//
//===----------------------------------------------------------------------===//

#include "Codegen.h"

#include "twc/Target/Host.h"
#include "twc/Transforms/Passes.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/NVVM/NVVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace twc;

/// An LLVM context with the first error that it was told of.
struct Codegen::Context {
  explicit Context(StringRef fileName) : fileName(fileName) {
    llvmContext.setDiagnosticHandlerCallBack(
        [](const llvm::DiagnosticInfo *info, void *self) {
          auto &message = static_cast<Context *>(self)->message;
          if (info->getSeverity() != llvm::DS_Error || !message.empty())
            return;
          llvm::raw_string_ostream out(message);
          llvm::DiagnosticPrinterRawOStream printer(out);
          info->print(printer);
        },
        this);
  }

  /// `result`, or the error that was reported while it was made.
  template <typename T> llvm::Expected<T> check(llvm::Expected<T> result) {
    if (message.empty())
      return result;
    llvm::consumeError(result.takeError());
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   fileName.str() +
                                       ": error: code generation failed: " +
                                       message);
  }

  StringRef fileName;
  llvm::LLVMContext llvmContext;
  std::string message;
};

/// An optimised module and the machine it is for.
struct Codegen::Unit {
  std::unique_ptr<llvm::Module> module;
  std::unique_ptr<llvm::TargetMachine> machine;
};

Codegen::Codegen(MLIRContext &context, StringRef fileName, unsigned optLevel)
    : context(context), fileName(fileName), optLevel(optLevel) {}

llvm::Expected<std::unique_ptr<llvm::Module>>
Codegen::translate(Context &llvmContext, ModuleOp module) {
  registerBuiltinDialectTranslation(context);
  registerLLVMDialectTranslation(context);
  registerNVVMDialectTranslation(context);
  std::unique_ptr<llvm::Module> result =
      translateModuleToLLVMIR(module, llvmContext.llvmContext, fileName);
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

/// What every function of an image is compiled with.
static void prepare(llvm::Module &module, llvm::TargetMachine &machine) {
  module.setTargetTriple(machine.getTargetTriple());
  module.setDataLayout(machine.createDataLayout());
  for (llvm::Function &f : module) {
    if (f.isDeclaration())
      continue;
    // No image has a C library: no loop may become a call of memset.
    f.addFnAttr("no-builtins");
    // Endless recursion ends in "call stack exhausted", as the spec's suite
    // expects; made a loop by LLVM it would not end at all.
    f.addFnAttr("disable-tail-calls", "true");
    // A frame larger than the guard pages must not step over them.
    if (machine.getTargetTriple().isX86())
      f.addFnAttr("probe-stack", "inline-asm");
    f.addFnAttr("target-cpu", machine.getTargetCPU());
    if (!machine.getTargetFeatureString().empty())
      f.addFnAttr("target-features", machine.getTargetFeatureString());
  }
}

llvm::Expected<Codegen::Unit>
Codegen::optimizeForPTX(Context &llvmContext, ModuleOp module,
                        const GPUArch &arch) {
  auto translated = translate(llvmContext, module);
  if (!translated)
    return translated.takeError();
  auto machine = createPTXMachine(**translated, arch, optLevel);
  if (!machine)
    return machine.takeError();
  std::string missing = findMissingMatrixUnit(**translated, arch.cc);
  if (!missing.empty())
    return llvm::createStringError(
        llvm::inconvertibleErrorCode(),
        fileName.str() + ": error: matrices of " + missing + " (tw.matrix_mma_" +
            missing + ") need sm_80 or later, but the target is " +
            arch.str());
  prepare(**translated, **machine);
  optimizeModule(**translated, **machine, optLevel, /*forPTX=*/true);
  return Unit{std::move(*translated), std::move(*machine)};
}

llvm::Expected<Codegen::Unit> Codegen::optimizeForHost(Context &llvmContext,
                                                       ModuleOp module) {
  auto translated = translate(llvmContext, module);
  if (!translated)
    return translated.takeError();
  auto machine = createHostMachine(optLevel);
  if (!machine)
    return machine.takeError();
  prepare(**translated, **machine);
  optimizeModule(**translated, **machine, optLevel, /*forPTX=*/false);
  return Unit{std::move(*translated), std::move(*machine)};
}

llvm::Expected<std::string> Codegen::emitPTX(ModuleOp module,
                                             const GPUArch &arch) {
  Context llvmContext(fileName);
  auto unit = optimizeForPTX(llvmContext, module, arch);
  if (!unit)
    return unit.takeError();
  return llvmContext.check(twc::emitPTX(*unit->module, *unit->machine));
}

llvm::Expected<std::vector<uint8_t>> Codegen::emitHost(ModuleOp module) {
  Context llvmContext(fileName);
  auto unit = optimizeForHost(llvmContext, module);
  if (!unit)
    return unit.takeError();
  return llvmContext.check(emitHostImage(*unit->module, *unit->machine));
}

static std::string print(const llvm::Module &module) {
  std::string text;
  llvm::raw_string_ostream out(text);
  module.print(out, nullptr);
  return text;
}

llvm::Expected<std::string> Codegen::printPTXModule(ModuleOp module,
                                                    const GPUArch &arch) {
  Context llvmContext(fileName);
  auto unit = optimizeForPTX(llvmContext, module, arch);
  if (!unit)
    return unit.takeError();
  return llvmContext.check<std::string>(print(*unit->module));
}

llvm::Expected<std::string> Codegen::printHostModule(ModuleOp module) {
  Context llvmContext(fileName);
  auto unit = optimizeForHost(llvmContext, module);
  if (!unit)
    return unit.takeError();
  return llvmContext.check<std::string>(print(*unit->module));
}
