//===- SourceLines.h - lines of the guest's source --------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compilers put DWARF into custom sections of a module; its addresses count
// from the code section's content ("DWARF for WebAssembly", 3.3).
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_PIPELINES_SOURCELINES_H
#define TWC_LIB_PIPELINES_SOURCELINES_H

#include "twc/Pipelines/Remarks.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/DebugInfo/DWARF/DWARFContext.h"
#include "llvm/Object/Wasm.h"

#include <memory>

namespace twc {

class SourceLines {
public:
  /// Of a valid module, which must stay where it is.
  explicit SourceLines(llvm::ArrayRef<uint8_t> wasm);

  /// Of the instruction at a byte offset in the module; no line if there is no
  /// DWARF, or none that can be read.
  SourceLine find(uint32_t offset) const;

private:
  std::unique_ptr<llvm::object::WasmObjectFile> object;
  std::unique_ptr<llvm::DWARFContext> dwarf;
  uint64_t codeBegin = 0, codeEnd = 0;
};

/// Gives remarks their files, names and lines. `wasm` holds all modules.
void findPlaces(llvm::MutableArrayRef<AccessRemark> remarks,
                llvm::ArrayRef<LinkedModule> modules,
                llvm::ArrayRef<ModuleInput> inputs,
                llvm::ArrayRef<uint8_t> wasm);

} // namespace twc

#endif // TWC_LIB_PIPELINES_SOURCELINES_H
