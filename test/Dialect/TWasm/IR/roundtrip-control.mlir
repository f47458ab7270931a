// Every control, memory, variable and device op survives printing and parsing.
//
// RUN: twc-opt %s --verify-roundtrip | FileCheck %s
// RUN: twc-opt %s --mlir-print-op-generic | twc-opt | FileCheck %s

// CHECK: twasm.memory @memory0 min 1 max 16
twasm.memory @memory0 min 1 max 16
// CHECK: twasm.memory @huge min 65536
twasm.memory @huge min 65536
// CHECK: twasm.table @table0 min 0 max 4294967295
twasm.table @table0 min 0 max 4294967295
// CHECK: twasm.global @counter index 0 mutable = 7 : i32
twasm.global @counter index 0 mutable = 7 : i32
// CHECK: twasm.global @pi index 1 = 3.140000e+00 : f64
twasm.global @pi index 1 = 3.14 : f64
// CHECK: twasm.data @data0 active @memory0 offset 4294967295 at 97 "a\00\FF"
twasm.data @data0 active @memory0 offset 4294967295 at 97 "a\00\FF"
// CHECK: twasm.elem @elem0 active @table0 offset 1 [@import, unit, @branches]
twasm.elem @elem0 active @table0 offset 1 [@import, unit, @branches]
// CHECK: twasm.start @memory
twasm.start @memory
// CHECK: twasm.export "a b\22" func @import
twasm.export "a b\"" func @import
// CHECK: twasm.export "t" table @table0
twasm.export "t" table @table0
// CHECK: twasm.export "m" memory @memory0 {ordinal = 3 : i32}
twasm.export "m" memory @memory0 {ordinal = 3 : i32}
// CHECK: twasm.export "" global @pi
twasm.export "" global @pi

// CHECK: twasm.func private @import(i32, f64) -> (i64, f32) attributes {func_index = 0 : i32, import = ["env", "field"]}
twasm.func private @import(i32, f64) -> (i64, f32)
    attributes {func_index = 0 : i32, import = ["env", "field"]}

// CHECK-LABEL: twasm.func @branches(
twasm.func @branches(%arg0: i32, %arg1: i64) -> i64
    attributes {func_index = 1 : i32} {
  // CHECK: br_if %arg0, ^bb1(%arg1 : i64), ^bb2
  twasm.br_if %arg0, ^bb1(%arg1 : i64), ^bb2
^bb1(%0: i64):
  // CHECK: br ^bb3(%{{.*}}, %arg0 : i64, i32)
  twasm.br ^bb3(%0, %arg0 : i64, i32)
^bb2:
  // CHECK: br_table %arg0, ^bb2 [^bb1(%arg1 : i64), ^bb2, ^bb3(%arg1, %arg0 : i64, i32)]
  twasm.br_table %arg0, ^bb2 [^bb1(%arg1 : i64), ^bb2, ^bb3(%arg1, %arg0 : i64, i32)]
^bb3(%1: i64, %2: i32):
  // CHECK: br_table %{{.*}}, ^bb1(%{{.*}} : i64) [none]
  twasm.br_table %2, ^bb1(%1 : i64) [none]
^bb4:
  // CHECK: return %arg1 : i64
  twasm.return %arg1 : i64
^bb5:
  // CHECK: unreachable
  twasm.unreachable
}

// CHECK-LABEL: twasm.func @calls(
twasm.func @calls(%arg0: i32, %arg1: f64) attributes {func_index = 2 : i32} {
  // CHECK: %{{.*}}:2 = call @import(%arg0, %arg1) : (i32, f64) -> (i64, f32)
  %0:2 = twasm.call @import(%arg0, %arg1) : (i32, f64) -> (i64, f32)
  // CHECK: call @memory() : () -> ()
  twasm.call @memory() : () -> ()
  // CHECK: call_indirect @table0[%arg0]{{ ?}}(%arg0, %arg1) : (i32, f64) -> (i64, f32)
  %1:2 = twasm.call_indirect @table0[%arg0](%arg0, %arg1) : (i32, f64) -> (i64, f32)
  // CHECK: return
  twasm.return
}

// CHECK-LABEL: twasm.func @memory(
twasm.func @memory() attributes {func_index = 3 : i32} {
  // CHECK: %[[P:.*]] = memory_size : i32
  %p = twasm.memory_size : i32
  // CHECK: memory_grow %[[P]] : i32
  %g = twasm.memory_grow %p : i32
  // CHECK: %[[F:.*]] = load %[[P]] offset 4294967295 align 2 : f32
  %f = twasm.load %p offset 4294967295 align 2 : f32
  // CHECK: %[[S:.*]] = load_s 8 %[[P]] offset 0 align 0 : i32
  %s = twasm.load_s 8 %p offset 0 align 0 : i32
  // CHECK: %[[U:.*]] = load_u 32 %[[P]] offset 1 align 2 : i64
  %u = twasm.load_u 32 %p offset 1 align 2 : i64
  // CHECK: store %[[F]], %[[P]] offset 3 align 0 : f32
  twasm.store %f, %p offset 3 align 0 : f32
  // CHECK: store_n 16 %[[U]], %[[P]] offset 4 align 1 : i64
  twasm.store_n 16 %u, %p offset 4 align 1 : i64
  // CHECK: %[[C:.*]] = global_get @counter : i32
  %c = twasm.global_get @counter : i32
  // CHECK: global_set @counter, %[[C]] : i32
  twasm.global_set @counter, %c : i32
  // CHECK: consume_fuel 9223372036854775807
  twasm.consume_fuel 9223372036854775807
  // CHECK: thread_id x : i32
  %t = twasm.thread_id x : i32
  // CHECK: block_id y : i32
  %b = twasm.block_id y : i32
  // CHECK: block_dim z : i32
  %d = twasm.block_dim z : i32
  // CHECK: grid_dim x : i32
  %r = twasm.grid_dim x : i32
  // CHECK: return
  twasm.return
}

// CHECK-LABEL: func.func @runtime(
func.func @runtime(%index: i32, %size: i64, %rt: !llvm.ptr, %c: i1) {
  // CHECK: twasm.rt.check_bounds %{{.*}}, %{{.*}}, %{{.*}} {at = 176 : i32, bytes = 4 : i32, function = 3 : i32, offset = 0 : i64} : !llvm.ptr
  twasm.rt.check_bounds %index, %size, %rt {offset = 0 : i64, bytes = 4 : i32, function = 3 : i32, at = 176 : i32} : !llvm.ptr
  // CHECK: twasm.rt.check_stack %{{.*}}, %{{.*}} {at = 0 : i32, function = 3 : i32} : !llvm.ptr
  twasm.rt.check_stack %size, %rt {function = 3 : i32, at = 0 : i32} : !llvm.ptr
  // CHECK: twasm.rt.trap_if %{{.*}}, %{{.*}}, integer_divide_by_zero {at = 9 : i32, function = 3 : i32} : !llvm.ptr
  twasm.rt.trap_if %c, %rt, integer_divide_by_zero {function = 3 : i32, at = 9 : i32} : !llvm.ptr
  // CHECK: twasm.rt.trap %{{.*}}, unreachable {at = 9 : i32, function = 3 : i32} : !llvm.ptr
  twasm.rt.trap %rt, unreachable {function = 3 : i32, at = 9 : i32} : !llvm.ptr
}
