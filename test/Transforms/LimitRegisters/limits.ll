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

; 65 registers or so are alive at once in likely code, for which the limit is 80: of
; those 17 are shifts, masks and products of one loaded value. Without them an SM
; has room for a third more threads.
; CHECK: define ptx_kernel void @anew({{.*}} #[[ANEW:[0-9]+]]
define ptx_kernel void @anew(ptr addrspace(1) %p) {
  %v0 = load volatile <16 x i32>, ptr addrspace(1) %p
  %v1 = load volatile <16 x i32>, ptr addrspace(1) %p
  %v2 = load volatile <16 x i32>, ptr addrspace(1) %p
  %x = load volatile i32, ptr addrspace(1) %p
  %s0 = shl i32 %x, 3
  %s1 = lshr i32 %x, 4
  %s2 = and i32 %x, 5
  %s3 = mul i32 %x, 6
  %s4 = shl i32 %x, 7
  %s5 = lshr i32 %x, 8
  %s6 = and i32 %x, 9
  %s7 = mul i32 %x, 10
  %s8 = shl i32 %x, 11
  %s9 = lshr i32 %x, 12
  %s10 = and i32 %x, 13
  %s11 = mul i32 %x, 14
  %s12 = shl i32 %x, 15
  %s13 = lshr i32 %x, 16
  %s14 = and i32 %x, 17
  %s15 = mul i32 %x, 18
  %s16 = shl i32 %x, 19
  %bad = icmp ugt i32 %x, 7
  br i1 %bad, label %slow, label %done, !prof !0
slow:
  %w = zext i32 %x to i64
  call i64 @helper(i64 %w, i64 %w, i64 %w, i64 %w, i64 %w)
  br label %done
done:
  store volatile <16 x i32> %v0, ptr addrspace(1) %p
  store volatile <16 x i32> %v1, ptr addrspace(1) %p
  store volatile <16 x i32> %v2, ptr addrspace(1) %p
  store volatile i32 %s0, ptr addrspace(1) %p
  store volatile i32 %s1, ptr addrspace(1) %p
  store volatile i32 %s2, ptr addrspace(1) %p
  store volatile i32 %s3, ptr addrspace(1) %p
  store volatile i32 %s4, ptr addrspace(1) %p
  store volatile i32 %s5, ptr addrspace(1) %p
  store volatile i32 %s6, ptr addrspace(1) %p
  store volatile i32 %s7, ptr addrspace(1) %p
  store volatile i32 %s8, ptr addrspace(1) %p
  store volatile i32 %s9, ptr addrspace(1) %p
  store volatile i32 %s10, ptr addrspace(1) %p
  store volatile i32 %s11, ptr addrspace(1) %p
  store volatile i32 %s12, ptr addrspace(1) %p
  store volatile i32 %s13, ptr addrspace(1) %p
  store volatile i32 %s14, ptr addrspace(1) %p
  store volatile i32 %s15, ptr addrspace(1) %p
  store volatile i32 %s16, ptr addrspace(1) %p
  ret void
}

; Nine are, and what is loaded is more: 72 has room for few more threads.
; CHECK: define ptx_kernel void @kept({{.*}} #[[KEPT:[0-9]+]]
define ptx_kernel void @kept(ptr addrspace(1) %p) {
  %v0 = load volatile <16 x i32>, ptr addrspace(1) %p
  %v1 = load volatile <16 x i32>, ptr addrspace(1) %p
  %v2 = load volatile <16 x i32>, ptr addrspace(1) %p
  %e0 = load volatile i32, ptr addrspace(1) %p
  %e1 = load volatile i32, ptr addrspace(1) %p
  %e2 = load volatile i32, ptr addrspace(1) %p
  %e3 = load volatile i32, ptr addrspace(1) %p
  %e4 = load volatile i32, ptr addrspace(1) %p
  %e5 = load volatile i32, ptr addrspace(1) %p
  %e6 = load volatile i32, ptr addrspace(1) %p
  %e7 = load volatile i32, ptr addrspace(1) %p
  %x = load volatile i32, ptr addrspace(1) %p
  %s0 = shl i32 %x, 3
  %s1 = lshr i32 %x, 4
  %s2 = and i32 %x, 5
  %s3 = mul i32 %x, 6
  %s4 = shl i32 %x, 7
  %s5 = lshr i32 %x, 8
  %s6 = and i32 %x, 9
  %s7 = mul i32 %x, 10
  %s8 = shl i32 %x, 11
  %bad = icmp ugt i32 %x, 7
  br i1 %bad, label %slow, label %done, !prof !0
slow:
  %w = zext i32 %x to i64
  call i64 @helper(i64 %w, i64 %w, i64 %w, i64 %w, i64 %w)
  br label %done
done:
  store volatile <16 x i32> %v0, ptr addrspace(1) %p
  store volatile <16 x i32> %v1, ptr addrspace(1) %p
  store volatile <16 x i32> %v2, ptr addrspace(1) %p
  store volatile i32 %e0, ptr addrspace(1) %p
  store volatile i32 %e1, ptr addrspace(1) %p
  store volatile i32 %e2, ptr addrspace(1) %p
  store volatile i32 %e3, ptr addrspace(1) %p
  store volatile i32 %e4, ptr addrspace(1) %p
  store volatile i32 %e5, ptr addrspace(1) %p
  store volatile i32 %e6, ptr addrspace(1) %p
  store volatile i32 %e7, ptr addrspace(1) %p
  store volatile i32 %s0, ptr addrspace(1) %p
  store volatile i32 %s1, ptr addrspace(1) %p
  store volatile i32 %s2, ptr addrspace(1) %p
  store volatile i32 %s3, ptr addrspace(1) %p
  store volatile i32 %s4, ptr addrspace(1) %p
  store volatile i32 %s5, ptr addrspace(1) %p
  store volatile i32 %s6, ptr addrspace(1) %p
  store volatile i32 %s7, ptr addrspace(1) %p
  store volatile i32 %s8, ptr addrspace(1) %p
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
; CHECK: attributes #[[ANEW]] = { "nvvm.maxnreg"="64" }
; CHECK: attributes #[[KEPT]] = { "nvvm.maxnreg"="80" }

!0 = !{!"branch_weights", i32 1, i32 1048575}
