// A function that tail-calls itself gets a loop: its parameters are carried,
// launch constants only where a call passes another value.
//
// RUN: twc-opt %s --twasm-merge-tail-calls | FileCheck %s
// RUN: twc-opt %s --twasm-merge-tail-calls --mlir-print-debuginfo \
// RUN:   | FileCheck %s --check-prefix=LOC
//
// As the last step of the lowering: the stack is checked once, at the entry.
// RUN: twc-opt %s --convert-twasm-to-std | FileCheck %s --check-prefix=STACK
// STACK-LABEL: func.func private @sum(
// STACK-NEXT: twasm.rt.check_stack %arg4, %arg2
// STACK-NEXT: cf.br
// STACK-NOT: check_stack
// STACK-LABEL: func.func private @other_memory(

!g = !llvm.ptr<1>
!p = !llvm.ptr

// CHECK-LABEL: func.func private @sum(
// CHECK-SAME: %[[N0:arg6]]: i32, %[[A0:arg7]]: i64) -> i64
// CHECK-NEXT: cf.br ^[[LOOP:bb[0-9]+]](%[[N0]], %[[A0]] : i32, i64)
// CHECK-NEXT: ^[[LOOP]](%[[N:.*]]: i32, %[[A:.*]]: i64):
// CHECK: cf.cond_br %{{.*}}, ^[[OUT:bb[0-9]+]], ^[[ON:bb[0-9]+]]
// CHECK: ^[[OUT]]:
// CHECK-NEXT: return %[[A]] : i64
// CHECK: ^[[ON]]:
// CHECK: %[[LESS:.*]] = arith.subi %[[N]],
// CHECK: %[[SUM:.*]] = arith.addi %[[A]],
// CHECK-NOT: call
// CHECK-NEXT: cf.br ^[[LOOP]](%[[LESS]], %[[SUM]] : i32, i64)
// CHECK-NEXT: }
// The jump stands where the call stood.
// LOC-LABEL: func.func private @sum(
// LOC: arith.addi
// LOC-NEXT: cf.br ^bb1(%{{.*}}, %{{.*}} : i32, i64) loc([[CALL:#loc[0-9]+]])
// LOC-NEXT: } loc(
// LOC: [[PLACE:#loc[0-9]+]] = loc("module.wasm":3:176)
// LOC: [[CALL]] = loc("sum"([[PLACE]]))
func.func private @sum(%m: !g, %size: i64, %rt: !p, %state: !g, %limit: i64, %fuel: !p, %n: i32, %acc: i64) -> i64 {
  %zero = arith.constant 0 : i32
  %done = arith.cmpi eq, %n, %zero : i32
  cf.cond_br %done, ^out, ^on
^out:
  return %acc : i64
^on:
  %one = arith.constant 1 : i32
  %less = arith.subi %n, %one : i32
  %wide = arith.extui %n : i32 to i64
  %sum = arith.addi %acc, %wide : i64
  %r = func.call @sum(%m, %size, %rt, %state, %limit, %fuel, %less, %sum) {twasm.tail} : (!g, i64, !p, !g, i64, !p, i32, i64) -> i64 loc("sum"("module.wasm":3:176))
  return %r : i64
}

// The memory's base changes on the way, everything else stays.
// CHECK-LABEL: func.func private @other_memory(
// CHECK-SAME: %[[M0:arg0]]: !llvm.ptr<1>, %[[SIZE:arg1]]: i64,
// CHECK-NEXT: cf.br ^[[LOOP:bb[0-9]+]](%[[M0]], %arg6 : !llvm.ptr<1>, i32)
// CHECK-NEXT: ^[[LOOP]](%[[M:.*]]: !llvm.ptr<1>, %[[N:.*]]: i32):
// CHECK-NEXT: %[[NEXT:.*]] = llvm.load %[[M]]
// CHECK-NEXT: llvm.store %[[SIZE]], %[[M]]
// CHECK-NEXT: cf.br ^[[LOOP]](%[[NEXT]], %[[N]] : !llvm.ptr<1>, i32)
func.func private @other_memory(%m: !g, %size: i64, %rt: !p, %state: !g, %limit: i64, %fuel: !p, %n: i32) {
  %next = llvm.load %m : !g -> !g
  llvm.store %size, %m : i64, !g
  func.call @other_memory(%next, %size, %rt, %state, %limit, %fuel, %n) {twasm.tail} : (!g, i64, !p, !g, i64, !p, i32) -> ()
  return
}

// A frame that the body allocates is allocated once.
// CHECK-LABEL: func.func private @frame(
// CHECK-NEXT: %[[C:.*]] = arith.constant 1 : i32
// CHECK-NEXT: %[[F:.*]] = llvm.alloca %[[C]] x i64
// CHECK-NEXT: cf.br ^[[LOOP:bb[0-9]+]]
// CHECK-NEXT: ^[[LOOP]](%[[N:.*]]: vector<4xi32>):
// CHECK-NEXT: llvm.store %[[N]], %[[F]]
// CHECK-NEXT: cf.br ^[[LOOP]](%[[N]] : vector<4xi32>)
func.func private @frame(%m: !g, %size: i64, %rt: !p, %state: !g, %limit: i64, %fuel: !p, %n: vector<4xi32>) {
  %one = arith.constant 1 : i32
  %frame = llvm.alloca %one x i64 : (i32) -> !p
  llvm.store %n, %frame : vector<4xi32>, !p
  func.call @frame(%m, %size, %rt, %state, %limit, %fuel, %n) {twasm.tail} : (!g, i64, !p, !g, i64, !p, vector<4xi32>) -> ()
  return
}

// Recursion that is no tail call stays, even in the same function.
// CHECK-LABEL: func.func private @both(
// CHECK: cf.br ^[[LOOP:bb[0-9]+]](%arg6 : i32)
// CHECK: %[[R:.*]] = call @both(%arg0, %arg1, %arg2, %arg3, %arg4, %arg5,
// CHECK-NEXT: cf.br ^[[LOOP]](%[[R]] : i32)
func.func private @both(%m: !g, %size: i64, %rt: !p, %state: !g, %limit: i64, %fuel: !p, %n: i32) -> i32 {
  %r = func.call @both(%m, %size, %rt, %state, %limit, %fuel, %n) : (!g, i64, !p, !g, i64, !p, i32) -> i32
  %s = func.call @both(%m, %size, %rt, %state, %limit, %fuel, %r) {twasm.tail} : (!g, i64, !p, !g, i64, !p, i32) -> i32
  return %s : i32
}
