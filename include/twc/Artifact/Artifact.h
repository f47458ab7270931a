//===- Artifact.h - twasm module and images to .ptxbin ----------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the manifest says of a module, and the assembly of an artifact.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_ARTIFACT_ARTIFACT_H
#define TWC_ARTIFACT_ARTIFACT_H

#include "Format/PtxBin.h"
#include "twc/Import/Import.h"

#include "mlir/IR/BuiltinOps.h"

#include <string>
#include <vector>

namespace twc {

/// What the manifest says that the module does not.
struct ArtifactIdentity {
  std::string name, version, publisher;
  uint64_t release = 0;
  uint64_t created = 0, expires = 0; // seconds since 1970
  std::vector<std::string> flags;    // those that shape the output
  std::string assembler;             // of cubins, if any
};

/// The manifest of linked modules after twasm-analyze-offload. `wasm` is what
/// the WASM section will hold: the bytes of all modules, one after another.
ptxbin::Manifest describeProgram(const Program &program,
                                 const ArtifactIdentity &identity,
                                 ptxbin::ByteView wasm);

/// Adds to `manifest`, which describes `module`, what twasm-plan-grid-stacks
/// found: the functions that grids run, and their threads' stack.
void describeGrids(mlir::ModuleOp module, ptxbin::Manifest &manifest);

/// What each of Manifest::kernels needs to run, its callees included, in words
/// ("memory 'memory0'", "import 'env.puts'").
using KernelNeeds = std::vector<std::vector<std::string>>;
KernelNeeds describeNeeds(const Program &program);

/// A paragraph per exported function: what it needs, whether it can run on a
/// device and as a grid, and if not why; what people see of --report.
std::string reportText(const ptxbin::Manifest &manifest,
                       const KernelNeeds &needs);
/// The same as JSON.
std::string reportJSON(const ptxbin::Manifest &manifest,
                       const KernelNeeds &needs);

/// Version of twc, "0.1.0".
llvm::StringRef getVersion();

} // namespace twc

#endif // TWC_ARTIFACT_ARTIFACT_H
