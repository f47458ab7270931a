// Which exports can run, and how: the reasons, with the way there.
//
// RUN: twc-opt %s --twasm-analyze-offload | FileCheck %s

twasm.func private @host(i32) attributes {func_index = 0 : i32, import = ["env", "print"]}
twasm.global @sp index 0 mutable = 65536 : i32
twasm.global @shadow index 1 mutable = 0 : i32
twasm.table @table0 min 1
twasm.table @other min 1
twasm.memory @memory0 min 1
twasm.elem @elem0 active @table0 offset 0 [@calls]

// Nothing hinders; reads of globals do not.
// CHECK: twasm.export "plain" func @plain {ordinal = 0 : i32}
twasm.export "plain" func @plain
twasm.func @plain() attributes {func_index = 1 : i32} {
  %x = twasm.global_get @sp : i32
  twasm.return
}

// CHECK: twasm.export "calls" func @calls
// CHECK-SAME: not_offloadable = "needs the import 'env.print', which no device provides (calls -> host)"
// CHECK-SAME: ordinal = 1
twasm.export "calls" func @calls
twasm.func @calls() attributes {func_index = 2 : i32} {
  %x = twasm.const 1 : i32
  twasm.call @host(%x) : (i32) -> ()
  twasm.return
}

// Through a table: any of its functions may be meant.
// CHECK: twasm.export "indirect" func @indirect
// CHECK-SAME: not_offloadable = "needs the import 'env.print', which no device provides (indirect -> calls -> host)"
twasm.export "indirect" func @indirect
twasm.func @indirect(%i: i32) attributes {func_index = 3 : i32} {
  twasm.call_indirect @table0[%i]() : () -> ()
  twasm.return
}

// Another table is another matter.
// CHECK: twasm.export "empty" func @empty {ordinal = 3 : i32}
twasm.export "empty" func @empty
twasm.func @empty(%i: i32) attributes {func_index = 4 : i32} {
  twasm.call_indirect @other[%i]() : () -> ()
  twasm.return
}

// CHECK: twasm.export "value" func @value
// CHECK-NOT: not_offloadable
// CHECK-SAME: not_launchable = "returns a value, and a grid has nowhere to return it: use invoke"
twasm.export "value" func @value
twasm.func @value() -> i32 attributes {func_index = 5 : i32} {
  %x = twasm.const 1 : i32
  twasm.return %x : i32
}

// CHECK: twasm.export "writes" func @writes
// CHECK-SAME: not_launchable = "writes the mutable global 'shadow', which the threads of a grid would share (writes -> helper)"
twasm.export "writes" func @writes
twasm.func @writes() attributes {func_index = 6 : i32} {
  twasm.call @helper() : () -> ()
  twasm.return
}
twasm.func @helper() attributes {func_index = 7 : i32} {
  %x = twasm.const 1 : i32
  twasm.global_set @shadow, %x : i32
  // A cycle in the call graph.
  twasm.call @writes() : () -> ()
  twasm.return
}

// CHECK: twasm.export "memory" memory @memory0 {ordinal = 6 : i32}
twasm.export "memory" memory @memory0

// A tail call is a call.
// CHECK: twasm.export "tail" func @tail
// CHECK-SAME: not_offloadable = "needs the import 'env.print', which no device provides (tail -> calls -> host)"
twasm.export "tail" func @tail
twasm.func @tail() attributes {func_index = 8 : i32} {
  twasm.return_call @calls() : () -> ()
}

// A function of another type is not called: the call traps.
// CHECK: twasm.export "other_type" func @other_type
// CHECK-NOT: not_offloadable
// CHECK-SAME: ordinal = 8
twasm.export "other_type" func @other_type
twasm.func @other_type(%i: i32) attributes {func_index = 9 : i32} {
  %x = twasm.call_indirect @table0[%i]() : () -> i32
  twasm.return
}

// What is set from a value may be any function that is referred to.
// CHECK: twasm.export "set" func @set
// CHECK-SAME: not_launchable = "writes the table 'variable', which the threads of a grid would share (set)"
// CHECK-SAME: not_offloadable = "needs the import 'env.print', which no device provides (set -> calls -> host)"
twasm.table @variable min 1
twasm.export "set" func @set
twasm.func @set(%i: i32) attributes {func_index = 10 : i32} {
  %r = twasm.ref_func @calls : !twasm.funcref
  twasm.table_set @variable[%i], %r : !twasm.funcref
  twasm.return_call_indirect @variable[%i]() : () -> ()
}
