// What twasm-merge-tail-calls refuses.
//
// RUN: twc-opt %s --twasm-merge-tail-calls --split-input-file -verify-diagnostics

!g = !llvm.ptr<1>
!p = !llvm.ptr
func.func private @f(%m: !g, %size: i64, %rt: !p, %state: !g, %limit: i64, %fuel: !p, %n: i32) -> i32 {
  // expected-error @+1 {{a tail call must be followed by a return of exactly its results}}
  %r = func.call @f(%m, %size, %rt, %state, %limit, %fuel, %n) {twasm.tail} : (!g, i64, !p, !g, i64, !p, i32) -> i32
  return %n : i32
}

// -----

!g = !llvm.ptr<1>
!p = !llvm.ptr
func.func private @f(%m: !g, %size: i64, %rt: !p, %state: !g, %limit: i64, %fuel: !p) -> (i32, i32) {
  // expected-error @+1 {{a tail call must be followed by a return of exactly its results}}
  %r:2 = func.call @f(%m, %size, %rt, %state, %limit, %fuel) {twasm.tail} : (!g, i64, !p, !g, i64, !p) -> (i32, i32)
  return %r#1, %r#0 : i32, i32
}

// -----

!g = !llvm.ptr<1>
!p = !llvm.ptr
func.func private @f(%m: !g, %size: i64, %rt: !p, %state: !g, %limit: i64, %fuel: !p, %n: i32) -> i32 {
  // expected-error @+1 {{a tail call must be followed by a return of exactly its results}}
  %r = func.call @f(%m, %size, %rt, %state, %limit, %fuel, %n) {twasm.tail} : (!g, i64, !p, !g, i64, !p, i32) -> i32
  cf.br ^out
^out:
  return %r : i32
}

// -----

// expected-error @+1 {{in a cycle of tail calls must begin with the launch constants}}
func.func private @f(%n: i32) -> i32 {
  %r = func.call @f(%n) {twasm.tail} : (i32) -> i32
  return %r : i32
}

// -----

!g = !llvm.ptr<1>
!p = !llvm.ptr
// expected-error @+1 {{unsupported parameter type in a cycle of tail calls: '!llvm.struct<()>'}}
func.func private @f(%m: !g, %size: i64, %rt: !p, %state: !g, %limit: i64, %fuel: !p, %n: !llvm.struct<()>) {
  func.call @f(%m, %size, %rt, %state, %limit, %fuel, %n) {twasm.tail} : (!g, i64, !p, !g, i64, !p, !llvm.struct<()>) -> ()
  return
}
