//===- SourceLines.cpp - lines of the guest's source ----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's readers of Wasm and DWARF. What they cannot read has no lines: that is
// no reason to refuse a module.
//
//===----------------------------------------------------------------------===//

#include "SourceLines.h"

#include "llvm/BinaryFormat/Wasm.h"

using namespace llvm;
using namespace twc;

static void ignore(Error error) { consumeError(std::move(error)); }

SourceLines::SourceLines(ArrayRef<uint8_t> wasm) {
  StringRef bytes(reinterpret_cast<const char *>(wasm.data()), wasm.size());
  // Most modules have none, and the reader knows fewer proposals than WABT.
  if (!bytes.contains(".debug_line"))
    return;
  auto read = object::ObjectFile::createWasmObjectFile(
      MemoryBufferRef(bytes, "module"));
  if (!read) {
    ignore(read.takeError());
    return;
  }
  object = std::move(*read);
  for (const object::SectionRef &section : object->sections()) {
    const object::WasmSection &found = object->getWasmSection(section);
    if (found.Type != wasm::WASM_SEC_CODE)
      continue;
    codeBegin = found.Content.data() - wasm.data();
    codeEnd = codeBegin + found.Content.size();
  }
  dwarf = DWARFContext::create(
      *object, DWARFContext::ProcessDebugRelocations::Ignore, nullptr, "",
      ignore, ignore);
}

SourceLine SourceLines::find(uint32_t offset) const {
  if (!dwarf || offset < codeBegin || offset >= codeEnd)
    return {};
  std::optional<DILineInfo> info = dwarf->getLineInfoForAddress(
      {offset - codeBegin, object::SectionedAddress::UndefSection},
      {DILineInfoSpecifier::FileLineInfoKind::RawValue,
       DILineInfoSpecifier::FunctionNameKind::None});
  if (!info || !*info || info->FileName == DILineInfo::BadString)
    return {};
  return {info->FileName, info->Line, info->Column};
}

void twc::findPlaces(MutableArrayRef<AccessRemark> remarks,
                     ArrayRef<LinkedModule> modules,
                     ArrayRef<ModuleInput> inputs, ArrayRef<uint8_t> wasm) {
  std::vector<std::unique_ptr<SourceLines>> lines(modules.size());
  for (AccessRemark &access : remarks) {
    // Functions count through all modules.
    uint32_t number = access.remark.function;
    size_t i = 0;
    while (i < modules.size() && number >= modules[i].functions.size())
      number -= modules[i++].functions.size();
    if (i == modules.size())
      continue;
    const LinkedModule &from = modules[i];
    if (!lines[i])
      lines[i] = std::make_unique<SourceLines>(
          wasm.slice(from.wasmOffset, from.wasmSize));
    access.file = inputs[i].fileName;
    access.functionName = from.functions[number];
    access.source = lines[i]->find(access.remark.offset);
  }
}
