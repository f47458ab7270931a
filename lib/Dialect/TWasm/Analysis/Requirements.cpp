//===- Requirements.cpp - what a function needs to run --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each function's own needs from its ops, then the union over what it calls:
// a work list over the reversed call graph, since calls may be cyclic.
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/Analysis/Requirements.h"

#include "twc/Dialect/TWasm/Analysis/Tables.h"
#include "twc/Dialect/TWasm/IR/TWasm.h"

#include "llvm/ADT/SetVector.h"

#include <algorithm>

using namespace mlir;
using namespace twc::twasm;

unsigned Requirements::intern(std::string need) {
  auto [it, isNew] = ids.try_emplace(need, names.size());
  if (isNew)
    names.push_back(std::move(need));
  return it->second;
}

/// Symbols that `op` refers to by these attributes, with a word before each.
static constexpr std::pair<llvm::StringLiteral, llvm::StringLiteral>
    references[] = {{"table", "table"},      {"dstTable", "table"},
                    {"srcTable", "table"},   {"segment", "segment"},
                    {"dstMemory", "memory"}, {"srcMemory", "memory"},
                    {"memory", "memory"}};

void Requirements::collect(Operation *op, StringRef home,
                           llvm::BitVector &own) {
  auto need = [&](const llvm::Twine &what) {
    unsigned id = intern(what.str());
    if (own.size() <= id)
      own.resize(id + 1);
    own.set(id);
  };
  bool named = false;
  for (auto [attribute, word] : references)
    if (auto symbol = op->getAttrOfType<FlatSymbolRefAttr>(attribute)) {
      need(word + " '" + symbol.getValue() + "'");
      named |= word == "memory";
    }
  // An access that names no memory means the function's own.
  bool access = isa<MemorySizeOp, MemoryGrowOp, MemoryCopyOp, MemoryFillOp,
                    MemoryInitOp>(op) ||
                op->hasAttr("align");
  if (access && !named && !home.empty())
    need("memory '" + home + "'");
  if (isa<MemoryGrowOp, TableGrowOp>(op))
    need("room to grow");
  if (auto get = dyn_cast<GlobalGetOp>(op))
    need("global '" + get.getGlobal() + "'");
  if (auto set = dyn_cast<GlobalSetOp>(op))
    need("global '" + set.getGlobal() + "'");
  if (isa<ThreadIdOp, BlockIdOp, BlockDimOp, GridDimOp>(op))
    need("its place in a grid");
  if (op->getName().stripDialect().starts_with("atomic_"))
    need("atomics");
  if (llvm::any_of(op->getResultTypes(), llvm::IsaPred<VectorType>))
    need("vectors (v128)");
}

Requirements::Requirements(ModuleOp module) {
  TableAnalysis tables(module);
  StringRef first;
  for (auto memory : module.getOps<MemoryOp>()) {
    first = memory.getSymName();
    break;
  }
  llvm::StringMap<llvm::SetVector<StringRef>> callers;
  llvm::SetVector<StringRef> work;
  for (auto func : module.getOps<FuncOp>()) {
    StringRef name = func.getSymName();
    llvm::BitVector own;
    if (std::optional<ArrayAttr> import = func.getImport()) {
      own.resize(intern(("import '" +
                         cast<StringAttr>((*import)[0]).getValue() + "." +
                         cast<StringAttr>((*import)[1]).getValue() + "'")
                            .str()) +
                 1);
      own.set(own.size() - 1);
    }
    StringRef home = func.getMemory() ? *func.getMemory() : first;
    func.walk([&](Operation *op) {
      collect(op, home, own);
      visitCallees(
          op, [&](StringAttr callee) { callers[callee].insert(name); },
          [&](StringRef table, FunctionType type) {
            for (StringAttr callee : tables.getCallees(table, type))
              callers[callee].insert(name);
          });
    });
    needs[name] = std::move(own);
    work.insert(name);
  }
  while (!work.empty()) {
    StringRef callee = work.pop_back_val();
    const llvm::BitVector from = needs.lookup(callee);
    for (StringRef caller : callers.lookup(callee)) {
      llvm::BitVector &into = needs[caller];
      llvm::BitVector before = into;
      into |= from;
      if (into != before)
        work.insert(caller);
    }
  }
}

std::vector<std::string> Requirements::of(StringRef function) const {
  std::vector<std::string> list;
  auto it = needs.find(function);
  if (it != needs.end())
    for (unsigned id : it->second.set_bits())
      list.push_back(names[id]);
  std::sort(list.begin(), list.end());
  return list;
}
