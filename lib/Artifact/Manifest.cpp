//===- Manifest.cpp - the manifest of a module ----------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the module-level ops of an analysed twasm module.
//
//===----------------------------------------------------------------------===//

#include "twc/Artifact/Artifact.h"

#include "Format/KernelABI.h"
#include "twc/Conversion/TWasmToLLVM.h"
#include "twc/Dialect/TWasm/IR/TWasm.h"
#include "twc/Dialect/TWasm/Transforms/Passes.h"

#include "llvm/Config/llvm-config.h"

using namespace mlir;
using namespace twc;

llvm::StringRef twc::getVersion() { return TWC_VERSION; }

static ptxbin::ValueType convertType(Type type) {
  if (type.isInteger(32))
    return ptxbin::ValueType::I32;
  if (type.isInteger(64))
    return ptxbin::ValueType::I64;
  return type.isF32() ? ptxbin::ValueType::F32 : ptxbin::ValueType::F64;
}

static uint64_t bitsOf(TypedAttr value) {
  if (auto integer = dyn_cast<IntegerAttr>(value))
    return integer.getValue().getZExtValue();
  return cast<FloatAttr>(value).getValue().bitcastToAPInt().getZExtValue();
}

/// Names under which the item `symbol` is exported.
static std::vector<std::string> exportsOf(ModuleOp module,
                                          twasm::ExternKind kind,
                                          StringRef symbol) {
  std::vector<std::string> names;
  for (auto op : module.getOps<twasm::ExportOp>())
    if (op.getKind() == kind && op.getItem() == symbol)
      names.push_back(op.getExportName().str());
  return names;
}

static std::string stringAttr(Operation *op, StringRef name) {
  auto attr = op->getAttrOfType<StringAttr>(name);
  return attr ? attr.getValue().str() : std::string();
}

static void describeKernels(ModuleOp module, ptxbin::Manifest &manifest) {
  SymbolTable symbols(module);
  for (auto op : module.getOps<twasm::ExportOp>()) {
    if (op.getKind() != twasm::ExternKind::Func)
      continue;
    ptxbin::KernelInfo kernel;
    kernel.name = op.getExportName().str();
    auto ordinal = op->getAttrOfType<IntegerAttr>(twasm::ordinalAttr);
    kernel.symbol = kernelSymbol(kernel.name, ordinal ? ordinal.getInt() : 0);
    kernel.notOffloadable = stringAttr(op, twasm::notOffloadableAttr);
    kernel.notLaunchable = stringAttr(op, twasm::notLaunchableAttr);
    // An exported `tw` import has no op; it is not a kernel either.
    auto func = symbols.lookup<twasm::FuncOp>(op.getItem());
    if (!func)
      continue;
    kernel.function = func.getFuncIndex();
    for (Type type : func.getArgumentTypes())
      kernel.params.push_back(convertType(type));
    for (Type type : func.getResultTypes())
      kernel.results.push_back(convertType(type));
    manifest.kernels.push_back(std::move(kernel));
  }
}

ptxbin::Manifest twc::describeModule(ModuleOp module,
                                     const ArtifactIdentity &identity,
                                     ptxbin::ByteView wasm) {
  ptxbin::Manifest manifest;
  manifest.name = identity.name;
  manifest.version = identity.version;
  manifest.release = identity.release;
  manifest.publisher = identity.publisher;
  manifest.created = identity.created;
  manifest.expires = identity.expires;
  manifest.compiler = {"twc", getVersion().str(), LLVM_VERSION_STRING,
                       identity.assembler, identity.flags};
  ptxbin::Digest digest = ptxbin::sha256(wasm);
  manifest.sourceSha256 = ptxbin::hex(digest);
  manifest.sandbox = "checked";
  manifest.floatingPoint = "strict";
  manifest.kernelABI = twrun::abi::kernelABIVersion;

  bool grows = false;
  module.walk([&](twasm::MemoryGrowOp) { grows = true; });
  for (auto memory : module.getOps<twasm::MemoryOp>()) {
    ptxbin::MemoryInfo info;
    info.minPages = memory.getMin();
    info.maxPages = memory.getMax();
    info.grows = grows;
    info.exports =
        exportsOf(module, twasm::ExternKind::Memory, memory.getSymName());
    manifest.memories.push_back(std::move(info));
  }
  for (auto global : module.getOps<twasm::GlobalOp>())
    manifest.globals.push_back(
        {convertType(global.getInit().getType()), global.getIsMutable(),
         bitsOf(global.getInit()),
         exportsOf(module, twasm::ExternKind::Global, global.getSymName())});
  for (auto data : module.getOps<twasm::DataOp>())
    manifest.data.push_back({data.getOffset(), data.getModuleOffset(),
                             data.getBytes().size()});
  for (auto func : module.getOps<twasm::FuncOp>()) {
    uint32_t index = func.getFuncIndex();
    if (manifest.functions.size() <= index)
      manifest.functions.resize(index + 1);
    manifest.functions[index] = func.getSymName().str();
  }
  if (!module.getOps<twasm::StartOp>().empty())
    manifest.startSymbol = startSymbol.str();
  describeKernels(module, manifest);
  return manifest;
}
