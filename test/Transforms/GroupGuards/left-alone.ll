; What is no region, or ends one.
;
; RUN: %opt %s -passes='twc-group-guards,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)
declare void @__tw_check_bounds64(i64, i64, i64, i64, ptr, i32, i32)
declare void @f()

; An atomic operation is not copied: it ends a region, and its own check still counts
; in the one before it.
; CHECK-LABEL: define void @atomics(
; CHECK: icmp uge i64 %size, 8
; CHECK: %[[LAST:.*]] = sub i64 %size, 8
; CHECK: %[[MOST:.*]] = trunc i64 %[[LAST]] to i32
; CHECK: icmp ule i32 %p, %[[MOST]]
; CHECK: br i1 %{{.*}}, label %.split1, label %.split1.checked, !prof
; CHECK: atomicrmw add ptr addrspace(1) %{{.*}}, i32 %{{.*}} seq_cst, align 4
; CHECK-NOT: atomicrmw
; CHECK: br i1 %{{.*}}, label %.split, label %.split.checked, !prof
; CHECK-NOT: atomicrmw
; CHECK: ret void
define void @atomics(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p) {
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %v = load i32, ptr addrspace(1) %a, align 1
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 4, i64 4, ptr %rt, i32 0, i32 11)
  %a4 = getelementptr i8, ptr addrspace(1) %a, i64 4
  %o = atomicrmw add ptr addrspace(1) %a4, i32 %v seq_cst, align 4
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 8, i64 4, ptr %rt, i32 0, i32 12)
  %a8 = getelementptr i8, ptr addrspace(1) %a, i64 8
  store i32 %o, ptr addrspace(1) %a8, align 1
  ret void
}

; A volatile access is not taken apart: once, and of its width, in both.
; CHECK-LABEL: define i32 @volatile(
; CHECK: {{^}}.split:
; CHECK: load volatile i32, ptr addrspace(1) %{{.*}}, align 4
; CHECK: {{^}}.split.checked:
; CHECK: load volatile i32, ptr addrspace(1) %{{.*}}, align 1
; CHECK-NOT: load
; CHECK: ret i32
define i32 @volatile(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p) {
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %v = load volatile i32, ptr addrspace(1) %a, align 1
  ret i32 %v
}

; Checks of 64-bit memories have no ranges.
; CHECK-LABEL: define void @memory64(
; CHECK-NOT: br
; CHECK: call void @__tw_check_bounds64(
; CHECK-NOT: br
; CHECK: call void @__tw_check_bounds64(
; CHECK-NOT: br
; CHECK: ret void
define void @memory64(ptr addrspace(1) %base, i64 %size, ptr %rt, i64 %p) {
  call void @__tw_check_bounds64(i64 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %p
  store i32 1, ptr addrspace(1) %a, align 1
  call void @__tw_check_bounds64(i64 %p, i64 %size, i64 4, i64 4, ptr %rt, i32 0, i32 11)
  %a4 = getelementptr i8, ptr addrspace(1) %a, i64 4
  store i32 1, ptr addrspace(1) %a4, align 1
  ret void
}

; Where a test has failed already, nothing is to be gained.
; CHECK-LABEL: define void @cold(
; CHECK-NOT: br
; CHECK: call void @__tw_check_bounds(
; CHECK-NOT: br
; CHECK: call void @__tw_check_bounds(
; CHECK-NOT: br
; CHECK: ret void
define void @cold(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p) {
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10), !twc.cold !0
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 1, ptr addrspace(1) %a, align 1
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 4, i64 4, ptr %rt, i32 0, i32 11), !twc.cold !0
  %a4 = getelementptr i8, ptr addrspace(1) %a, i64 4
  store i32 1, ptr addrspace(1) %a4, align 1
  ret void
}

; Behind a call that may grow the memory its size is another one: two regions.
; CHECK-LABEL: define void @grown(
; CHECK: icmp uge i64 %size, 4
; CHECK: %[[LAST:.*]] = sub i64 %size, 4
; CHECK: %[[MOST:.*]] = trunc i64 %[[LAST]] to i32
; CHECK: icmp ule i32 %p, %[[MOST]]
; CHECK: br i1 %{{.*}}, label %.split1, label %.split1.checked, !prof
; CHECK: call void @f()
; CHECK-NOT: @f()
; CHECK: %size2 = load i64
; CHECK: icmp uge i64 %size2, 8
; CHECK: %[[LAST2:.*]] = sub i64 %size2, 8
; CHECK: %[[MOST2:.*]] = trunc i64 %[[LAST2]] to i32
; CHECK: icmp ule i32 %p, %[[MOST2]]
; CHECK: br i1 %{{.*}}, label %.split, label %.split.checked, !prof
; CHECK: ret void
define void @grown(ptr addrspace(1) %base, ptr %sizes, ptr %rt, i32 %p) {
  %size = load i64, ptr %sizes
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 1, ptr addrspace(1) %a, align 1
  call void @f()
  %size2 = load i64, ptr %sizes
  call void @__tw_check_bounds(i32 %p, i64 %size2, i64 4, i64 4, ptr %rt, i32 0, i32 11)
  %a4 = getelementptr i8, ptr addrspace(1) %a, i64 4
  store i32 1, ptr addrspace(1) %a4, align 1
  ret void
}

!0 = !{}
