//===- Import.cpp - Wasm bytes to the twasm dialect -----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The two readings, and how a location tells where in the module it is.
//
//===----------------------------------------------------------------------===//

#include "twc/Import/Import.h"

#include "ModuleBuilder.h"

using namespace mlir;
using namespace twc;

llvm::Expected<Program> twc::importModules(MLIRContext &context,
                                           ArrayRef<ModuleInput> inputs) {
  Linker linker(context, inputs.empty() ? "" : inputs.back().fileName);
  for (const ModuleInput &input : inputs) {
    llvm::Expected<ModuleFacts> facts = readModuleFacts(input);
    if (!facts)
      return facts.takeError();
    linker.begin(input, *facts);
    ModuleBuilder module(linker, input.fileName, *facts);
    if (llvm::Error error = module.build())
      return error;
    if (llvm::Error error =
            readBodies(module, *facts, input.fileName, input.bytes))
      return error;
  }
  return linker.take();
}

bool twc::isBinaryModule(ArrayRef<uint8_t> bytes) {
  // No text contains a NUL; the reader judges the rest of the magic.
  return !bytes.empty() && bytes[0] == 0;
}

WasmPlace twc::getWasmPlace(Location loc) {
  WasmPlace place;
  if (auto name = loc->findInstanceOf<NameLoc>()) {
    place.functionName = name.getName().str();
    if (auto child = dyn_cast<FileLineColLoc>(name.getChildLoc())) {
      place.function = child.getLine();
      place.offset = child.getColumn();
    }
  }
  return place;
}
