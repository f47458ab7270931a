//===- Linker.cpp - modules that are linked into one program --------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finding and matching imports.
//
//===----------------------------------------------------------------------===//

#include "Linker.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace twc;

Linker::Linker(MLIRContext &context, StringRef fileName)
    : module(ModuleOp::create(FileLineColLoc::get(
          StringAttr::get(&context, fileName), 0, 0))) {}

void Linker::begin(const ModuleInput &input, const ModuleFacts &facts) {
  LinkedModule linked;
  linked.name = input.name;
  linked.wasmOffset = nextOffset;
  linked.wasmSize = input.bytes.size();
  nextOffset += input.bytes.size();
  modules.push_back(std::move(linked));
  exports.emplace_back();
  links.clear();
  for (const auto &[name, position] : input.links)
    links[name] = position;
  requireImports = input.requireImports;
  fileName = input.fileName;
  firstFunction = nextFunction;
  nextFunction += facts.functions.size();
}

static std::string describe(const ImportFact &import) {
  return llvm::formatv("'{0}.{1}'", import.module, import.field);
}

llvm::Error Linker::unknownImport(const ImportFact &import) const {
  return llvm::createStringError(
      llvm::inconvertibleErrorCode(),
      llvm::formatv("{0}: error: unknown import {1}: {2}", fileName,
                    describe(import),
                    links.count(import.module)
                        ? "the module linked under that name exports no such "
                          "item"
                        : "link a module that exports it (--link " +
                              import.module + "=FILE)"));
}

llvm::Error Linker::incompatibleImport(const ImportFact &import,
                                       const llvm::Twine &expected) const {
  return llvm::createStringError(
      llvm::inconvertibleErrorCode(),
      llvm::formatv("{0}: error: incompatible import type: {1}: {2}", fileName,
                    describe(import), expected.str()));
}

static std::optional<twasm::ExternKind> kindOf(Operation *op) {
  if (isa<twasm::FuncOp>(op))
    return twasm::ExternKind::Func;
  if (isa<twasm::TableOp>(op))
    return twasm::ExternKind::Table;
  if (isa<twasm::MemoryOp>(op))
    return twasm::ExternKind::Memory;
  return twasm::ExternKind::Global;
}

llvm::Expected<LinkItem> Linker::find(const ImportFact &import,
                                      twasm::ExternKind kind) {
  auto link = links.find(import.module);
  if (link == links.end())
    return LinkItem();
  auto item = exports[link->second].find(import.field);
  if (item == exports[link->second].end())
    return unknownImport(import);
  twasm::ExternKind found = *kindOf(item->second.op);
  if (found != kind)
    return incompatibleImport(
        import, "expected a " + twasm::stringifyExternKind(kind) +
                    ", but it is a " + twasm::stringifyExternKind(found));
  return item->second;
}

void Linker::addExport(StringRef name, Operation *op) {
  exports.back()[name] = {op};
}

llvm::Error Linker::matchLimits(const ImportFact &import,
                                const LimitsFact &wanted, uint64_t min,
                                std::optional<uint64_t> max,
                                bool grows) const {
  if (!grows && min < wanted.min)
    return incompatibleImport(import, "expected a minimum of " +
                                          llvm::Twine(wanted.min) +
                                          ", but it has " + llvm::Twine(min));
  if (wanted.max && (!max || *max > *wanted.max))
    return incompatibleImport(
        import, "expected a maximum of at most " + llvm::Twine(*wanted.max) +
                    ", but it has " +
                    (max ? llvm::Twine(*max).str() : std::string("none")));
  return llvm::Error::success();
}
