// RUN: twc-opt %s --twasm-promote-frames | FileCheck %s

// What becomes a frame of the function's own, and what stays in memory.

twasm.memory @memory0 min 2
twasm.global @sp index 0 mutable = 65536 : i32 {stack_memory = @memory0}

// CHECK-LABEL: twasm.func @private(
// CHECK-SAME: frame_size = 16
// CHECK-NOT: global_
// CHECK: store %arg0, %{{.*}} offset 8 align 2 {frame = 8 : i64}
// CHECK-NEXT: load_u 8 %{{.*}} offset 9 align 0 {frame = 9 : i64}
// CHECK-NEXT: return
twasm.func @private(%a: i32) -> i32 attributes {func_index = 0 : i32, grid_of = @x} {
  %sp = twasm.global_get @sp : i32
  %n = twasm.const 16 : i32
  %fp = twasm.isub %sp, %n : i32
  twasm.global_set @sp, %fp : i32
  twasm.store %a, %fp offset 8 align 2 : i32
  %r = twasm.load_u 8 %fp offset 9 align 0 : i32
  %up = twasm.iadd %fp, %n : i32
  twasm.global_set @sp, %up : i32
  twasm.return %r : i32
}

// The pointer moves on where something else is called: that may use it.
// CHECK-LABEL: twasm.func @calls(
// CHECK-SAME: frame_size = 16
// CHECK: %[[SP:.*]] = global_get @sp
// CHECK: %[[FP:.*]] = isub %[[SP]]
// CHECK: global_set @sp, %[[FP]]
// CHECK: store {{.*}} {frame = 0 : i64}
// CHECK: call @other
// CHECK: load {{.*}} {frame = 0 : i64}
// CHECK: global_set @sp
twasm.func @calls(%a: i32) -> i32 attributes {func_index = 1 : i32, grid_of = @x} {
  %sp = twasm.global_get @sp : i32
  %n = twasm.const 16 : i32
  %fp = twasm.isub %sp, %n : i32
  twasm.global_set @sp, %fp : i32
  twasm.store %a, %fp offset 0 align 2 : i32
  twasm.call @other() : () -> ()
  %r = twasm.load %fp offset 0 align 2 : i32
  %up = twasm.iadd %fp, %n : i32
  twasm.global_set @sp, %up : i32
  twasm.return %r : i32
}

// An original, which an invocation runs, stays what it is.
// CHECK-LABEL: twasm.func @original(
// CHECK-NOT: frame
// CHECK: return
twasm.func @original(%a: i32) attributes {func_index = 2 : i32} {
  %sp = twasm.global_get @sp : i32
  %n = twasm.const 16 : i32
  %fp = twasm.isub %sp, %n : i32
  twasm.store %a, %fp offset 0 align 2 : i32
  twasm.return
}

// Passed, stored, indexed by a variable, and read before it is written: each
// leaves the frame in memory.
// CHECK-LABEL: twasm.func @passed(
// CHECK-NOT: frame
// CHECK: return
twasm.func @passed(%a: i32) attributes {func_index = 3 : i32, grid_of = @x} {
  %sp = twasm.global_get @sp : i32
  %n = twasm.const 16 : i32
  %fp = twasm.isub %sp, %n : i32
  twasm.store %a, %fp offset 0 align 2 : i32
  twasm.call @take(%fp) : (i32) -> ()
  twasm.return
}

// CHECK-LABEL: twasm.func @stored(
// CHECK-NOT: frame
// CHECK: return
twasm.func @stored(%a: i32) attributes {func_index = 4 : i32, grid_of = @x} {
  %sp = twasm.global_get @sp : i32
  %n = twasm.const 16 : i32
  %fp = twasm.isub %sp, %n : i32
  twasm.store %fp, %fp offset 0 align 2 : i32
  twasm.return
}

// CHECK-LABEL: twasm.func @indexed(
// CHECK-NOT: frame
// CHECK: return
twasm.func @indexed(%a: i32) attributes {func_index = 5 : i32, grid_of = @x} {
  %sp = twasm.global_get @sp : i32
  %n = twasm.const 16 : i32
  %fp = twasm.isub %sp, %n : i32
  %at = twasm.iadd %fp, %a : i32
  twasm.store %a, %at offset 0 align 2 : i32
  twasm.return
}

// One way does not store byte 3.
// CHECK-LABEL: twasm.func @stale(
// CHECK-NOT: frame
// CHECK: return
twasm.func @stale(%a: i32) -> i32 attributes {func_index = 6 : i32, grid_of = @x} {
  %sp = twasm.global_get @sp : i32
  %n = twasm.const 16 : i32
  %fp = twasm.isub %sp, %n : i32
  twasm.br_if %a, ^whole, ^part
^whole:
  twasm.store %a, %fp offset 0 align 2 : i32
  twasm.br ^join
^part:
  twasm.store_n 16 %a, %fp offset 0 align 1 : i32
  twasm.br ^join
^join:
  %r = twasm.load %fp offset 0 align 2 : i32
  twasm.return %r : i32
}

// What is above the frame is a caller's; what is below, nobody's.
// CHECK-LABEL: twasm.func @above(
// CHECK-NOT: frame
// CHECK: return
twasm.func @above(%a: i32) attributes {func_index = 7 : i32, grid_of = @x} {
  %sp = twasm.global_get @sp : i32
  %n = twasm.const 16 : i32
  %fp = twasm.isub %sp, %n : i32
  twasm.store %a, %fp offset 14 align 2 : i32
  twasm.return
}

// A block argument that is the frame on one way only.
// CHECK-LABEL: twasm.func @mixed(
// CHECK-NOT: frame
// CHECK: return
twasm.func @mixed(%a: i32) attributes {func_index = 8 : i32, grid_of = @x} {
  %sp = twasm.global_get @sp : i32
  %n = twasm.const 16 : i32
  %fp = twasm.isub %sp, %n : i32
  twasm.br_if %a, ^join(%fp : i32), ^join(%a : i32)
^join(%p: i32):
  twasm.store %a, %p offset 0 align 2 : i32
  twasm.return
}

// The same address on all ways is fine.
// CHECK-LABEL: twasm.func @joined(
// CHECK-SAME: frame_size = 16
// CHECK: store {{.*}} {frame = 4 : i64}
// CHECK: return
twasm.func @joined(%a: i32) attributes {func_index = 9 : i32, grid_of = @x} {
  %sp = twasm.global_get @sp : i32
  %n = twasm.const 16 : i32
  %fp = twasm.isub %sp, %n : i32
  twasm.br_if %a, ^join(%fp : i32), ^join(%fp : i32)
^join(%p: i32):
  twasm.store %a, %p offset 4 align 2 : i32
  twasm.return
}

twasm.func @other() attributes {func_index = 10 : i32} {
  twasm.return
}
twasm.func @take(%p: i32) attributes {func_index = 11 : i32} {
  twasm.return
}
