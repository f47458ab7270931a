//===- twc.cpp - the compiler ---------------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads a module, compiles it, writes the result whole or not at all.
//
//===----------------------------------------------------------------------===//

#include "Cache.h"

#include "Format/KeyFiles.h"
#include "Format/Provenance.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdlib>

using namespace twc;

static int fail(const llvm::Twine &message) {
  llvm::errs() << "twc: " << message << "\n";
  return 1;
}

/// Make's escaping of a file name: blanks, `#` and `$`.
static std::string makeName(llvm::StringRef name) {
  std::string text;
  for (char c : name) {
    if (c == ' ' || c == '#')
      text += '\\';
    text += c;
    if (c == '$')
      text += '$';
  }
  return text;
}

static ptxbin::ByteView bytesOf(const std::string &text) {
  return {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
}

static int write(const std::string &path, ptxbin::ByteView bytes) {
  if (auto written = ptxbin::writeFileAtomic(path, bytes); !written)
    return fail("error: " + written.error().message);
  return 0;
}

static int writeRemarks(const std::string &path,
                        const std::vector<AccessRemark> &remarks) {
  if (path.empty()) {
    llvm::errs() << remarksText(remarks);
    return 0;
  }
  llvm::Expected<std::string> text = remarksYAML(remarks);
  if (!text)
    return fail("error: " + llvm::toString(text.takeError()));
  return write(path, bytesOf(*text));
}

/// Names in them are the guest's: nothing may steer a terminal.
static void warn(const std::vector<std::string> &warnings) {
  for (const std::string &warning : warnings) {
    llvm::errs() << "twc: ";
    llvm::errs().write_escaped(warning) << "\n";
  }
}

/// Warns of exports that the artifact cannot run; an error if code was asked
/// for and there is none that can run.
static int checkExports(const std::string &input,
                        const CompileOptions &options,
                        const ptxbin::Manifest &manifest) {
  size_t usable = 0;
  Phase phase = options.phase;
  bool onGPU = phase == Phase::PTX || phase == Phase::Cubin;
  for (const ptxbin::KernelInfo &kernel : manifest.kernels) {
    usable += kernel.notOffloadable.empty() &&
              !(onGPU && !kernel.notOnGPU.empty());
    if (kernel.notOffloadable.empty() && !kernel.notOnGPU.empty() &&
        !options.targets.gpus.empty()) {
      llvm::errs() << "twc: " << input << ": warning: export '";
      llvm::errs().write_escaped(kernel.name)
          << "' is for the host only: " << kernel.notOnGPU << "\n";
    }
    if (!kernel.notOffloadable.empty()) {
      llvm::errs() << "twc: " << input << ": warning: export '";
      llvm::errs().write_escaped(kernel.name) << "' is not offloadable: ";
      llvm::errs().write_escaped(kernel.notOffloadable) << "\n";
    }
  }
  if (usable == 0 && phase >= Phase::PTX)
    return fail(input + ": error: exports no function that could run on a "
                        "device; see --report");
  return 0;
}

/// Puts a statement of how it was built into an artifact.
static int provide(const driver::Options &options, std::vector<uint8_t> &file) {
  std::optional<ptxbin::SecretKey> key;
  if (!options.builderKey.empty()) {
    auto read = ptxbin::readSecretKey(options.builderKey, [&] {
      const char *given = std::getenv("TWREG_PASSWORD");
      return given ? ptxbin::Expected<ptxbin::SecretText>(
                         ptxbin::SecretText(given))
                   : ptxbin::makeError(ptxbin::ErrorKind::Invalid,
                                       options.builderKey +
                                           ": is encrypted: set "
                                           "TWREG_PASSWORD");
    });
    if (!read)
      return fail("error: " + read.error().message);
    key = *read;
  }
  auto with = ptxbin::addProvenance(file, key ? &*key : nullptr);
  if (!with)
    return fail("error: " + with.error().message);
  file = std::move(*with);
  return 0;
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  int exitCode = 0;
  std::optional<driver::Options> options =
      driver::parseOptions(argc, argv, exitCode);
  if (!options)
    return exitCode;
  std::vector<std::unique_ptr<llvm::MemoryBuffer>> buffers;
  std::vector<ModuleInput> modules;
  for (const driver::LinkInput &from : options->inputs) {
    auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(from.path);
    if (!buffer)
      return fail("error: cannot read '" + from.path +
                  "': " + buffer.getError().message());
    llvm::StringRef text = (*buffer)->getBuffer();
    ModuleInput module;
    module.fileName = from.path == "-" ? "<stdin>" : from.path;
    module.disabledFeatures = options->disabledFeatures;
    module.bytes = {text.bytes_begin(), text.bytes_end()};
    if (options->inputs.size() > 1)
      module.name = from.name;
    for (size_t i = 0; i < modules.size(); ++i)
      module.links.push_back({modules[i].name, i});
    modules.push_back(std::move(module));
    buffers.push_back(std::move(*buffer));
    for (const std::string &path : {options->output, options->remarksFile})
      if (llvm::sys::fs::equivalent(from.path, path))
        return fail("error: the output '" + path + "' is the input itself");
  }
  if (!isTextPhase(options->compile.phase) && options->output == "-" &&
      llvm::sys::Process::StandardOutIsDisplayed())
    return fail("error: not writing a binary to a terminal: use -o");

  mlir::DialectRegistry registry;
  registerDialects(registry);
  mlir::MLIRContext context(registry,
                            mlir::MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();

  CompileResult result;
  std::string error;
  bool compiles = !options->output.empty() || options->bounds;
  if (compiles) {
    auto compiled = driver::compileCached(context, modules, *options);
    if (compiled)
      result = std::move(*compiled);
    else
      error = llvm::toString(compiled.takeError());
  }
  // Also of a module that does not compile.
  if (options->report) {
    auto analysis = analyze(context, modules, options->compile);
    if (!analysis)
      return fail(llvm::toString(analysis.takeError()));
    auto report = options->json ? reportJSON : reportText;
    std::string text =
        report(analysis->manifest, analysis->needs, result.totals);
    if (!compiles)
      warn(analysis->warnings);
    if (int code = write("-", bytesOf(text)))
      return code;
    if (!compiles)
      return 0;
  }
  if (!error.empty())
    return fail(error);
  warn(result.warnings);
  if (options->remarks)
    if (int code = writeRemarks(options->remarksFile, result.remarks))
      return code;
  if (int code = checkExports(modules.back().fileName, options->compile,
                              result.manifest))
    return code;
  if (options->output.empty())
    return 0;
  if (options->provenance)
    if (int code = provide(*options, result.output))
      return code;
  if (int code = write(options->output, result.output))
    return code;
  if (options->depfile.empty())
    return 0;
  std::string rule = makeName(options->output) + ":";
  for (const driver::LinkInput &from : options->inputs)
    rule += " " + makeName(from.path);
  rule += "\n";
  return write(options->depfile, bytesOf(rule));
}
