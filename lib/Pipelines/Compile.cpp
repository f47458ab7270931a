//===- Compile.cpp - from bytes to any phase ------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs the stages in order and stops at the phase asked for. What happens in
// LLVM IR is Codegen's.
//
//===----------------------------------------------------------------------===//

#include "twc/Pipelines/Compile.h"

#include "Codegen.h"
#include "SourceLines.h"

#include "twc/Conversion/TWasmToLLVM.h"
#include "twc/Dialect/TWasm/IR/TWasm.h"
#include "twc/Dialect/TWasm/Transforms/Passes.h"
#include "twc/Import/Import.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace twc;

namespace {

llvm::Error makeError(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

std::vector<uint8_t> toBytes(llvm::StringRef text) {
  return {text.bytes_begin(), text.bytes_end()};
}

class Compiler {
public:
  Compiler(MLIRContext &context, ArrayRef<ModuleInput> inputs,
           const CompileOptions &options)
      : context(context), inputs(inputs),
        // What is not about one of several modules is about the last.
        fileName(inputs.back().fileName), options(options),
        workers(options.jobs),
        codegen(context, fileName, options.optLevel, options.bounds,
                options.remarks, workers),
        diagnostics(&context, [this](Diagnostic &d) {
          if (d.getSeverity() == DiagnosticSeverity::Warning) {
            warnings.push_back(
                llvm::formatv("{0}: warning: {1}", fileName, d.str()));
            return success();
          }
          if (d.getSeverity() != DiagnosticSeverity::Error)
            return failure();
          if (firstError.empty())
            firstError = describe(d);
          return success();
        }) {}

  llvm::Error import() {
    std::vector<std::vector<uint8_t>> binaries; // of those given as text
    std::vector<ModuleInput> modules(inputs);
    for (ModuleInput &input : modules) {
      if (!isBinaryModule(input.bytes)) {
        llvm::Expected<std::vector<uint8_t>> binary =
            parseText(input.fileName, input.bytes, input.disabledFeatures);
        if (!binary)
          return binary.takeError();
        binaries.push_back(std::move(*binary));
        input.bytes = binaries.back();
      }
      wasm.insert(wasm.end(), input.bytes.begin(), input.bytes.end());
    }
    auto imported = importModules(context, modules);
    if (!imported)
      return imported.takeError();
    program = std::move(*imported);
    module = *program.module;
    if (failed(verify(module)))
      return explain(makeError(fileName + ": error: internal error: the "
                                          "importer made invalid IR"));
    if (llvm::Error error = run([&](OpPassManager &passes) {
          twasm::AnalyzeOffloadOptions analysis;
          if (options.stackPointer)
            analysis.stackPointer = *options.stackPointer;
          passes.addPass(twasm::createAnalyzeOffload(analysis));
        }))
      return error;
    manifest = describeProgram(program, options.identity, wasm);
    manifest.fuel = options.fuel;
    if (options.contract)
      manifest.floatingPoint = ptxbin::contractedFloats;
    // Before code is generated, not behind it.
    if (options.phase == Phase::PtxBin)
      if (auto encoded = ptxbin::encodeManifest(manifest); !encoded)
        return makeError(fileName + ": error: " + encoded.error().message +
                         ": export less, or fill tables and globals in code");
    return llvm::Error::success();
  }

  KernelNeeds needs() const { return describeNeeds(program); }

  /// The passes from twasm to twasm. They complete the manifest.
  llvm::Error prepare() {
    if (llvm::Error error = run([&](OpPassManager &passes) {
          buildTWasmStage(passes, options.fuel, options.stackSize,
                          options.contract);
        }))
      return error;
    describeGrids(module, manifest);
    manifest.bounds = options.bounds;
    if (options.bounds == ptxbin::BoundsMode::Isolate)
      manifest.reach = findIsolationReach(module);
    if (options.bounds != ptxbin::BoundsMode::Check)
      manifest.sandbox = options.bounds == ptxbin::BoundsMode::Isolate
                             ? "isolated"
                             : "none";
    return llvm::Error::success();
  }

  llvm::Expected<std::vector<uint8_t>> compile() {
    if (llvm::Error error = prepare())
      return error;
    if (options.phase == Phase::TWasm)
      return printMLIR(module);
    if (llvm::Error error = run([&](OpPassManager &passes) {
          buildStdStage(passes, manifest.reach);
        }))
      return error;
    switch (options.phase) {
    case Phase::TWasm:
      llvm_unreachable("handled above");
    case Phase::Std:
      return printMLIR(module);
    case Phase::LLVMDialect:
    case Phase::LLVM:
      return emitLLVM();
    case Phase::PTX:
    case Phase::Cubin:
      return emitOneGPU();
    case Phase::Host:
      return emitHost();
    case Phase::PtxBin:
      return emitPtxBin();
    }
    llvm_unreachable("unknown phase");
  }

  /// `error`, with what MLIR said if the error does not.
  llvm::Error explain(llvm::Error error) const {
    std::string message = llvm::toString(std::move(error));
    if (!firstError.empty() && message != firstError)
      message += " (" + firstError + ")";
    return makeError(message);
  }

  /// What the images' passes said, with names, files and lines.
  std::vector<AccessRemark> remarks() {
    std::vector<AccessRemark> merged = mergeRemarks(said);
    findPlaces(merged, program.modules, inputs, wasm);
    return merged;
  }
  std::vector<BoundsTotals> totals() const {
    return totalRemarks(said, manifest.functions);
  }

  ptxbin::Manifest manifest;
  std::vector<std::string> warnings;

private:
  llvm::Expected<std::string> finish(Image &image, std::string target) {
    llvm::Expected<std::string> made = image.finish();
    if (made && options.remarks)
      said.push_back({std::move(target), image.takeRemarks()});
    return made;
  }

  std::string describe(Diagnostic &d) const {
    WasmPlace place = getWasmPlace(d.getLocation());
    if (place.functionName.empty())
      return llvm::formatv("{0}: error: {1}", fileName, d.str());
    return llvm::formatv("{0}:0x{1:x-6}: error: in function {2} '{3}': {4}",
                         fileName, place.offset, place.function,
                         place.functionName, d.str());
  }

  template <typename Build> llvm::Error run(Build build) {
    return run(module, build);
  }
  template <typename Build> llvm::Error run(ModuleOp on, Build build) {
    PassManager passes(&context);
    // The importer's result was verified; what our own passes make of it is
    // verified in tests (twc-opt does), not at every compilation.
    passes.enableVerifier(false);
    build(passes);
    if (succeeded(passes.run(on)))
      return llvm::Error::success();
    return makeError(firstError.empty()
                         ? fileName.str() + ": error: compilation failed"
                         : firstError);
  }

  std::vector<uint8_t> printMLIR(ModuleOp on) {
    std::string text;
    llvm::raw_string_ostream out(text);
    on.print(out);
    out << "\n";
    return toBytes(text);
  }

  /// The LLVM dialect module for one kind of target; `module` stays as it is
  /// unless this is the `last` one.
  llvm::Expected<OwningOpRef<ModuleOp>> lower(bool forPTX, bool last = true) {
    OwningOpRef<ModuleOp> lowered =
        last ? std::move(program.module)
             : OwningOpRef<ModuleOp>(module.clone());
    if (llvm::Error error = run(*lowered, [&](OpPassManager &passes) {
          buildLLVMStage(passes, forPTX);
        }))
      return error;
    return lowered;
  }

  using Images = std::vector<std::unique_ptr<Image>>;

  llvm::Expected<Images> startPTX(ArrayRef<GPUArch> archs, bool last,
                                  Image::Output output) {
    auto lowered = lower(/*forPTX=*/true, last);
    if (!lowered)
      return lowered.takeError();
    return codegen.startPTX(**lowered, archs, output);
  }
  llvm::Expected<std::unique_ptr<Image>> startHost(Image::Output output) {
    auto lowered = lower(/*forPTX=*/false);
    if (!lowered)
      return lowered.takeError();
    return codegen.startHost(**lowered, output);
  }

  llvm::Expected<std::vector<uint8_t>> emitLLVM() {
    bool forPTX = !options.targets.gpus.empty();
    if (options.phase == Phase::LLVMDialect) {
      auto lowered = lower(forPTX);
      if (!lowered)
        return lowered.takeError();
      return printMLIR(**lowered);
    }
    return forPTX ? emitOneGPU(Image::Output::IR) : emitHost(Image::Output::IR);
  }

  llvm::Expected<std::vector<uint8_t>> cubinOf(StringRef ptx,
                                               const GPUArch &arch) {
    std::optional<std::string> ptxas = findPtxas();
    if (!ptxas)
      return makeError("a cubin needs ptxas, which was not found on PATH, in "
                       "$CUDA_HOME/bin or in /usr/local/cuda/bin: install the "
                       "CUDA toolkit, or leave the PTX to the driver");
    return assembleCubin(*ptxas, ptx, arch, options.optLevel);
  }

  llvm::Expected<std::vector<uint8_t>>
  emitOneGPU(Image::Output output = Image::Output::Binary) {
    if (options.targets.gpus.empty())
      return makeError("no GPU target to generate code for");
    const GPUArch &arch = options.targets.gpus.front();
    llvm::Expected<Images> images = startPTX(arch, /*last=*/true, output);
    if (!images)
      return images.takeError();
    llvm::Expected<std::string> text = finish(*images->front(), arch.str());
    if (!text)
      return text.takeError();
    return options.phase == Phase::Cubin ? cubinOf(*text, arch)
                                         : toBytes(*text);
  }

  llvm::Expected<std::vector<uint8_t>>
  emitHost(Image::Output output = Image::Output::Binary) {
    auto image = startHost(output);
    if (!image)
      return image.takeError();
    llvm::Expected<std::string> bytes = finish(**image, "host");
    if (!bytes)
      return bytes.takeError();
    return toBytes(*bytes);
  }

  static ptxbin::SectionKey keyOf(ptxbin::SectionType type,
                                  const GPUArch &arch) {
    ptxbin::SectionKey key;
    key.type = type;
    key.cc = arch.cc;
    key.suffix = arch.suffix == 'a'   ? ptxbin::Suffix::A
                 : arch.suffix == 'f' ? ptxbin::Suffix::F
                                      : ptxbin::Suffix::None;
    return key;
  }

  llvm::Error addGPUSections(const GPUArch &arch, std::string ptx,
                             std::vector<ptxbin::SectionInput> &sections) {
    ptxbin::SectionKey key = keyOf(ptxbin::SectionType::PTX, arch);
    key.ptxISA = getPTXVersion(ptx);
    sections.push_back({key, toBytes(ptx), /*compress=*/true});
    if (!options.cubin)
      return llvm::Error::success();
    auto cubin = cubinOf(ptx, arch);
    if (!cubin)
      return cubin.takeError();
    sections.push_back({keyOf(ptxbin::SectionType::Cubin, arch),
                        std::move(*cubin), /*compress=*/true});
    return llvm::Error::success();
  }

  /// All images are started before the first is waited for: what the workers
  /// compile while MLIR lowers for the next target costs no time.
  llvm::Expected<std::vector<uint8_t>> emitPtxBin() {
    std::vector<ptxbin::SectionInput> sections;
    ArrayRef<GPUArch> gpus = options.targets.gpus;
    Images gpuImages;
    if (!gpus.empty()) {
      auto started = startPTX(gpus, /*last=*/!options.targets.host,
                              Image::Output::Binary);
      if (!started)
        return started.takeError();
      gpuImages = std::move(*started);
    }
    llvm::Expected<std::unique_ptr<Image>> hostImage =
        options.targets.host
            ? startHost(Image::Output::Binary)
            : llvm::Expected<std::unique_ptr<Image>>(nullptr);
    // An earlier image's error comes first, whoever was faster.
    for (auto [arch, image] : llvm::zip(gpus, gpuImages)) {
      llvm::Expected<std::string> ptx = finish(*image, arch.str());
      llvm::Error error =
          ptx ? addGPUSections(arch, std::move(*ptx), sections)
              : ptx.takeError();
      if (error) {
        if (!hostImage)
          llvm::consumeError(hostImage.takeError());
        return error;
      }
    }
    if (!hostImage)
      return hostImage.takeError();
    if (options.cubin)
      manifest.compiler.assembler = getPtxasVersion(*findPtxas());
    if (*hostImage) {
      llvm::Expected<std::string> image = finish(**hostImage, "host");
      if (!image)
        return image.takeError();
      ptxbin::SectionKey key;
      key.type = ptxbin::SectionType::Host;
      key.machine = ptxbin::Machine::X86_64;
      key.cpuFeatures = ptxbin::cpuX86_64_v2 | ptxbin::cpuX86_64_v3;
      sections.push_back({key, toBytes(*image), /*compress=*/true});
    }
    ptxbin::SectionKey key;
    key.type = ptxbin::SectionType::Wasm;
    // Remarks look for source lines in it.
    sections.push_back(
        {key, options.remarks ? wasm : std::move(wasm), /*compress=*/true});
    auto file = ptxbin::writePtxBin(manifest, std::move(sections));
    if (!file)
      return makeError(file.error().message);
    return std::move(*file);
  }

  MLIRContext &context;
  ArrayRef<ModuleInput> inputs;
  StringRef fileName;
  const CompileOptions &options;
  Workers workers;
  Codegen codegen;
  std::string firstError;
  ScopedDiagnosticHandler diagnostics;
  std::vector<uint8_t> wasm;
  std::vector<TargetRemarks> said;
  Program program;
  ModuleOp module; // the program's
};

} // namespace

llvm::Expected<CompileResult> twc::compileTo(MLIRContext &context,
                                             ArrayRef<ModuleInput> inputs,
                                             const CompileOptions &options) {
  Compiler compiler(context, inputs, options);
  if (llvm::Error error = compiler.import())
    return error;
  auto output = compiler.compile();
  if (!output)
    return compiler.explain(output.takeError());
  CompileResult result;
  result.output = std::move(*output);
  if (options.remarks) {
    result.remarks = compiler.remarks();
    result.totals = compiler.totals();
  }
  result.manifest = std::move(compiler.manifest);
  result.warnings = std::move(compiler.warnings);
  return result;
}

llvm::Expected<CompileResult>
twc::analyze(MLIRContext &context, ArrayRef<ModuleInput> inputs,
             const CompileOptions &options) {
  Compiler compiler(context, inputs, options);
  if (llvm::Error error = compiler.import())
    return error;
  // Pruning drops what cannot run, and what it needs with it.
  KernelNeeds needs = compiler.needs();
  if (llvm::Error error = compiler.prepare())
    return compiler.explain(std::move(error));
  CompileResult result;
  result.manifest = std::move(compiler.manifest);
  result.warnings = std::move(compiler.warnings);
  result.needs = std::move(needs);
  return result;
}
