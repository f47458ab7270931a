//===- twc-wast.cpp - prepares the WebAssembly test suite -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes DIR/<name>.json and, if there is something to run, DIR/<name>.ptxbin.
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "ScriptCompiler.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace twc;
using namespace twc::wast;

/// Of the JSON; twrun-wast reads no other (its Script.h has the same number).
static constexpr int scriptSchema = 1;

static int fail(const llvm::Twine &message) {
  llvm::errs() << "twc-wast: error: " << message << "\n";
  return 1;
}

static std::string pathOf(const Options &options, const char *extension) {
  llvm::SmallString<128> path(options.directory);
  llvm::sys::path::append(path, options.fileName + extension);
  return std::string(path);
}

/// Signs `artifact` if a key was given, and writes it.
static ptxbin::Expected<void> writeArtifact(const Options &options,
                                            ptxbin::Bytes artifact) {
  if (!options.key.empty()) {
    auto key = ptxbin::readSecretKey(options.key);
    if (!key)
      return key.error();
    auto sealed = ptxbin::signPtxBin(artifact, *key);
    if (!sealed)
      return sealed.error();
    artifact = std::move(*sealed);
  }
  return ptxbin::writeFileAtomic(pathOf(options, ".ptxbin"), artifact);
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  int exitCode = 0;
  std::optional<Options> options = parseOptions(argc, argv, exitCode);
  if (!options)
    return exitCode;
  auto file = readWastJSON(options->input);
  if (!file)
    return fail(llvm::toString(file.takeError()));
  if (std::error_code error =
          llvm::sys::fs::create_directories(options->directory))
    return fail("cannot create '" + options->directory +
                "': " + error.message());

  mlir::DialectRegistry registry;
  registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  ScriptCompiler compiler(context, options->compile, options->proposals,
                          options->skipped);
  if (llvm::Error error = compiler.run(*file))
    return fail(llvm::toString(std::move(error)));
  std::vector<uint8_t> artifact = compiler.compile();

  llvm::json::Object script{{"schema", scriptSchema},
                            {"name", options->name},
                            {"source", file->source},
                            {"commands", compiler.takeCommands()}};
  if (!artifact.empty()) {
    script["artifact"] = options->fileName + ".ptxbin";
    if (auto done = writeArtifact(*options, std::move(artifact)); !done)
      return fail(done.error().message);
  }
  std::string text;
  llvm::raw_string_ostream(text)
      << llvm::json::Value(std::move(script)) << "\n";
  ptxbin::ByteView bytes(reinterpret_cast<const uint8_t *>(text.data()),
                         text.size());
  if (auto done = ptxbin::writeFileAtomic(pathOf(*options, ".json"), bytes);
      !done)
    return fail(done.error().message);

  std::vector<std::string> problems = compiler.problems();
  for (const std::string &problem : problems)
    llvm::errs() << "twc-wast: " << file->source << ": warning: module at "
                 << problem << "\n";
  llvm::outs() << options->name << ": " << compiler.moduleCount()
               << " modules, " << problems.size() << " do not compile\n";
  return 0;
}
