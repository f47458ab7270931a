// Every op on ranges of memory survives printing and parsing.
//
// RUN: twc-opt %s --verify-roundtrip | FileCheck %s
// RUN: twc-opt %s --mlir-print-op-generic | twc-opt | FileCheck %s

twasm.memory @memory0 min 1
twasm.memory @memory1 i64 min 1 max 1 shared
// CHECK: twasm.data @data0 active @memory1 offset 5 at 97 "a\00\FF"
twasm.data @data0 active @memory1 offset 5 at 97 "a\00\FF"
// CHECK: twasm.data @data1 at 101 "xyz"
twasm.data @data1 at 101 "xyz"

// CHECK-LABEL: twasm.func @bulk
twasm.func @bulk(%i: i32, %w: i64) attributes {func_index = 0 : i32} {
  // CHECK: memory_copy %{{.*}}, %{{.*}}, %{{.*}} : i32, i32, i32
  twasm.memory_copy %i, %i, %i : i32, i32, i32
  // CHECK: memory_copy %{{.*}}, %{{.*}}, %{{.*}} {dstMemory = @memory1, srcMemory = @memory0} : i64, i32, i32
  twasm.memory_copy %w, %i, %i {dstMemory = @memory1, srcMemory = @memory0} : i64, i32, i32
  // CHECK: memory_fill %{{.*}}, %{{.*}}, %{{.*}} : i32
  twasm.memory_fill %i, %i, %i : i32
  // CHECK: memory_fill %{{.*}}, %{{.*}}, i64 %{{.*}} in @memory1 : i64
  twasm.memory_fill %w, %i, i64 %w in @memory1 : i64
  // CHECK: memory_init @data1, %{{.*}}, %{{.*}}, %{{.*}} in @memory1 : i64
  twasm.memory_init @data1, %w, %i, %i in @memory1 : i64
  // CHECK: data_drop @data0
  twasm.data_drop @data0
  twasm.return
}

// CHECK-LABEL: func.func @runtime
func.func @runtime(%p: !llvm.ptr<1>, %q: !llvm.ptr<1>, %v: i32, %n: i64) {
  // CHECK: twasm.rt.copy %{{.*}}, %{{.*}}, %{{.*}} : !llvm.ptr<1>, !llvm.ptr<1>
  twasm.rt.copy %p, %q, %n : !llvm.ptr<1>, !llvm.ptr<1>
  // CHECK: twasm.rt.fill %{{.*}}, %{{.*}}, %{{.*}} : !llvm.ptr<1>
  twasm.rt.fill %p, %v, %n : !llvm.ptr<1>
  // CHECK: twasm.rt.fill64 %{{.*}}, %{{.*}}, %{{.*}} : !llvm.ptr<1>
  twasm.rt.fill64 %p, %n, %n : !llvm.ptr<1>
  return
}
