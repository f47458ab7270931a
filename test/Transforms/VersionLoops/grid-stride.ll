; Grid-stride loops: i += stride while i < n, where neither is known. The stride has
; to be positive, and i must not step over 2^32, or 2^31. Then the way from the
; first to the last i is at most n - 1 - first.
;
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-loops,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)

; Signed numbers: sign-extended, up to 2^31; no division, for 8 strides are a step,
; which must not have wrapped: 2^31 / 8.
; CHECK-LABEL: define void @signed(
; CHECK: %[[N:.*]] = sext i32 %n to i64
; CHECK: %[[SECOND:.*]] = add i32 %stride, %first
; CHECK: %[[I1:.*]] = sext i32 %[[SECOND]] to i64
; CHECK: %[[S:.*]] = sext i32 %stride to i64
; CHECK: icmp sgt i64 %[[S]], 0
; CHECK: %[[OVER:.*]] = add i64 %[[N]], %[[S]]
; CHECK: icmp sle i64 %[[OVER]], 2147483648
; CHECK: %[[LEFT:.*]] = sub i64 %[[N]], %[[I1]]
; CHECK: %[[S1:.*]] = sub i64 %[[S]], 1
; CHECK: %[[MORE:.*]] = add i64 %[[LEFT]], %[[S1]]
; CHECK: %[[DISTANCE:.*]] = call i64 @llvm.smax.i64(i64 %[[MORE]], i64 0)
; CHECK: icmp slt i64 %[[S]], 268435456
; CHECK-NOT: udiv
; CHECK: %[[WAY:.*]] = mul i64 %[[DISTANCE]], 8
; CHECK: %[[UP:.*]] = call i64 @llvm.smax.i64(i64 %[[WAY]], i64 0)
; CHECK: %[[HIGH:.*]] = add i64 %{{.*}}, %[[UP]]
; CHECK: %[[END:.*]] = add i64 %[[HIGH]], 8
; CHECK: icmp sle i64 %[[END]], %size
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: loop.checked:
; CHECK: call void @__tw_check_bounds(
; CHECK: br i1 %{{.*}}, label %loop.checked, label %{{.*}}, !llvm.loop ![[SELDOM:[0-9]+]]
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: store i64 7, ptr addrspace(1) %{{.*}}, align 8
; CHECK-NOT: call
; CHECK: ret void
define void @signed(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %first, i32 %n, i32 %stride) {
entry:
  br label %loop
loop:
  %i = phi i32 [ %first, %entry ], [ %i1, %loop ]
  %x = shl i32 %i, 3
  %q = add i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 8, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i64 7, ptr addrspace(1) %a, align 1
  %i1 = add i32 %i, %stride
  %c = icmp slt i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; n > i, and elements of 12 bytes: a division gives how often, by at least 1.
; CHECK-LABEL: define void @swapped(
; CHECK: %[[STEP:.*]] = sext i32 %{{.*}} to i64
; CHECK: %[[S:.*]] = sext i32 %stride to i64
; CHECK: icmp sgt i64 %[[S]], 0
; CHECK: icmp sle i64 %{{.*}}, 4294967296
; CHECK: %[[DISTANCE:.*]] = call i64 @llvm.smax.i64(i64 %{{.*}}, i64 0)
; CHECK: %[[BY:.*]] = call i64 @llvm.smax.i64(i64 %[[S]], i64 1)
; CHECK: %[[TIMES:.*]] = udiv i64 %[[DISTANCE]], %[[BY]]
; CHECK: mul i64 %[[STEP]], %[[TIMES]]
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: loop.checked:
; CHECK: call void @__tw_check_bounds(
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: ret void
define void @swapped(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %first, i32 %n, i32 %stride) {
entry:
  br label %loop
loop:
  %i = phi i32 [ %first, %entry ], [ %i1, %loop ]
  %x = mul i32 %i, 12
  %q = add i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  %i1 = add i32 %i, %stride
  %c = icmp ugt i32 %n, %i1
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; From the end of an array: the way is negative, and its end at least 0.
; CHECK-LABEL: define void @backwards(
; CHECK: %[[WAY:.*]] = mul i64 %{{.*}}, -4
; CHECK: %[[DOWN:.*]] = call i64 @llvm.smin.i64(i64 %[[WAY]], i64 0)
; CHECK: %[[LEAST:.*]] = add i64 %{{.*}}, %[[DOWN]]
; CHECK: icmp sge i64 %[[LEAST]], 0
; CHECK: icmp sle i64 %{{.*}}, %size
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: loop.checked:
; CHECK: call void @__tw_check_bounds(
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: ret void
define void @backwards(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %first, i32 %n, i32 %stride) {
entry:
  br label %loop
loop:
  %i = phi i32 [ %first, %entry ], [ %i1, %loop ]
  %x = shl i32 %i, 2
  %q = sub i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 4, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %o = getelementptr i8, ptr addrspace(1) %a, i64 4
  store i32 7, ptr addrspace(1) %o, align 1
  %i1 = add i32 %i, %stride
  %c = icmp ult i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; i <= n goes on forever where n is the largest number: left alone.
; CHECK-LABEL: define void @equal(
; CHECK-NOT: .checked
; CHECK: call void @__tw_check_bounds(
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 1
; CHECK: ret void
define void @equal(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %first, i32 %n, i32 %stride) {
entry:
  br label %loop
loop:
  %i = phi i32 [ %first, %entry ], [ %i1, %loop ]
  %x = shl i32 %i, 2
  %q = add i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  %i1 = add i32 %i, %stride
  %c = icmp ule i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; A grid-stride loop: i += stride while i < n. The stride must be positive and
; n + stride must not wrap; no division, for the index steps by 4 strides.
; CHECK-LABEL: define void @gridStride(
; CHECK: %[[S:.*]] = sext i32 %{{.*}} to i64
; CHECK: icmp sgt i64 %{{.*}}, 0
; CHECK: icmp sle i64 %{{.*}}, 4294967296
; CHECK-NOT: udiv
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: loop.checked:
; CHECK: call void @__tw_check_bounds(
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: store i32 7, ptr addrspace(1) %{{.*}}, align 4
; CHECK: ret void
define void @gridStride(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %first, i32 %n, i32 %stride) {
entry:
  %any = icmp ult i32 %first, %n
  br i1 %any, label %ahead, label %exit
ahead:
  br label %loop
loop:
  %i = phi i32 [ %first, %ahead ], [ %i1, %loop ]
  %x = shl i32 %i, 2
  %q = add i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 7, ptr addrspace(1) %a, align 1
  %i1 = add i32 %i, %stride
  %c = icmp ult i32 %i1, %n
  br i1 %c, label %loop, label %done
done:
  br label %exit
exit:
  ret void
}

; The copy with the checks stays small.
; CHECK: ![[SELDOM]] = distinct !{![[SELDOM]], ![[DISABLE:[0-9]+]]}
; CHECK: ![[DISABLE]] = !{!"llvm.loop.unroll.disable", i32 1}
