//===- Modules.h - the modules of a script, linked --------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A script makes modules one after another and gives names to some, by which
// later ones import from them. All that can be instantiated end up as inputs
// of one compilation; this keeps who imports from whom, and which modules do
// not compile.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_WAST_MODULES_H
#define TWC_WAST_MODULES_H

#include "twc/Pipelines/Compile.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace twc::wast {

/// A module that is, or may turn out, instantiable.
struct ScriptModule {
  unsigned line = 0;
  std::string fileName, name;
  std::vector<uint8_t> bytes;
  std::vector<std::string> disabledFeatures;
  /// Import name to position in the list of modules, as far as registered.
  std::vector<std::pair<std::string, size_t>> links;
  std::string error; // why it does not compile; empty: it does, so far
};

class ModuleSet {
public:
  /// Module and field of what `bytes`, a binary module, imports; none if it
  /// cannot be read (compiling it will tell).
  using Imports = std::set<std::pair<std::string, std::string>>;
  static Imports importsOf(llvm::ArrayRef<uint8_t> bytes);

  /// Links `module` to what is registered by now and adds it.
  size_t add(ScriptModule module);
  void removeLast() { modules.pop_back(); }
  void registerAs(const std::string &name, size_t module) {
    registered[name] = module;
  }

  size_t size() const { return modules.size(); }
  ScriptModule &operator[](size_t i) { return modules[i]; }

  /// Module `i` and everything that it imports from, directly or not, in
  /// instantiation order.
  std::vector<size_t> closure(size_t i) const;
  /// All modules without an error.
  std::vector<size_t> good() const;
  /// Gives an error to each module that imports from one with an error.
  void propagateErrors();

  /// The compiler's view of `selection`, which must be closed under imports.
  std::vector<ModuleInput> inputs(llvm::ArrayRef<size_t> selection) const;

private:
  std::vector<ScriptModule> modules;
  std::map<std::string, size_t> registered;
};

/// The suite's host module, from which scripts import (reference interpreter,
/// host/spectest.ml). `shared` adds the threads proposal's shared memory.
std::string specTestModule(bool shared);

} // namespace twc::wast

#endif // TWC_WAST_MODULES_H
