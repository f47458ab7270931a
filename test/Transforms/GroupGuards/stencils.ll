; Ranges of a region: neighbours are one, others share the branch; and what a single
; access is worth.
;
; RUN: %opt %s -passes='twc-group-guards,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)
declare void @f()

; Five points: p - 4 to p + 8 is one range of 12 bytes, the rows above and below,
; whose distance the launch says, are one each.
; CHECK-LABEL: define float @stencil(
; CHECK: %[[WEST:.*]] = add i32 %p, -4
; CHECK: icmp uge i64 %size, 12
; CHECK: %[[LAST:.*]] = sub i64 %size, 12
; CHECK: %[[MOST:.*]] = trunc i64 %[[LAST]] to i32
; CHECK: icmp ule i32 %[[WEST]], %[[MOST]]
; CHECK: %[[NORTH:.*]] = sub i32 %p, %pitch
; CHECK: icmp uge i64 %size, 4
; CHECK: %[[LAST2:.*]] = sub i64 %size, 4
; CHECK: %[[MOST2:.*]] = trunc i64 %[[LAST2]] to i32
; CHECK: icmp ule i32 %[[NORTH]], %[[MOST2]]
; CHECK: %[[SOUTH:.*]] = add i32 %pitch, %p
; CHECK: icmp uge i64 %size, 4
; CHECK: %[[LAST3:.*]] = sub i64 %size, 4
; CHECK: %[[MOST3:.*]] = trunc i64 %[[LAST3]] to i32
; CHECK: icmp ule i32 %[[SOUTH]], %[[MOST3]]
; CHECK-NOT: icmp ul{{[et]}}
; CHECK: br i1 %{{.*}}, label %.split, label %.split.checked, !prof
; CHECK: {{^}}.split:
; CHECK-NOT: call
; CHECK-COUNT-4: load float, ptr addrspace(1) %{{.*}}, align 4
; CHECK: {{^}}.split.checked:
; CHECK-COUNT-4: call void @__tw_check_bounds(
; CHECK-COUNT-4: phi float
; CHECK: ret float
define float @stencil(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %pitch) {
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 4, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %a4 = getelementptr i8, ptr addrspace(1) %a, i64 4
  %e = load float, ptr addrspace(1) %a4, align 1
  %w0 = add i32 %p, -4
  call void @__tw_check_bounds(i32 %w0, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 11)
  %zw = zext i32 %w0 to i64
  %aw = getelementptr i8, ptr addrspace(1) %base, i64 %zw
  %w = load float, ptr addrspace(1) %aw, align 1
  %n0 = sub i32 %p, %pitch
  call void @__tw_check_bounds(i32 %n0, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 12)
  %zn = zext i32 %n0 to i64
  %an = getelementptr i8, ptr addrspace(1) %base, i64 %zn
  %n = load float, ptr addrspace(1) %an, align 1
  %s0 = add i32 %p, %pitch
  call void @__tw_check_bounds(i32 %s0, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 13)
  %zs = zext i32 %s0 to i64
  %as = getelementptr i8, ptr addrspace(1) %base, i64 %zs
  %s = load float, ptr addrspace(1) %as, align 1
  %x = fadd float %e, %w
  %y = fadd float %n, %s
  %r = fadd float %x, %y
  ret float %r
}

; More than 64 KiB apart: what lies between may not be memory. Two ranges.
; CHECK-LABEL: define void @far(
; CHECK: icmp uge i64 %size, 4
; CHECK: %[[LAST:.*]] = sub i64 %size, 4
; CHECK: %[[MOST:.*]] = trunc i64 %[[LAST]] to i32
; CHECK: icmp ule i32 %p, %[[MOST]]
; CHECK: %[[FAR:.*]] = add i32 %p, 65540
; CHECK: icmp uge i64 %size, 4
; CHECK: %[[LAST2:.*]] = sub i64 %size, 4
; CHECK: %[[MOST2:.*]] = trunc i64 %[[LAST2]] to i32
; CHECK: icmp ule i32 %[[FAR]], %[[MOST2]]
; CHECK: br i1 %{{.*}}, label %.split, label %.split.checked, !prof
; CHECK: ret void
define void @far(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p) {
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 1, ptr addrspace(1) %a, align 1
  %q = add i32 %p, 65540
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 11)
  %zq = zext i32 %q to i64
  %aq = getelementptr i8, ptr addrspace(1) %base, i64 %zq
  store i32 2, ptr addrspace(1) %aq, align 1
  ret void
}

; The same index in two memories: two ranges, each with its size.
; CHECK-LABEL: define void @twoMemories(
; CHECK: icmp uge i64 %size, 4
; CHECK: %[[LAST:.*]] = sub i64 %size, 4
; CHECK: %[[MOST:.*]] = trunc i64 %[[LAST]] to i32
; CHECK: icmp ule i32 %p, %[[MOST]]
; CHECK: icmp uge i64 %size2, 4
; CHECK: %[[LAST2:.*]] = sub i64 %size2, 4
; CHECK: %[[MOST2:.*]] = trunc i64 %[[LAST2]] to i32
; CHECK: icmp ule i32 %p, %[[MOST2]]
; CHECK: br i1 %{{.*}}, label %.split, label %.split.checked, !prof
; CHECK: ret void
define void @twoMemories(ptr addrspace(1) %base, i64 %size, ptr addrspace(1) %other, i64 %size2, ptr %rt, i32 %p) {
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %v = load i32, ptr addrspace(1) %a, align 1
  call void @__tw_check_bounds(i32 %p, i64 %size2, i64 0, i64 4, ptr %rt, i32 0, i32 11)
  %b = getelementptr i8, ptr addrspace(1) %other, i64 %z
  store i32 %v, ptr addrspace(1) %b, align 1
  ret void
}

; One access of more than a byte: bounds and alignment have one branch, instead of
; one each. p + 4 is a multiple of 8.
; CHECK-LABEL: define double @single(
; CHECK: %[[FITS:.*]] = icmp uge i64 %size, 12
; CHECK: %[[LAST:.*]] = sub i64 %size, 12
; CHECK: %[[MOST:.*]] = trunc i64 %[[LAST]] to i32
; CHECK: %[[IN:.*]] = icmp ule i32 %p, %[[MOST]]
; CHECK: %[[BOTH:.*]] = and i1 %[[FITS]], %[[IN]]
; CHECK: %[[FIRST:.*]] = add i32 %p, 4
; CHECK: %[[LOW:.*]] = and i32 %[[FIRST]], 7
; CHECK: %[[ALIGNED:.*]] = icmp eq i32 %[[LOW]], 0
; CHECK: %[[OK:.*]] = and i1 %[[BOTH]], %[[ALIGNED]]
; CHECK: br i1 %[[OK]], label %.split, label %.split.checked, !prof
; CHECK: load double, ptr addrspace(1) %{{.*}}, align 8
; CHECK: call void @__tw_check_bounds(i32 %p, i64 %size, i64 4, i64 8,
; CHECK: %[[BITS:.*]] = call i64 @__tw_load_bytes_8_seldom(
; CHECK: bitcast i64 %[[BITS]] to double
; CHECK: ret double
define double @single(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p) {
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 4, i64 8, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %o = getelementptr i8, ptr addrspace(1) %a, i64 4
  %v = load double, ptr addrspace(1) %o, align 1
  ret double %v
}

; The largest, a vector.
; CHECK-LABEL: define void @vector(
; CHECK: and i32 %{{.*}}, 15
; CHECK: store <4 x i32> %v, ptr addrspace(1) %{{.*}}, align 16
; CHECK: call void @__tw_store_bytes_16_seldom(ptr addrspace(1) %{{.*}}, <4 x i32> %v)
; CHECK: ret void
define void @vector(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, <4 x i32> %v) {
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 16, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store <4 x i32> %v, ptr addrspace(1) %a, align 1
  ret void
}
