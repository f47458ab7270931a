//===- DeviceImports.h - imports of module tw -------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The table of imports that become ops. Each family of them adds its rows from
// a file of its own; docs/DeviceInterface.md defines what they mean.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_IMPORT_DEVICEIMPORTS_H
#define TWC_LIB_IMPORT_DEVICEIMPORTS_H

#include "ModuleFacts.h"

#include "twc/Dialect/TWasm/IR/TWasm.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringMap.h"

#include <functional>

namespace twc {

/// A call of an import: where its op is built, and from what.
class DeviceCall {
public:
  DeviceCall(mlir::OpBuilder &builder, mlir::Location loc,
             llvm::StringRef field, llvm::ArrayRef<mlir::Value> arguments)
      : builder(builder), loc(loc), field(field), arguments(arguments) {}

  mlir::OpBuilder &builder;
  mlir::Location loc;
  llvm::StringRef field;
  llvm::ArrayRef<mlir::Value> arguments;

  /// The bits of argument `index`, if it is an integer constant.
  std::optional<uint64_t> findConstant(unsigned index) const;
  /// The same of an argument that must be one, and below `limit`. Otherwise
  /// fails, and says what `what` is ("the number of a fragment").
  std::optional<uint64_t> requireConstant(unsigned index, llvm::StringRef what,
                                          uint64_t limit);
  /// Refuses the module; `message` follows the import's name. A builder that
  /// fails returns nothing.
  void fail(const llvm::Twine &message);
  const std::string &getFailure() const { return failure; }

private:
  std::string failure;
};

struct DeviceImport {
  FuncTypeFact type;
  /// Makes the op; its result, or null where the import has none.
  std::function<mlir::Value(DeviceCall &)> build;
};

class DeviceTable {
public:
  /// All families.
  static const DeviceTable &get();

  /// The import that `function` is, or null.
  const DeviceImport *find(const FunctionFact &function,
                           const FuncTypeFact &type) const;
  /// Why there is no such import of `tw`: the type that it has, or names like
  /// it; "" if there is nothing to say.
  std::string explain(const FunctionFact &function,
                      const FuncTypeFact &type) const;

  using Types = std::vector<wabt::Type>;
  void add(const llvm::Twine &name, Types params, Types results,
           std::function<mlir::Value(DeviceCall &)> build);

private:
  DeviceTable();
  llvm::StringMap<DeviceImport> imports; // by field
};

/// "i32", "i64", "f32", "f64" and their types, for families over all of them.
inline constexpr std::pair<llvm::StringLiteral, wabt::Type::Enum>
    deviceTypes[] = {{"i32", wabt::Type::I32},
                     {"i64", wabt::Type::I64},
                     {"f32", wabt::Type::F32},
                     {"f64", wabt::Type::F64}};

// The families.
void addPlaceImports(DeviceTable &table);
void addArithmeticImports(DeviceTable &table);
void addSharedMemoryImports(DeviceTable &table);
void addAtomicImports(DeviceTable &table);
void addOutputImports(DeviceTable &table);
void addWarpImports(DeviceTable &table);
void addMatrixImports(DeviceTable &table);

} // namespace twc

#endif // TWC_LIB_IMPORT_DEVICEIMPORTS_H
