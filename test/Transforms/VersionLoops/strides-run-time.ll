; A stride that only the launch knows, and a loop that counts down to zero.
;
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-loops,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)

; A stride that only the launch knows, in either direction: both ends are
; computed, and the stride is bounded and a multiple of the alignment.
; CHECK-LABEL: define void @stride(
; CHECK: %[[STEP:.*]] = sext i32 %stride to i64
; CHECK: add i64 %[[STEP]], 134217728
; CHECK: icmp ult i64 %{{.*}}, 268435456
; CHECK: call i64 @llvm.smax.i64(
; CHECK: call i64 @llvm.smin.i64(
; CHECK: and i64 %[[STEP]], 3
; CHECK: icmp sge i64 %{{.*}}, 0
; CHECK: icmp sle i64 %{{.*}}, %size
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: loop.checked:
; CHECK: call void @__tw_check_bounds(
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 4
; CHECK: ret void
define void @stride(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n, i32 %stride) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %q = phi i32 [ %p, %entry ], [ %q1, %loop ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  %q1 = add i32 %q, %stride
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; Downwards: the lower end must not pass zero.
; CHECK-LABEL: define void @down(
; CHECK: mul i64 -8
; CHECK: icmp sge i64 %{{.*}}, 0
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: loop.checked:
; CHECK: call void @__tw_check_bounds(
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: store i64 7, ptr addrspace(1) %{{.*}}, align 8
; CHECK: ret void
define void @down(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ %n, %entry ], [ %i1, %loop ]
  %q = phi i32 [ %p, %entry ], [ %q1, %loop ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 16, i64 8, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %o = getelementptr i8, ptr addrspace(1) %a, i64 16
  store i64 7, ptr addrspace(1) %o, align 1
  %q1 = add i32 %q, -8
  %i1 = add i32 %i, -1
  %c = icmp ne i32 %i1, 0
  br i1 %c, label %loop, label %exit
exit:
  ret void
}
