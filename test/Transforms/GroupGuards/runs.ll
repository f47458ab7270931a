; Accesses of one block share a test, where their indices are known before the
; first of them.
;
; RUN: %opt %s -passes='twc-group-guards,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)
declare void @barrier() convergent

; Fields of a structure, and an element before it: one range from p - 4.
; CHECK-LABEL: define float @fields(
; CHECK: %[[LOW:.*]] = add i32 %p, -4
; CHECK: icmp uge i64 %size, 16
; CHECK: %[[LAST:.*]] = sub i64 %size, 16
; CHECK: %[[MOST:.*]] = trunc i64 %[[LAST]] to i32
; CHECK: icmp ule i32 %[[LOW]], %[[MOST]]
; CHECK-NOT: icmp ul{{[et]}}
; CHECK: br i1 %{{.*}}, label %[[FAST:.*]], label %[[SLOW:.*]], !prof
; CHECK: [[FAST]]:
; CHECK-NOT: call
; CHECK: load float, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: load float, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: load float, ptr addrspace(1) %{{.*}}, align 4
; CHECK: [[SLOW]]:
; CHECK-COUNT-3: call void @__tw_check_bounds(
; CHECK: phi float
; CHECK: ret float
define float @fields(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p) {
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %x = load float, ptr addrspace(1) %a, align 1
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 8, i64 4, ptr %rt, i32 0, i32 11)
  %a8 = getelementptr i8, ptr addrspace(1) %a, i64 8
  %y = load float, ptr addrspace(1) %a8, align 1
  %q = add i32 %p, -4
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 12)
  %zq = zext i32 %q to i64
  %aq = getelementptr i8, ptr addrspace(1) %base, i64 %zq
  %w = load float, ptr addrspace(1) %aq, align 1
  %s = fadd float %x, %y
  %t = fadd float %s, %w
  ret float %t
}

; Arrays that have nothing to do with each other: two ranges, one branch. A
; misaligned access is made byte by byte behind it.
; CHECK-LABEL: define void @arrays(
; CHECK: icmp uge i64 %size, 4
; CHECK: %[[LAST:.*]] = sub i64 %size, 4
; CHECK: %[[MOST:.*]] = trunc i64 %[[LAST]] to i32
; CHECK: icmp ule i32 %p, %[[MOST]]
; CHECK: icmp uge i64 %size, 4
; CHECK: %[[LAST2:.*]] = sub i64 %size, 4
; CHECK: %[[MOST2:.*]] = trunc i64 %[[LAST2]] to i32
; CHECK: icmp ule i32 %q, %[[MOST2]]
; CHECK-NOT: icmp ul{{[et]}}
; CHECK: br i1 %{{.*}}, label %[[FAST:.*]], label %[[SLOW:.*]], !prof
; CHECK: [[FAST]]:
; CHECK-NOT: call
; CHECK: load i32, ptr addrspace(1) %{{.*}}, align 4
; CHECK: store i32 %{{.*}}, ptr addrspace(1) %{{.*}}, align 4
; CHECK: [[SLOW]]:
; CHECK: call void @__tw_check_bounds(
; CHECK: call i32 @__tw_load_bytes_4_seldom(
; CHECK: call void @__tw_check_bounds(
; CHECK: call void @__tw_store_bytes_4_seldom(
; CHECK: ret void
define void @arrays(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %q) {
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %x = load i32, ptr addrspace(1) %a, align 1
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 11)
  %zq = zext i32 %q to i64
  %aq = getelementptr i8, ptr addrspace(1) %base, i64 %zq
  store i32 %x, ptr addrspace(1) %aq, align 1
  ret void
}

; The second index comes from memory: a second run.
; CHECK-LABEL: define i32 @indirect(
; CHECK: icmp ule i32 %p,
; CHECK: br i1
; CHECK: %[[Q:.*]] = phi i32
; CHECK: icmp uge i64 %size, 4
; CHECK: %[[LAST:.*]] = sub i64 %size, 4
; CHECK: %[[MOST:.*]] = trunc i64 %[[LAST]] to i32
; CHECK: icmp ule i32 %[[Q]], %[[MOST]]
; CHECK: br i1
; CHECK: ret i32
define i32 @indirect(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p) {
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %q = load i32, ptr addrspace(1) %a, align 1
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 11)
  %zq = zext i32 %q to i64
  %aq = getelementptr i8, ptr addrspace(1) %base, i64 %zq
  %x = load i32, ptr addrspace(1) %aq, align 1
  ret i32 %x
}

; Fields that want different alignments at places that exclude each other: no
; alignment is tested, and none is claimed.
; CHECK-LABEL: define i32 @packed(
; CHECK-NOT: and {{i32|i64}}
; CHECK: icmp ule i32 %p,
; CHECK-NOT: and {{i32|i64}}
; CHECK: br i1 %{{.*}}, label %[[FAST:.*]], label %
; CHECK: [[FAST]]:
; CHECK: load i32, ptr addrspace(1) %{{.*}}, align 1
; CHECK: load i32, ptr addrspace(1) %{{.*}}, align 1
; CHECK: ret i32
define i32 @packed(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p) {
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %x = load i32, ptr addrspace(1) %a, align 1
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 5, i64 4, ptr %rt, i32 0, i32 11)
  %a5 = getelementptr i8, ptr addrspace(1) %a, i64 5
  %y = load i32, ptr addrspace(1) %a5, align 1
  %s = add i32 %x, %y
  ret i32 %s
}

; What threads do together is not copied: it ends a run.
; CHECK-LABEL: define void @barriers(
; CHECK: br i1
; CHECK: call void @barrier()
; CHECK: br i1
; CHECK-NOT: call void @barrier()
; CHECK: ret void
define void @barriers(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p) {
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 1, ptr addrspace(1) %a, align 1
  call void @barrier() convergent
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 4, i64 4, ptr %rt, i32 0, i32 11)
  %a4 = getelementptr i8, ptr addrspace(1) %a, i64 4
  store i32 2, ptr addrspace(1) %a4, align 1
  ret void
}

; A single byte: its check is one branch already.
; CHECK-LABEL: define void @byte(
; CHECK-NOT: br
; CHECK: ret void
define void @byte(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p) {
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 1, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i8 1, ptr addrspace(1) %a, align 1
  ret void
}
