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

def InsertFuel : Pass<"twasm-insert-fuel", "::mlir::ModuleOp"> {
  let summary = "Makes functions and loops consume fuel";
  let description = [{
    Puts a `twasm.consume_fuel` at the entry of each function and at the head
    of each loop, so that no thread runs on for ever without one. The unit is
    one twasm op, that is one Wasm instruction that does something: `block`,
    `loop`, `else`, `end`, `nop`, `drop` and `local.*` cost nothing, unless
    control falls through into a block that is also branched to: that costs
    what a `br` costs. Each op costs 1, a call beside what its callee takes.

    The cost is what a thread executes at least on its way to the next such
    op or to an end of the function (a return, a tail call, `unreachable`):
    where ways part, the cheapest counts. It depends on the module alone, not
    on the target or optimisation level. A loop's iteration pays for one test
    of the counter.
  }];
  let statistics = [
    Statistic<"numInserted", "inserted", "consume points inserted">];
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
