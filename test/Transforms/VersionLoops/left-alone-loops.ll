; Loops that are left as they are, and what may be in one that is not.
;
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-loops,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)
declare i32 @next(i32)

; A loop without an end: it must trap when its pointer leaves memory.
; CHECK-LABEL: define void @forever(
; CHECK-NOT: .checked
; CHECK: call void @__tw_check_bounds(
; CHECK-NOT: ret
define void @forever(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p) {
entry:
  br label %loop
loop:
  %q = phi i32 [ %p, %entry ], [ %q1, %loop ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  %q1 = add i32 %q, 4
  br label %loop
}

; A call that must not be there twice.
; CHECK-LABEL: define void @unduplicable(
; CHECK-NOT: .checked
; CHECK: call void @__tw_check_bounds(
; CHECK: ret void
define void @unduplicable(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %x = shl i32 %i, 2
  %q = add i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  %r = call i32 @next(i32 %i) noduplicate
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; What is volatile or atomic stays so in both loops; the atomic keeps the alignment
; that it has.
; CHECK-LABEL: define void @volatile(
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: loop.checked:
; CHECK: call void @__tw_check_bounds(
; CHECK: load volatile i32, ptr addrspace(1) %{{.*}}, align 1
; CHECK: atomicrmw add ptr addrspace(1) %{{.*}}, i32 %{{.*}} seq_cst, align 4
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: load volatile i32, ptr addrspace(1) %{{.*}}, align 4
; CHECK: atomicrmw add ptr addrspace(1) %{{.*}}, i32 %{{.*}} seq_cst, align 4
; CHECK: ret void
define void @volatile(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %x = shl i32 %i, 2
  %q = add i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %v = load volatile i32, ptr addrspace(1) %a, align 1
  %o = atomicrmw add ptr addrspace(1) %a, i32 %v seq_cst
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}
