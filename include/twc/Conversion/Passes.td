//===- Passes.td - conversion passes -----------------------*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TWC_CONVERSION_PASSES
#define TWC_CONVERSION_PASSES

include "mlir/Pass/PassBase.td"

def ConvertTWasmToStd : Pass<"convert-twasm-to-std", "::mlir::ModuleOp"> {
  let summary = "Lowers twasm to arith, cf, func, math and llvm memory ops";
  let description = [{
    Each function gets the kernel ABI's launch constants as leading arguments:
    memory base and size, runtime pointer, instance state, stack limit, fuel
    counter. Traps and bounds checks become `twasm.rt` ops; device geometry
    stays.

    `isolate-reach` says that so many bytes from the base of each 32-bit memory
    are mapped (docs/Sandbox.md): plain accesses that end within them are
    checked against all of the 32-bit window instead of the memory's size, which
    is a check of the index's wrapping alone, and is dropped where nobody asks
    for that.
  }];
  let options = [Option<"isolateReach", "isolate-reach", "uint64_t", "0",
                        "Bytes that are mapped; 0: check against the size">];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::cf::ControlFlowDialect",
    "::mlir::func::FuncDialect", "::mlir::math::MathDialect",
    "::mlir::LLVM::LLVMDialect"];
}

def MergeTailCalls : Pass<"twasm-merge-tail-calls", "::mlir::ModuleOp"> {
  let summary = "Makes loops of cycles of tail calls";
  let description = [{
    The last step of `convert-twasm-to-std`, as a pass of its own for tests.
    A tail call is a `func.call` with the attribute `twasm.tail`, followed by a
    `func.return` of exactly its results. In the graph of tail calls, a
    function that calls itself gets a loop; the functions of a larger strongly
    connected component become one, of the launch constants, a selector and
    the parameters of all, and their names stay as functions that call it. All
    other tail calls become ordinary ones: the stack they take is bounded by
    the depth of an acyclic graph.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::cf::ControlFlowDialect",
    "::mlir::func::FuncDialect", "::mlir::LLVM::LLVMDialect"];
}

def ConvertStdToLLVM : Pass<"convert-twasm-std-to-llvm", "::mlir::ModuleOp"> {
  let summary = "Lowers phase `std` to the LLVM and NVVM dialects for a target";
  let description = [{
    Implements the `twasm.rt` and device ops for the target and adds an entry
    point per exported function (runtime/Format/KernelABI.h).
  }];
  let options = [Option<"target", "target", "std::string", "\"ptx\"",
                        "`ptx` or `host`">];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect",
                           "::mlir::NVVM::NVVMDialect"];
}

#endif // TWC_CONVERSION_PASSES
