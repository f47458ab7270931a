// Every op of shared memory, scoped atomics and copies survives printing and
// parsing.
//
// RUN: twc-opt %s --verify-roundtrip | FileCheck %s
// RUN: twc-opt %s --mlir-print-op-generic | twc-opt | FileCheck %s

twasm.memory @memory0 min 1
twasm.memory @memory1 min 1

// CHECK-LABEL: twasm.func @all(
twasm.func @all(%i: i32, %w: i64, %f: f32) attributes {func_index = 0 : i32} {
  // CHECK: shared 4096
  %0 = twasm.shared 4096
  // CHECK: shared_base
  %1 = twasm.shared_base
  // CHECK: shared_size
  %2 = twasm.shared_size
  // CHECK: scoped_load acquire device %{{.*}} : f32
  %3 = twasm.scoped_load acquire device %i : f32
  // CHECK: scoped_store release block %{{.*}}, %{{.*}} in @memory1 : i64
  twasm.scoped_store release block %w, %i in @memory1 : i64
  // CHECK: scoped_rmw and acq_rel system %{{.*}}, %{{.*}} : i64
  %4 = twasm.scoped_rmw and acq_rel system %w, %i : i64
  // CHECK: scoped_rmw max seq_cst block %{{.*}}, %{{.*}} : f32
  %5 = twasm.scoped_rmw max seq_cst block %f, %i : f32
  // CHECK: scoped_cmpxchg relaxed device %{{.*}}, %{{.*}}, %{{.*}} : f32
  %6 = twasm.scoped_cmpxchg relaxed device %f, %5, %i : f32
  // CHECK: copy_async 8 %{{.*}}, %{{.*}}
  twasm.copy_async 8 %0, %i
  // CHECK: copy_async_commit
  twasm.copy_async_commit
  // CHECK: copy_async_wait 2
  twasm.copy_async_wait 2
  twasm.return
}
