//===- Passes.td - twasm to twasm passes -------------------*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TWC_DIALECT_TWASM_TRANSFORMS_PASSES
#define TWC_DIALECT_TWASM_TRANSFORMS_PASSES

include "mlir/Pass/PassBase.td"

def AnalyzeOffload : Pass<"twasm-analyze-offload", "::mlir::ModuleOp"> {
  let summary = "Says of each exported function whether and how it can run";
  let description = [{
    Walks the call graph from each function export and writes on the export:
    `not_offloadable` when it can reach an import that no device provides,
    `not_launchable` when a grid of threads could not share what it changes.
    Both are sentences for people, absent where nothing hinders.
  }];
}

def PruneFunctions : Pass<"twasm-prune-functions", "::mlir::ModuleOp"> {
  let summary = "Drops functions that no offloadable export can reach";
  let description = [{
    Runs after `twasm-analyze-offload`. Exports that are not offloadable lose
    their op with the functions only they reach.
  }];
  let statistics = [Statistic<"numPruned", "pruned", "functions dropped">];
}

def CanonicalizeNaNs : Pass<"twasm-canonicalize-nans", "::mlir::ModuleOp"> {
  let summary = "Makes NaNs that arithmetic made canonical where observable";
  let description = [{
    The deterministic profile: a NaN made by arithmetic is the positive
    canonical NaN wherever its bits can be seen (stored, reinterpreted,
    returned, passed, sign-copied). A block argument or select that mixes made
    and loaded values is canonicalised on the made edge.
  }];
  let statistics = [
    Statistic<"numInserted", "inserted", "canonicalisations inserted">];
}

#endif // TWC_DIALECT_TWASM_TRANSFORMS_PASSES
