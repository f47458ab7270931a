// What no offloadable export and no start function reaches goes, with the
// exports that are not offloadable. What something still refers to keeps its
// declaration: a reference to it is not null.
//
// RUN: twc-opt %s --twasm-prune-functions | FileCheck %s

twasm.table @table0 min 3
twasm.table @table1 min 1
twasm.table @table2 min 1
// CHECK: twasm.elem @elem0 active @table0 offset 0 [@in_table, unit, @in_table, @other_type]
twasm.elem @elem0 active @table0 offset 0 [@in_table, unit, @in_table, @other_type]
// CHECK: twasm.elem @elem1 active @table1 offset 0 [@dead_in_table]
twasm.elem @elem1 active @table1 offset 0 [@dead_in_table]
// CHECK: twasm.elem @elem2 [@from_segment]
twasm.elem @elem2 [@from_segment]
twasm.global @held index 0 = #twasm.ref<@dead_in_global> : !twasm.funcref

// CHECK-NOT: @host
twasm.func private @host() attributes {func_index = 0 : i32, import = ["env", "f"]}

// CHECK-NOT: twasm.export "refused"
// CHECK-NOT: twasm.func @refused
twasm.export "refused" func @refused {not_offloadable = "calls env.f", ordinal = 0 : i32}
twasm.func @refused() attributes {func_index = 1 : i32} {
  twasm.call @host() : () -> ()
  twasm.return
}
// CHECK-NOT: twasm.func @dead
twasm.func @dead() attributes {func_index = 2 : i32} {
  twasm.call @dead() : () -> ()
  twasm.return
}
// No live call reaches its table.
// CHECK: twasm.func private @dead_in_table() attributes {func_index = 3 : i32, pruned}
// CHECK-NOT: return
twasm.func @dead_in_table() attributes {func_index = 3 : i32} {
  twasm.return
}
// CHECK: twasm.func private @dead_in_global() attributes {func_index = 8 : i32, pruned}
twasm.func @dead_in_global() attributes {func_index = 8 : i32} {
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
  %r = twasm.ref_func @referred : !twasm.funcref
  twasm.return_call @tail_called() : () -> ()
}
// CHECK: twasm.func @in_table
twasm.func @in_table() -> i32 attributes {func_index = 6 : i32} {
  %x = twasm.const 1 : i32
  twasm.return %x : i32
}
// A live call reaches its table, but traps before it calls this.
// CHECK: twasm.func private @other_type() attributes {func_index = 9 : i32, pruned}
twasm.func @other_type() attributes {func_index = 9 : i32} {
  twasm.return
}
// Nothing can call what is only referred to: no table is set from a value.
// CHECK: twasm.func private @referred() attributes {func_index = 10 : i32, pruned}
twasm.func @referred() attributes {func_index = 10 : i32} {
  twasm.return
}
// CHECK: twasm.func @tail_called
twasm.func @tail_called() attributes {func_index = 11 : i32} {
  %i = twasm.const 0 : i32
  twasm.table_init @table2, @elem2, %i, %i, %i
  twasm.return_call_indirect @table2[%i]() : () -> ()
}
// CHECK: twasm.func @from_segment
twasm.func @from_segment() attributes {func_index = 12 : i32} {
  twasm.return
}
// CHECK: twasm.start @init
twasm.start @init
// CHECK: twasm.func @init
twasm.func @init() attributes {func_index = 7 : i32} {
  twasm.return
}
