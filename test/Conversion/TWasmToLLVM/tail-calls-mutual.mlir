// Functions that tail-call each other become one, with a switch in a loop;
// their names stay as functions that call it. Tail calls that lead out of the
// cycle, and calls that are no tail calls, stay calls.
//
// RUN: twc-opt %s --twasm-merge-tail-calls --split-input-file | FileCheck %s \
// RUN:   --implicit-check-not=twasm.tail
//
// Tail calls alone are no recursion: only the last module checks its stack.
// RUN: twc-opt %s --convert-twasm-to-std --split-input-file \
// RUN:   | FileCheck %s --check-prefix=STACK --implicit-check-not=check_stack
// STACK: func.func private @even$tail(
// STACK: func.func private @a$tail(
// STACK: func.func private @step$tail(
// STACK-NEXT: twasm.rt.check_stack
// STACK: func.func private @step(
// STACK-NEXT: twasm.rt.check_stack
// STACK: func.func private @turn(
// STACK-NEXT: twasm.rt.check_stack
// STACK: func.func private @stop(
// STACK-NEXT: twasm.rt.check_stack

!g = !llvm.ptr<1>
!p = !llvm.ptr

// CHECK-LABEL: func.func private @even$tail(
// CHECK-SAME: i64, %arg5: !llvm.ptr, %arg6: i32, %arg7: i32) -> i32
// CHECK-NEXT: cf.br ^[[LOOP:bb[0-9]+]](%arg6, %arg7 : i32, i32)
// CHECK-NEXT: ^[[LOOP]](%[[SEL:.*]]: i32, %[[N:.*]]: i32):
// CHECK-NEXT: cf.switch %[[SEL]] : i32, [
// CHECK-NEXT: default: ^[[EVEN:bb[0-9]+]],
// CHECK-NEXT: 1: ^[[ODD:bb[0-9]+]]
// CHECK: ^[[EVEN]]:
// CHECK: %[[LESS:.*]] = arith.subi %[[N]],
// CHECK: %[[TO_ODD:.*]] = arith.constant 1 : i32
// CHECK-NEXT: cf.br ^[[LOOP]](%[[TO_ODD]], %[[LESS]] : i32, i32)
// CHECK: ^[[ODD]]:
// CHECK: %[[LESS2:.*]] = arith.subi %[[N]],
// CHECK: %[[TO_EVEN:.*]] = arith.constant 0 : i32
// CHECK-NEXT: cf.br ^[[LOOP]](%[[TO_EVEN]], %[[LESS2]] : i32, i32)

// CHECK-LABEL: func.func private @even(
// CHECK-NEXT: %[[C:.*]] = arith.constant 0 : i32
// CHECK-NEXT: %[[R:.*]] = call @even$tail(%arg0, %arg1, %arg2, %arg3, %arg4, %arg5, %[[C]], %arg6)
// CHECK-NEXT: return %[[R]] : i32
func.func private @even(%m: !g, %size: i64, %rt: !p, %state: !g, %limit: i64, %fuel: !p, %n: i32) -> i32 {
  %zero = arith.constant 0 : i32
  %done = arith.cmpi eq, %n, %zero : i32
  cf.cond_br %done, ^yes, ^on
^yes:
  %true = arith.constant 1 : i32
  return %true : i32
^on:
  %one = arith.constant 1 : i32
  %less = arith.subi %n, %one : i32
  %r = func.call @odd(%m, %size, %rt, %state, %limit, %fuel, %less) {twasm.tail} : (!g, i64, !p, !g, i64, !p, i32) -> i32
  return %r : i32
}

// CHECK-LABEL: func.func private @odd(
// CHECK-NEXT: %[[C:.*]] = arith.constant 1 : i32
// CHECK-NEXT: %[[R:.*]] = call @even$tail({{.*}}, %[[C]], %arg6)
// CHECK-NEXT: return %[[R]] : i32
func.func private @odd(%m: !g, %size: i64, %rt: !p, %state: !g, %limit: i64, %fuel: !p, %n: i32) -> i32 {
  %zero = arith.constant 0 : i32
  %done = arith.cmpi eq, %n, %zero : i32
  cf.cond_br %done, ^no, ^on
^no:
  return %zero : i32
^on:
  %one = arith.constant 1 : i32
  %less = arith.subi %n, %one : i32
  %r = func.call @even(%m, %size, %rt, %state, %limit, %fuel, %less) {twasm.tail} : (!g, i64, !p, !g, i64, !p, i32) -> i32
  return %r : i32
}

// Neither of these is in a cycle: the attribute goes, the calls stay.
// CHECK-LABEL: func.func private @into(
// CHECK-NEXT: %[[R:.*]] = call @even(%arg0,
// CHECK-NEXT: return %[[R]] : i32
func.func private @into(%m: !g, %size: i64, %rt: !p, %state: !g, %limit: i64, %fuel: !p, %n: i32) -> i32 {
  %r = func.call @even(%m, %size, %rt, %state, %limit, %fuel, %n) {twasm.tail} : (!g, i64, !p, !g, i64, !p, i32) -> i32
  return %r : i32
}

// -----

!g = !llvm.ptr<1>
!p = !llvm.ptr

// Parameters share slots by type; what a callee does not take is zero. The
// launch constant that @b changes (its memory) is carried, others are not.
// CHECK-LABEL: func.func private @a$tail(
// CHECK-SAME: %[[M0:arg0]]: !llvm.ptr<1>, %arg1: i64, {{.*}} %arg6: i32, %arg7: i32, %arg8: f64, %arg9: i32, %arg10: vector<4xi32>)
// CHECK-DAG: %[[VZERO:.*]] = arith.constant dense<0> : vector<4xi32>
// CHECK-DAG: %[[FZERO:.*]] = arith.constant 0.0{{.*}} : f64
// CHECK-DAG: %[[IZERO:.*]] = arith.constant 0 : i32
// CHECK: cf.br ^[[LOOP:bb[0-9]+]](%arg6, %arg0, %arg7, %arg8, %arg9, %arg10 : i32, !llvm.ptr<1>, i32, f64, i32, vector<4xi32>)
// CHECK-NEXT: ^[[LOOP]](%[[SEL:.*]]: i32, %[[M:.*]]: !llvm.ptr<1>, %[[I0:.*]]: i32, %[[F0:.*]]: f64, %[[I1:.*]]: i32, %[[V0:.*]]: vector<4xi32>):
// CHECK-NEXT: cf.switch %[[SEL]] : i32, [
// CHECK-NEXT: default: ^[[A:bb[0-9]+]],
// CHECK-NEXT: 1: ^[[B:bb[0-9]+]]
// CHECK: ^[[A]]:
// CHECK-NEXT: call @outside(%[[M]], %arg1, %arg2, %arg3, %arg4, %arg5)
// CHECK-NEXT: %[[V:.*]] = arith.constant dense<7> : vector<4xi32>
// CHECK-NEXT: %[[TO_B:.*]] = arith.constant 1 : i32
// CHECK-NEXT: cf.br ^[[LOOP]](%[[TO_B]], %[[M]], %[[I0]], %[[FZERO]], %[[IZERO]], %[[V]] :
// CHECK-NEXT: ^[[B]]:
// CHECK-NEXT: %[[OTHER:.*]] = llvm.load %arg3
// CHECK: cf.cond_br %{{.*}}, ^[[STAY:bb[0-9]+]], ^[[LEAVE:bb[0-9]+]]
// CHECK-NEXT: ^[[STAY]]:
// CHECK: %[[TO_A:.*]] = arith.constant 0 : i32
// CHECK-NEXT: cf.br ^[[LOOP]](%[[TO_A]], %[[OTHER]], %[[I0]], %{{.*}}, %[[I0]], %[[VZERO]] :
// CHECK-NEXT: ^[[LEAVE]]:
// CHECK-NEXT: call @outside(%[[M]], %arg1, %arg2, %arg3, %arg4, %arg5)
// CHECK-NEXT: return
// CHECK: func.func private @a(
// CHECK: call @a$tail(%arg0, %arg1, %arg2, %arg3, %arg4, %arg5, %{{.*}}, %arg6, %arg7, %arg8, %{{.*}})
func.func private @a(%m: !g, %size: i64, %rt: !p, %state: !g, %limit: i64, %fuel: !p, %i: i32, %f: f64, %j: i32) {
  func.call @outside(%m, %size, %rt, %state, %limit, %fuel) : (!g, i64, !p, !g, i64, !p) -> ()
  %v = arith.constant dense<7> : vector<4xi32>
  func.call @b(%m, %size, %rt, %state, %limit, %fuel, %v, %i) {twasm.tail} : (!g, i64, !p, !g, i64, !p, vector<4xi32>, i32) -> ()
  return
}
// CHECK: func.func private @b(
// CHECK: call @a$tail(%arg0, %arg1, %arg2, %arg3, %arg4, %arg5, %{{.*}}, %arg7, %{{.*}}, %{{.*}}, %arg6)
func.func private @b(%m: !g, %size: i64, %rt: !p, %state: !g, %limit: i64, %fuel: !p, %v: vector<4xi32>, %i: i32) {
  %other = llvm.load %state : !g -> !g
  %zero = arith.constant 0 : i32
  %more = arith.cmpi ne, %i, %zero : i32
  cf.cond_br %more, ^stay, ^leave
^stay:
  %f = arith.constant 2.5 : f64
  func.call @a(%other, %size, %rt, %state, %limit, %fuel, %i, %f, %i) {twasm.tail} : (!g, i64, !p, !g, i64, !p, i32, f64, i32) -> ()
  return
^leave:
  func.call @outside(%m, %size, %rt, %state, %limit, %fuel) {twasm.tail} : (!g, i64, !p, !g, i64, !p) -> ()
  return
}
// CHECK-LABEL: func.func private @outside(
// CHECK-NEXT: return
func.func private @outside(%m: !g, %size: i64, %rt: !p, %state: !g, %limit: i64, %fuel: !p) {
  return
}

// -----

!g = !llvm.ptr<1>
!p = !llvm.ptr

// What a devirtualised return_call_indirect looks like: each arm a tail call.
// @step and @turn are a cycle by it, @stop is not; a call inside the cycle
// that is no tail call goes to the name that stays.
// CHECK-LABEL: func.func private @step$tail(
// CHECK: ^[[LOOP:bb[0-9]+]](%[[SEL:.*]]: i32, %[[X:.*]]: i32):
// CHECK: cf.switch %[[X]] : i32, [
// CHECK-NEXT: default: ^[[TRAP:bb[0-9]+]],
// CHECK-NEXT: 0: ^[[STEP:bb[0-9]+]],
// CHECK-NEXT: 1: ^[[TURN:bb[0-9]+]],
// CHECK-NEXT: 2: ^[[STOP:bb[0-9]+]]
// CHECK: ^[[STEP]]:
// CHECK-NEXT: %[[S:.*]] = arith.constant 0 : i32
// CHECK-NEXT: cf.br ^[[LOOP]](%[[S]], %[[X]] : i32, i32)
// CHECK: ^[[TURN]]:
// CHECK-NEXT: %[[T:.*]] = arith.constant 1 : i32
// CHECK-NEXT: cf.br ^[[LOOP]](%[[T]], %[[X]] : i32, i32)
// CHECK: ^[[STOP]]:
// CHECK-NEXT: %[[R:.*]] = call @stop(
// CHECK-NEXT: return %[[R]] : i64
// CHECK: ^[[TRAP]]:
// CHECK-NEXT: twasm.rt.trap %arg2, undefined_element {at = 33 : i32, function = 2 : i32}
// CHECK: call @step(%arg0, %arg1, %arg2, %arg3, %arg4, %arg5,
// CHECK: cf.br ^[[LOOP]](
// CHECK-LABEL: func.func private @step(
func.func private @step(%m: !g, %size: i64, %rt: !p, %state: !g, %limit: i64, %fuel: !p, %x: i32) -> i64 {
  cf.switch %x : i32, [
    default: ^trap,
    0: ^step,
    1: ^turn,
    2: ^stop
  ]
^step:
  %0 = func.call @step(%m, %size, %rt, %state, %limit, %fuel, %x) {twasm.tail} : (!g, i64, !p, !g, i64, !p, i32) -> i64
  return %0 : i64
^turn:
  %1 = func.call @turn(%m, %size, %rt, %state, %limit, %fuel, %x) {twasm.tail} : (!g, i64, !p, !g, i64, !p, i32) -> i64
  return %1 : i64
^stop:
  %2 = func.call @stop(%m, %size, %rt, %state, %limit, %fuel, %x) {twasm.tail} : (!g, i64, !p, !g, i64, !p, i32) -> i64
  return %2 : i64
^trap:
  twasm.rt.trap %rt, undefined_element {at = 33 : i32, function = 2 : i32} : !p
}
// CHECK-LABEL: func.func private @turn(
func.func private @turn(%m: !g, %size: i64, %rt: !p, %state: !g, %limit: i64, %fuel: !p, %x: i32) -> i64 {
  %two = arith.constant 2 : i32
  %0 = func.call @step(%m, %size, %rt, %state, %limit, %fuel, %two) : (!g, i64, !p, !g, i64, !p, i32) -> i64
  %low = arith.trunci %0 : i64 to i32
  %1 = func.call @step(%m, %size, %rt, %state, %limit, %fuel, %low) {twasm.tail} : (!g, i64, !p, !g, i64, !p, i32) -> i64
  return %1 : i64
}
// CHECK-LABEL: func.func private @stop(
func.func private @stop(%m: !g, %size: i64, %rt: !p, %state: !g, %limit: i64, %fuel: !p, %x: i32) -> i64 {
  %0 = arith.extui %x : i32 to i64
  return %0 : i64
}
