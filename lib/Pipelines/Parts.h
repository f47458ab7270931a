//===- Parts.h - a module as parts to compile apart -------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A large module is cut into parts, which are optimised and compiled one by one
// in contexts of their own. Where it is cut depends on the module and on
// nothing else, so the output does not depend on how many threads work on it.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_PIPELINES_PARTS_H
#define TWC_LIB_PIPELINES_PARTS_H

#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <vector>

namespace twc {

/// Where a module is cut. Functions go by their place in the module's list.
struct PartPlan {
  struct Part {
    unsigned begin = 0, end = 0; // the functions that this part defines
    uint64_t size = 0;           // their instructions
    llvm::BitVector copies;      // small ones of other parts, to be inlined
  };
  std::vector<Part> parts;     // empty: too small to be cut
  llvm::BitVector crossing;    // functions that other parts refer to
  llvm::SmallVector<char, 0> bitcode;
};

/// Plans the parts of `module` and writes it to the plan's bitcode. All its
/// functions but entry points are internal.
PartPlan planParts(llvm::Module &module);

/// Part `number` as a module: its functions, bodies of those to be inlined,
/// and declarations. What other parts call is hidden instead of internal.
llvm::Expected<std::unique_ptr<llvm::Module>>
loadPart(const PartPlan &plan, unsigned number, llvm::LLVMContext &context);

/// Parts of PTX end up in one text: gives the local symbols of a part, but for
/// Wasm functions, whose names are unique, names of its own, and drops what a
/// function's declarations in other parts could not say.
void prepareToMerge(llvm::Module &module, unsigned number);

} // namespace twc

#endif // TWC_LIB_PIPELINES_PARTS_H
