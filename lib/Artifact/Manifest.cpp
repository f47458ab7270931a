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

#include <map>

using namespace mlir;
using namespace twc;

llvm::StringRef twc::getVersion() { return TWC_VERSION; }

static ptxbin::ValueType convertType(Type type) {
  using ptxbin::ValueType;
  if (isa<twasm::FuncRefType>(type))
    return ValueType::FuncRef;
  if (isa<twasm::ExternRefType>(type))
    return ValueType::ExternRef;
  if (isa<VectorType>(type))
    return ValueType::V128;
  if (type.isInteger(32))
    return ValueType::I32;
  if (type.isInteger(64))
    return ValueType::I64;
  return type.isF32() ? ValueType::F32 : ValueType::F64;
}

static std::string stringAttr(Operation *op, StringRef name) {
  auto attr = op->getAttrOfType<StringAttr>(name);
  return attr ? attr.getValue().str() : std::string();
}

namespace {

/// Describes the ops of all linked modules, each kind in its order.
class Describer {
public:
  Describer(ModuleOp module, ptxbin::Manifest &manifest)
      : module(module), manifest(manifest), symbols(module) {
    for (auto op : module.getOps<twasm::ExportOp>())
      exports[op.getItem()].push_back(
          {uint32_t(op.getModule()), op.getExportName().str()});
    for (auto [i, memory] : llvm::enumerate(module.getOps<twasm::MemoryOp>()))
      memories[memory.getSymName()] = i;
    for (auto [i, table] : llvm::enumerate(module.getOps<twasm::TableOp>()))
      tables[table.getSymName()] = i;
    module.walk([&](Operation *op) {
      if (auto grow = dyn_cast<twasm::MemoryGrowOp>(op)) {
        auto func = op->getParentOfType<twasm::FuncOp>();
        if (std::optional<uint32_t> memory =
                memoryOf(grow.getMemoryAttr(), func))
          growingMemories.insert(*memory);
      } else if (auto grow = dyn_cast<twasm::TableGrowOp>(op)) {
        growingTables.insert(tables.lookup(grow.getTable()));
      }
    });
  }

  void describeMemories() {
    for (auto [i, op] : llvm::enumerate(module.getOps<twasm::MemoryOp>())) {
      ptxbin::MemoryInfo info;
      info.module = op.getModule();
      info.minPages = op.getMin();
      info.maxPages = op.getMax();
      info.index64 = op.getIndex64();
      info.shared = op.getShared();
      info.grows = growingMemories.contains(i);
      info.exports = exports.lookup(op.getSymName());
      manifest.memories.push_back(std::move(info));
    }
    for (auto [i, op] : llvm::enumerate(module.getOps<twasm::TableOp>())) {
      ptxbin::TableInfo info;
      info.module = op.getModule();
      info.type = convertType(op.getElementType());
      info.minSize = op.getMin();
      info.maxSize = op.getMax();
      info.grows = growingTables.contains(i);
      info.exports = exports.lookup(op.getSymName());
      manifest.tables.push_back(std::move(info));
    }
  }

  void describeGlobals() {
    for (auto op : module.getOps<twasm::GlobalOp>()) {
      ptxbin::GlobalInfo info;
      info.module = op.getModule();
      info.type = convertType(op.getInit().getType());
      info.isMutable = op.getIsMutable();
      std::tie(info.bits, info.highBits) = bitsOf(op.getInit());
      info.exports = exports.lookup(op.getSymName());
      manifest.globals.push_back(std::move(info));
    }
  }

  void describeSegments() {
    for (auto op : module.getOps<twasm::DataOp>()) {
      ptxbin::DataInfo info;
      info.module = op.getModule();
      info.active = !!op.getMemoryAttr();
      if (info.active)
        info.memory = memories.lookup(*op.getMemory());
      info.memoryOffset = op.getOffset();
      info.moduleOffset = op.getModuleOffset();
      info.size = op.getBytes().size();
      manifest.data.push_back(std::move(info));
    }
    for (auto op : module.getOps<twasm::ElemOp>()) {
      ptxbin::ElemInfo info;
      info.module = op.getModule();
      info.active = !!op.getTableAttr();
      if (info.active)
        info.table = tables.lookup(*op.getTable());
      info.tableOffset = op.getOffset();
      for (Attribute ref : op.getFuncs())
        info.references.push_back(
            referenceTo(dyn_cast<FlatSymbolRefAttr>(ref)));
      manifest.elems.push_back(std::move(info));
    }
  }

  void describeKernels() {
    for (auto op : module.getOps<twasm::ExportOp>()) {
      if (op.getKind() != twasm::ExternKind::Func)
        continue;
      ptxbin::KernelInfo kernel;
      kernel.module = op.getModule();
      kernel.name = op.getExportName().str();
      auto ordinal = op->getAttrOfType<IntegerAttr>(twasm::ordinalAttr);
      kernel.symbol = kernelSymbol(
          kernel.name, ordinal ? ordinal.getInt() : 0, kernel.module);
      kernel.notOffloadable = stringAttr(op, twasm::notOffloadableAttr);
      kernel.notLaunchable = stringAttr(op, twasm::notLaunchableAttr);
      kernel.notOnGPU = stringAttr(op, twasm::notOnGPUAttr);
      kernel.cooperative = op->hasAttr(twasm::cooperativeAttr);
      kernel.prints = op->hasAttr(twasm::printsAttr);
      auto func = symbols.lookup<twasm::FuncOp>(op.getItem());
      kernel.function = func.getFuncIndex();
      kernel.memory = memoryOf({}, func);
      for (Type type : func.getArgumentTypes())
        kernel.params.push_back(convertType(type));
      for (Type type : func.getResultTypes())
        kernel.results.push_back(convertType(type));
      manifest.kernels.push_back(std::move(kernel));
    }
  }

  void describeModules(ArrayRef<LinkedModule> linked) {
    for (const LinkedModule &from : linked) {
      ptxbin::ModuleInfo info;
      info.name = from.name;
      info.wasmOffset = from.wasmOffset;
      info.wasmSize = from.wasmSize;
      info.functions = from.functions.size();
      for (auto [index, minimum] : from.memoryImports)
        info.memoryImports.push_back({index, minimum});
      for (auto [index, minimum] : from.tableImports)
        info.tableImports.push_back({index, minimum});
      manifest.modules.push_back(std::move(info));
      llvm::append_range(manifest.functions, from.functions);
    }
    for (auto op : module.getOps<twasm::StartOp>())
      manifest.modules[op.getModule()].startSymbol =
          startSymbol(op.getModule());
    shortenNames();
  }

private:
  /// Position of the memory that an op of `func` which names `named` means.
  std::optional<uint32_t> memoryOf(FlatSymbolRefAttr named,
                                   twasm::FuncOp func) const {
    if (!named)
      named = func.getMemoryAttr();
    if (named)
      return memories.lookup(named.getValue());
    return memories.empty() ? std::nullopt : std::optional<uint32_t>(0);
  }

  uint64_t referenceTo(FlatSymbolRefAttr name) {
    if (!name)
      return twrun::abi::nullReference;
    return uint64_t(
               symbols.lookup<twasm::FuncOp>(name.getValue()).getFuncIndex()) +
           1;
  }

  std::pair<uint64_t, uint64_t> bitsOf(TypedAttr value) {
    if (auto integer = dyn_cast<IntegerAttr>(value))
      return {integer.getValue().getZExtValue(), 0};
    if (auto number = dyn_cast<FloatAttr>(value))
      return {number.getValue().bitcastToAPInt().getZExtValue(), 0};
    if (auto ref = dyn_cast<twasm::RefAttr>(value))
      return {referenceTo(ref.getFunc()), 0};
    auto lanes =
        llvm::to_vector(cast<DenseElementsAttr>(value).getValues<uint32_t>());
    return {lanes[0] | uint64_t(lanes[1]) << 32,
            lanes[2] | uint64_t(lanes[3]) << 32};
  }

  /// Names are for trap reports. Those of C++ and Rust can be longer than the
  /// code they name, and a manifest is bounded.
  void shortenNames() {
    constexpr size_t longest = 120, budget = ptxbin::maxManifestBytes / 2;
    size_t all = 0;
    for (std::string &name : manifest.functions) {
      if (name.size() > longest) {
        size_t end = longest;
        while (end && (name[end] & 0xC0) == 0x80) // not inside a character
          --end;
        name.resize(end);
        name += "...";
      }
      if ((all += name.size() + 3) > budget)
        name.clear();
    }
  }

  ModuleOp module;
  ptxbin::Manifest &manifest;
  SymbolTable symbols;
  llvm::StringMap<std::vector<ptxbin::ExportName>> exports; // by item
  llvm::StringMap<uint32_t> memories, tables;
  llvm::DenseSet<uint32_t> growingMemories, growingTables;
};

} // namespace

void twc::describeGrids(ModuleOp module, ptxbin::Manifest &manifest) {
  llvm::StringMap<uint32_t> positions; // of memories
  for (auto [i, memory] : llvm::enumerate(module.getOps<twasm::MemoryOp>()))
    positions[memory.getSymName()] = i;
  std::optional<ptxbin::StackWindow> window;
  for (auto [i, global] : llvm::enumerate(module.getOps<twasm::GlobalOp>())) {
    auto low = global->getAttrOfType<IntegerAttr>(twasm::stackLowAttr);
    auto home =
        global->getAttrOfType<FlatSymbolRefAttr>(twasm::stackMemoryAttr);
    if (!low || !home)
      continue;
    window.emplace();
    window->global = i;
    window->low = low.getInt();
    window->size =
        cast<IntegerAttr>(global.getInit()).getInt() - low.getInt();
    window->memory = positions.lookup(home.getValue());
  }
  std::map<std::pair<uint32_t, StringRef>, ptxbin::KernelInfo *> kernels;
  for (ptxbin::KernelInfo &kernel : manifest.kernels)
    kernels[{kernel.module, kernel.name}] = &kernel;
  for (auto op : module.getOps<twasm::ExportOp>()) {
    auto it = kernels.find({uint32_t(op.getModule()), op.getExportName()});
    if (op.getKind() != twasm::ExternKind::Func || it == kernels.end())
      continue;
    ptxbin::KernelInfo &kernel = *it->second;
    kernel.notLaunchable = stringAttr(op, twasm::notLaunchableAttr);
    if (!op->hasAttr(twasm::gridAttr))
      continue;
    kernel.gridSymbol = gridSymbol(kernel.symbol);
    kernel.stackWindow = window;
    if (auto home =
            op->getAttrOfType<FlatSymbolRefAttr>(twasm::sharedMemoryAttr)) {
      kernel.shared.emplace();
      kernel.shared->memory = positions.lookup(home.getValue());
      kernel.shared->size =
          op->getAttrOfType<IntegerAttr>(twasm::sharedBytesAttr).getInt();
      kernel.shared->limit =
          op->getAttrOfType<IntegerAttr>(twasm::sharedLimitAttr).getInt();
    }
  }
}

ptxbin::Manifest twc::describeProgram(const Program &program,
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
  manifest.floatingPoint = ptxbin::strictFloats;
  manifest.kernelABI = twrun::abi::kernelABIVersion;

  Describer describer(*program.module, manifest);
  describer.describeModules(program.modules);
  describer.describeMemories();
  describer.describeGlobals();
  describer.describeSegments();
  describer.describeKernels();
  return manifest;
}
