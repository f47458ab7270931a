; Constant steps of any size, in both directions, and the alignment that goes with
; them: the test computes the end that the loop comes to, and no index between
; leaves [0, 2^32), so that the 64-bit recurrence is the 32-bit one.
;
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-loops,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)

; Structures of 12 bytes: (n - 1) * 12 + 12 bytes from the start hold all their
; fields, and fields of 4 bytes stay aligned.
; CHECK-LABEL: define void @records(
; CHECK: %[[START:.*]] = zext i32 %p to i64
; CHECK: %[[N:.*]] = add i32 %n, -1
; CHECK: %[[COUNT:.*]] = zext i32 %[[N]] to i64
; CHECK: %[[WAY:.*]] = mul i64 12, %[[COUNT]]
; CHECK: %[[HIGH:.*]] = add i64 %[[START]], %[[WAY]]
; CHECK: %[[END:.*]] = add i64 %[[HIGH]], 12
; CHECK: icmp sle i64 %[[END]], %size
; CHECK-NOT: icmp sle
; CHECK: %[[FIRST:.*]] = add i64 %[[START]], 0
; CHECK: %[[LOW:.*]] = and i64 %[[FIRST]], 3
; CHECK: icmp eq i64 %[[LOW]], 0
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: mul nuw nsw i64 %{{.*}}, 12
; CHECK: load i32, ptr addrspace(1) %{{.*}}, align 4
; CHECK: store i32 %{{.*}}, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: ret void
define void @records(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %x = mul i32 %i, 12
  %q = add i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 8, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %a8 = getelementptr i8, ptr addrspace(1) %a, i64 8
  %v = load i32, ptr addrspace(1) %a8, align 1
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 4, i64 4, ptr %rt, i32 0, i32 11)
  %a4 = getelementptr i8, ptr addrspace(1) %a, i64 4
  store i32 %v, ptr addrspace(1) %a4, align 1
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; A step of 6 bytes: every other access of 4 is misaligned. No test could hold, so
; none asks, and nothing is said of the alignment.
; CHECK-LABEL: define void @six(
; CHECK: mul i64 6
; CHECK: icmp sle i64 %{{.*}}, %size
; CHECK-NOT: and i64
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 1
; CHECK-NOT: call
; CHECK: ret void
define void @six(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %q = phi i32 [ %p, %entry ], [ %q1, %loop ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  %q1 = add i32 %q, 6
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; Bytes: nothing to ask about alignment. (n - 1) + 3 + 1 bytes.
; CHECK-LABEL: define void @bytes(
; CHECK: %[[WAY:.*]] = mul i64 1, %{{.*}}
; CHECK: %[[HIGH:.*]] = add i64 %{{.*}}, %[[WAY]]
; CHECK: %[[END:.*]] = add i64 %[[HIGH]], 4
; CHECK: %[[IN:.*]] = icmp sle i64 %[[END]], %size
; CHECK-NEXT: br i1 %[[IN]], label %loop.fast, label %
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: store i8 7, ptr addrspace(1) %{{.*}}, align 1
; CHECK-NOT: call
; CHECK: ret void
define void @bytes(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %q = add i32 %p, %i
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 3, i64 1, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %o = getelementptr i8, ptr addrspace(1) %a, i64 3
  store i8 7, ptr addrspace(1) %o, align 1
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; Downwards by 48: the last index must not pass zero, and the first access, at
; p + 32, ends in memory; its 16 bytes are aligned if p is.
; CHECK-LABEL: define void @down(
; CHECK: %[[START:.*]] = zext i32 %p to i64
; CHECK: %[[WAY:.*]] = mul i64 -48, %{{.*}}
; CHECK: %[[LEAST:.*]] = add i64 %[[START]], %[[WAY]]
; CHECK: icmp sge i64 %[[LEAST]], 0
; CHECK: %[[END:.*]] = add i64 %[[START]], 48
; CHECK: icmp sle i64 %[[END]], %size
; CHECK: %[[FIRST:.*]] = add i64 %[[START]], 0
; CHECK: and i64 %[[FIRST]], 15
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: mul nsw i64 %{{.*}}, -48
; CHECK: store <4 x i32> zeroinitializer, ptr addrspace(1) %{{.*}}, align 16
; CHECK-NOT: call
; CHECK: ret void
define void @down(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ %n, %entry ], [ %i1, %loop ]
  %q = phi i32 [ %p, %entry ], [ %q1, %loop ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 32, i64 16, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %o = getelementptr i8, ptr addrspace(1) %a, i64 32
  store <4 x i32> zeroinitializer, ptr addrspace(1) %o, align 1
  %q1 = add i32 %q, -48
  %i1 = add i32 %i, -1
  %c = icmp ne i32 %i1, 0
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; The largest step that is taken, 2^27: 2^32 of them in 64 bits do not overflow.
; CHECK-LABEL: define void @largest(
; CHECK: %[[WAY:.*]] = mul i64 134217728, %{{.*}}
; CHECK: %[[HIGH:.*]] = add i64 %{{.*}}, %[[WAY]]
; CHECK: %[[END:.*]] = add i64 %[[HIGH]], 4
; CHECK: icmp sle i64 %[[END]], %size
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: shl nuw nsw i64 %{{.*}}, 27
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: ret void
define void @largest(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %x = shl i32 %i, 27
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
