//===- Image.cpp - one image in the making --------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A task optimises and compiles one module or part; the parts are put together
// in their order when all have ended.
//
//===----------------------------------------------------------------------===//

#include "Image.h"

#include "twc/Transforms/Passes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/Support/raw_ostream.h"

#include <numeric>
#include <set>

using namespace llvm;
using namespace twc;

/// Keeps the first error that a context reports, which else would end the
/// process, and remarks on bounds checks.
struct Image::Diagnostics {
  Diagnostics(LLVMContext &context, bool wantsRemarks) {
    context.setDiagnosticHandler(
        std::make_unique<Handler>(*this, wantsRemarks));
  }

  struct Handler : DiagnosticHandler {
    Handler(Diagnostics &to, bool wantsRemarks)
        : to(to), wantsRemarks(wantsRemarks) {}
    bool handleDiagnostics(const DiagnosticInfo &info) override {
      if (wantsRemarks)
        if (std::optional<BoundsRemark> remark = readBoundsRemark(info))
          to.remarks.push_back(std::move(*remark));
      if (info.getSeverity() == DS_Error && to.message.empty()) {
        raw_string_ostream out(to.message);
        DiagnosticPrinterRawOStream printer(out);
        info.print(printer);
      }
      return true;
    }
    bool isPassedOptRemarkEnabled(StringRef pass) const override {
      return wantsRemarks && pass == boundsRemarks;
    }
    bool isMissedOptRemarkEnabled(StringRef pass) const override {
      return wantsRemarks && pass == boundsRemarks;
    }
    bool isAnalysisRemarkEnabled(StringRef) const override { return false; }
    // LLVM's own passes need not make any.
    bool isAnyRemarkEnabled() const override { return false; }

    Diagnostics &to;
    bool wantsRemarks;
  };

  std::string message;
  std::vector<BoundsRemark> remarks;
};

/// What every function of an image is compiled with.
static void prepare(Module &module, TargetMachine &machine) {
  module.setTargetTriple(machine.getTargetTriple());
  module.setDataLayout(machine.createDataLayout());
  for (Function &f : module) {
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

static std::string print(const Module &module) {
  std::string text;
  raw_string_ostream out(text);
  module.print(out, nullptr);
  return text;
}

Expected<Image::Result> Image::compile(Module &module,
                                       std::optional<unsigned> part) {
  bool forPTX = settings.arch.has_value();
  auto machine =
      forPTX ? createPTXMachine(module, *settings.arch, settings.optLevel)
             : createHostMachine(settings.optLevel);
  if (!machine)
    return machine.takeError();
  if (forPTX)
    if (std::string missing =
            findMissingMatrixUnit(module, settings.arch->cc);
        !missing.empty())
      return createStringError(
          inconvertibleErrorCode(),
          settings.fileName + ": error: matrices of " + missing +
              " (tw.matrix_mma_" + missing +
              ") need sm_80 or later, but the target is " +
              settings.arch->str());
  prepare(module, **machine);
  Result result;
  if (settings.remarks)
    result.accesses = findGuardedAccesses(module);
  optimizeModule(module, **machine,
                 {.level = settings.optLevel,
                  .forPTX = forPTX,
                  .isPart = part.has_value(),
                  .bounds = settings.bounds});
  if (part && forPTX)
    prepareToMerge(module, *part);
  if (settings.output == Output::IR) {
    result.text = print(module);
  } else if (forPTX) {
    auto text = emitPTX(module, **machine);
    if (!text)
      return text.takeError();
    result.text = std::move(*text);
  } else {
    auto object = emitHostObject(module, **machine);
    if (!object)
      return object.takeError();
    result.object = std::move(*object);
  }
  return result;
}

void Image::store(Result &result, Diagnostics &diagnostics,
                  Expected<Result> made) {
  std::string error;
  if (made)
    result = std::move(*made);
  else
    result.error = toString(made.takeError());
  result.remarks = std::move(diagnostics.remarks);
  if (!diagnostics.message.empty())
    result.error = settings.fileName + ": error: code generation failed: " +
                   diagnostics.message;
}

void Image::start(std::unique_ptr<LLVMContext> context,
                  std::unique_ptr<Module> module) {
  results.resize(1);
  if (workers.areOne()) {
    Diagnostics diagnostics(*context, settings.remarks);
    store(results[0], diagnostics, compile(*module, std::nullopt));
    module.reset(); // before its context
    return;
  }
  // Shared, for std::function copies what it holds.
  workers.submit(group, [this, c = std::shared_ptr(std::move(context)),
                         m = std::shared_ptr(std::move(module))]() mutable {
    Diagnostics diagnostics(*c, settings.remarks);
    store(results[0], diagnostics, compile(*m, std::nullopt));
    m.reset(); // before its context
  });
}

void Image::start(std::shared_ptr<const PartPlan> plan) {
  results.resize(plan->parts.size());
  // The largest first: nobody should wait for it in the end.
  std::vector<unsigned> order(plan->parts.size());
  std::iota(order.begin(), order.end(), 0);
  llvm::stable_sort(order, [&](unsigned a, unsigned b) {
    return plan->parts[a].size > plan->parts[b].size;
  });
  for (unsigned part : order)
    workers.submit(group, [this, plan, part] {
      LLVMContext context;
      Diagnostics diagnostics(context, settings.remarks);
      auto module = loadPart(*plan, part, context);
      store(results[part], diagnostics,
            module ? compile(**module, part)
                   : Expected<Result>(module.takeError()));
    });
}

Expected<std::string> Image::finish() {
  workers.wait(group);
  for (const Result &result : results)
    if (!result.error.empty())
      return createStringError(inconvertibleErrorCode(), result.error);
  if (settings.output == Output::IR) {
    if (results.size() == 1)
      return std::move(results.front().text);
    std::string text;
    for (auto [i, result] : llvm::enumerate(results))
      text += "; part " + std::to_string(i + 1) + " of " +
              std::to_string(results.size()) + "\n" + result.text + "\n";
    return text;
  }
  if (settings.arch) {
    std::vector<std::string> texts;
    for (Result &result : results)
      texts.push_back(std::move(result.text));
    return mergePTX(std::move(texts));
  }
  std::vector<HostObject> objects;
  for (Result &result : results)
    objects.push_back(std::move(*result.object));
  return linkHostImage(objects);
}

std::vector<BoundsRemark> Image::takeRemarks() {
  std::vector<BoundsRemark> remarks;
  std::set<std::pair<uint32_t, uint32_t>> silent;
  for (Result &result : results) {
    silent.insert(result.accesses.begin(), result.accesses.end());
    llvm::append_range(remarks, std::move(result.remarks));
  }
  for (const BoundsRemark &remark : remarks)
    silent.erase({remark.function, remark.offset});
  for (auto [function, offset] : silent) {
    BoundsRemark remark;
    remark.function = function;
    remark.offset = offset;
    remark.verdict = BoundsVerdict::NeverReached;
    remarks.push_back(std::move(remark));
  }
  return remarks;
}
