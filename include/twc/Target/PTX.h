//===- PTX.h - LLVM IR to PTX and cubin -------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The NVPTX back end, and `ptxas` where it is installed.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_TARGET_PTX_H
#define TWC_TARGET_PTX_H

#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace twc {

/// A GPU architecture: sm_80 is {80, '\0'}, sm_90a is {90, 'a'}.
struct GPUArch {
  unsigned cc = 80;
  char suffix = '\0';
  /// "sm_80"
  std::string str() const;
  /// Parses "sm_NN", "sm_NNN" with an optional `a` or `f`; none below sm_75.
  static std::optional<GPUArch> parse(llvm::StringRef text);
};

/// True if this LLVM can generate code for `arch`.
bool isKnownArch(const GPUArch &arch);

/// A machine for `arch` at `level` (0 to 3). The PTX ISA version is the
/// lowest that the architecture has, raised to what the module needs.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createPTXMachine(const llvm::Module &module, const GPUArch &arch,
                 unsigned level);

/// PTX text. The module must be optimised for `machine`.
llvm::Expected<std::string> emitPTX(llvm::Module &module,
                                    llvm::TargetMachine &machine);

/// One text from the texts of a module's parts, in this order. What parts
/// declare of each other becomes forward declarations.
std::string mergePTX(std::vector<std::string> parts);

/// The PTX ISA version that a PTX text declares: 77 for ".version 7.7".
unsigned getPTXVersion(llvm::StringRef ptx);

/// Path of ptxas: on PATH, or under CUDA_HOME or /usr/local/cuda.
std::optional<std::string> findPtxas();

/// First line of `ptxas --version` that names the release.
std::string getPtxasVersion(llvm::StringRef ptxas);

/// Assembles a cubin for `arch`.
llvm::Expected<std::vector<uint8_t>> assembleCubin(llvm::StringRef ptxas,
                                                   llvm::StringRef ptx,
                                                   const GPUArch &arch,
                                                   unsigned level);

} // namespace twc

#endif // TWC_TARGET_PTX_H
