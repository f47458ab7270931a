// Atomics: alignment is checked before the range, and LLVM is told of it
// (threads proposal).
//
// RUN: twc-opt %s --convert-twasm-to-std | FileCheck %s

twasm.memory @memory0 min 1 max 1 shared
twasm.memory @memory1 min 1

// CHECK-LABEL: func.func private @f0_load
// CHECK: %[[SUM:.*]] = arith.addi %[[I:.*]], %{{.*}} : i32
// CHECK: %[[LOW:.*]] = arith.andi %[[SUM]], %{{.*}} : i32
// CHECK: %[[BAD:.*]] = arith.cmpi ne, %[[LOW]]
// CHECK: twasm.rt.trap_if %[[BAD]], %arg2, unaligned_atomic
// CHECK: twasm.rt.check_bounds %[[I]]
// CHECK: %[[V:.*]] = llvm.load %{{.*}} atomic seq_cst {alignment = 2 : i64} : !llvm.ptr<1> -> i16
// CHECK: arith.extui %[[V]] : i16 to i64
twasm.func @load(%i: i32) -> i64 attributes {func_index = 0 : i32} {
  %r = twasm.atomic_load 16 %i offset 3 align 1 : i64
  twasm.return %r : i64
}

// A byte has no alignment to check.
// CHECK-LABEL: func.func private @f1_store
// CHECK-NOT: unaligned_atomic
// CHECK: %[[V:.*]] = arith.trunci %{{.*}} : i32 to i8
// CHECK: llvm.store %[[V]], %{{.*}} atomic seq_cst {alignment = 1 : i64} : i8
twasm.func @store(%i: i32) attributes {func_index = 1 : i32} {
  twasm.atomic_store 8 %i, %i offset 0 align 0 : i32
  twasm.return
}

// CHECK-LABEL: func.func private @f2_rmw
// CHECK: llvm.atomicrmw add %{{.*}}, %{{.*}} seq_cst {alignment = 4 : i64} : !llvm.ptr<1>, i32
// CHECK: llvm.atomicrmw sub {{.*}} i64
// CHECK: llvm.atomicrmw _and {{.*}} i8
// CHECK: llvm.atomicrmw _or {{.*}} i8
// CHECK: llvm.atomicrmw _xor {{.*}} i8
// CHECK: llvm.atomicrmw xchg {{.*}} i16
twasm.func @rmw(%i: i32, %w: i64) attributes {func_index = 2 : i32} {
  %0 = twasm.atomic_rmw add 32 %i, %i offset 0 align 2 : i32
  %1 = twasm.atomic_rmw sub 64 %w, %i offset 0 align 3 : i64
  %2 = twasm.atomic_rmw and 8 %i, %i offset 0 align 0 : i32
  %3 = twasm.atomic_rmw or 8 %i, %i offset 0 align 0 : i32
  %4 = twasm.atomic_rmw xor 8 %i, %i offset 0 align 0 : i32
  %5 = twasm.atomic_rmw xchg 16 %i, %i offset 0 align 1 : i32
  twasm.return
}

// What is expected is wrapped, as the new value is.
// CHECK-LABEL: func.func private @f3_cmpxchg
// CHECK: %[[E:.*]] = arith.trunci %{{.*}} : i64 to i32
// CHECK: %[[N:.*]] = arith.trunci %{{.*}} : i64 to i32
// CHECK: %[[PAIR:.*]] = llvm.cmpxchg %{{.*}}, %[[E]], %[[N]] seq_cst seq_cst {alignment = 4 : i64}
// CHECK: %[[OLD:.*]] = llvm.extractvalue %[[PAIR]][0]
// CHECK: arith.extui %[[OLD]] : i32 to i64
// CHECK: llvm.fence seq_cst
twasm.func @cmpxchg(%i: i32, %e: i64, %n: i64) -> i64
    attributes {func_index = 3 : i32} {
  %r = twasm.atomic_cmpxchg 32 %e, %n, %i offset 0 align 2 : i64
  twasm.atomic_fence
  twasm.return %r : i64
}

// CHECK-LABEL: func.func private @f4_wait
// CHECK: unaligned_atomic
// CHECK: twasm.rt.check_bounds
// CHECK: %[[SEEN:.*]] = llvm.load %{{.*}} atomic seq_cst {alignment = 8 : i64}
// CHECK: %[[EQ:.*]] = arith.cmpi eq, %[[SEEN]], %{{.*}} : i64
// CHECK: %[[NEG:.*]] = arith.cmpi slt
// CHECK: %[[BOTH:.*]] = arith.andi %[[EQ]], %[[NEG]]
// CHECK: twasm.rt.trap_if %[[BOTH]], %arg2, endless_wait
// CHECK: arith.select %[[EQ]], %c2_i32, %c1_i32
twasm.func @wait(%i: i32, %e: i64, %t: i64) -> i32
    attributes {func_index = 4 : i32} {
  %r = twasm.atomic_wait %e, %t, %i offset 0 align 3 : i64
  twasm.return %r : i32
}

// A memory that is not shared: alignment first, range never.
// CHECK-LABEL: func.func private @f5_unshared
// CHECK: unaligned_atomic
// CHECK-NOT: check_bounds
// CHECK: %[[TRUE:.*]] = arith.constant true
// CHECK: twasm.rt.trap_if %[[TRUE]], %arg2, expected_shared_memory
twasm.func @unshared(%i: i32, %t: i64) -> i32
    attributes {func_index = 5 : i32} {
  %r = twasm.atomic_wait %i, %t, %i offset 0 align 2 in @memory1 : i32
  twasm.return %r : i32
}

// CHECK-LABEL: func.func private @f6_notify
// CHECK: %[[MASK:.*]] = arith.constant 3 : i32
// CHECK: unaligned_atomic
// CHECK: twasm.rt.check_bounds {{.*}}bytes = 4 : i32
// CHECK: %[[ZERO:.*]] = arith.constant 0 : i32
// CHECK: return %[[ZERO]] : i32
twasm.func @notify(%i: i32) -> i32 attributes {func_index = 6 : i32} {
  %r = twasm.atomic_notify %i, %i offset 0 align 2
  twasm.return %r : i32
}
