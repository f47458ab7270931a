// RUN: twc-opt %s --twasm-plan-shared-memory | FileCheck %s

// The largest constant that a grid reaches, rounded up; what is free below the
// data; and the functions that know the window: those it runs.

twasm.memory @memory0 min 1
twasm.data @data0 active @memory0 offset 9000 at 97 "hello"

// CHECK: twasm.export "large" func @large {grid = @large$grid, needs_shared, shared_bytes = 208 : i64, shared_limit = 7968 : i64, shared_memory = @memory0}
twasm.export "large" func @large {grid = @large$grid, needs_shared}
// CHECK: twasm.export "asked" func @asked {grid = @asked$grid, needs_shared, shared_bytes = 0 : i64, shared_limit = 7968 : i64, shared_memory = @memory0}
twasm.export "asked" func @asked {grid = @asked$grid, needs_shared}
// CHECK: twasm.export "plain" func @plain {grid = @plain$grid}
twasm.export "plain" func @plain {grid = @plain$grid}

// CHECK: twasm.func private @large$grid() attributes {{.*}}shared_memory = @memory0
twasm.func private @large$grid() attributes {func_index = 0 : i32, grid_of = @large} {
  %0 = twasm.shared 100
  twasm.call @inner$grid() : () -> ()
  twasm.return
}
// CHECK: twasm.func private @inner$grid() attributes {{.*}}shared_memory = @memory0
twasm.func private @inner$grid() attributes {func_index = 1 : i32, grid_of = @inner} {
  %0 = twasm.shared 200
  twasm.return
}
// CHECK: twasm.func private @asked$grid() attributes {{.*}}shared_memory = @memory0
twasm.func private @asked$grid() attributes {func_index = 2 : i32, grid_of = @asked} {
  %0 = twasm.shared_base
  twasm.return
}
// CHECK: twasm.func private @plain$grid() attributes {func_index = 3 : i32, grid_of = @plain} {
twasm.func private @plain$grid() attributes {func_index = 3 : i32, grid_of = @plain} {
  twasm.return
}
twasm.func @large() attributes {func_index = 0 : i32} {
  twasm.return
}
twasm.func @inner() attributes {func_index = 1 : i32} {
  twasm.return
}
twasm.func @asked() attributes {func_index = 2 : i32} {
  twasm.return
}
twasm.func @plain() attributes {func_index = 3 : i32} {
  twasm.return
}
