//===- Pack.cpp - all modules of a script in one artifact -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// If they do not compile together, each is compiled with what it imports from
// alone, to find those at fault; what fails only in company is found by
// bisection. The rest is packed.
//
//===----------------------------------------------------------------------===//

#include "ScriptCompiler.h"

#include "mlir/IR/DialectRegistry.h"

using namespace twc;
using namespace twc::wast;

/// A context of its own for each attempt: a failed one leaves nothing behind.
llvm::Expected<CompileResult>
ScriptCompiler::tryCompile(llvm::ArrayRef<size_t> selection) {
  mlir::DialectRegistry registry;
  registerDialects(registry);
  mlir::MLIRContext fresh(registry, mlir::MLIRContext::Threading::DISABLED);
  fresh.loadAllAvailableDialects();
  auto result = compileTo(fresh, modules.inputs(selection), options);
  if (result && result->manifest.modules.size() != selection.size())
    return makeError("the artifact",
                     "incorrect number of modules: expected " +
                         llvm::Twine(selection.size()) + ", but got " +
                         llvm::Twine(result->manifest.modules.size()));
  return result;
}

/// Notes an error at one module of `selection` at least, which do not compile
/// together, with `message`.
void ScriptCompiler::blame(llvm::ArrayRef<size_t> selection,
                           const std::string &message) {
  bool found = false;
  for (size_t i : selection) {
    if (!modules[i].error.empty())
      continue;
    auto alone = tryCompile(modules.closure(i));
    if (alone)
      continue;
    modules[i].error = llvm::toString(alone.takeError());
    modules.propagateErrors();
    found = true;
  }
  if (found)
    return;
  // The shortest selection from the front that fails; any is closed under
  // imports, which point backwards.
  size_t good = 0, bad = selection.size();
  std::string why = message;
  while (bad - good > 1) {
    size_t middle = good + (bad - good) / 2;
    auto some = tryCompile(selection.take_front(middle));
    if (some) {
      good = middle;
    } else {
      bad = middle;
      why = llvm::toString(some.takeError());
    }
  }
  modules[selection[bad - 1]].error = "together with those before it: " + why;
  modules.propagateErrors();
}

std::vector<uint8_t> ScriptCompiler::compile() {
  // Each round leaves at least one module out.
  for (;;) {
    std::vector<size_t> selection = modules.good();
    if (selection.empty())
      return {};
    auto result = tryCompile(selection);
    if (result)
      return std::move(result->output);
    blame(selection, llvm::toString(result.takeError()));
  }
}
