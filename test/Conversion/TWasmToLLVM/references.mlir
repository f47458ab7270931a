// A reference is an i64: null 0, a function its number plus 1, whether or not
// it still has a body.
//
// RUN: twc-opt %s --convert-twasm-to-std | FileCheck %s

twasm.func private @pruned() attributes {func_index = 41 : i32, pruned}

// CHECK-LABEL: func.func private @f0_refs(
// CHECK-SAME: i64) -> (i64, i64, i32)
// CHECK-DAG: %[[NULL:.*]] = arith.constant 0 : i64
// CHECK-DAG: %[[FUNC:.*]] = arith.constant 42 : i64
// CHECK: %[[ZERO:.*]] = arith.constant 0 : i64
// CHECK: %[[IS:.*]] = arith.cmpi eq, %{{.*}}, %[[ZERO]] : i64
// CHECK: %[[BIT:.*]] = arith.extui %[[IS]] : i1 to i32
// CHECK: return %[[NULL]], %[[FUNC]], %[[BIT]] : i64, i64, i32
twasm.func @refs(%x: !twasm.externref)
    -> (!twasm.externref, !twasm.funcref, i32)
    attributes {func_index = 0 : i32} {
  %n = twasm.ref_null : !twasm.externref
  %f = twasm.ref_func @pruned : !twasm.funcref
  %b = twasm.ref_is_null %x : !twasm.externref
  twasm.return %n, %f, %b : !twasm.externref, !twasm.funcref, i32
}
