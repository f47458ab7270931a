; Loops that keep what they have.
;
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-loops,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)
declare void @barrier() convergent

; A gather: its index comes from memory. The table it walks through is another
; matter, and has the test.
; CHECK-LABEL: define void @gather(
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: {{^}}loop:
; CHECK-NOT: call void @__tw_check_bounds(i32 %q
; CHECK: call void @__tw_check_bounds(i32 %k,
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 1
; CHECK: ret void
define void @gather(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %x = shl i32 %i, 2
  %q = add i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %k = load i32, ptr addrspace(1) %a, align 1
  call void @__tw_check_bounds(i32 %k, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 11)
  %zk = zext i32 %k to i64
  %ak = getelementptr i8, ptr addrspace(1) %base, i64 %zk
  store i32 7, ptr addrspace(1) %ak, align 1
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; Nobody knows how often: no trip count, no test.
; CHECK-LABEL: define void @search(
; CHECK-NOT: .checked
; CHECK: call void @__tw_check_bounds(
; CHECK: ret void
define void @search(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p) {
entry:
  br label %loop
loop:
  %q = phi i32 [ %p, %entry ], [ %q1, %loop ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %v = load i32, ptr addrspace(1) %a, align 1
  %q1 = add i32 %q, 4
  %c = icmp ne i32 %v, 0
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; A barrier inside: threads that decide differently would wait at different ones.
; CHECK-LABEL: define void @convergent(
; CHECK-NOT: .checked
; CHECK: call void @__tw_check_bounds(
; CHECK: ret void
define void @convergent(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
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
  call void @barrier() convergent
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; The memory grows in the loop: its size is another one each time.
; CHECK-LABEL: define void @grows(
; CHECK-NOT: .checked
; CHECK: call void @__tw_check_bounds(
; CHECK: ret void
define void @grows(ptr addrspace(1) %base, ptr %sizes, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %size = load volatile i64, ptr %sizes
  %x = shl i32 %i, 2
  %q = add i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; A triangle: how far the inner loop goes, the outer one decides. The inner loop
; has a test of its own, each time.
; CHECK-LABEL: define void @triangle(
; CHECK: {{^}}outer:
; CHECK: br i1 %{{.*}}, label %inner.fast, label %
; CHECK-NOT: outer.checked
; CHECK: {{^}}inner:
; CHECK-NOT: call
; CHECK: ret void
define void @triangle(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %outer
outer:
  %i = phi i32 [ 1, %entry ], [ %i1, %latch ]
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
  %c = icmp ne i32 %j1, %i
  br i1 %c, label %inner, label %latch
latch:
  %i1 = add i32 %i, 1
  %d = icmp ne i32 %i1, %n
  br i1 %d, label %outer, label %exit
exit:
  ret void
}
