//===- PTX.cpp - LLVM IR to PTX -------------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sets up NVPTX for Wasm's strict floating point and prints PTX.
//
//===----------------------------------------------------------------------===//

#include "twc/Target/PTX.h"

#include "SlowPasses.h"

#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Intrinsics.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"

#include <mutex>

using namespace llvm;
using namespace twc;

std::string GPUArch::str() const {
  std::string text = "sm_" + std::to_string(cc);
  if (suffix)
    text += suffix;
  return text;
}

std::optional<GPUArch> GPUArch::parse(StringRef text) {
  GPUArch arch;
  if (!text.consume_front("sm_"))
    return std::nullopt;
  if (text.ends_with("a") || text.ends_with("f")) {
    arch.suffix = text.back();
    text = text.drop_back();
  }
  if (text.size() < 2 || text.size() > 3 || text.getAsInteger(10, arch.cc) ||
      arch.cc < 75)
    return std::nullopt;
  return arch;
}

/// The PTX ISA version that the module needs beyond its architecture's lowest,
/// or 0: llvm.stacksave and stackrestore need 7.3 (LLVM cannot select them
/// below it), `tanh.approx` 7.0.
static unsigned neededVersion(const Module &module) {
  unsigned version = 0;
  for (const Function &f : module) {
    if (f.getIntrinsicID() == Intrinsic::stacksave)
      return 73;
    for (const Instruction &i : instructions(f))
      if (auto *call = dyn_cast<CallInst>(&i))
        if (auto *assembly = dyn_cast<InlineAsm>(call->getCalledOperand()))
          if (assembly->getAsmString().starts_with("tanh.approx"))
            version = 70;
  }
  return version;
}

/// The NVPTX target, or null with the reason in `error`.
static const Target *getTarget(const Triple &triple, std::string &error) {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeNVPTXTargetInfo();
    LLVMInitializeNVPTXTarget();
    LLVMInitializeNVPTXTargetMC();
    LLVMInitializeNVPTXAsmPrinter();
  });
  return TargetRegistry::lookupTarget(triple, error);
}

static const Triple ptxTriple("nvptx64-nvidia-cuda");

bool twc::isKnownArch(const GPUArch &arch) {
  std::string error;
  const Target *target = getTarget(ptxTriple, error);
  if (!target)
    return false;
  std::unique_ptr<MCSubtargetInfo> info(
      target->createMCSubtargetInfo(ptxTriple, "", ""));
  return info && info->isCPUStringValid(arch.str());
}

Expected<std::unique_ptr<TargetMachine>>
twc::createPTXMachine(const Module &module, const GPUArch &arch,
                      unsigned level) {
  const Triple &triple = ptxTriple;
  std::string error;
  const Target *target = getTarget(triple, error);
  if (!target)
    return createStringError(inconvertibleErrorCode(),
                             "this LLVM has no NVPTX target: " + error);
  TargetOptions options;
  // Never contract a * b + c (Wasm spec 4.3.3: each operator rounds).
  options.AllowFPOpFusion = FPOpFusion::Strict;
  // LLVM takes the architecture's own lowest version: 6.3 for sm_75, 7.0 for
  // sm_80, 7.1 for sm_86, and more than 7.3 for all later ones.
  std::string features;
  if (unsigned version = neededVersion(module);
      version && (arch.cc < 80 || (version > 70 && arch.cc <= 86)))
    features = "+ptx" + std::to_string(version);
  std::unique_ptr<TargetMachine> machine(target->createTargetMachine(
      triple, arch.str(), features, options, Reloc::PIC_, std::nullopt,
      level == 0 ? CodeGenOptLevel::None
      // What only Aggressive has is GVN, twice; it finds nothing any more.
      : level <= 2 ? CodeGenOptLevel::Default
                   : CodeGenOptLevel::Aggressive));
  if (!machine)
    return createStringError(inconvertibleErrorCode(),
                             "this LLVM cannot make an NVPTX machine");
  return machine;
}

Expected<std::string> twc::emitPTX(Module &module, TargetMachine &machine) {
  SmallString<0> text;
  raw_svector_ostream stream(text);
  legacy::PassManager passes;
  if (machine.addPassesToEmitFile(passes, stream, nullptr,
                                  CodeGenFileType::AssemblyFile))
    return createStringError(inconvertibleErrorCode(),
                             "this LLVM cannot print PTX");
  SlowPasses slow(module);
  passes.run(module);
  // ptxas refuses bytes outside ASCII, even in comments.
  for (char c : text)
    if (static_cast<unsigned char>(c) >= 0x80)
      return createStringError(inconvertibleErrorCode(),
                               "internal error: PTX is not ASCII");
  return std::string(text);
}

unsigned twc::getPTXVersion(StringRef ptx) {
  StringRef rest = ptx.substr(ptx.find(".version ")).substr(9);
  unsigned major = 0, minor = 0;
  if (rest.consumeInteger(10, major) || !rest.consume_front(".") ||
      rest.consumeInteger(10, minor))
    return 0;
  return major * 10 + minor;
}
