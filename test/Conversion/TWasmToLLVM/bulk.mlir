// memory.copy, fill and init: one check of all ranges, without a sum that could
// wrap, and before anything is written (Wasm spec 4.4.7).
//
// RUN: twc-opt %s --convert-twasm-to-std | FileCheck %s

twasm.memory @memory0 min 1
twasm.memory @memory1 i64 min 1
twasm.data @data0 at 97 "abc"

// CHECK-LABEL: func.func private @f0_copy
// CHECK: %[[D:.*]] = arith.extui
// CHECK: %[[S:.*]] = arith.extui
// CHECK: %[[N:.*]] = arith.extui
// CHECK: %[[MANY:.*]] = arith.cmpi ugt, %[[N]], %arg1
// CHECK: %[[ROOM:.*]] = arith.subi %arg1, %[[N]]
// CHECK: %[[FAR:.*]] = arith.cmpi ugt, %[[S]], %[[ROOM]]
// CHECK: arith.ori %[[MANY]], %[[FAR]]
// CHECK: arith.cmpi ugt, %[[D]], %{{.*}}
// CHECK: twasm.rt.trap_if %{{.*}}, %arg2, out_of_bounds_memory_access
// CHECK: %[[TO:.*]] = llvm.getelementptr %arg0[%[[D]]]
// CHECK: %[[FROM:.*]] = llvm.getelementptr %arg0[%[[S]]]
// CHECK: twasm.rt.copy %[[TO]], %[[FROM]], %[[N]] :
twasm.func @copy(%d: i32, %s: i32, %n: i32) attributes {func_index = 0 : i32} {
  twasm.memory_copy %d, %s, %n : i32, i32, i32
  twasm.return
}

// Another memory's base and size come from the instance state.
// CHECK-LABEL: func.func private @f1_between
// CHECK: %[[SIZEFIELD:.*]] = llvm.getelementptr %arg3[40]
// CHECK: llvm.load %[[SIZEFIELD]] invariant {{.*}} -> i64
// CHECK: twasm.rt.trap_if
// CHECK: %[[BASEFIELD:.*]] = llvm.getelementptr %arg3[32]
// CHECK: llvm.load %[[BASEFIELD]] invariant {{.*}} -> !llvm.ptr<1>
// CHECK: twasm.rt.copy
twasm.func @between(%d: i64, %s: i32, %n: i32)
    attributes {func_index = 1 : i32} {
  twasm.memory_copy %d, %s, %n {dstMemory = @memory1} : i64, i32, i32
  twasm.return
}

// CHECK-LABEL: func.func private @f2_fill
// CHECK: twasm.rt.trap_if %{{.*}}, %arg2, out_of_bounds_memory_access
// CHECK: twasm.rt.fill %{{.*}}, %{{.*}}, %{{.*}} : !llvm.ptr<1>
twasm.func @fill(%d: i32, %v: i32, %n: i32) attributes {func_index = 2 : i32} {
  twasm.memory_fill %d, %v, %n : i32
  twasm.return
}

// CHECK-LABEL: func.func private @f3_init
// CHECK: %[[SIZEFIELD:.*]] = llvm.getelementptr %arg3[72]
// CHECK: %[[SIZE:.*]] = llvm.load %[[SIZEFIELD]] atomic monotonic
// CHECK: %[[FIELD:.*]] = llvm.getelementptr %arg3[64]
// CHECK: %[[BYTES:.*]] = llvm.load %[[FIELD]] invariant {{.*}} -> !llvm.ptr<1>
// CHECK: arith.cmpi ugt, %{{.*}}, %[[SIZE]]
// CHECK: twasm.rt.trap_if %{{.*}}, %arg2, out_of_bounds_memory_access
// CHECK: %[[FROM:.*]] = llvm.getelementptr %[[BYTES]]
// CHECK: twasm.rt.copy %{{.*}}, %[[FROM]],
// CHECK: %[[DROPPED:.*]] = llvm.getelementptr %arg3[72]
// CHECK: llvm.store %{{.*}}, %[[DROPPED]] atomic monotonic
twasm.func @init(%d: i32, %s: i32, %n: i32) attributes {func_index = 3 : i32} {
  twasm.memory_init @data0, %d, %s, %n : i32
  twasm.data_drop @data0
  twasm.return
}
