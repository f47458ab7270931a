; Guards whose size is all of the 32-bit window go; others stay.
;
; RUN: %opt %s -passes='twc-drop-isolated-guards,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)
declare void @__tw_check_bounds64(i64, i64, i64, i64, ptr, i32, i32)

; CHECK-LABEL: define void @f(
; CHECK-NEXT: call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 2)
; CHECK-NEXT: call void @__tw_check_bounds(i32 %p, i64 65536, i64 0, i64 4, ptr %rt, i32 0, i32 3)
; CHECK-NEXT: call void @__tw_check_bounds64(i64 %w, i64 4294967296,
; CHECK-NEXT: ret void
define void @f(i32 %p, i64 %w, i64 %size, ptr %rt) {
  call void @__tw_check_bounds(i32 %p, i64 4294967296, i64 8, i64 4, ptr %rt, i32 0, i32 1)
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 2)
  call void @__tw_check_bounds(i32 %p, i64 65536, i64 0, i64 4, ptr %rt, i32 0, i32 3)
  call void @__tw_check_bounds64(i64 %w, i64 4294967296, i64 0, i64 4, ptr %rt, i32 0, i32 4)
  ret void
}
