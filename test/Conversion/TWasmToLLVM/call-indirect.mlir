// Calls through tables whose content changes switch over the functions that an
// element can be; types are compared as Wasm has them (spec 4.4.8).
//
// RUN: twc-opt %s --convert-twasm-to-std | FileCheck %s

twasm.table @constant min 3
twasm.table @changed min 2
twasm.elem @e0 active @constant offset 0 [@a, @wide]
twasm.elem @e1 active @changed offset 0 [@a, @b]
twasm.elem @e2 [@takes_func, @takes_host]

twasm.func @a(%x: i32) attributes {func_index = 0 : i32} { twasm.return }
twasm.func @b(%x: i32) attributes {func_index = 1 : i32} { twasm.return }
twasm.func @wide(%x: i64) attributes {func_index = 2 : i32} { twasm.return }
twasm.func @takes_func(%x: !twasm.funcref) attributes {func_index = 3 : i32} {
  twasm.return
}
twasm.func @takes_host(%x: !twasm.externref) attributes {func_index = 4 : i32} {
  twasm.return
}

// CHECK-LABEL: func.func private @f5_by_index
// CHECK: cf.switch %[[I:.*]] : i32, [
// CHECK-NEXT: default: ^[[NONE:bb[0-9]+]],
// CHECK-NEXT: 0: ^[[A:bb[0-9]+]],
// CHECK-NEXT: 1: ^[[TYPE:bb[0-9]+]]
// CHECK-NEXT: ]
// CHECK-DAG: twasm.rt.trap %{{.*}}, indirect_call_type_mismatch
// CHECK-DAG: call @f0_a(
// CHECK-DAG: twasm.rt.trap_if %{{.*}}, undefined_element
// CHECK-DAG: twasm.rt.trap %{{.*}}, uninitialized_element
twasm.func @by_index(%i: i32) attributes {func_index = 5 : i32} {
  twasm.call_indirect @constant[%i](%i) : (i32) -> ()
  twasm.return
}

// CHECK-LABEL: func.func private @f6_by_element
// CHECK: twasm.rt.trap_if %{{.*}}, %arg2, undefined_element
// CHECK: %[[REF:.*]] = llvm.load %{{.*}} atomic monotonic
// CHECK: cf.switch %[[REF]] : i64, [
// CHECK-NEXT: default: ^[[TYPE:bb[0-9]+]],
// CHECK-NEXT: 0: ^[[NULL:bb[0-9]+]],
// CHECK-NEXT: 1: ^[[A:bb[0-9]+]],
// CHECK-NEXT: 2: ^[[B:bb[0-9]+]]
// CHECK-NEXT: ]
// CHECK: ^[[TYPE]]:
// CHECK-NEXT: twasm.rt.trap %{{.*}}, indirect_call_type_mismatch
// CHECK: ^[[B]]:
// CHECK-NEXT: call @f1_b(
// CHECK: ^[[A]]:
// CHECK-NEXT: call @f0_a(
// CHECK: ^[[NULL]]:
// CHECK-NEXT: twasm.rt.trap %{{.*}}, uninitialized_element
twasm.func @by_element(%i: i32) attributes {func_index = 6 : i32} {
  twasm.call_indirect @changed[%i](%i) : (i32) -> ()
  twasm.return
}

// Both references are an i64 by now: still only one of the two is called.
// CHECK-LABEL: func.func private @f7_references
// CHECK: cf.switch %{{.*}} : i64, [
// CHECK-NOT: 5: ^
// CHECK: 4: ^[[F:bb[0-9]+]]
// CHECK-NEXT: ]
// CHECK: call @f3_takes_func(
// CHECK-NOT: call @f4_takes_host(
// CHECK: return
twasm.func @references(%i: i32, %f: !twasm.funcref)
    attributes {func_index = 7 : i32} {
  twasm.table_init @changed, @e2, %i, %i, %i
  twasm.call_indirect @changed[%i](%f) : (!twasm.funcref) -> ()
  twasm.return
}

// A tail call that is in no cycle is a call, and the return of its results.
// CHECK-LABEL: func.func private @f8_tail
// CHECK: call @f1_b(
// CHECK-NEXT: return
// CHECK: call @f0_a(
// CHECK-NEXT: return
twasm.func @tail(%i: i32) attributes {func_index = 8 : i32} {
  twasm.return_call_indirect @changed[%i](%i) : (i32) -> ()
}

// CHECK-LABEL: func.func private @f9_direct
// CHECK: call @f0_a(
// CHECK-NEXT: return
twasm.func @direct(%i: i32) attributes {func_index = 9 : i32} {
  twasm.return_call @a(%i) : (i32) -> ()
}
