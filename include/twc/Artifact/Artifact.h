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

#include <map>
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

/// What became of the bounds checks of one target's image.
struct BoundsTotals {
  struct Counts {
    uint64_t accesses = 0; // the sum of the next eight
    uint64_t proven = 0, omitted = 0;
    uint64_t neverReached = 0, aheadOfLoop = 0, implied = 0, branchInLoop = 0,
             grouped = 0, kept = 0;
    std::map<std::string, uint64_t> reasons; // of those kept
  };
  struct Function {
    uint32_t function = 0;
    std::string name;
    Counts counts;
  };
  std::string target; // "sm_80", "host"
  Counts all;
  std::vector<Function> functions; // those with accesses, by index
};

/// A paragraph per exported function: what it needs, whether it can run on a
/// device and as a grid, and if not why; then one per target of its bounds
/// checks, if code was generated. What people see of --report.
std::string reportText(const ptxbin::Manifest &manifest,
                       const KernelNeeds &needs,
                       llvm::ArrayRef<BoundsTotals> totals = {});
/// The same as JSON.
std::string reportJSON(const ptxbin::Manifest &manifest,
                       const KernelNeeds &needs,
                       llvm::ArrayRef<BoundsTotals> totals = {});

/// Version of twc, "0.1.0".
llvm::StringRef getVersion();

} // namespace twc

#endif // TWC_ARTIFACT_ARTIFACT_H
