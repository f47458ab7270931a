// Every op for an import of module `tw` survives printing and parsing.
//
// RUN: twc-opt %s --verify-roundtrip | FileCheck %s
// RUN: twc-opt %s --mlir-print-op-generic | twc-opt | FileCheck %s

twasm.memory @memory0 min 1 max 1

// CHECK-LABEL: twasm.func @block
twasm.func @block(%i: i32, %f: f32) attributes {func_index = 0 : i32} {
  // CHECK: barrier{{$}}
  twasm.barrier
  // CHECK: barrier_vote count %{{.*}}
  %0 = twasm.barrier_vote count %i
  // CHECK: barrier_vote and %{{.*}}
  %1 = twasm.barrier_vote and %i
  // CHECK: barrier_vote or %{{.*}}
  %2 = twasm.barrier_vote or %i
  // CHECK: block_reduce min %{{.*}} : f32
  %3 = twasm.block_reduce min %f : f32
  // CHECK: block_reduce xor %{{.*}} : i32
  %4 = twasm.block_reduce xor %i : i32
  // CHECK: fence block
  twasm.fence block
  // CHECK: fence system
  twasm.fence system
  twasm.return
}

// CHECK-LABEL: twasm.func @warp
twasm.func @warp(%i: i32, %w: i64, %d: f64) attributes {func_index = 1 : i32} {
  // CHECK: warp_sync %{{.*}}
  twasm.warp_sync %i
  // CHECK: shuffle idx %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} : f64
  %0 = twasm.shuffle idx %i, %d, %i, %i : f64
  // CHECK: shuffle xor %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} : i32
  %1 = twasm.shuffle xor %i, %i, %i, %i : i32
  // CHECK: vote ballot %{{.*}}, %{{.*}}
  %2 = twasm.vote ballot %i, %i
  // CHECK: match all %{{.*}}, %{{.*}} : i64
  %3 = twasm.match all %i, %w : i64
  // CHECK: warp_reduce max_u %{{.*}}, %{{.*}} : i64
  %4 = twasm.warp_reduce max_u %i, %w : i64
  twasm.return
}

// CHECK-LABEL: twasm.func @thread
twasm.func @thread(%i: i32, %f: f32, %d: f64)
    attributes {func_index = 2 : i32} {
  // CHECK: global_id
  %0 = twasm.global_id
  // CHECK: lane_id
  %1 = twasm.lane_id
  // CHECK: warp_id
  %2 = twasm.warp_id
  // CHECK: rsqrt %{{.*}} : f64
  %3 = twasm.rsqrt %d : f64
  // CHECK: fast_math tanh %{{.*}} : f32
  %4 = twasm.fast_math tanh %f : f32
  // CHECK: fast_div %{{.*}}, %{{.*}} : f32
  %5 = twasm.fast_div %f, %f : f32
  // CHECK: clock nanoseconds
  %6 = twasm.clock nanoseconds
  // CHECK: printf %{{.*}}, %{{.*}} in @memory0
  %7 = twasm.printf %i, %i in @memory0
  // CHECK: abort %{{.*}}
  twasm.abort %i
  twasm.return
}

// CHECK-LABEL: twasm.func @matrices
twasm.func @matrices(%i: i32, %f: f32) attributes {func_index = 3 : i32} {
  // CHECK: matrix_fill 15, %{{.*}}
  twasm.matrix_fill 15, %f
  // CHECK: matrix_load a bf16 row 7, %{{.*}}, %{{.*}}
  twasm.matrix_load a bf16 row 7, %i, %i
  // CHECK: matrix_load c f32 col 15, %{{.*}}, %{{.*}} in @memory0
  twasm.matrix_load c f32 col 15, %i, %i in @memory0
  // CHECK: matrix_mma bf16 0, 7, 1, 15
  twasm.matrix_mma bf16 0, 7, 1, 15
  // CHECK: matrix_store row 0, %{{.*}}, %{{.*}}
  twasm.matrix_store row 0, %i, %i
  twasm.return
}

// CHECK-LABEL: func.func @runtime
func.func @runtime(%i: i32, %l: i64, %p: !llvm.ptr, %g: !llvm.ptr<1>) {
  // CHECK: twasm.rt.printf %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} {memoryIndex = 0 : i32} : !llvm.ptr, !llvm.ptr, !llvm.ptr
  %0 = twasm.rt.printf %i, %p, %l, %p, %p {memoryIndex = 0 : i32}
    : !llvm.ptr, !llvm.ptr, !llvm.ptr
  // CHECK: twasm.rt.abort %{{.*}}, %{{.*}} {at = 1 : i32, function = 2 : i32, memoryIndex = 0 : i32} : !llvm.ptr
  twasm.rt.abort %i, %p {at = 1 : i32, function = 2 : i32,
    memoryIndex = 0 : i32} : !llvm.ptr
  // CHECK: twasm.rt.matrix_load b tf32 col 3, %{{.*}}, %{{.*}} : !llvm.ptr<1>
  twasm.rt.matrix_load b tf32 col 3, %g, %i : !llvm.ptr<1>
  // CHECK: twasm.rt.matrix_store row 3, %{{.*}}, %{{.*}} : !llvm.ptr
  twasm.rt.matrix_store row 3, %p, %i : !llvm.ptr
  return
}
