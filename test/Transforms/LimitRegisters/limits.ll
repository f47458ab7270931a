; A kernel whose unlikely code needs more registers than its likely code says how
; many it may have. Nothing else does.
;
; RUN: %opt %s -passes=twc-limit-registers -S | FileCheck %s

target datalayout = "e-i64:64-i128:128-i256:256-v16:16-v32:32-n16:32:64"
target triple = "nvptx64-nvidia-cuda"

define internal i64 @helper(i64 %a, i64 %b, i64 %c, i64 %d, i64 %e) noinline {
  ret i64 %a
}

; Eleven registers of arguments and what is alive, and the helper's own, beside a
; likely path of two.
; CHECK: define ptx_kernel void @capped({{.*}} #[[CAPPED:[0-9]+]]
define ptx_kernel void @capped(ptr addrspace(1) %p) {
entry:
  %a = load i64, ptr addrspace(1) %p
  %q = getelementptr i64, ptr addrspace(1) %p, i64 1
  %b = load i64, ptr addrspace(1) %q
  %bad = icmp ugt i64 %a, %b
  br i1 %bad, label %slow, label %done, !prof !0
slow:
  %m = mul i64 %a, %b
  %n = xor i64 %a, %m
  %s = call i64 @helper(i64 %a, i64 %b, i64 %m, i64 %n, i64 %a)
  %t = call i64 @helper(i64 %s, i64 %b, i64 %m, i64 %n, i64 %a)
  store i64 %t, ptr addrspace(1) %p
  br label %done
done:
  ret void
}

; The same where it comes often: what a callee needs is not known.
; CHECK: define ptx_kernel void @likely(ptr addrspace(1) %p) {
define ptx_kernel void @likely(ptr addrspace(1) %p) {
entry:
  %a = load i64, ptr addrspace(1) %p
  %q = getelementptr i64, ptr addrspace(1) %p, i64 1
  %b = load i64, ptr addrspace(1) %q
  %bad = icmp ugt i64 %a, %b
  br i1 %bad, label %slow, label %done
slow:
  %m = mul i64 %a, %b
  %n = xor i64 %a, %m
  %s = call i64 @helper(i64 %a, i64 %b, i64 %m, i64 %n, i64 %a)
  store i64 %s, ptr addrspace(1) %p
  br label %done
done:
  ret void
}

; No helper.
; CHECK: define ptx_kernel void @leaf(ptr addrspace(1) %p) {
define ptx_kernel void @leaf(ptr addrspace(1) %p) {
entry:
  %a = load i64, ptr addrspace(1) %p
  store i64 %a, ptr addrspace(1) %p
  ret void
}

; A helper that needs little.
; CHECK: define internal i64 @little(i64 %a) {
define internal i64 @little(i64 %a) {
  ret i64 %a
}
; CHECK: define ptx_kernel void @small(ptr addrspace(1) %p) {
define ptx_kernel void @small(ptr addrspace(1) %p) {
entry:
  %a = load i64, ptr addrspace(1) %p
  %bad = icmp eq i64 %a, 0
  br i1 %bad, label %slow, label %done, !prof !0
slow:
  %s = call i64 @little(i64 %a)
  store i64 %s, ptr addrspace(1) %p
  br label %done
done:
  ret void
}

; CHECK: attributes #[[CAPPED]] = { "nvvm.maxnreg"="32" }

!0 = !{!"branch_weights", i32 1, i32 1048575}
