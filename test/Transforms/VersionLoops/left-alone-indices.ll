; Accesses with a check each, whose way nothing can say ahead of the loop.
;
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-loops,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)
declare void @__tw_check_bounds64(i64, i64, i64, i64, ptr, i32, i32)
declare i32 @next(i32)

; Not a sum of steps: i * i.
; CHECK-LABEL: define void @squares(
; CHECK-NOT: .checked
; CHECK: call void @__tw_check_bounds(
; CHECK: ret void
define void @squares(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %x = mul i32 %i, %i
  %y = shl i32 %x, 2
  %q = add i32 %p, %y
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

; Nor is what goes round: i & 255.
; CHECK-LABEL: define void @masked(
; CHECK-NOT: .checked
; CHECK: call void @__tw_check_bounds(
; CHECK: ret void
define void @masked(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %x = and i32 %i, 255
  %q = add i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 1, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i8 7, ptr addrspace(1) %a, align 1
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; Another step each time.
; CHECK-LABEL: define void @stepVaries(
; CHECK-NOT: .checked
; CHECK: call void @__tw_check_bounds(
; CHECK: ret void
define void @stepVaries(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %q = phi i32 [ %p, %entry ], [ %q1, %loop ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  %i1 = add i32 %i, 1
  %d = call i32 @next(i32 %i)
  %q1 = add i32 %q, %d
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; A step of more than 2^27: 2^32 of them would not fit 64 bits with three more.
; CHECK-LABEL: define void @stepTooLarge(
; CHECK-NOT: .checked
; CHECK: call void @__tw_check_bounds(
; CHECK: ret void
define void @stepTooLarge(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %q = phi i32 [ %p, %entry ], [ %q1, %loop ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  %q1 = add i32 %q, -134217732
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; Checks of 64-bit memories: their sums may overflow.
; CHECK-LABEL: define void @memory64(
; CHECK-NOT: .checked
; CHECK: call void @__tw_check_bounds64(
; CHECK: ret void
define void @memory64(ptr addrspace(1) %base, i64 %size, ptr %rt, i64 %p, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %i1, %loop ]
  %x = shl i64 %i, 2
  %q = add i64 %p, %x
  call void @__tw_check_bounds64(i64 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %q
  store i32 7, ptr addrspace(1) %a, align 1
  %i1 = add i64 %i, 1
  %c = icmp ne i64 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; The same address each time: not worth a copy of the loop.
; CHECK-LABEL: define void @sameEachTime(
; CHECK-NOT: .checked
; CHECK: call void @__tw_check_bounds(
; CHECK: ret void
define void @sameEachTime(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 %i, ptr addrspace(1) %a, align 1
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}
