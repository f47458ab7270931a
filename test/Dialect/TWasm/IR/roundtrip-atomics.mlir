// Every atomic op survives printing and parsing.
//
// RUN: twc-opt %s --verify-roundtrip | FileCheck %s
// RUN: twc-opt %s --mlir-print-op-generic | twc-opt | FileCheck %s

twasm.memory @memory0 min 1 max 1 shared
twasm.memory @memory1 i64 min 1 max 1 shared

// CHECK-LABEL: twasm.func @atomics
twasm.func @atomics(%i: i32, %w: i64) attributes {func_index = 0 : i32} {
  // CHECK: atomic_load 16 %{{.*}} offset 8 align 1 : i32
  %0 = twasm.atomic_load 16 %i offset 8 align 1 : i32
  // CHECK: atomic_store 64 %{{.*}}, i64 %{{.*}} offset 0 align 3 in @memory1 : i64
  twasm.atomic_store 64 %w, i64 %w offset 0 align 3 in @memory1 : i64
  // CHECK: atomic_rmw add 32 %{{.*}}, %{{.*}} offset 0 align 2 : i32
  %1 = twasm.atomic_rmw add 32 %i, %i offset 0 align 2 : i32
  // CHECK: atomic_rmw and 8 %{{.*}}, %{{.*}} offset 0 align 0 : i64
  %2 = twasm.atomic_rmw and 8 %w, %i offset 0 align 0 : i64
  // CHECK: atomic_cmpxchg 8 %{{.*}}, %{{.*}}, %{{.*}} offset 1 align 0 : i32
  %3 = twasm.atomic_cmpxchg 8 %i, %0, %i offset 1 align 0 : i32
  // CHECK: atomic_fence
  twasm.atomic_fence
  // CHECK: atomic_wait %{{.*}}, %{{.*}}, %{{.*}} offset 0 align 3 : i64
  %4 = twasm.atomic_wait %w, %w, %i offset 0 align 3 : i64
  // CHECK: atomic_notify %{{.*}}, %{{.*}} offset 0 align 2
  %5 = twasm.atomic_notify %i, %i offset 0 align 2
  twasm.return
}
