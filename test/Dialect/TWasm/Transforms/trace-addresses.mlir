// RUN: twc-opt %s --twasm-trace-addresses | FileCheck %s

// Which accesses get a mark: through sums, masks, selects, block arguments,
// parameters and results of direct calls. Not what comes from two places.

twasm.memory @memory0 min 2
twasm.global @sp index 0 mutable = 65536 : i32 {stack_memory = @memory0}
twasm.export "k" func @k {grid = @k$grid}

// CHECK-LABEL: twasm.func private @k$grid(
twasm.func private @k$grid(%p: i32, %c: i32) attributes {func_index = 0 : i32, grid_of = @k, shared_memory = @memory0} {
  %base = twasm.shared 64
  %sp = twasm.global_get @sp : i32
  %four = twasm.const 4 : i32
  %a = twasm.iadd %four, %base : i32
  // CHECK: load %{{.*}} offset 0 align 2 {origin = "shared"} : i32
  %0 = twasm.load %a offset 0 align 2 : i32
  %s = twasm.isub %sp, %four : i32
  // CHECK: load %{{.*}} offset 0 align 2 {origin = "stack"} : i32
  %1 = twasm.load %s offset 0 align 2 : i32
  // What is loaded may be any address, and so may a launch's argument.
  // CHECK: store %{{.*}}, %{{.*}} offset 0 align 2 : i32
  twasm.store %0, %1 offset 0 align 2 : i32
  // CHECK: load %arg0 offset 0 align 2 : i32
  %2 = twasm.load %p offset 0 align 2 : i32
  // The difference of two addresses is none.
  %d = twasm.isub %a, %base : i32
  // CHECK: load %{{.*}} offset 0 align 2 : i32
  %3 = twasm.load %d offset 0 align 2 : i32
  %one = twasm.select %c, %a, %base : i32
  // CHECK: scoped_rmw add relaxed block %{{.*}}, %{{.*}} {origin = "shared"} : i32
  %4 = twasm.scoped_rmw add relaxed block %four, %one : i32
  %both = twasm.select %c, %a, %s : i32
  // CHECK: load %{{.*}} offset 0 align 2 : i32
  %5 = twasm.load %both offset 0 align 2 : i32
  %6 = twasm.call @step$grid(%base) : (i32) -> i32
  // CHECK: load %{{.*}} offset 0 align 2 {origin = "shared"} : i32
  %7 = twasm.load %6 offset 0 align 2 : i32
  twasm.br ^loop(%base : i32)
^loop(%q: i32):
  // CHECK: load %{{.*}} offset 8 align 2 {origin = "shared"} : i32
  %8 = twasm.load %q offset 8 align 2 : i32
  %next = twasm.iadd %q, %four : i32
  twasm.br_if %8, ^loop(%next : i32), ^end
^end:
  twasm.return
}

// CHECK-LABEL: twasm.func private @step$grid(
twasm.func private @step$grid(%p: i32) -> i32 attributes {func_index = 1 : i32, grid_of = @step, shared_memory = @memory0} {
  // CHECK: load %arg0 offset 0 align 2 {origin = "shared"} : i32
  %0 = twasm.load %p offset 0 align 2 : i32
  %r = twasm.iadd %p, %0 : i32
  twasm.return %r : i32
}

// A function without shared memory has no marks.
// CHECK-LABEL: twasm.func @k(
// CHECK-NOT: origin
twasm.func @k(%p: i32, %c: i32) attributes {func_index = 0 : i32} {
  %base = twasm.shared 64
  %0 = twasm.load %base offset 0 align 2 : i32
  twasm.return
}
