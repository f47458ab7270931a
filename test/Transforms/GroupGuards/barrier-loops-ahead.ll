; How far ahead of loops with barriers a test goes.
;
; RUN: %opt %s -passes='twc-group-guards,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)
declare void @barrier() convergent

; Out of two loops.
; CHECK-LABEL: define void @nest(
; CHECK: entry:
; CHECK: mul i64 4,
; CHECK: mul i64 1024,
; CHECK: icmp sle i64 %{{.*}}, %size
; CHECK: %[[OK:.*]] = and i1
; CHECK-NEXT: br label %outer
; CHECK-NOT: icmp
; CHECK: br i1 %[[OK]], label %inner.split, label %inner.split.checked, !prof
; CHECK: call void @barrier()
; CHECK-NOT: call void @barrier()
; CHECK: ret void
define void @nest(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %m, i32 %n) {
entry:
  br label %outer
outer:
  %i = phi i32 [ 0, %entry ], [ %i1, %latch ]
  %row = shl i32 %i, 10
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
  call void @barrier() convergent
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

; The same address each time: the test can stand ahead of a loop that nobody counts.
; CHECK-LABEL: define void @same(
; CHECK: entry:
; CHECK: icmp uge i64 %size, 4
; CHECK: %[[LAST:.*]] = sub i64 %size, 4
; CHECK: %[[MOST:.*]] = trunc i64 %[[LAST]] to i32
; CHECK: icmp ule i32 %p, %[[MOST]]
; CHECK: %[[ALIGNED:.*]] = icmp eq i32 %{{.*}}, 0
; CHECK-NEXT: %[[OK:.*]] = and i1 %{{.*}}, %[[ALIGNED]]
; CHECK: %[[EXACT:.*]] = zext i32 %p to i64
; CHECK-NEXT: br label %loop
; CHECK: {{^}}loop:
; CHECK-NEXT: br i1 %[[OK]], label %loop.split, label %loop.split.checked, !prof
; CHECK: getelementptr i8, ptr addrspace(1) %base, i64 %[[EXACT]]
; CHECK: call void @barrier()
; CHECK-NOT: call void @barrier()
; CHECK: ret void
define void @same(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, ptr %flag) {
entry:
  br label %loop
loop:
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  call void @barrier() convergent
  %v = load volatile i32, ptr %flag
  %c = icmp ne i32 %v, 0
  br i1 %c, label %loop, label %exit
exit:
  ret void
}
