//===- TWasmFuel.td - bounded execution -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fuel bounds how long a thread runs. `twasm-insert-fuel` places the one op.
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_FUEL_TD
#define TWASM_FUEL_TD

include "TWasmNumeric.td"

def TWasm_ConsumeFuelOp : TWasm_Op<"consume_fuel", [TWasm_MayTrap]> {
  let summary = "takes from the thread's fuel, or traps";
  let description = [{
    Stands at the entry of a function and at the head of each loop. Takes
    `cost` units from what the thread has left; traps with "all fuel consumed",
    and takes nothing, if there are fewer. One unit is one instruction; `cost`
    is how many the thread executes at least before the next such op or the end
    of the function, unless it traps on the way (see `twasm-insert-fuel`).

    ```mlir
    twasm.consume_fuel 7
    ```
  }];
  let arguments = (ins ConfinedAttr<I64Attr, [IntPositive]>:$cost);
  let assemblyFormat = "$cost attr-dict";
  let upstreamOp = "llvm.load + twasm.rt.trap_if + llvm.store";
}

#endif // TWASM_FUEL_TD
