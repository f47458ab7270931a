// What no offloadable export and no start function reaches goes, with the
// exports that are not offloadable; a table keeps its places.
//
// RUN: twc-opt %s --twasm-prune-functions | FileCheck %s

twasm.table @table0 min 3
twasm.table @table1 min 1
// CHECK: twasm.elem @table0 offset 0 [@in_table, unit, @in_table]
twasm.elem @table0 offset 0 [@in_table, unit, @in_table]
// No live call reaches this table.
// CHECK: twasm.elem @table1 offset 0 [unit]
twasm.elem @table1 offset 0 [@dead_in_table]

// CHECK-NOT: @host
twasm.func private @host() attributes {func_index = 0 : i32, import = ["env", "f"]}

// CHECK-NOT: twasm.export "refused"
// CHECK-NOT: twasm.func @refused
twasm.export "refused" func @refused {not_offloadable = "calls env.f", ordinal = 0 : i32}
twasm.func @refused() attributes {func_index = 1 : i32} {
  twasm.call @host() : () -> ()
  twasm.return
}
// CHECK-NOT: @dead
twasm.func @dead() attributes {func_index = 2 : i32} {
  twasm.call @dead() : () -> ()
  twasm.return
}
twasm.func @dead_in_table() attributes {func_index = 3 : i32} {
  twasm.return
}

// CHECK: twasm.export "kept" func @kept
twasm.export "kept" func @kept {not_launchable = "returns a value", ordinal = 1 : i32}
// CHECK: twasm.func @kept
twasm.func @kept(%i: i32) -> i32 attributes {func_index = 4 : i32} {
  twasm.call @helper() : () -> ()
  %r = twasm.call_indirect @table0[%i]() : () -> i32
  twasm.return %r : i32
}
// CHECK: twasm.func @helper
twasm.func @helper() attributes {func_index = 5 : i32} {
  twasm.return
}
// CHECK: twasm.func @in_table
twasm.func @in_table() -> i32 attributes {func_index = 6 : i32} {
  %x = twasm.const 1 : i32
  twasm.return %x : i32
}
// CHECK: twasm.start @init
twasm.start @init
// CHECK: twasm.func @init
twasm.func @init() attributes {func_index = 7 : i32} {
  twasm.return
}
