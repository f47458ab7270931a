; Accesses at indices that differ by a constant share one address, over branches as
; well: base + start, and a constant. That is right if start + constant does not wrap,
; which a range test of all of them shows. Where each is tested by itself, or at
; different places, the distance has a test of its own.
;
; RUN: %opt %s -passes='twc-group-guards,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)
declare void @barrier() convergent

; q = p - 8 is the lowest: 8 from there to the other, whichever comes. Offsets are
; added in 64 bits, and wrap nowhere: 4 and 12 are no distance.
; CHECK-LABEL: define i32 @branches(
; CHECK: .split.test:
; CHECK: %[[Q:.*]] = add i32 %p, -8
; CHECK: %[[APART:.*]] = icmp ule i32 %[[Q]], -9
; CHECK-NEXT: %[[OK:.*]] = and i1 %{{.*}}, %[[APART]]
; CHECK-NEXT: br i1 %[[OK]], label %.split, label %.split.checked, !prof
; CHECK: {{^}}.split:
; CHECK: %[[WIDE:.*]] = zext i32 %{{.*}} to i64
; CHECK-NEXT: %[[AT:.*]] = getelementptr i8, ptr addrspace(1) %base, i64 %[[WIDE]]
; CHECK: {{^}}left:
; CHECK: %[[LEFT:.*]] = getelementptr i8, ptr addrspace(1) %[[AT]], i64 12
; CHECK: load i32, ptr addrspace(1) %[[LEFT]], align 4
; CHECK: {{^}}right:
; CHECK: %[[RIGHT:.*]] = getelementptr i8, ptr addrspace(1) %[[AT]], i64 12
; CHECK: load i32, ptr addrspace(1) %[[RIGHT]], align 4
; CHECK: {{^}}join:
define i32 @branches(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i1 %c) {
  br i1 %c, label %left, label %right
left:
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 4, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %a4 = getelementptr i8, ptr addrspace(1) %a, i64 4
  %v = load i32, ptr addrspace(1) %a4, align 1
  br label %join
right:
  %q = add i32 %p, -8
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 12, i64 4, ptr %rt, i32 0, i32 11)
  %zq = zext i32 %q to i64
  %aq = getelementptr i8, ptr addrspace(1) %base, i64 %zq
  %a12 = getelementptr i8, ptr addrspace(1) %aq, i64 12
  %u = load i32, ptr addrspace(1) %a12, align 1
  br label %join
join:
  %r = phi i32 [ %v, %left ], [ %u, %right ]
  ret i32 %r
}

; One index, several offsets: nothing can wrap between them, nothing is asked.
; CHECK-LABEL: define i32 @offsets(
; CHECK: .split.test:
; CHECK-NOT: icmp ule i32 %p, -
; CHECK: br i1 %{{.*}}, label %.split, label %.split.checked, !prof
; CHECK: ret i32
define i32 @offsets(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i1 %c) {
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %v = load i32, ptr addrspace(1) %a, align 1
  br i1 %c, label %then, label %join
then:
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 8, i64 4, ptr %rt, i32 0, i32 11)
  %a8 = getelementptr i8, ptr addrspace(1) %a, i64 8
  %w = load i32, ptr addrspace(1) %a8, align 1
  br label %join
join:
  %r = phi i32 [ %v, %0 ], [ %w, %then ]
  ret i32 %r
}

; Three that all come have one test, in which the distance is.
; CHECK-LABEL: define i32 @always(
; CHECK: icmp uge i64 %size, 12
; CHECK: icmp ule i32 %p,
; CHECK-NOT: icmp ule
; CHECK: br i1 %{{.*}}, label %.split, label %.split.checked, !prof
; CHECK: ret i32
define i32 @always(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p) {
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %v = load i32, ptr addrspace(1) %a, align 1
  %q = add i32 %p, 8
  %zq = zext i32 %q to i64
  %aq = getelementptr i8, ptr addrspace(1) %base, i64 %zq
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 11)
  %w = load i32, ptr addrspace(1) %aq, align 1
  %s = add i32 %v, %w
  ret i32 %s
}
