//===- SlowPasses.h - passes that large functions do without ----*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// NVPTX in LLVM 22.1.8 runs straight-line strength reduction, which compares
// each candidate with all that dominate it: 4,000 loads in one function took
// 32 of 34 seconds there. A function beyond a size does without; ptxas
// reduces strength too.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TARGET_PTX_SLOWPASSES_H
#define TWC_LIB_TARGET_PTX_SLOWPASSES_H

#include "llvm/ADT/StringSet.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/OptBisect.h"

namespace twc {

/// Stands in its module's context as long as it lives.
class SlowPasses final : public llvm::OptPassGate {
public:
  explicit SlowPasses(llvm::Module &module)
      : context(module.getContext()), before(context.getOptPassGate()) {
    for (const llvm::Function &f : module)
      if (f.getInstructionCount() > mostInstructions)
        large.insert(("function (" + f.getName() + ")").str());
    context.setOptPassGate(*this);
  }
  ~SlowPasses() override { context.setOptPassGate(before); }

  bool isEnabled() const override { return !large.empty(); }
  /// The pass by its argument, and "function (NAME)", as FunctionPass calls
  /// them.
  bool shouldRunPass(llvm::StringRef pass,
                     llvm::StringRef description) const override {
    return pass != "slsr" || !large.contains(description);
  }

private:
  static constexpr unsigned mostInstructions = 10'000;

  llvm::LLVMContext &context;
  llvm::OptPassGate &before;
  llvm::StringSet<> large;
};

} // namespace twc

#endif // TWC_LIB_TARGET_PTX_SLOWPASSES_H
