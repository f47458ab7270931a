; Loops whose pointer, or number, is compared with where it ends, and not counted.
; Each stores to elements of 4 bytes from p on.
;
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-loops,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)

; Until the pointer is the array's end, by !=: that it comes to it at all shows in
; how the end was made, p + 4 * n.
; CHECK-LABEL: define void @toEndOf(
; CHECK: %[[BYTES:.*]] = shl i32 %n, 2
; CHECK: %[[REST:.*]] = add i32 %[[BYTES]], -4
; CHECK: %[[TAKEN:.*]] = lshr i32 %[[REST]], 2
; CHECK: %[[COUNT:.*]] = zext i32 %[[TAKEN]] to i64
; CHECK: mul i64 4, %[[COUNT]]
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: ret void
define void @toEndOf(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  %w = shl i32 %n, 2
  %end = add i32 %p, %w
  br label %loop
loop:
  %q = phi i32 [ %p, %entry ], [ %q1, %loop ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  %q1 = add i32 %q, 4
  %c = icmp ne i32 %q1, %end
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; Until it is any given address: it may go past it, and round. No count, no test.
; CHECK-LABEL: define void @toEnd(
; CHECK-NOT: .checked
; CHECK: call void @__tw_check_bounds(
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 1
; CHECK: ret void
define void @toEnd(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %end) {
entry:
  br label %loop
loop:
  %q = phi i32 [ %p, %entry ], [ %q1, %loop ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  %q1 = add i32 %q, 4
  %c = icmp ne i32 %q1, %end
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; While the pointer is below an address: one that is so near 2^32 that the pointer
; could step over it fails the test. The way is at most end - 1 - p.
; CHECK-LABEL: define void @below(
; CHECK: %[[END:.*]] = zext i32 %end to i64
; CHECK: %[[NEXT:.*]] = add i32 %p, 4
; CHECK: %[[SECOND:.*]] = zext i32 %[[NEXT]] to i64
; CHECK: %[[OVER:.*]] = add i64 %[[END]], 4
; CHECK: icmp sle i64 %[[OVER]], 4294967296
; CHECK: %[[LEFT:.*]] = sub i64 %[[END]], %[[SECOND]]
; CHECK: %[[MORE:.*]] = add i64 %[[LEFT]], 3
; CHECK: call i64 @llvm.smax.i64(i64 %[[MORE]], i64 0)
; CHECK: icmp sle i64 %{{.*}}, %size
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: ret void
define void @below(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %end) {
entry:
  br label %loop
loop:
  %q = phi i32 [ %p, %entry ], [ %q1, %loop ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  %q1 = add i32 %q, 4
  %c = icmp ult i32 %q1, %end
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; Down to zero by a stride of the launch's: neither counted nor bounded.
; CHECK-LABEL: define void @downTo(
; CHECK-NOT: .checked
; CHECK: call void @__tw_check_bounds(
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 1
; CHECK: ret void
define void @downTo(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n, i32 %stride) {
entry:
  br label %loop
loop:
  %i = phi i32 [ %n, %entry ], [ %i1, %loop ]
  %x = shl i32 %i, 2
  %q = add i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  %i1 = sub i32 %i, %stride
  %c = icmp sgt i32 %i1, 0
  br i1 %c, label %loop, label %exit
exit:
  ret void
}
