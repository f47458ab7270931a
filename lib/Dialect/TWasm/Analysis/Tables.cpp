//===- Tables.cpp - what stands in a module's tables ----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Flow-insensitive: an instruction counts wherever it stands. References that
// travel (ref.func, table.get, globals, parameters) are not followed; whatever
// is set from a value may be any function that has its address taken.
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/Analysis/Tables.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace twc;
using namespace twc::twasm;

StringRef twc::twasm::getWrittenTable(Operation *op) {
  if (auto set = dyn_cast<TableSetOp>(op))
    return set.getTable();
  if (auto grow = dyn_cast<TableGrowOp>(op))
    return grow.getTable();
  if (auto fill = dyn_cast<TableFillOp>(op))
    return fill.getTable();
  if (auto copy = dyn_cast<TableCopyOp>(op))
    return copy.getDstTable();
  if (auto init = dyn_cast<TableInitOp>(op))
    return init.getTable();
  return {};
}

FunctionType twc::twasm::getSignature(CallIndirectOp op) {
  return FunctionType::get(op.getContext(), op.getArgs().getTypes(),
                           op.getResultTypes());
}

FunctionType twc::twasm::getSignature(ReturnCallIndirectOp op) {
  auto results =
      llvm::to_vector(op.getTailResults().getAsValueRange<TypeAttr>());
  return FunctionType::get(op.getContext(), op.getArgs().getTypes(), results);
}

void twc::twasm::visitCallees(
    Operation *op, llvm::function_ref<void(StringAttr)> call,
    llvm::function_ref<void(StringRef, FunctionType)> indirect) {
  if (auto direct = dyn_cast<CallOp>(op))
    call(direct.getCalleeAttr().getAttr());
  else if (auto direct = dyn_cast<ReturnCallOp>(op))
    call(direct.getCalleeAttr().getAttr());
  else if (auto table = dyn_cast<CallIndirectOp>(op))
    indirect(table.getTable(), getSignature(table));
  else if (auto table = dyn_cast<ReturnCallIndirectOp>(op))
    indirect(table.getTable(), getSignature(table));
}

/// Adds the functions that `segment` refers to.
static void addFunctions(ElemOp segment, llvm::SetVector<StringAttr> &to) {
  for (Attribute name : segment.getFuncs())
    if (auto symbol = dyn_cast<FlatSymbolRefAttr>(name))
      to.insert(symbol.getAttr());
}

TableAnalysis::TableAnalysis(ModuleOp module) {
  for (auto func : module.getOps<FuncOp>())
    types[func.getSymNameAttr()] = func.getFunctionType();
  for (auto table : module.getOps<TableOp>())
    tables[table.getSymName()].size = table.getMin();
  findWrites(module);
  placeElements(module);
  findCandidates(module);
}

const TableFacts &TableAnalysis::operator[](StringRef table) const {
  auto it = tables.find(table);
  return it == tables.end() ? nothing : it->second;
}

SmallVector<StringAttr> TableAnalysis::getCallees(StringRef table,
                                                  FunctionType type) const {
  SmallVector<StringAttr> callees;
  for (StringAttr name : (*this)[table].candidates)
    if (getType(name) == type)
      callees.push_back(name);
  return callees;
}

void TableAnalysis::findWrites(ModuleOp module) {
  module.walk([&](Operation *op) {
    if (StringRef table = getWrittenTable(op); !table.empty())
      tables[table].written = true;
    if (auto grow = dyn_cast<TableGrowOp>(op))
      tables[grow.getTable()].grows = true;
  });
}

/// Instantiation copies a module's active segments in order (Wasm spec 4.5.4)
/// before any of its functions can run. Not so another module's segments. And
/// one that is out of bounds ends the instantiation half-way, while earlier
/// segments may have put functions of the module into tables that outlive it.
void TableAnalysis::placeElements(ModuleOp module) {
  llvm::StringMap<uint32_t> owner;
  for (auto table : module.getOps<TableOp>())
    owner[table.getSymName()] = table.getModule();
  llvm::DenseSet<uint32_t> incomplete; // modules that may fail half-way
  llvm::StringSet<> foreign;           // tables that others' segments change
  for (auto segment : module.getOps<ElemOp>()) {
    if (!segment.getTable())
      continue;
    StringRef table = *segment.getTable();
    uint64_t size = tables[table].size, count = segment.getFuncs().size();
    if (count > size || segment.getOffset() > size - count)
      incomplete.insert(segment.getModule());
    if (segment.getModule() != owner.lookup(table))
      foreign.insert(table);
  }
  for (auto &entry : tables)
    entry.second.constant = !entry.second.written &&
                            !foreign.contains(entry.first()) &&
                            !incomplete.contains(owner.lookup(entry.first()));
  for (auto segment : module.getOps<ElemOp>()) {
    if (!segment.getTable() || !tables[*segment.getTable()].constant)
      continue;
    auto &elements = tables[*segment.getTable()].elements;
    for (auto [i, element] : llvm::enumerate(segment.getFuncs())) {
      uint64_t at = segment.getOffset() + i;
      if (auto name = dyn_cast<FlatSymbolRefAttr>(element))
        elements[at] = name.getAttr();
      else
        elements.erase(at); // a null overwrites too
    }
  }
}

void TableAnalysis::findCandidates(ModuleOp module) {
  // Functions that a reference can be of, wherever it comes from.
  llvm::SetVector<StringAttr> taken;
  llvm::StringMap<ElemOp> segments;
  for (auto segment : module.getOps<ElemOp>()) {
    segments[segment.getSymName()] = segment;
    addFunctions(segment, taken);
  }
  for (auto global : module.getOps<GlobalOp>())
    if (auto ref = dyn_cast<RefAttr>(global.getInit()))
      if (ref.getFunc())
        taken.insert(ref.getFunc().getAttr());
  bool hostGivesReferences = false;
  for (auto op : module.getOps<ExportOp>())
    if (op.getKind() == ExternKind::Func)
      if (FunctionType type = types.lookup(op.getItemAttr().getAttr()))
        hostGivesReferences |= llvm::any_of(
            type.getInputs(), [](Type t) { return isa<FuncRefType>(t); });
  // A caller outside may pass any function that it knows.
  if (hostGivesReferences)
    for (auto op : module.getOps<ExportOp>())
      if (op.getKind() == ExternKind::Func &&
          types.contains(op.getItemAttr().getAttr()))
        taken.insert(op.getItemAttr().getAttr());

  llvm::StringSet<> set; // tables whose elements are set from a value
  SmallVector<std::pair<StringRef, StringRef>> copies; // destination, source
  auto addSegment = [&](StringRef table, StringRef name) {
    if (ElemOp segment = segments.lookup(name))
      addFunctions(segment, tables[table].candidates);
  };
  for (auto segment : module.getOps<ElemOp>())
    if (segment.getTable())
      addSegment(*segment.getTable(), segment.getSymName());
  module.walk([&](Operation *op) {
    if (auto ref = dyn_cast<RefFuncOp>(op))
      taken.insert(ref.getFuncAttr().getAttr());
    else if (auto init = dyn_cast<TableInitOp>(op))
      addSegment(init.getTable(), init.getSegment());
    else if (auto copy = dyn_cast<TableCopyOp>(op))
      copies.push_back({copy.getDstTable(), copy.getSrcTable()});
    else if (auto tableSet = dyn_cast<TableSetOp>(op))
      set.insert(tableSet.getTable());
    else if (auto grow = dyn_cast<TableGrowOp>(op))
      set.insert(grow.getTable());
    else if (auto fill = dyn_cast<TableFillOp>(op))
      set.insert(fill.getTable());
  });
  for (auto table : module.getOps<TableOp>())
    if (set.contains(table.getSymName()) &&
        isa<FuncRefType>(table.getElementType()))
      tables[table.getSymName()].candidates.insert(taken.begin(), taken.end());

  llvm::sort(copies);
  copies.erase(llvm::unique(copies), copies.end());
  for (bool changed = true; changed;) {
    changed = false;
    for (auto [destination, source] : copies) {
      if (destination == source)
        continue;
      const auto &from = tables[source].candidates;
      auto &to = tables[destination].candidates;
      size_t before = to.size();
      to.insert(from.begin(), from.end());
      changed |= to.size() != before;
    }
  }
}
