//===- Instantiate.cpp - a module in the interpreter ----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads and validates each module with WABT and instantiates it, in the
// artifact's order.
//
//===----------------------------------------------------------------------===//

#include "OracleExecutor.h"

#include "Rewrite.h"
#include "lib/Quote.h"

#include <wabt/binary-reader.h>
#include <wabt/interp/binary-reader-interp.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <new>
#include <utility>

namespace interp = wabt::interp;

namespace twrun {

using ptxbin::Bytes;
using ptxbin::ByteView;

namespace {

/// Everything that the compiler may accept and the interpreter can run.
wabt::Features oracleFeatures() {
  wabt::Features features; // the defaults: all of Wasm 2.0
  features.enable_tail_call();
  features.enable_extended_const();
  features.enable_threads();
  features.enable_multi_memory();
  features.enable_memory64();
  features.enable_relaxed_simd();
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

OracleExecutor::OracleExecutor() : references(store) {
  device.collective = [this](const abi::Collective &call) {
    return collectAlone(call);
  };
  device.memoryNumber = [this](interp::Ref memory) {
    for (size_t i = 0; i < memories.size(); ++i)
      if (memories[i] && memories[i].ref() == memory)
        return uint32_t(i);
    return uint32_t(0);
  };
}

/// The module's memories, by its own indices, in which kernels of the artifact
/// have shared memory.
std::vector<uint32_t> OracleExecutor::windowMemories(const Linked &of,
                                                     bool importsShared) const {
  if (!manifest)
    return importsShared ? std::vector<uint32_t>{0} : std::vector<uint32_t>();
  std::vector<uint32_t> inModule, found;
  for (const ptxbin::ImportedMinimum &import : of.info.memoryImports)
    inModule.push_back(import.index);
  for (size_t i = 0; i < manifest->memories.size(); ++i)
    if (manifest->memories[i].module + 1 == linked.size())
      inModule.push_back(uint32_t(i));
  for (size_t i = 0; i < inModule.size(); ++i)
    for (const ptxbin::KernelInfo &kernel : manifest->kernels)
      if (kernel.shared && kernel.shared->memory == inModule[i]) {
        found.push_back(uint32_t(i));
        break;
      }
  return found;
}

Expected<void> OracleExecutor::load(Linked &next) {
  wabt::Features features = oracleFeatures();
  ByteView bytes =
      ByteView(wasm).subspan(next.info.wasmOffset, next.info.wasmSize);
  const ModuleTraits traits = scanForTraits(bytes, features);
  device.memoryGrows |= traits.growsMemory;
  auto rewritten = rewriteForInterpreter(
      bytes, features, windowMemories(next, traits.importsShared));
  if (!rewritten)
    return rewritten.error();
  const uint32_t added = *rewritten ? rewriteImports : 0;
  if (*rewritten) {
    bytes = (*rewritten)->bytes;
    next.addedTables = (*rewritten)->addedTables;
  }
  // A broken custom section (names, debug information) does not make a module
  // invalid.
  wabt::ReadBinaryOptions options(features, nullptr, /*read_debug_names=*/false,
                                  /*stop_on_first_error=*/true,
                                  /*fail_on_custom_section_error=*/false);
  wabt::Errors errors;
  interp::ModuleDesc desc;
  if (wabt::Failed(interp::ReadBinaryInterp(
          "module", bytes.data(), bytes.size(), options, &errors, &desc)))
    return makeError(ErrorKind::Malformed,
                     "wasm section: " + describeErrors(errors));
  if (size_t limit = computeFrameLimit(desc); limit < frameLimit)
    frameLimit = limit;
  size_t functions = desc.funcs.size();
  for (const interp::ImportDesc &import : desc.imports)
    functions += import.type.type->kind == interp::ExternKind::Func;
  // Those that rewriting adds come last and have no number, but for the
  // imports, which addFunctions leaves out.
  next.addedImports = added;
  if (next.countFunctions)
    next.info.functions = functions - added;
  else if (functions - added < next.info.functions ||
           (!added && functions != next.info.functions))
    return makeError(ErrorKind::Malformed,
                     "the manifest tells of " +
                         std::to_string(next.info.functions) +
                         " functions in module " + quoteName(next.info.name) +
                         ", but it has " + std::to_string(functions - added));
  next.module = interp::Module::New(store, std::move(desc));
  return {};
}

/// The functions by the artifact's numbers: without what rewriting added.
interp::RefVec OracleExecutor::numberedFunctions(const Linked &of,
                                                 const interp::RefVec &all) {
  interp::RefVec functions;
  size_t imports = 0;
  for (const interp::ImportDesc &import : of.module->desc().imports)
    imports += import.type.type->kind == interp::ExternKind::Func;
  const size_t firstAdded = imports - of.addedImports;
  for (size_t i = 0; i < all.size() && functions.size() < of.info.functions;
       ++i)
    if (i < firstAdded || i >= imports)
      functions.push_back(all[i]);
  return functions;
}

/// Appends the memories, tables and globals that the module defines to those
/// of the artifact: as many nulls if it was not instantiated.
void OracleExecutor::addState(const Linked &of) {
  auto add = [&](auto &list, const interp::RefVec *all, size_t defined,
                 size_t added = 0) {
    using T = typename std::remove_reference_t<decltype(list)>::value_type;
    for (size_t i = 0; i < defined - added; ++i)
      list.push_back(all ? T(store, (*all)[all->size() - defined + i]) : T());
  };
  const interp::ModuleDesc &desc = of.module->desc();
  const interp::Instance *instance = of.instance.get();
  add(memories, instance ? &instance->memories() : nullptr,
      desc.memories.size());
  add(tables, instance ? &instance->tables() : nullptr, desc.tables.size(),
      of.addedTables);
  add(globals, instance ? &instance->globals() : nullptr, desc.globals.size());
}

/// A module that failed may live on in a table that it wrote to: its functions
/// get the numbers that the artifact gives them.
void OracleExecutor::findFailed(const Linked &of) {
  for (const interp::Table::Ptr &table : tables) {
    if (!table || table->type().element != wabt::Type::FuncRef)
      continue;
    for (interp::Ref ref : table->elements()) {
      if (ref == interp::Ref::Null || references.knows(ref))
        continue;
      auto function = store.UnsafeGet<interp::Func>(ref);
      auto *defined = wabt::dyn_cast<interp::DefinedFunc>(function.get());
      if (!defined)
        continue;
      auto instance = store.UnsafeGet<interp::Instance>(defined->instance());
      if (instance->module() != of.module.ref())
        continue;
      references.setFunctions(of.firstFunction,
                              numberedFunctions(of, instance->funcs()));
      return;
    }
  }
}

Expected<void> OracleExecutor::instantiate(Linked &next) {
  interp::RefVec imports;
  // Each import stays rooted until the instance holds it.
  std::vector<interp::Extern::Ptr> roots;
  for (const interp::ImportType &import : next.module->import_types()) {
    auto provided = provideImport(import);
    if (!provided)
      return provided.error();
    imports.push_back(*provided);
    roots.push_back(store.UnsafeGet<interp::Extern>(*provided));
  }
  interp::Trap::Ptr trap;
  next.instance =
      interp::Instance::Instantiate(store, next.module.ref(), imports, &trap);
  if (next.instance)
    return {};
  if (!refusal.empty())
    return makeError(ErrorKind::Incompatible,
                     "the start function cannot be run: " +
                         std::exchange(refusal, {}));
  std::string message = trap ? trap->message() : "no reason given";
  return makeError(ErrorKind::Invalid,
                   (trapCodeOf(message) ? "instantiation trapped: "
                                        : "incompatible import type: ") +
                       oneLine(message));
}

Expected<void> OracleExecutor::instantiateNext() {
  if (waiting.empty())
    return makeError(ErrorKind::NotFound,
                     "there is no further module to instantiate");
  // WABT allocates linear memory at once, and lets bad_alloc through.
  try {
    Linked &next = linked.emplace_back();
    next.info = std::move(waiting.back());
    next.countFunctions = countFunctions;
    waiting.pop_back();
    next.firstFunction = references.functionCount();
    Expected<void> result = load(next);
    if (result)
      result = instantiate(next);
    if (!next.module)
      return result;
    interp::RefVec functions(next.info.functions, interp::Ref::Null);
    if (next.instance)
      functions = numberedFunctions(next, next.instance->funcs());
    references.addFunctions(functions);
    addState(next);
    if (!next.instance)
      findFailed(next);
    // The limit on their frames may have changed.
    thread.reset();
    fibers.clear();
    return result;
  } catch (const std::bad_alloc &) {
    return makeError(ErrorKind::IO,
                     "not enough memory to instantiate in the interpreter");
  }
}

Expected<void> OracleExecutor::start(Bytes bytes,
                                     std::vector<ptxbin::ModuleInfo> modules,
                                     bool stepwise) {
  store.setFeatures(oracleFeatures());
  wasm = std::move(bytes);
  waiting.assign(std::make_move_iterator(modules.rbegin()),
                 std::make_move_iterator(modules.rend()));
  while (!stepwise && !waiting.empty())
    if (auto done = instantiateNext(); !done)
      return done;
  return {};
}

Expected<std::unique_ptr<OracleExecutor>>
OracleExecutor::create(ByteView wasm, OracleProgress progress) {
  std::unique_ptr<OracleExecutor> oracle(new OracleExecutor);
  oracle->progress = std::move(progress);
  oracle->countFunctions = true;
  ptxbin::ModuleInfo module;
  module.wasmSize = wasm.size();
  if (auto done = oracle->start(Bytes(wasm.begin(), wasm.end()), {module},
                                /*stepwise=*/false);
      !done)
    return done.error();
  return oracle;
}

Expected<std::unique_ptr<OracleExecutor>>
OracleExecutor::create(const ptxbin::PtxBin &artifact, OracleProgress progress,
                       bool stepwise) {
  const auto &sections = artifact.sections();
  for (size_t i = 0; i < sections.size(); ++i) {
    if (sections[i].key.type != ptxbin::SectionType::Wasm)
      continue;
    auto wasm = artifact.raw(i);
    if (!wasm)
      return wasm.error();
    std::unique_ptr<OracleExecutor> oracle(new OracleExecutor);
    oracle->progress = std::move(progress);
    oracle->manifest = &artifact.manifest();
    if (auto done = oracle->start(std::move(*wasm), artifact.manifest().modules,
                                  stepwise);
        !done)
      return done.error();
    return oracle;
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
