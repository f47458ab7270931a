//===- BodyReader.cpp - the second reading: function bodies ---------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the code section of a valid module and builds each body.
//
//===----------------------------------------------------------------------===//

#include "BodyReader.h"
#include "Features.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace twc;

void BodyReader::call(Index callee) {
  const FunctionFact &fact = facts.functions[callee];
  FunctionType sig = module.convertFunctionType(fact.type);
  SmallVector<Value> arguments = f->pop(sig.getNumInputs());
  if (module.isDeviceFunction(callee)) {
    f->push(buildDeviceImport(b(), loc(), fact.import->field, arguments));
    return;
  }
  pushAll(twasm::CallOp::create(b(), loc(), sig.getResults(),
                                module.getSymbols().functions[callee],
                                arguments)
              .getResults());
}

WResult BodyReader::OnCallIndirectExpr(Index type, Index table) {
  return build([&] {
    FunctionType sig = module.convertFunctionType(type);
    Value index = f->pop();
    SmallVector<Value> arguments = f->pop(sig.getNumInputs());
    pushAll(twasm::CallIndirectOp::create(b(), loc(), sig.getResults(),
                                          module.getSymbols().tables[table],
                                          index, arguments)
                .getResults());
  });
}

WResult BodyReader::OnReturnCallExpr(Index callee) {
  return build([&] {
    // A device function is an op and takes no stack.
    if (module.isDeviceFunction(callee)) {
      call(callee);
      f->doReturn();
      return;
    }
    FunctionType sig =
        module.convertFunctionType(facts.functions[callee].type);
    SmallVector<Value> arguments = f->pop(sig.getNumInputs());
    twasm::ReturnCallOp::create(b(), loc(),
                                module.getSymbols().functions[callee],
                                arguments,
                                b().getTypeArrayAttr(sig.getResults()));
    f->leave();
  });
}

WResult BodyReader::OnReturnCallIndirectExpr(Index type, Index table) {
  return build([&] {
    FunctionType sig = module.convertFunctionType(type);
    Value index = f->pop();
    SmallVector<Value> arguments = f->pop(sig.getNumInputs());
    twasm::ReturnCallIndirectOp::create(
        b(), loc(), module.getSymbols().tables[table], index, arguments,
        b().getTypeArrayAttr(sig.getResults()));
    f->leave();
  });
}

WResult BodyReader::checkSize() {
  if (mergedBefore + f->getMerged() <= maxMerged && f->getKept() <= maxKept)
    return WResult::Ok;
  refusal = llvm::formatv("too many locals change between too many branches, "
                          "in function {0}: keep some of them in memory, or "
                          "split the function",
                          current);
  place = state->offset;
  return WResult::Error;
}

llvm::Error twc::readBodies(ModuleBuilder &module, const ModuleFacts &facts,
                            StringRef fileName, ArrayRef<uint8_t> bytes) {
  BodyReader reader(module, facts);
  wabt::Features features = wasmFeatures();
  wabt::ReadBinaryOptions options(features, nullptr, /*read_debug_names=*/false,
                                  /*stop_on_first_error=*/true,
                                  /*fail_on_custom_section_error=*/false);
  if (wabt::Succeeded(
          wabt::ReadBinary(bytes.data(), bytes.size(), &reader, options)))
    return llvm::Error::success();
  return makeImportError(fileName, reader.getPlace(),
                         reader.getRefusal().empty()
                             ? "internal error: the second reading failed"
                             : reader.getRefusal());
}
