//===- CompilerFuzzer.cpp - any bytes through the compiler ----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Takes the way of `twc`: a binary module or text, by the first byte. Most
// inputs are refused early. How far a valid one goes, and for which target,
// level and options, a hash of the input chooses: code generation takes a
// hundred times as long as all before it, so one in ten gets there. An error
// must be one line, an artifact must open again. Anything else is a finding:
// a crash, an assertion, a leak, too much time (-timeout) or memory
// (-rss_limit_mb).
//
//===----------------------------------------------------------------------===//

#include "twc/Pipelines/Compile.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/xxhash.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdlib>
#include <memory>

using namespace twc;

/// Larger inputs are cut off by -max_len; this is for files given by name.
static constexpr size_t maxInput = 64 << 10;

/// Types, attributes and locations are never freed before their context.
static constexpr unsigned inputsPerContext = 500;

static mlir::MLIRContext &freshContext() {
  static std::unique_ptr<mlir::MLIRContext> context;
  static unsigned uses = 0;
  if (!context || ++uses == inputsPerContext) {
    uses = 0;
    mlir::DialectRegistry registry;
    registerDialects(registry);
    context = std::make_unique<mlir::MLIRContext>(
        registry, mlir::MLIRContext::Threading::DISABLED);
    context->loadAllAvailableDialects();
  }
  return *context;
}

[[noreturn]] static void report(const llvm::Twine &finding) {
  llvm::errs() << "finding: " << finding << "\n";
  std::abort();
}

/// What a hash of the input chooses.
static CompileOptions chooseOptions(uint64_t hash) {
  CompileOptions options;
  options.identity.name = "fuzz";
  options.identity.version = "0.0.0";
  options.optLevel = hash >> 8 & 1;
  options.fuel = (hash >> 9 & 7) == 0;
  switch (hash & 31) {
  case 0: // all of it
    options.phase = Phase::PtxBin;
    break;
  case 1:
    options.phase = Phase::Host;
    break;
  case 2:
    options.phase = Phase::PTX;
    break;
  case 3:
  case 4:
  case 5:
    options.phase = Phase::LLVMDialect;
    break;
  default:
    options.phase = Phase::TWasm;
    break;
  }
  if (options.phase == Phase::PtxBin || hash >> 5 & 1 ||
      options.phase == Phase::PTX)
    options.targets.gpus = {GPUArch{hash >> 6 & 1 ? 90u : 80u, '\0'}};
  options.targets.host =
      options.phase == Phase::PtxBin || options.phase == Phase::Host;
  return options;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size > maxInput)
    return -1;
  CompileOptions options =
      chooseOptions(llvm::xxh3_64bits(llvm::ArrayRef(data, size)));
  ModuleInput input;
  input.fileName = "input";
  input.bytes = {data, size};
  llvm::Expected<CompileResult> result =
      compileTo(freshContext(), input, options);
  if (!result) {
    std::string message = llvm::toString(result.takeError());
    llvm::StringRef text = message;
    if (text.empty() || text.contains("internal error") ||
        text.contains("linking the host image failed"))
      report("error message: " + text);
    return 0;
  }
  if (options.phase != Phase::PtxBin)
    return 0;
  auto opened = ptxbin::PtxBin::openUnverified(std::move(result->output));
  if (!opened)
    report("what was written does not open: " + opened.error().message);
  return 0;
}
