//===- ScriptCompiler.h - a script made ready to run ------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Goes through the commands of a .wast file once, decides what is to be
// decided at compile time, and packs all modules that can be instantiated into
// one artifact. docs/SpecSuite.md tells the JSON that comes out.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_WAST_SCRIPTCOMPILER_H
#define TWC_WAST_SCRIPTCOMPILER_H

#include "Modules.h"
#include "WastJSON.h"

#include <map>
#include <optional>

namespace twc::wast {

class ScriptCompiler {
public:
  /// `enabled`: the proposals that the script was written for; `skipped`: lines
  /// of commands that are not to be run, and why.
  ScriptCompiler(mlir::MLIRContext &context, const CompileOptions &options,
                 std::vector<std::string> enabled,
                 std::map<unsigned, std::string> skipped = {});

  /// Reads the commands; fails only if they make no sense.
  llvm::Error run(const WastFile &file);

  /// The artifact of all modules that compile, unsigned; empty if there are
  /// none. Modules that turn out not to compile are noted as such.
  std::vector<uint8_t> compile();

  /// The commands to run, after compile().
  llvm::json::Array takeCommands();

  /// "line 12: why", for each module that does not compile.
  std::vector<std::string> problems();
  size_t moduleCount() const { return modules.size(); }

private:
  /// A command on its way out, and the module that it is about.
  struct Pending {
    llvm::json::Object json;
    std::optional<size_t> module;
  };

  void addSpecTest(const WastFile &file);
  llvm::Error addCommand(const WastFile &file, const WastCommand &command);
  ScriptModule makeModule(const WastFile &file, const WastCommand &command);
  size_t addModule(ScriptModule module);
  llvm::Error addAction(const WastFile &file, const WastCommand &command);
  void assertRefused(const WastFile &file, const WastCommand &command);
  void assertUnlinkable(const WastFile &file, const WastCommand &command);
  Pending &emit(const WastCommand &command);
  /// Why module `i` cannot be imported and analysed, with all that it imports
  /// from; empty if it can.
  std::string analyzeError(size_t i);
  llvm::Expected<size_t> named(const WastFile &file,
                               const WastCommand &command,
                               llvm::StringRef name) const;

  llvm::Expected<CompileResult> tryCompile(llvm::ArrayRef<size_t> selection);
  void blame(llvm::ArrayRef<size_t> selection, const std::string &message);

  mlir::MLIRContext &context;
  const CompileOptions &options;
  std::vector<std::string> enabled;
  std::map<unsigned, std::string> skipped;
  ModuleSet modules;
  std::map<std::string, size_t> names; // "$M"
  std::optional<size_t> current;
  std::vector<Pending> pending;
};

} // namespace twc::wast

#endif // TWC_WAST_SCRIPTCOMPILER_H
