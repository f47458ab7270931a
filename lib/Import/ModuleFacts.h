//===- ModuleFacts.h - what the first reading learns ------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything a Wasm module declares outside its function bodies, and what
// building SSA form needs to know before it sees a body.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_IMPORT_MODULEFACTS_H
#define TWC_LIB_IMPORT_MODULEFACTS_H

#include "twc/Import/Import.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include "wabt/binary-reader.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace twc {

struct FuncTypeFact {
  std::vector<wabt::Type> params, results;
};

struct ImportFact {
  std::string module, field;
};

struct LoopFact {
  /// Whether something branches to it.
  bool repeated = false;
  /// The locals that are set in a repeated loop. These, and only these, become
  /// arguments of the loop's header block.
  std::vector<uint32_t> locals;
};

struct FunctionFact {
  uint32_t type = 0;
  std::optional<ImportFact> import;
  std::string name; // from the name section, else empty
  std::vector<LoopFact> loops; // each `loop` of the body, in order
};

struct LimitsFact {
  uint64_t min = 0;
  std::optional<uint64_t> max;
};

struct MemoryFact {
  LimitsFact limits; // pages
  bool index64 = false, shared = false;
  std::optional<ImportFact> import;
};

struct TableFact {
  LimitsFact limits; // elements
  wabt::Type type = wabt::Type::FuncRef;
  std::optional<ImportFact> import;
};

/// One instruction of a constant expression (Wasm spec 3.3.7, and the
/// extended-const proposal's arithmetic).
struct ConstInstr {
  enum Kind { Const, GlobalGet, RefNull, RefFunc, Add, Sub, Mul };
  Kind kind = Const;
  wabt::Type type = wabt::Type::Void; // of a Const, a RefNull, an operator
  uint64_t bits = 0, highBits = 0;    // of a Const
  uint32_t index = 0;                 // of a GlobalGet, a RefFunc
};
/// In execution order; valid, so that it leaves one value.
using ConstExpr = std::vector<ConstInstr>;

struct GlobalFact {
  wabt::Type type = wabt::Type::I32;
  bool isMutable = false;
  ConstExpr init;
  std::optional<ImportFact> import;
  std::string name;
};

struct ExportFact {
  wabt::ExternalKind kind = wabt::ExternalKind::Func;
  uint32_t index = 0;
  std::string name;
};

struct DataFact {
  bool active = false;
  uint32_t memory = 0;
  ConstExpr offset;
  uint64_t moduleOffset = 0; // of the bytes in the module
  std::string bytes;
};

struct ElemFact {
  bool active = false, declared = false;
  uint32_t table = 0;
  ConstExpr offset;
  std::vector<std::optional<uint32_t>> functions; // none: null reference
};

struct ModuleFacts {
  std::vector<FuncTypeFact> types;
  std::vector<FunctionFact> functions; // imports first, as Wasm counts them
  std::vector<TableFact> tables;
  std::vector<MemoryFact> memories;
  std::vector<GlobalFact> globals;
  std::vector<ExportFact> exports;
  std::vector<DataFact> data;
  std::vector<ElemFact> elems;
  std::optional<uint32_t> start;
};

/// An error in a binary module: "FILE:0x0000b0: error: MESSAGE".
llvm::Error makeImportError(llvm::StringRef fileName, uint64_t offset,
                            const llvm::Twine &message);

/// Reads the module once: validates it with WABT's SharedValidator and
/// collects the facts. Refuses what this version does not support.
llvm::Expected<ModuleFacts> readModuleFacts(const ModuleInput &input);

/// WABT's `message` about byte `offset` of `module`, or a better one where it
/// is about a proposal that WABT does not know.
std::string explain(llvm::StringRef message, uint64_t offset,
                    llvm::ArrayRef<uint8_t> module);

/// Custom sections are not read, but their names must be names (Wasm spec
/// 5.5.3); `module` is otherwise well-formed.
llvm::Error checkCustomSections(llvm::StringRef fileName,
                                llvm::ArrayRef<uint8_t> module);

} // namespace twc

#endif // TWC_LIB_IMPORT_MODULEFACTS_H
