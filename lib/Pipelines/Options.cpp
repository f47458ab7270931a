//===- Options.cpp - phases and targets by name ---------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parsing of what --emit and --target take.
//
//===----------------------------------------------------------------------===//

#include "twc/Pipelines/Compile.h"

#include "llvm/ADT/StringSwitch.h"

using namespace llvm;
using namespace twc;

std::optional<Phase> twc::parsePhase(StringRef name) {
  return StringSwitch<std::optional<Phase>>(name)
      .Case("twasm", Phase::TWasm)
      .Case("std", Phase::Std)
      .Case("llvm-dialect", Phase::LLVMDialect)
      .Case("llvm", Phase::LLVM)
      .Case("ptx", Phase::PTX)
      .Case("cubin", Phase::Cubin)
      .Case("host", Phase::Host)
      .Case("ptxbin", Phase::PtxBin)
      .Default(std::nullopt);
}

bool twc::isTextPhase(Phase phase) {
  switch (phase) {
  case Phase::TWasm:
  case Phase::Std:
  case Phase::LLVMDialect:
  case Phase::LLVM:
  case Phase::PTX:
    return true;
  case Phase::Cubin:
  case Phase::Host:
  case Phase::PtxBin:
    return false;
  }
  llvm_unreachable("unknown phase");
}

StringRef twc::fileExtension(Phase phase) {
  switch (phase) {
  case Phase::TWasm:
  case Phase::Std:
  case Phase::LLVMDialect:
    return "mlir";
  case Phase::LLVM:
    return "ll";
  case Phase::PTX:
    return "ptx";
  case Phase::Cubin:
    return "cubin";
  case Phase::Host:
    return "so";
  case Phase::PtxBin:
    return "ptxbin";
  }
  llvm_unreachable("unknown phase");
}

Expected<Targets> twc::parseTargets(StringRef list) {
  Targets targets;
  SmallVector<StringRef> names;
  list.split(names, ',');
  for (StringRef name : names) {
    name = name.trim();
    std::optional<GPUArch> arch = GPUArch::parse(name);
    bool twice = name == "host" ? targets.host : false;
    for (const GPUArch &gpu : targets.gpus)
      twice |= arch && gpu.str() == arch->str();
    if (twice)
      return createStringError(inconvertibleErrorCode(),
                               "target '" + name.str() + "' is given twice");
    if (name == "host")
      targets.host = true;
    else if (arch && isKnownArch(*arch))
      targets.gpus.push_back(*arch);
    else
      return createStringError(
          inconvertibleErrorCode(),
          "unknown target '" + name.str() +
              "': expected 'host' or a GPU architecture from sm_75 on, such "
              "as sm_80 or sm_90a");
  }
  return targets;
}
