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

llvm::Expected<OwningOpRef<ModuleOp>>
twc::importModule(MLIRContext &context, StringRef fileName,
                  ArrayRef<uint8_t> bytes) {
  llvm::Expected<ModuleFacts> facts = readModuleFacts(fileName, bytes);
  if (!facts)
    return facts.takeError();
  ModuleBuilder module(context, fileName, *facts);
  if (!readBodies(module, *facts, bytes))
    return makeImportError(fileName, 0, "the second reading failed");
  return module.takeModule();
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
