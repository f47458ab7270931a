// Fuel is consumed at the entry of each function and at the head of each loop:
// as much as there are ops at least on the way to the next such place or to an
// end of the function.
//
// RUN: twc-opt %s --twasm-insert-fuel | FileCheck %s
// RUN: twc-opt %s --twasm-insert-fuel | grep -c consume_fuel | FileCheck %s --check-prefix=COUNT

// COUNT: {{^}}13{{$}}

// CHECK: twasm.func private @import(
// CHECK-NOT: consume_fuel
twasm.func private @import() attributes {func_index = 0 : i32, import = ["env", "f"]}

// Two constants, an addition and the return.
// CHECK-LABEL: twasm.func @straight(
// CHECK-NEXT: consume_fuel 4
// CHECK-NEXT: const
twasm.func @straight() -> i32 attributes {func_index = 1 : i32} {
  %a = twasm.const 1 : i32
  %b = twasm.const 2 : i32
  %c = twasm.iadd %a, %b : i32
  twasm.return %c : i32
}

// A loop that does nothing costs its branch.
// CHECK-LABEL: twasm.func @forever(
// CHECK-NEXT: consume_fuel 1
// CHECK-NEXT: br ^[[L:bb[0-9]+]]
// CHECK-NEXT: ^[[L]]:
// CHECK-NEXT: consume_fuel 1
// CHECK-NEXT: br ^[[L]]
twasm.func @forever() attributes {func_index = 2 : i32} {
  twasm.br ^loop
^loop:
  twasm.br ^loop
}

// An if without else: the way around counts, 2 + 1; the callee takes its own.
// CHECK-LABEL: twasm.func @cheapest(
// CHECK-NEXT: consume_fuel 3
// CHECK-NOT: consume_fuel
// CHECK: return
twasm.func @cheapest(%x: i32) attributes {func_index = 3 : i32} {
  %c = twasm.const 1 : i32
  twasm.br_if %x, ^then, ^end
^then:
  twasm.call @forever() : () -> ()
  twasm.call @forever() : () -> ()
  twasm.br ^end
^end:
  twasm.return
}

// Neither way is free: 1 + the shorter of 3 and 2 + 1; then the end.
// CHECK-LABEL: twasm.func @both_ways(
// CHECK-NEXT: consume_fuel 4
// CHECK-NOT: consume_fuel
// CHECK: return
twasm.func @both_ways(%x: i32) -> i32 attributes {func_index = 4 : i32} {
  twasm.br_if %x, ^then, ^else
^then:
  %0 = twasm.const 1 : i32
  %1 = twasm.iadd %x, %0 : i32
  twasm.br ^end(%1 : i32)
^else:
  %2 = twasm.const 2 : i32
  twasm.br ^end(%2 : i32)
^end(%r: i32):
  twasm.return %r : i32
}

// Nested loops: the outer's way ends at the inner's head, the inner's at
// either head, which is its branch back (const, isub, br_if).
// CHECK-LABEL: twasm.func @nested(
// CHECK-NEXT: consume_fuel 1
// CHECK-NEXT: br ^[[OUTER:bb[0-9]+]](
// CHECK-NEXT: ^[[OUTER]](%{{.*}}: i32):
// CHECK-NEXT: consume_fuel 2
// CHECK: br ^[[INNER:bb[0-9]+]](
// CHECK-NEXT: ^[[INNER]](%{{.*}}: i32):
// CHECK-NEXT: consume_fuel 3
// CHECK: br_if %{{.*}}, ^[[INNER]](%{{.*}} : i32), ^{{.*}}
// CHECK-NOT: consume_fuel
// CHECK: return
twasm.func @nested(%x: i32) attributes {func_index = 5 : i32} {
  twasm.br ^outer(%x : i32)
^outer(%n: i32):
  %two = twasm.const 2 : i32
  twasm.br ^inner(%n : i32)
^inner(%i: i32):
  %one = twasm.const 1 : i32
  %less = twasm.isub %i, %one : i32
  twasm.br_if %less, ^inner(%less : i32), ^next
^next:
  %0 = twasm.isub %n, %one : i32
  twasm.br_if %0, ^outer(%0 : i32), ^out
^out:
  twasm.return
}

// br_table: one arm is the loop's head itself, which takes for itself.
// CHECK-LABEL: twasm.func @table(
// CHECK-NEXT: consume_fuel 1
// CHECK: ^[[LOOP:bb[0-9]+]]:
// CHECK-NEXT: consume_fuel 1
// CHECK-NEXT: br_table
// CHECK-NOT: consume_fuel
// CHECK: unreachable
twasm.func @table(%x: i32) attributes {func_index = 6 : i32} {
  twasm.br ^loop
^loop:
  twasm.br_table %x, ^trap [^loop, ^more]
^more:
  twasm.call @straight() : () -> i32
  twasm.br ^loop
^trap:
  twasm.unreachable
}

// No structured code makes this: a cycle with two ways in. It has a place
// where it consumes all the same.
// CHECK-LABEL: twasm.func @irreducible(
// CHECK-NEXT: consume_fuel 1
// CHECK: ^[[A:bb[0-9]+]]:
// CHECK-NEXT: consume_fuel 2
// CHECK-NEXT: br ^[[B:bb[0-9]+]]
// CHECK-NEXT: ^[[B]]:
// CHECK-NEXT: br ^[[A]]
twasm.func @irreducible(%x: i32) attributes {func_index = 7 : i32} {
  twasm.br_if %x, ^a, ^b
^a:
  twasm.br ^b
^b:
  twasm.br ^a
}

// What cannot be reached costs nothing.
// CHECK-LABEL: twasm.func @dead(
// CHECK-NEXT: consume_fuel 1
// CHECK-NEXT: return
// CHECK-NOT: consume_fuel
twasm.func @dead() attributes {func_index = 8 : i32} {
  twasm.return
^dead:
  twasm.br ^dead
}
