// Folders: integer arithmetic modulo 2^N and nothing that a float or a trap
// could observe.
//
// RUN: twc-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: twasm.func @wrap(
// CHECK-DAG: %[[A:.*]] = const -2147483648 : i32
// CHECK-DAG: %[[S:.*]] = const 9223372036854775807 : i64
// CHECK-DAG: %[[M:.*]] = const 1 : i32
// CHECK: return %[[A]], %[[S]], %[[M]] : i32, i64, i32
twasm.func @wrap() -> (i32, i64, i32) attributes {func_index = 0 : i32} {
  %max = twasm.const 2147483647 : i32
  %one = twasm.const 1 : i32
  %a = twasm.iadd %max, %one : i32
  %min = twasm.const -9223372036854775808 : i64
  %wide = twasm.const 1 : i64
  %s = twasm.isub %min, %wide : i64
  %m = twasm.imul %max, %max : i32
  twasm.return %a, %s, %m : i32, i64, i32
}

// CHECK-LABEL: twasm.func @identities(
// CHECK-SAME: %[[X:.*]]: i32)
// CHECK-NEXT: return %[[X]], %[[X]], %[[X]] : i32, i32, i32
twasm.func @identities(%x: i32) -> (i32, i32, i32)
    attributes {func_index = 1 : i32} {
  %zero = twasm.const 0 : i32
  %one = twasm.const 1 : i32
  %a = twasm.iadd %x, %zero : i32
  %s = twasm.isub %x, %zero : i32
  %m = twasm.imul %x, %one : i32
  twasm.return %a, %s, %m : i32, i32, i32
}

// x * 1, x - 0 and x / 1 quiet a signalling NaN; -0 + 0 is +0: none may go.
// CHECK-LABEL: twasm.func @floats(
// CHECK: fadd
// CHECK: fsub
// CHECK: fmul
// CHECK: fdiv
// CHECK: demote
twasm.func @floats(%x: f32) -> (f32, f32, f32, f32, f32)
    attributes {func_index = 2 : i32} {
  %zero = twasm.const 0.0 : f32
  %one = twasm.const 1.0 : f32
  %a = twasm.fadd %x, %zero : f32
  %s = twasm.fsub %x, %zero : f32
  %m = twasm.fmul %x, %one : f32
  %d = twasm.fdiv %x, %one : f32
  %p = twasm.promote %x : f32 to f64
  %q = twasm.demote %p : f64 to f32
  twasm.return %a, %s, %m, %d, %q : f32, f32, f32, f32, f32
}

// What may trap stays, though nobody needs its result.
// CHECK-LABEL: twasm.func @traps(
// CHECK: idiv_s
// CHECK: irem_u
// CHECK: trunc_s
// CHECK: load
// CHECK-NOT: trunc_sat
// CHECK-NOT: iadd
twasm.func @traps(%x: i32, %f: f32) attributes {func_index = 3 : i32} {
  %zero = twasm.const 0 : i32
  %a = twasm.idiv_s %x, %zero : i32
  %b = twasm.irem_u %x, %x : i32
  %c = twasm.trunc_s %f : f32 to i32
  %d = twasm.load %x offset 0 align 2 : i32
  %e = twasm.trunc_sat_s %f : f32 to i32
  %g = twasm.iadd %x, %x : i32
  twasm.return
}

// A NaN's payload survives constant handling.
// CHECK-LABEL: twasm.func @nan(
// CHECK-DAG: const 0x7FA00001 : f32
// CHECK-DAG: const 0x7FC00000 : f32
twasm.func @nan() -> (f32, f32) attributes {func_index = 4 : i32} {
  %s = twasm.const 0x7FA00001 : f32
  %q = twasm.const 0x7FC00000 : f32
  twasm.return %s, %q : f32, f32
}
