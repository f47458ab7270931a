//===- Instantiate.cpp - a module in the interpreter ----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads and validates the module with WABT, provides its imports and
// instantiates it. An import that nobody provides is an error only when it is
// called: the compiler offers the exports that cannot reach it.
//
//===----------------------------------------------------------------------===//

#include "OracleExecutor.h"

#include "lib/Quote.h"

#include <wabt/binary-reader.h>
#include <wabt/interp/binary-reader-interp.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <new>

namespace interp = wabt::interp;

namespace twrun {

namespace {

/// Everything that the compiler may accept and the interpreter can run.
wabt::Features oracleFeatures() {
  wabt::Features features; // the defaults: all of Wasm 2.0
  features.enable_tail_call();
  features.enable_extended_const();
  features.enable_threads();
  return features;
}

std::string describeErrors(const wabt::Errors &errors) {
  if (errors.empty())
    return "the interpreter refused the module without saying why";
  char offset[32];
  std::snprintf(offset, sizeof offset, "%#zx",
                size_t(errors.front().loc.offset));
  return "module offset " + std::string(offset) + ": " +
         oneLine(errors.front().message);
}

/// Calls nest until their frames and locals would take about 1 GiB, and never
/// deeper than that limit nor shallower than WABT's own.
size_t computeFrameLimit(const interp::ModuleDesc &desc) {
  constexpr size_t deepest = 1u << 18;
  constexpr size_t shallowest = interp::Thread::Options::kDefaultCallStackSize;
  constexpr size_t budget = size_t(1) << 30;
  size_t mostLocals = 0;
  for (const interp::FuncDesc &function : desc.funcs)
    mostLocals = std::max<size_t>(mostLocals, function.locals.empty()
                                                  ? function.type.params.size()
                                                  : function.locals.back().end);
  // 32 stands for the operands that a function may have under way.
  size_t frameBytes =
      sizeof(interp::Frame) + (mostLocals + 32) * sizeof(interp::Value);
  return std::clamp(budget / frameBytes, shallowest, deepest);
}

} // namespace

Expected<interp::Ref>
OracleExecutor::provideImport(const interp::ImportType &import) {
  std::string name = quoteName(import.module + "." + import.name);
  if (import.type->kind != interp::ExternKind::Func)
    return makeError(ErrorKind::Incompatible,
                     std::string("import ") + name + " is a " +
                         interp::GetName(import.type->kind) +
                         "; the interpreter provides functions only");
  const auto &wanted = *wabt::cast<interp::FuncType>(import.type.get());

  if (import.module == "tw")
    if (auto function = makeDeviceImport(store, import.name, position)) {
      if (function->type().params != wanted.params ||
          function->type().results != wanted.results)
        return makeError(ErrorKind::Malformed,
                         "import " + name +
                             " is declared with another type than tw.h's");
      return function.ref();
    }

  auto missing = interp::HostFunc::New(
      store, wanted,
      [this, name](interp::Thread &running, const interp::Values &,
                   interp::Values &, interp::Trap::Ptr *trap) {
        missingImport = name;
        *trap = interp::Trap::New(running.store(),
                                  "import " + name + " is not provided");
        return wabt::Result::Error;
      });
  return missing.ref();
}

Expected<void> OracleExecutor::instantiate(ptxbin::ByteView wasm) {
  wabt::Features features = oracleFeatures();
  store.setFeatures(features);
  // A broken custom section (names, debug information) does not make a module
  // invalid.
  wabt::ReadBinaryOptions options(features, nullptr, /*read_debug_names=*/false,
                                  /*stop_on_first_error=*/true,
                                  /*fail_on_custom_section_error=*/false);
  wabt::Errors errors;
  interp::ModuleDesc desc;
  if (wabt::Failed(interp::ReadBinaryInterp("module", wasm.data(), wasm.size(),
                                            options, &errors, &desc)))
    return makeError(ErrorKind::Malformed,
                     "wasm section: " + describeErrors(errors));

  frameLimit = computeFrameLimit(desc);
  module = interp::Module::New(store, std::move(desc));
  interp::RefVec imports;
  // Each import stays rooted until the instance holds it.
  std::vector<interp::Func::Ptr> roots;
  for (const interp::ImportType &import : module->import_types()) {
    auto provided = provideImport(import);
    if (!provided)
      return provided.error();
    imports.push_back(*provided);
    roots.push_back(store.UnsafeGet<interp::Func>(*provided));
  }

  interp::Trap::Ptr trap;
  instance = interp::Instance::Instantiate(store, module.ref(), imports, &trap);
  if (!instance)
    return makeError(ErrorKind::Invalid,
                     "instantiation failed in the interpreter: " +
                         (trap ? oneLine(trap->message()) : "no reason given"));
  if (!instance->memories().empty())
    linearMemory = store.UnsafeGet<interp::Memory>(instance->memories()[0]);
  freshThread();
  return {};
}

Expected<std::unique_ptr<OracleExecutor>>
OracleExecutor::create(ptxbin::ByteView wasm, OracleProgress progress) {
  // WABT allocates linear memory at once, and lets bad_alloc through.
  try {
    std::unique_ptr<OracleExecutor> oracle(new OracleExecutor);
    oracle->progress = std::move(progress);
    if (auto done = oracle->instantiate(wasm); !done)
      return done.error();
    return oracle;
  } catch (const std::bad_alloc &) {
    return makeError(ErrorKind::IO,
                     "not enough memory to instantiate in the interpreter");
  }
}

Expected<std::unique_ptr<OracleExecutor>>
OracleExecutor::create(const ptxbin::PtxBin &artifact,
                       OracleProgress progress) {
  const auto &sections = artifact.sections();
  for (size_t i = 0; i < sections.size(); ++i) {
    if (sections[i].key.type != ptxbin::SectionType::Wasm)
      continue;
    auto wasm = artifact.raw(i);
    if (!wasm)
      return wasm.error();
    return create(ptxbin::ByteView(*wasm), std::move(progress));
  }
  return makeError(ErrorKind::NotFound,
                   "the artifact has no WASM section for the interpreter");
}

Expected<std::unique_ptr<Executor>> createOracle(const ptxbin::PtxBin &artifact,
                                                 OracleProgress progress) {
  auto oracle = OracleExecutor::create(artifact, std::move(progress));
  if (!oracle)
    return oracle.error();
  return std::unique_ptr<Executor>(std::move(*oracle));
}

} // namespace twrun
