// The deterministic profile: a NaN that arithmetic made is canonical wherever
// its bits can be seen; what was loaded, passed or reinterpreted keeps its own.
//
// RUN: twc-opt %s --twasm-canonicalize-nans | FileCheck %s

twasm.memory @memory0 min 1
twasm.table @table0 min 1
twasm.global @g index 0 mutable = 0.0 : f32

// Stored, returned, reinterpreted, passed, put into a global: once a value.
// CHECK-LABEL: twasm.func @observed(
// CHECK: %[[S:.*]] = fadd
// CHECK-NEXT: %[[C:.*]] = canonicalize_nan %[[S]] : f32
// CHECK-NOT: canonicalize_nan
// CHECK: store %[[C]],
// CHECK: reinterpret %[[C]]
// CHECK: call @callee(%[[C]])
// CHECK: call_indirect @table0[%{{.*}}]{{ ?}}(%[[C]])
// CHECK: global_set @g, %[[C]]
// CHECK: return %[[C]]
twasm.func @observed(%x: f32, %p: i32) -> f32 attributes {func_index = 0 : i32} {
  %s = twasm.fadd %x, %x : f32
  twasm.store %s, %p offset 0 align 2 : f32
  %r = twasm.reinterpret %s : f32 to i32
  twasm.call @callee(%s) : (f32) -> ()
  twasm.call_indirect @table0[%r](%s) : (f32) -> ()
  twasm.global_set @g, %s : f32
  twasm.return %s : f32
}
// CHECK-LABEL: twasm.func @callee(
// CHECK-NOT: canonicalize_nan
// CHECK: return
twasm.func @callee(%x: f32) attributes {func_index = 1 : i32} {
  %y = twasm.fmul %x, %x : f32
  %z = twasm.fadd %y, %y : f32
  %c = twasm.flt %z, %y : f32
  twasm.return
}

// Sign operations see bits: their operand is canonical, their result exact.
// CHECK-LABEL: twasm.func @signs(
// CHECK: %[[S:.*]] = fsub
// CHECK-NEXT: %[[C:.*]] = canonicalize_nan %[[S]] : f64
// CHECK: %[[N:.*]] = fneg %[[C]]
// CHECK: %[[A:.*]] = fabs %[[C]]
// CHECK: %[[K:.*]] = fcopysign %[[A]], %[[C]]
// CHECK: return %[[N]], %[[K]]
twasm.func @signs(%x: f64) -> (f64, f64) attributes {func_index = 2 : i32} {
  %s = twasm.fsub %x, %x : f64
  %n = twasm.fneg %s : f64
  %a = twasm.fabs %s : f64
  %k = twasm.fcopysign %a, %s : f64
  twasm.return %n, %k : f64, f64
}

// Every op that makes NaNs.
// CHECK-LABEL: twasm.func @makers(
// CHECK-COUNT-14: canonicalize_nan
// CHECK-NOT: canonicalize_nan
// CHECK: return
twasm.func @makers(%x: f32, %w: f64) -> (f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f64) attributes {func_index = 3 : i32} {
  %0 = twasm.fadd %x, %x : f32
  %1 = twasm.fsub %x, %x : f32
  %2 = twasm.fmul %x, %x : f32
  %3 = twasm.fdiv %x, %x : f32
  %4 = twasm.fmin %x, %x : f32
  %5 = twasm.fmax %x, %x : f32
  %6 = twasm.fsqrt %x : f32
  %7 = twasm.fceil %x : f32
  %8 = twasm.ffloor %x : f32
  %9 = twasm.ftrunc %x : f32
  %10 = twasm.fnearest %x : f32
  %11 = twasm.fma %x, %x, %x : f32
  %12 = twasm.demote %w : f64 to f32
  %13 = twasm.promote %x : f32 to f64
  twasm.return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13 : f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f64
}

// Bits that mean something, and conversions of integers, stay as they are.
// CHECK-LABEL: twasm.func @exact(
// CHECK-NOT: canonicalize_nan
// CHECK: return
twasm.func @exact(%x: f32, %p: i32) -> (f32, f32, f32, f32, f32, f32) attributes {func_index = 4 : i32} {
  %l = twasm.load %p offset 0 align 2 : f32
  %r = twasm.reinterpret %p : i32 to f32
  %g = twasm.global_get @g : f32
  %n = twasm.const 0x7FA00001 : f32
  %i = twasm.convert_s %p : i32 to f32
  twasm.return %x, %l, %r, %g, %n, %i : f32, f32, f32, f32, f32, f32
}

// Mixed with loaded values, a made one is canonical on its edge.
// CHECK-LABEL: twasm.func @mixed_edge(
// CHECK: %[[L:.*]] = load
// CHECK: br_if %{{.*}}, ^[[J:bb[0-9]+]](%[[L]] : f32), ^
// CHECK: %[[S:.*]] = fadd
// CHECK-NEXT: %[[C:.*]] = canonicalize_nan %[[S]]
// CHECK: br ^[[J]](%[[C]] : f32)
// CHECK: ^[[J]](%[[A:.*]]: f32):
// CHECK-NEXT: store %[[A]]
twasm.func @mixed_edge(%p: i32) attributes {func_index = 5 : i32} {
  %l = twasm.load %p offset 0 align 2 : f32
  twasm.br_if %p, ^bb2(%l : f32), ^bb1
^bb1:
  %s = twasm.fadd %l, %l : f32
  twasm.br ^bb2(%s : f32)
^bb2(%a: f32):
  twasm.store %a, %p offset 4 align 2 : f32
  twasm.return
}

// A select likewise.
// CHECK-LABEL: twasm.func @mixed_select(
// CHECK: %[[S:.*]] = fadd
// CHECK-NEXT: %[[C:.*]] = canonicalize_nan %[[S]]
// CHECK: %[[R:.*]] = select %{{.*}}, %[[C]], %arg0
// CHECK: return %[[R]]
twasm.func @mixed_select(%x: f32, %c: i32) -> f32 attributes {func_index = 6 : i32} {
  %s = twasm.fadd %x, %x : f32
  %r = twasm.select %c, %s, %x : f32
  twasm.return %r : f32
}

// A sum carried round a loop is canonicalised behind it, not in it: its first
// value is a constant that is no NaN.
// CHECK-LABEL: twasm.func @loop(
// CHECK: ^[[L:bb[0-9]+]](%[[SUM:.*]]: f32):
// CHECK: %[[NEXT:.*]] = fadd
// CHECK: br_if %{{.*}}, ^[[L]](%[[NEXT]] : f32)
// CHECK: return
twasm.func @loop(%x: f32, %n: i32) -> f32 attributes {func_index = 7 : i32} {
  %zero = twasm.const 0.0 : f32
  twasm.br ^bb1(%zero : f32)
^bb1(%sum: f32):
  %next = twasm.fadd %sum, %x : f32
  twasm.br_if %n, ^bb1(%next : f32), ^bb2
^bb2:
  twasm.return %next : f32
}

// A loop-carried value that is exact on one entry is exact on all edges.
// CHECK-LABEL: twasm.func @exact_loop(
// CHECK: ^[[L:bb[0-9]+]](%{{.*}}: f32):
// CHECK: %[[NEXT:.*]] = fadd
// CHECK-NEXT: %[[C:.*]] = canonicalize_nan %[[NEXT]]
// CHECK: br_if %{{.*}}, ^[[L]](%[[C]] : f32)
twasm.func @exact_loop(%x: f32, %n: i32) -> f32 attributes {func_index = 8 : i32} {
  twasm.br ^bb1(%x : f32)
^bb1(%sum: f32):
  %next = twasm.fadd %sum, %x : f32
  twasm.br_if %n, ^bb1(%next : f32), ^bb2
^bb2:
  twasm.return %sum : f32
}

// A sign that only arithmetic reads hides behind its result; one that is stored
// too does not.
// CHECK-LABEL: twasm.func @hidden_signs(
// CHECK: %[[S:.*]] = fmul
// CHECK-NEXT: %[[N:.*]] = fneg %[[S]]
// CHECK-NEXT: %[[F:.*]] = fma %{{.*}}, %{{.*}}, %[[N]] : f32
// CHECK-NEXT: canonicalize_nan %[[F]]
// CHECK: %[[T:.*]] = fadd
// CHECK-NEXT: %[[C:.*]] = canonicalize_nan %[[T]]
// CHECK-NEXT: %[[M:.*]] = fneg %[[C]]
// CHECK: store %[[M]]
twasm.func @hidden_signs(%x: f32, %p: i32) -> f32 attributes {func_index = 9 : i32} {
  %s = twasm.fmul %x, %x : f32
  %n = twasm.fneg %s : f32
  %f = twasm.fma %x, %x, %n : f32
  %t = twasm.fadd %x, %x : f32
  %m = twasm.fneg %t : f32
  %a = twasm.fadd %m, %x : f32
  twasm.store %m, %p offset 0 align 2 : f32
  twasm.return %f : f32
}
