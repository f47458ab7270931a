; In a kernel with few registers parameters, and sums of one and a constant, are made
; again in each block that uses them, but not in a loop.
;
; RUN: %opt %s -passes=twc-limit-registers -S | FileCheck %s

target datalayout = "e-i64:64-i128:128-i256:256-v16:16-v32:32-n16:32:64"
target triple = "nvptx64-nvidia-cuda"

define internal i64 @helper(i64 %a, i64 %b, i64 %c, i64 %d, i64 %e) noinline {
  ret i64 %a
}

; CHECK-LABEL: define ptx_kernel void @limited(
; CHECK:       %size = load i64, ptr %env
; CHECK-NEXT:  %last = add i64 %size, -4
; CHECK:       {{^}}loop:
; CHECK-NEXT:  %i = phi
; CHECK-NEXT:  %more = icmp ult i64 %i, %last
; CHECK:       {{^}}after:
; CHECK-NEXT:  %[[SIZE:.*]] = load i64, ptr %env
; CHECK-NEXT:  %[[LAST:.*]] = add i64 %[[SIZE]], -4
; CHECK:       icmp ugt i64 %a, %[[LAST]]
; CHECK:       {{^}}slow:
; CHECK:       %[[AGAIN:.*]] = load i64, ptr %env
; CHECK:       mul i64 %a, %[[AGAIN]]
define ptx_kernel void @limited(ptr byval([16 x i64]) %env, ptr addrspace(1) %p) {
entry:
  %size = load i64, ptr %env
  %last = add i64 %size, -4
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %more = icmp ult i64 %i, %last
  %next = add i64 %i, 1
  br i1 %more, label %loop, label %after
after:
  %a = load i64, ptr addrspace(1) %p
  %bad = icmp ugt i64 %a, %last
  br i1 %bad, label %slow, label %done, !prof !0
slow:
  %m = mul i64 %a, %size
  %n = xor i64 %a, %m
  %s = call i64 @helper(i64 %a, i64 %i, i64 %m, i64 %n, i64 %a)
  %t = call i64 @helper(i64 %s, i64 %i, i64 %m, i64 %n, i64 %a)
  store i64 %t, ptr addrspace(1) %p
  br label %done
done:
  ret void
}

; No limit: as it was.
; CHECK-LABEL: define ptx_kernel void @unlimited(
; CHECK:       load i64, ptr %env
; CHECK-NOT:   load i64, ptr %env
; CHECK:       ret void
define ptx_kernel void @unlimited(ptr byval([16 x i64]) %env, ptr addrspace(1) %p) {
entry:
  %size = load i64, ptr %env
  %a = load i64, ptr addrspace(1) %p
  %bad = icmp ugt i64 %a, %size
  br i1 %bad, label %more, label %done
more:
  store i64 %size, ptr addrspace(1) %p
  br label %done
done:
  ret void
}

!0 = !{!"branch_weights", i32 1, i32 1048575}
