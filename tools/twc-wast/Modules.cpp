//===- Modules.cpp - the modules of a script, linked ----------------------===//
//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Import names are read with WABT's reader and nothing else of it: whether a
// module is right is the compiler's to say.
//
//===----------------------------------------------------------------------===//

#include "Modules.h"

#include "wabt/binary-reader-nop.h"
#include "wabt/binary-reader.h"
#include "wabt/feature.h"

using namespace twc;
using namespace twc::wast;

namespace {

struct ImportReader : wabt::BinaryReaderNop {
  ModuleSet::Imports imports;

  bool OnError(const wabt::Error &) override { return true; }
  wabt::Result OnImport(wabt::Index, wabt::ExternalKind,
                        std::string_view moduleName,
                        std::string_view fieldName) override {
    imports.emplace(moduleName, fieldName);
    return wabt::Result::Ok;
  }
};

} // namespace

ModuleSet::Imports ModuleSet::importsOf(llvm::ArrayRef<uint8_t> bytes) {
  wabt::Features features;
  features.EnableAll();
  wabt::ReadBinaryOptions options(features, nullptr, false, true, false);
  options.skip_function_bodies = true;
  ImportReader reader;
  // An error leaves the imports up to it, which is all that can be had.
  (void)wabt::ReadBinary(bytes.data(), bytes.size(), &reader, options);
  return std::move(reader.imports);
}

size_t ModuleSet::add(ScriptModule module) {
  std::map<std::string, size_t> links;
  for (const auto &[name, field] : importsOf(module.bytes))
    if (auto found = registered.find(name); found != registered.end())
      links.insert(*found);
  module.links.assign(links.begin(), links.end());
  modules.push_back(std::move(module));
  return modules.size() - 1;
}

std::vector<size_t> ModuleSet::closure(size_t i) const {
  // Links point backwards: one sweep from the end finds all.
  std::set<size_t> reached = {i};
  for (auto it = reached.rbegin(); it != reached.rend(); ++it)
    for (const auto &[name, target] : modules[*it].links)
      reached.insert(target);
  return {reached.begin(), reached.end()};
}

std::vector<size_t> ModuleSet::good() const {
  std::vector<size_t> selection;
  for (size_t i = 0; i < modules.size(); ++i)
    if (modules[i].error.empty())
      selection.push_back(i);
  return selection;
}

void ModuleSet::propagateErrors() {
  for (ScriptModule &module : modules)
    for (const auto &[name, target] : module.links)
      if (module.error.empty() && !modules[target].error.empty())
        module.error = "imports from '" + name + "', which does not compile: " +
                       modules[target].error;
}

std::vector<ModuleInput>
ModuleSet::inputs(llvm::ArrayRef<size_t> selection) const {
  std::map<size_t, size_t> position;
  std::vector<ModuleInput> result;
  for (size_t i : selection) {
    const ScriptModule &module = modules[i];
    ModuleInput input;
    input.fileName = module.fileName;
    input.bytes = module.bytes;
    input.name = module.name;
    input.requireImports = true;
    input.disabledFeatures = module.disabledFeatures;
    for (const auto &[name, target] : module.links)
      input.links.emplace_back(name, position.at(target));
    position[i] = result.size();
    result.push_back(std::move(input));
  }
  return result;
}

std::string wast::specTestModule(bool shared) {
  std::string text = R"wat((module
  (global (export "global_i32") i32 (i32.const 666))
  (global (export "global_i64") i64 (i64.const 666))
  (global (export "global_f32") f32 (f32.const 666.6))
  (global (export "global_f64") f64 (f64.const 666.6))
  (table (export "table") 10 20 funcref)
  (memory (export "memory") 1 2)
  (func (export "print"))
  (func (export "print_i32") (param i32))
  (func (export "print_i64") (param i64))
  (func (export "print_f32") (param f32))
  (func (export "print_f64") (param f64))
  (func (export "print_i32_f32") (param i32 f32))
  (func (export "print_f64_f64") (param f64 f64))
)wat";
  if (shared)
    text += "  (memory (export \"shared_memory\") 1 2 shared)\n";
  return text + ")\n";
}
