; Loops that are given a test ahead of them: the loop behind it has no check,
; 64-bit addresses and known alignment; its copy has all that there was.
;
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-loops,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)

; A pointer that goes up by 4 bytes: start + 4 * (n - 1) + 4 <= size, and the
; start is a multiple of 4.
; CHECK-LABEL: define float @unit(
; CHECK: entry:
; CHECK: %[[START:.*]] = zext i32 %p to i64
; CHECK: %[[LAST:.*]] = add i32 %n, -1
; CHECK: %[[N:.*]] = zext i32 %[[LAST]] to i64
; CHECK: %[[WAY:.*]] = mul i64 4, %[[N]]
; CHECK: %[[HIGH:.*]] = add i64 %[[START]], %[[WAY]]
; CHECK: %[[END:.*]] = add i64 %[[HIGH]], 4
; CHECK: %[[IN:.*]] = icmp sle i64 %[[END]], %size
; CHECK: and i64 %{{.*}}, 3
; CHECK: br i1 %{{.*}}, label %loop.fast, label %[[SLOW:.*]], !prof
; CHECK: [[SLOW]]:
; CHECK: loop.checked:
; CHECK: call void @__tw_check_bounds(
; CHECK: load float, ptr addrspace(1) %{{.*}}, align 1
; CHECK: {{^}}loop:
; CHECK: phi i64 [
; CHECK-NOT: call
; CHECK: load float, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: ret float
define float @unit(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %q = phi i32 [ %p, %entry ], [ %q1, %loop ]
  %s = phi float [ 0.0, %entry ], [ %s1, %loop ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %v = load float, ptr addrspace(1) %a, align 1
  %s1 = fadd float %s, %v
  %q1 = add i32 %q, 4
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret float %s1
}

; A nest: one test ahead of the outer loop, both loops free of checks.
; CHECK-LABEL: define void @nest(
; CHECK: br i1 %{{.*}}, label %outer.fast, label %
; CHECK: outer.checked:
; CHECK: inner.checked:
; CHECK: call void @__tw_check_bounds(
; CHECK: {{^}}outer:
; CHECK: {{^}}inner:
; CHECK-NOT: call
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 4
; CHECK: ret void
define void @nest(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n, i32 %m) {
entry:
  br label %outer
outer:
  %i = phi i32 [ 0, %entry ], [ %i1, %latch ]
  %row = mul i32 %i, 1024
  %start = add i32 %p, %row
  br label %inner
inner:
  %j = phi i32 [ 0, %outer ], [ %j1, %inner ]
  %x = shl i32 %j, 2
  %q = add i32 %start, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  %j1 = add i32 %j, 1
  %c = icmp ne i32 %j1, %m
  br i1 %c, label %inner, label %latch
latch:
  %i1 = add i32 %i, 1
  %d = icmp ne i32 %i1, %n
  br i1 %d, label %outer, label %exit
exit:
  ret void
}

; Two exits, and a value that is used behind each: both loops lead to both.
; CHECK-LABEL: define i32 @exits(
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: found{{.*}}:
; CHECK: phi i32 [ %{{.*}}, %loop{{.*}} ]
; CHECK: ret i32
define i32 @exits(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %next ]
  %x = shl i32 %i, 2
  %q = add i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %v = load i32, ptr addrspace(1) %a, align 1
  %hit = icmp eq i32 %v, 0
  br i1 %hit, label %found, label %next
next:
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
found:
  ret i32 %i
exit:
  ret i32 -1
}

; An access under a condition counts as if it were always made.
; CHECK-LABEL: define void @conditional(
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: {{^}}loop:
; CHECK-NOT: call void @__tw_check_bounds
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 4
; CHECK: ret void
define void @conditional(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %latch ]
  %odd = and i32 %i, 1
  %isodd = icmp ne i32 %odd, 0
  br i1 %isodd, label %then, label %latch
then:
  %x = shl i32 %i, 2
  %q = add i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  br label %latch
latch:
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; Neighbours, as unrolled code has them: one test for all, and one recurrence.
; CHECK-LABEL: define void @neighbours(
; CHECK-COUNT-1: icmp sle i64 %{{.*}}, %size
; CHECK-NOT: icmp sle i64
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: store i32 1, ptr addrspace(1) %{{.*}}, align 4
; CHECK: store i32 2, ptr addrspace(1) %{{.*}}, align 4
; CHECK: store i8 3, ptr addrspace(1) %{{.*}}, align 1
; CHECK: ret void
define void @neighbours(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %q = phi i32 [ %p, %entry ], [ %q1, %loop ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 1, ptr addrspace(1) %a, align 1
  %r = add i32 %q, -4
  call void @__tw_check_bounds(i32 %r, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 11)
  %zr = zext i32 %r to i64
  %ar = getelementptr i8, ptr addrspace(1) %base, i64 %zr
  store i32 2, ptr addrspace(1) %ar, align 1
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 7, i64 1, ptr %rt, i32 0, i32 12)
  %a7 = getelementptr i8, ptr addrspace(1) %a, i64 7
  store i8 3, ptr addrspace(1) %a7, align 1
  %q1 = add i32 %q, 8
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}
