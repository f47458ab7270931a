//===- DeviceImports.cpp - imports of module tw ---------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finding an import in the table, and saying why one is not there.
//
//===----------------------------------------------------------------------===//

#include "DeviceImports.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace twc;

static constexpr llvm::StringLiteral deviceModule = "tw";

DeviceTable::DeviceTable() {
  addPlaceImports(*this);
  addArithmeticImports(*this);
  addSharedMemoryImports(*this);
  addAtomicImports(*this);
  addOutputImports(*this);
  addWarpImports(*this);
  addMatrixImports(*this);
}

const DeviceTable &DeviceTable::get() {
  static const DeviceTable table;
  return table;
}

void DeviceTable::add(const Twine &name, Types params, Types results,
                      std::function<Value(DeviceCall &)> build) {
  DeviceImport import{{std::move(params), std::move(results)},
                      std::move(build)};
  bool isNew = imports.try_emplace(name.str(), std::move(import)).second;
  assert(isNew && "two imports of one name");
  (void)isNew;
}

const DeviceImport *DeviceTable::find(const FunctionFact &function,
                                      const FuncTypeFact &type) const {
  if (!function.import || function.import->module != deviceModule)
    return nullptr;
  auto it = imports.find(function.import->field);
  if (it == imports.end() || it->second.type.params != type.params ||
      it->second.type.results != type.results)
    return nullptr;
  return &it->second;
}

static std::string print(const FuncTypeFact &type) {
  auto list = [](const std::vector<wabt::Type> &types) {
    std::string text;
    for (wabt::Type type : types)
      text += (text.empty() ? "" : ", ") + type.GetName();
    return "(" + text + ")";
  };
  return list(type.params) + " -> " + list(type.results);
}

std::string DeviceTable::explain(const FunctionFact &function,
                                 const FuncTypeFact &type) const {
  if (!function.import || function.import->module != deviceModule)
    return {};
  StringRef field = function.import->field;
  if (auto it = imports.find(field); it != imports.end())
    return llvm::formatv("{0}.{1}: expected {2}, but got {3}", deviceModule,
                         field, print(it->second.type), print(type));
  // Comparing takes time with the length of both.
  constexpr size_t longest = 64;
  if (field.size() > longest)
    return {};
  const unsigned most = 1 + field.size() / 4;
  std::vector<std::pair<unsigned, StringRef>> near;
  for (const auto &entry : imports) {
    unsigned distance = field.edit_distance(entry.getKey(), true, most);
    if (distance <= most)
      near.push_back({distance, entry.getKey()});
  }
  if (near.empty())
    return {};
  llvm::sort(near);
  std::string names;
  for (auto [distance, name] : ArrayRef(near).take_front(3))
    names += (names.empty() ? "'" : ", '") + deviceModule.str() + "." +
             name.str() + "'";
  return "names like it: " + names;
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

std::optional<uint64_t> DeviceCall::findConstant(unsigned index) const {
  auto op = arguments[index].getDefiningOp<twasm::ConstOp>();
  auto value = op ? dyn_cast<IntegerAttr>(op.getValue()) : IntegerAttr();
  if (!value)
    return std::nullopt;
  return value.getValue().getZExtValue();
}

std::optional<uint64_t> DeviceCall::requireConstant(unsigned index,
                                                    StringRef what,
                                                    uint64_t limit) {
  std::optional<uint64_t> value = findConstant(index);
  if (value && *value < limit)
    return value;
  fail(llvm::formatv(
      "expected a constant below {0} as {1} (argument {2}), but got {3}", limit,
      what, index, value ? std::to_string(*value) : "a computed value"));
  return std::nullopt;
}

void DeviceCall::fail(const Twine &message) {
  failure = (deviceModule + "." + field + ": " + message).str();
}
