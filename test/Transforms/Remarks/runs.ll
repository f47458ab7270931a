; What is said of checks outside of loops.
;
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-loops,twc-group-guards,twc-expand-guards' \
; RUN:   -pass-remarks=tw-bounds -pass-remarks-missed=tw-bounds -disable-output 2>&1 \
; RUN:   | sed 's/remark: <unknown>:0:0: //' | FileCheck %s --match-full-lines --implicit-check-not=offset
;
; As LLVM writes them.
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-loops,twc-group-guards,twc-expand-guards' \
; RUN:   -pass-remarks-output=%t.yaml -pass-remarks-filter=tw-bounds -pass-remarks=tw-bounds -disable-output 2>/dev/null
; RUN: FileCheck %s --check-prefix=YAML --input-file=%t.yaml
; YAML: --- !Passed
; YAML-NEXT: Pass: tw-bounds
; YAML-NEXT: Name: Grouped
; YAML-NEXT: Function: fields

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)
declare void @__tw_check_bounds64(i64, i64, i64, i64, ptr, i32, i32)
declare ptr @__tw_window_address(i64, i64, ptr addrspace(1), i64, ptr addrspace(3), i64, ptr, i64, i64, ptr, i32, i32)

; CHECK: function 1, offset 16: check of 4 bytes grouped: one test for 2 accesses from 0x10 on
; CHECK: function 1, offset 17: check of 8 bytes grouped: one test for 2 accesses from 0x10 on
define void @fields(i64 %size, ptr %rt, i32 %p) {
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 1, i32 16)
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 8, i64 8, ptr %rt, i32 1, i32 17)
  ret void
}

; A test of its own, though one with its alignment, is a check that was kept.
; CHECK: function 2, offset 16: check of 4 bytes kept: no loop to test ahead of, and no other access to share a test with
; CHECK: function 2, offset 17: check of 1 byte kept: no loop to test ahead of, and no other access to share a test with
define void @alone(i64 %size, ptr %rt, i32 %p, i32 %q) {
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 2, i32 16)
  fence seq_cst
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 1, ptr %rt, i32 2, i32 17)
  ret void
}

; CHECK: function 3, offset 16: check of 1 byte kept: an atomic access shares no test
define void @atomic(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p) {
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 1, ptr %rt, i32 3, i32 16)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %v = atomicrmw add ptr addrspace(1) %a, i8 1 seq_cst
  ret void
}

; CHECK: function 4, offset 16: check of 8 bytes kept: the memory is a 64-bit one
define void @wide(i64 %size, ptr %rt, i64 %p) {
  call void @__tw_check_bounds64(i64 %p, i64 %size, i64 0, i64 8, ptr %rt, i32 4, i32 16)
  ret void
}

; CHECK: function 5, offset 16: check of 4 bytes kept: its place in memory is known only at run time
; CHECK: function 5, offset 17: check kept: its place in memory is known only at run time
define void @places(ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, ptr %rt, i64 %p, i64 %n) {
  %a = call ptr @__tw_window_address(i64 %p, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 64, ptr null, i64 0, i64 0, ptr %rt, i32 5, i32 16)
  store i32 0, ptr %a
  %b = call ptr @__tw_window_address(i64 %p, i64 %n, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 64, ptr null, i64 0, i64 0, ptr %rt, i32 5, i32 17)
  store i32 0, ptr %b
  ret void
}

; LLVM has merged two checks: both accesses are told of.
; CHECK-DAG: function 6, offset 16: check of 1 byte kept: no loop to test ahead of, and no other access to share a test with
; CHECK-DAG: function 7, offset 17: check of 1 byte kept: no loop to test ahead of, and no other access to share a test with
; CHECK-DAG: function 8, offset 18: check of 1 byte kept: no loop to test ahead of, and no other access to share a test with
; CHECK-DAG: function 8, offset 19: check of 1 byte kept: no loop to test ahead of, and no other access to share a test with
define void @merged(i64 %size, ptr %rt, i32 %p, i1 %c) {
entry:
  br i1 %c, label %left, label %right
left:
  br label %both
right:
  br label %both
both:
  %f = phi i32 [ 6, %left ], [ 7, %right ]
  %at = phi i32 [ 16, %left ], [ 17, %right ]
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 1, ptr %rt, i32 %f, i32 %at)
  fence seq_cst
  %chosen = select i1 %c, i32 18, i32 19
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 1, ptr %rt, i32 8, i32 %chosen)
  ret void
}
