// Instructions on tables (Wasm spec 4.4.6). State: @constant at 0, @changed at
// 32, @grown at 64, @hosts at 96, then the segment at 128.
//
// RUN: twc-opt %s --convert-twasm-to-std | FileCheck %s

twasm.table @constant min 3
twasm.table @changed min 2
twasm.table @grown min 1 max 8
twasm.table @hosts min 4 : !twasm.externref
twasm.elem @seg [@callee]
twasm.func private @callee() attributes {func_index = 6 : i32, pruned}

// Nothing writes the table: the load is invariant, the size a constant.
// CHECK-LABEL: func.func private @f0_get
// CHECK: %[[SIZE:.*]] = arith.constant 3 : i64
// CHECK: %[[OUT:.*]] = arith.cmpi uge, %[[I:.*]], %[[SIZE]] : i64
// CHECK: twasm.rt.trap_if %[[OUT]], %arg2, out_of_bounds_table_access
// CHECK: %[[BASE:.*]] = llvm.load %arg3 invariant {{.*}} -> !llvm.ptr<1>
// CHECK: %[[BYTES:.*]] = arith.shli %[[I]]
// CHECK: %[[AT:.*]] = llvm.getelementptr %[[BASE]][%[[BYTES]]]
// CHECK: llvm.load %[[AT]] invariant {alignment = 8 : i64} : !llvm.ptr<1> -> i64
twasm.func @get(%i: i32) -> !twasm.funcref attributes {func_index = 0 : i32} {
  %r = twasm.table_get @constant[%i] : !twasm.funcref
  twasm.return %r : !twasm.funcref
}

// CHECK-LABEL: func.func private @f1_set
// CHECK: twasm.rt.trap_if %{{.*}}, %arg2, out_of_bounds_table_access
// CHECK: %[[FIELD:.*]] = llvm.getelementptr %arg3[32]
// CHECK: llvm.load %[[FIELD]] invariant
// CHECK: llvm.store %{{.*}}, %{{.*}} atomic monotonic {alignment = 8 : i64} : i64
twasm.func @set(%i: i32, %f: !twasm.funcref) attributes {func_index = 1 : i32} {
  twasm.table_set @changed[%i], %f : !twasm.funcref
  twasm.return
}

// Only a table that something grows has a size that changes in a launch.
// CHECK-LABEL: func.func private @f2_sizes
// CHECK: arith.constant 2 : i64
// CHECK: %[[FIELD:.*]] = llvm.getelementptr %arg3[72]
// CHECK: llvm.load %[[FIELD]] atomic monotonic {alignment = 8 : i64} : !llvm.ptr<1> -> i64
twasm.func @sizes() -> (i32, i32) attributes {func_index = 2 : i32} {
  %a = twasm.table_size @changed : i32
  %b = twasm.table_size @grown : i32
  twasm.return %a, %b : i32, i32
}

// CHECK-LABEL: func.func private @f3_grow
// CHECK: %[[COUNT:.*]] = arith.extui
// CHECK: %[[FIELD:.*]] = llvm.getelementptr %arg3[80]
// CHECK: %[[CAPACITY:.*]] = llvm.load %[[FIELD]] invariant
// CHECK: ^bb1(%[[OLD:.*]]: i64):
// CHECK: %[[ROOM:.*]] = arith.subi %[[CAPACITY]], %[[OLD]]
// CHECK: %[[FITS:.*]] = arith.cmpi ule, %[[COUNT]], %[[ROOM]]
// CHECK: %[[FAILED:.*]] = arith.constant -1 : i32
// CHECK: llvm.cond_br %[[FITS]], ^bb2, ^bb4(%[[FAILED]] : i32)
// CHECK: %[[NEW:.*]] = arith.addi %[[OLD]], %[[COUNT]]
// CHECK: llvm.cmpxchg %{{.*}}, %[[OLD]], %[[NEW]] seq_cst seq_cst
// CHECK: twasm.rt.fill64 %{{.*}}, %{{.*}}, %[[COUNT]]
twasm.func @grow(%n: i32) -> i32 attributes {func_index = 3 : i32} {
  %f = twasm.ref_null : !twasm.funcref
  %r = twasm.table_grow @grown, %f, %n : !twasm.funcref
  twasm.return %r : i32
}

// CHECK-LABEL: func.func private @f4_fill
// CHECK: %[[I:.*]] = arith.extui
// CHECK: %[[N:.*]] = arith.extui
// CHECK: %[[SIZE:.*]] = arith.constant 4 : i64
// CHECK: %[[MANY:.*]] = arith.cmpi ugt, %[[N]], %[[SIZE]]
// CHECK: %[[ROOM:.*]] = arith.subi %[[SIZE]], %[[N]]
// CHECK: %[[FAR:.*]] = arith.cmpi ugt, %[[I]], %[[ROOM]]
// CHECK: %[[OUT:.*]] = arith.ori %[[MANY]], %[[FAR]]
// CHECK: twasm.rt.trap_if %[[OUT]], %arg2, out_of_bounds_table_access
// CHECK: twasm.rt.fill64 %{{.*}}, %{{.*}}, %[[N]]
twasm.func @fill(%i: i32, %x: !twasm.externref, %n: i32)
    attributes {func_index = 4 : i32} {
  twasm.table_fill @hosts, %i, %x, %n : !twasm.externref
  twasm.return
}

// One check of both ranges, then the copy.
// CHECK-LABEL: func.func private @f5_ranges
// CHECK: twasm.rt.trap_if {{.*}}, out_of_bounds_table_access
// CHECK-NOT: trap_if
// CHECK: twasm.rt.copy
// CHECK: %[[FIELD:.*]] = llvm.getelementptr %arg3[136]
// CHECK: %[[SIZE:.*]] = llvm.load %[[FIELD]] atomic monotonic
// CHECK: arith.cmpi ugt, %{{.*}}, %[[SIZE]]
// CHECK: twasm.rt.trap_if {{.*}}, out_of_bounds_table_access
// CHECK-NOT: trap_if
// CHECK: twasm.rt.copy
// CHECK: %[[SIZEFIELD:.*]] = llvm.getelementptr %arg3[136]
// CHECK: llvm.store %{{.*}}, %[[SIZEFIELD]] atomic monotonic
twasm.func @ranges(%d: i32, %s: i32, %n: i32)
    attributes {func_index = 5 : i32} {
  twasm.table_copy @changed, @constant, %d, %s, %n
  twasm.table_init @changed, @seg, %d, %s, %n
  twasm.elem_drop @seg
  twasm.return
}
