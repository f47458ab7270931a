//===- OracleExecutor.cpp - WABT's interpreter as an Executor -------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OracleExecutor.h"

#include "lib/Quote.h"

#include <new>

namespace interp = wabt::interp;

namespace twrun {

namespace {

ValueType fromWabt(wabt::Type type) {
  using enum ValueType;
  for (ValueType known : {I32, I64, F32, F64, V128, FuncRef})
    if (toWabt(known) == type)
      return known;
  return ExternRef;
}

bool sameTypes(const interp::ValueTypes &actual,
               const std::vector<ValueType> &expected) {
  if (actual.size() != expected.size())
    return false;
  for (size_t i = 0; i < actual.size(); ++i)
    if (actual[i] != toWabt(expected[i]))
      return false;
  return true;
}

} // namespace

std::string OracleExecutor::describe() const { return "interpreter"; }

std::span<uint8_t> OracleExecutor::memory(uint32_t index) {
  if (index >= memories.size() || !memories[index])
    return {};
  return {memories[index]->UnsafeData(), size_t(memories[index]->ByteSize())};
}

Expected<void> OracleExecutor::grow(uint64_t pages, uint32_t index) {
  if (pages == 0)
    return {};
  if (index >= memories.size() || !memories[index])
    return makeError(ErrorKind::Invalid, "the module has no memory to grow");
  interp::Memory &memory = *memories[index];
  try {
    // CanGrow adds without a check of its own.
    if (pages <= 65536 && wabt::Succeeded(memory.Grow(pages)))
      return {};
  } catch (const std::bad_alloc &) {
    return makeError(ErrorKind::IO, "not enough memory to grow by " +
                                        std::to_string(pages) +
                                        " pages in the interpreter");
  }
  return makeError(
      ErrorKind::Invalid,
      "memory cannot grow by " + std::to_string(pages) + " pages from " +
          std::to_string(memory.ByteSize() >> 16) + ": past its maximum");
}

Value OracleExecutor::global(uint32_t index) const {
  if (index >= globals.size() || !globals[index])
    return {};
  return references.fromInterpreter(fromWabt(globals[index]->type().type),
                                    globals[index]->Get());
}

std::vector<uint64_t> OracleExecutor::table(uint32_t index) const {
  std::vector<uint64_t> bits;
  if (index >= tables.size() || !tables[index])
    return bits;
  ValueType type = fromWabt(tables[index]->type().element);
  for (interp::Ref ref : tables[index]->elements())
    bits.push_back(references.fromInterpreter(type, ref));
  return bits;
}

Expected<interp::Func::Ptr>
OracleExecutor::findExport(const ptxbin::KernelInfo &kernel) const {
  if (kernel.module >= linked.size() || !linked[kernel.module].instance)
    return makeError(ErrorKind::Invalid,
                     "export " + quoteName(kernel.name) +
                         " cannot be called: its module is not instantiated");
  const Linked &from = linked[kernel.module];
  for (const interp::ExportDesc &e : from.module->desc().exports) {
    if (e.type.name != kernel.name ||
        e.type.type->kind != interp::ExternKind::Func)
      continue;
    auto function =
        store.UnsafeGet<interp::Func>(from.instance->funcs()[e.index]);
    if (!sameTypes(function->type().params, kernel.params) ||
        !sameTypes(function->type().results, kernel.results))
      return makeError(ErrorKind::Malformed,
                       "export " + quoteName(kernel.name) +
                           " has another type in the WASM section than in "
                           "the manifest");
    return function;
  }
  return makeError(ErrorKind::NotFound, "the WASM section has no function " +
                                            quoteName(kernel.name));
}

Expected<Outcome> OracleExecutor::invoke(const ptxbin::KernelInfo &kernel,
                                         std::span<const Value> arguments) {
  return launchThreads(kernel, Dim3(), Dim3(), arguments, std::nullopt);
}

Expected<Outcome> OracleExecutor::launch(const ptxbin::KernelInfo &kernel,
                                         Dim3 grid, Dim3 block,
                                         std::span<const Value> arguments,
                                         const LaunchOptions &options) {
  if (!kernel.notLaunchable.empty())
    return makeError(
        ErrorKind::Incompatible,
        "kernel " + quoteName(kernel.name) +
            " cannot be launched: " + oneLine(kernel.notLaunchable));
  auto bytes = sharedBytesOf(kernel, options.sharedBytes);
  if (!bytes)
    return bytes.error();
  return launchThreads(kernel, grid, block, arguments, *bytes);
}

abi::TrapCode OracleExecutor::trapOf(Dim3 block, Dim3 thread) const {
  auto linear = [](Dim3 at, Dim3 size) {
    return (uint64_t(at.z) * size.y + at.y) * size.x + at.x;
  };
  auto inside = [](Dim3 at, Dim3 size) {
    return at.x < size.x && at.y < size.y && at.z < size.z;
  };
  if (!inside(block, lastGrid) || !inside(thread, lastBlock))
    return abi::TrapCode::None;
  return trapLog.find(linear(block, lastGrid) * lastBlock.count() +
                      linear(thread, lastBlock));
}

} // namespace twrun
