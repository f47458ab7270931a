; Nests: where no test can stand ahead of the outermost loop, one stands ahead of
; the loop in it.
;
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-loops,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)

; A triangle: the outer loop says how far the inner one goes. That has a test of
; its own each time; the outer loop's access keeps its check.
; CHECK-LABEL: define void @triangle(
; CHECK: {{^}}outer:
; CHECK: call void @__tw_check_bounds(i32 %start,
; CHECK: br i1 %{{.*}}, label %inner.fast, label %
; CHECK-NOT: outer.checked
; CHECK: {{^}}inner:
; CHECK-NOT: call
; CHECK: store i32 %v, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: ret void
define void @triangle(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %outer
outer:
  %i = phi i32 [ 1, %entry ], [ %i1, %latch ]
  %row = shl i32 %i, 10
  %start = add i32 %p, %row
  call void @__tw_check_bounds(i32 %start, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 9)
  %zs = zext i32 %start to i64
  %as = getelementptr i8, ptr addrspace(1) %base, i64 %zs
  %v = load i32, ptr addrspace(1) %as, align 1
  br label %inner
inner:
  %j = phi i32 [ 0, %outer ], [ %j1, %inner ]
  %x = shl i32 %j, 2
  %q = add i32 %start, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 %v, ptr addrspace(1) %a, align 1
  %j1 = add i32 %j, 1
  %c = icmp ne i32 %j1, %i
  br i1 %c, label %inner, label %latch
latch:
  %i1 = add i32 %i, 1
  %d = icmp ne i32 %i1, %n
  br i1 %d, label %outer, label %exit
exit:
  ret void
}

; Five deep: the sum has room for four terms. The second loop has the test.
; CHECK-LABEL: define void @five(
; CHECK: {{^}}l1:
; CHECK: mul i64 4,
; CHECK: mul i64 64,
; CHECK: mul i64 256,
; CHECK: mul i64 1024,
; CHECK: icmp sle i64 %{{.*}}, %size
; CHECK: br i1 %{{.*}}, label %l2.fast, label %
; CHECK-NOT: l1.checked
; CHECK: {{^}}l5:
; CHECK-NOT: call
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: ret void
define void @five(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %l1
l1:
  %p1 = phi i32 [ %p, %entry ], [ %p1n, %e1 ]
  %i1 = phi i32 [ 0, %entry ], [ %i1n, %e1 ]
  br label %l2
l2:
  %p2 = phi i32 [ %p1, %l1 ], [ %p2n, %e2 ]
  %i2 = phi i32 [ 0, %l1 ], [ %i2n, %e2 ]
  br label %l3
l3:
  %p3 = phi i32 [ %p2, %l2 ], [ %p3n, %e3 ]
  %i3 = phi i32 [ 0, %l2 ], [ %i3n, %e3 ]
  br label %l4
l4:
  %p4 = phi i32 [ %p3, %l3 ], [ %p4n, %e4 ]
  %i4 = phi i32 [ 0, %l3 ], [ %i4n, %e4 ]
  br label %l5
l5:
  %q = phi i32 [ %p4, %l4 ], [ %qn, %l5 ]
  %i5 = phi i32 [ 0, %l4 ], [ %i5n, %l5 ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  %qn = add i32 %q, 4
  %i5n = add i32 %i5, 1
  %c5 = icmp ne i32 %i5n, %n
  br i1 %c5, label %l5, label %e4
e4:
  %p4n = add i32 %p4, 64
  %i4n = add i32 %i4, 1
  %c4 = icmp ne i32 %i4n, %n
  br i1 %c4, label %l4, label %e3
e3:
  %p3n = add i32 %p3, 256
  %i3n = add i32 %i3, 1
  %c3 = icmp ne i32 %i3n, %n
  br i1 %c3, label %l3, label %e2
e2:
  %p2n = add i32 %p2, 1024
  %i2n = add i32 %i2, 1
  %c2 = icmp ne i32 %i2n, %n
  br i1 %c2, label %l2, label %e1
e1:
  %p1n = add i32 %p1, 4096
  %i1n = add i32 %i1, 1
  %c1 = icmp ne i32 %i1n, %n
  br i1 %c1, label %l1, label %exit
exit:
  ret void
}
