//===- OracleImports.cpp - what a module in the interpreter imports -------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From the device, from modules linked before it, or from nowhere: an import
// that nobody provides is an error only when it is called. The compiler offers
// the exports that cannot reach it.
//
//===----------------------------------------------------------------------===//

#include "OracleExecutor.h"

#include "Rewrite.h"
#include "lib/Quote.h"

namespace interp = wabt::interp;

namespace twrun {

namespace {

std::string tell(const interp::FuncType &type) {
  auto list = [](const interp::ValueTypes &types) {
    std::string text;
    for (wabt::Type t : types)
      text += (text.empty() ? "" : ", ") + std::string(t.GetName());
    return "(" + text + ")";
  };
  return list(type.params) + " -> " + list(type.results);
}

} // namespace

/// The last module of that name before this one, if it exports the name.
interp::Ref OracleExecutor::findLinked(const interp::ImportType &import) const {
  // The last of `linked` is the importing module.
  for (size_t i = linked.size() - 1; i-- > 0;) {
    if (linked[i].info.name != import.module)
      continue;
    if (linked[i].instance) {
      const auto &exports = linked[i].module->desc().exports;
      for (size_t e = 0; e < exports.size(); ++e)
        if (exports[e].type.name == import.name)
          return linked[i].instance->exports()[e];
    }
    break;
  }
  return interp::Ref::Null;
}

Expected<interp::Ref>
OracleExecutor::provideImport(const interp::ImportType &import) {
  std::string name = quoteName(import.module + "." + import.name);
  const auto *wanted = wabt::dyn_cast<interp::FuncType>(import.type.get());
  std::string missing =
      "import " + name + " is not provided by the interpreter";
  if (import.module == rewriteModule)
    if (auto function = makeRewriteImport(store, import.name, device))
      return function.ref();
  if (import.module == "tw" && wanted)
    if (auto function = makeDeviceImport(store, import.name, device)) {
      if (function->type().params == wanted->params &&
          function->type().results == wanted->results)
        return function.ref();
      missing = "import " + name + " is declared with type " + tell(*wanted) +
                ", but the device has it with type " + tell(function->type());
    }
  if (interp::Ref ref = findLinked(import); ref != interp::Ref::Null)
    return ref;
  if (!wanted)
    return makeError(ErrorKind::Incompatible,
                     std::string("import ") + name + " is a " +
                         interp::GetName(import.type->kind) +
                         ", and no module of the artifact provides it");

  auto refusing = interp::HostFunc::New(
      store, *wanted,
      [this, missing](interp::Thread &running, const interp::Values &,
                      interp::Values &, interp::Trap::Ptr *trap) {
        refusal = missing;
        *trap = interp::Trap::New(running.store(), missing);
        return wabt::Result::Error;
      });
  return refusing.ref();
}

} // namespace twrun
