// Every op of references, tables and calls through them survives printing and
// parsing.
//
// RUN: twc-opt %s --verify-roundtrip | FileCheck %s
// RUN: twc-opt %s --mlir-print-op-generic | twc-opt | FileCheck %s

// CHECK: twasm.table @funcs min 2 max 9
twasm.table @funcs min 2 max 9
// CHECK: twasm.table @hosts min 0 : !twasm.externref {module = 1 : i32}
twasm.table @hosts min 0 : !twasm.externref {module = 1 : i32}
// CHECK: twasm.elem @active active @funcs offset 1 [@even]
twasm.elem @active active @funcs offset 1 [@even]
// CHECK: twasm.elem @passive [@even, unit, @pruned]
twasm.elem @passive [@even, unit, @pruned]
// CHECK: twasm.global @held index 0 mutable = #twasm.ref<@even> : !twasm.funcref
twasm.global @held index 0 mutable = #twasm.ref<@even> : !twasm.funcref
// CHECK: twasm.global @none index 1 = #twasm.ref : !twasm.externref
twasm.global @none index 1 = #twasm.ref : !twasm.externref
// CHECK: twasm.func private @pruned() attributes {func_index = 2 : i32, pruned}
twasm.func private @pruned() attributes {func_index = 2 : i32, pruned}

// CHECK-LABEL: twasm.func @even
twasm.func @even(%n: i32) -> i32 attributes {func_index = 0 : i32} {
  // CHECK: return_call @odd(%{{.*}}) : (i32) -> i32
  twasm.return_call @odd(%n) : (i32) -> i32
}

// CHECK-LABEL: twasm.func @odd
twasm.func @odd(%n: i32) -> i32 attributes {func_index = 1 : i32} {
  // CHECK: return_call_indirect @funcs[%{{.*}}] (%{{.*}}, %{{.*}}) : (i32, i32) -> i32
  twasm.return_call_indirect @funcs[%n](%n, %n) : (i32, i32) -> i32
}

// CHECK-LABEL: twasm.func @tables
twasm.func @tables(%i: i32, %x: !twasm.externref)
    attributes {func_index = 3 : i32} {
  // CHECK: %[[F:.*]] = ref_func @even : !twasm.funcref
  %f = twasm.ref_func @even : !twasm.funcref
  // CHECK: ref_null : !twasm.externref
  %n = twasm.ref_null : !twasm.externref
  // CHECK: ref_is_null %{{.*}} : !twasm.externref
  %b = twasm.ref_is_null %x : !twasm.externref
  // CHECK: table_get @hosts[%{{.*}}] : !twasm.externref
  %g = twasm.table_get @hosts[%i] : !twasm.externref
  // CHECK: table_set @funcs[%{{.*}}], %[[F]] : !twasm.funcref
  twasm.table_set @funcs[%i], %f : !twasm.funcref
  // CHECK: table_size @funcs : i32
  %s = twasm.table_size @funcs : i32
  // CHECK: table_grow @hosts, %{{.*}}, %{{.*}} : !twasm.externref
  %o = twasm.table_grow @hosts, %x, %i : !twasm.externref
  // CHECK: table_fill @funcs, %{{.*}}, %[[F]], %{{.*}} : !twasm.funcref
  twasm.table_fill @funcs, %i, %f, %s : !twasm.funcref
  // CHECK: table_copy @funcs, @funcs, %{{.*}}, %{{.*}}, %{{.*}}
  twasm.table_copy @funcs, @funcs, %i, %s, %o
  // CHECK: table_init @funcs, @passive, %{{.*}}, %{{.*}}, %{{.*}}
  twasm.table_init @funcs, @passive, %i, %s, %o
  // CHECK: elem_drop @passive
  twasm.elem_drop @passive
  twasm.return
}
