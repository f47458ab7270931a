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

    The global that is C's stack pointer (Analysis/StackPointer.h) hinders no
    launch. It is marked `stack_memory`, with the memory that its stack lies
    in, and exports that reach a use of it `needs_stack`: their grids run
    functions that `twasm-make-grid-clones` makes. So do those of exports that
    reach an op of shared memory, marked `needs_shared`.
  }];
  let options = [
    Option<"stackPointer", "stack-pointer", "int64_t", "-1",
           "position of the global that is the stack pointer; -1: find it">];
}

def MakeGridClones : Pass<"twasm-make-grid-clones", "::mlir::ModuleOp"> {
  let summary = "Gives grids functions that know the windows of their memory";
  let description = [{
    Runs after `twasm-prune-functions`. Copies the functions that an export
    marked `needs_stack` or `needs_shared` can reach. A copy names its original in `grid_of`, the
    export its copy in `grid`.
  }];
  let statistics = [Statistic<"numCloned", "cloned", "functions copied">];
}

def PromoteFrames : Pass<"twasm-promote-frames", "::mlir::ModuleOp"> {
  let summary = "Takes frames that nobody else sees out of linear memory";
  let description = [{
    Runs after `twasm-make-grid-clones`, on the copies alone: what an invocation
    leaves in dead stack is seen by whoever looks. Where a function uses its
    frame for nothing but loads and stores at constant places in it, and has
    stored each byte before it loads it, on all ways, the accesses get a place
    in a `frame` of the function's own (`frame_size` bytes), which LLVM makes
    registers of. The stack pointer is left where it was if nothing that is
    called uses it.
  }];
  let statistics = [
    Statistic<"numPromoted", "promoted", "functions with a frame of their own">];
}

def PlanGridStacks : Pass<"twasm-plan-grid-stacks", "::mlir::ModuleOp"> {
  let summary = "Sizes the stacks of grids' threads";
  let description = [{
    Runs after `twasm-promote-frames`. In functions that only grids run the
    stack pointer is a variable of the thread, which starts at the global's
    initial value `top`, and the addresses `[low, top)` are memory of the
    thread: attribute `window`, absent if no thread needs a stack any more.

    `top - low` is what the deepest chain of calls needs, or `stack-size` where
    that is open (recursion, arrays of variable length), which is warned of:
    attribute `stack_low` of the global. An export that needs more than a GPU
    thread can have becomes not launchable.
  }];
  let options = [
    Option<"stackSize", "stack-size", "uint64_t", "1024",
           "bytes of stack where the module leaves the need open">];
}

def PlanSharedMemory : Pass<"twasm-plan-shared-memory", "::mlir::ModuleOp"> {
  let summary = "Sizes the shared memory of grids' blocks";
  let description = [{
    Runs after `twasm-plan-grid-stacks`. An export marked `needs_shared` gets
    the memory that its window lies in (`shared_memory`), the largest constant
    that its grid can reach, rounded up to 16 (`shared_bytes`), and the most
    that a launch may ask for (`shared_limit`): what a block can have, and what
    is free between the window's base and the lowest active data segment, the
    stack window and the end of the memory. All functions that its grid runs
    get `shared_memory`. A constant above the limit is an error.
  }];
}

def TraceAddresses : Pass<"twasm-trace-addresses", "::mlir::ModuleOp"> {
  let summary = "Marks accesses whose address comes from a window";
  let description = [{
    Runs after `twasm-plan-shared-memory`, on functions with shared memory.
    Follows addresses from `twasm.shared`, `twasm.shared_base` and the stack
    pointer through additions, masks, block arguments, selects and direct calls:
    an access gets `origin`, "shared" or "stack", which says where to look for
    its address first. It decides nothing else: every access works wherever its
    address lies.
  }];
  let statistics = [Statistic<"numMarked", "marked", "accesses marked">];
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

def ContractFloats : Pass<"twasm-contract-floats", "::mlir::ModuleOp"> {
  let summary = "Makes one operation of a product and the sum it goes into";
  let description = [{
    Only with `twc --fp-contract=fast`: x * y + z, x * y - z and z - x * y, of
    f32, f64 and their vectors, are rounded once (`fma`, `vfmadd`, `vfnmadd`).
    Runs before `twasm-canonicalize-nans`, and behind `twasm-insert-fuel`: the
    fuel of a function does not depend on it.
  }];
  let statistics = [
    Statistic<"numContracted", "contracted", "sums that took in a product">];
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
