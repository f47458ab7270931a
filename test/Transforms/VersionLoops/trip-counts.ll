; How often a loop runs, as the test computes it: a constant, or from what is known
; ahead of it at run time. Each stores to elements of 4 bytes from p on.
;
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-loops,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)

; 1000 times: 999 * 4 bytes of way, no arithmetic left.
; CHECK-LABEL: define void @constant(
; CHECK: %[[START:.*]] = zext i32 %p to i64
; CHECK: %[[HIGH:.*]] = add i64 %[[START]], 3996
; CHECK: %[[END:.*]] = add i64 %[[HIGH]], 4
; CHECK: icmp sle i64 %[[END]], %size
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: ret void
define void @constant(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p) {
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
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, 1000
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; A loop runs once before it compares: max(n, 1) times, unsigned.
; CHECK-LABEL: define void @unsigned(
; CHECK: %[[TIMES:.*]] = call i32 @llvm.umax.i32(i32 %n, i32 1)
; CHECK: %[[TAKEN:.*]] = add i32 %[[TIMES]], -1
; CHECK: %[[COUNT:.*]] = zext i32 %[[TAKEN]] to i64
; CHECK: mul i64 4, %[[COUNT]]
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: ret void
define void @unsigned(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
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
  %i1 = add i32 %i, 1
  %c = icmp ult i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; The same for signed numbers.
; CHECK-LABEL: define void @signed(
; CHECK: %[[TIMES:.*]] = call i32 @llvm.smax.i32(i32 %n, i32 1)
; CHECK: %[[TAKEN:.*]] = add nsw i32 %[[TIMES]], -1
; CHECK: %[[COUNT:.*]] = zext i32 %[[TAKEN]] to i64
; CHECK: mul i64 4, %[[COUNT]]
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: ret void
define void @signed(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
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
  %i1 = add i32 %i, 1
  %c = icmp slt i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; A counter of 64 bits: the count must be below 2^32, or the way could overflow.
; CHECK-LABEL: define void @wide(
; CHECK: %[[TAKEN:.*]] = add i64 %n, -1
; CHECK: %[[FEW:.*]] = icmp ult i64 %[[TAKEN]], 4294967296
; CHECK: mul i64 4, %[[TAKEN]]
; CHECK: %[[IN:.*]] = icmp sle i64 %{{.*}}, %size
; CHECK: and i1 %[[FEW]], %[[IN]]
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: ret void
define void @wide(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %i1, %loop ]
  %q = phi i32 [ %p, %entry ], [ %q1, %loop ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  %q1 = add i32 %q, 4
  %i1 = add i64 %i, 1
  %c = icmp ne i64 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; A loop that compares first: n times at most.
; CHECK-LABEL: define void @header(
; CHECK: %[[COUNT:.*]] = zext i32 %n to i64
; CHECK: mul i64 4, %[[COUNT]]
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: ret void
define void @header(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %body ]
  %c = icmp ult i32 %i, %n
  br i1 %c, label %body, label %exit
body:
  %x = shl i32 %i, 2
  %q = add i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  %i1 = add i32 %i, 1
  br label %loop
exit:
  ret void
}
