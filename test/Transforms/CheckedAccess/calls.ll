; Where a range test has failed, a check and its access are one call: in functions
; with six checks or more, for a helper is as long as the code of two.
;
; RUN: %opt %s -passes='twc-group-guards,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)
declare void @note() memory(inaccessiblemem: readwrite) nounwind

; All kinds of accesses: the helper gets index, offset, base, size, the runtime's
; pointer, function and place, and the bytes of a store as an integer. Results are
; what the copy goes on with.
; CHECK-LABEL: define i64 @kinds(
; CHECK: br i1 %{{.*}}, label %[[FAST:.*]], label %[[SLOW:.*checked]], !prof
; CHECK: {{^}}[[FAST]]:
; CHECK-NOT: call {{.*}}__tw_
; CHECK: load i8,
; CHECK-NOT: call {{.*}}__tw_
; CHECK: {{^}}[[SLOW]]:
; CHECK-NOT: call void @__tw_check_bounds(
; CHECK: %[[B:.*]] = call i8 @__tw_checked_load_1(i32 %p, i64 0, ptr addrspace(1) %base, i64 %size, ptr %rt, i32 0, i32 10)
; CHECK: call void @__tw_checked_store_2(i32 %p, i64 2, ptr addrspace(1) %base, i64 %size, ptr %rt, i32 0, i32 11, i16 7)
; CHECK: %[[F:.*]] = call i32 @__tw_checked_load_4(i32 %p, i64 4, ptr addrspace(1) %base, i64 %size, ptr %rt, i32 0, i32 12)
; CHECK: %[[VALUE:.*]] = bitcast i32 %[[F]] to float
; CHECK: %[[BITS:.*]] = bitcast double %{{.*}} to i64
; CHECK: call void @__tw_checked_store_8(i32 %p, i64 8, ptr addrspace(1) %base, i64 %size, ptr %rt, i32 0, i32 13, i64 %[[BITS]])
; CHECK: %[[V:.*]] = call <4 x i32> @__tw_checked_load_16(i32 %p, i64 16, ptr addrspace(1) %base, i64 %size, ptr %rt, i32 0, i32 14)
; CHECK: bitcast <4 x i32> %[[V]] to <16 x i8>
; CHECK: call i64 @__tw_checked_load_8(i32 %q, i64 4294967295, ptr addrspace(1) %base, i64 %size, ptr %rt, i32 0, i32 15)
; CHECK-NOT: call void @__tw_check_bounds(
; CHECK: ret i64
define i64 @kinds(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %q) {
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 1, ptr %rt, i32 0, i32 10)
  %b = load i8, ptr addrspace(1) %a, align 1
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 2, i64 2, ptr %rt, i32 0, i32 11)
  %a2 = getelementptr i8, ptr addrspace(1) %a, i64 2
  store i16 7, ptr addrspace(1) %a2, align 1
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 4, i64 4, ptr %rt, i32 0, i32 12)
  %a4 = getelementptr i8, ptr addrspace(1) %a, i64 4
  %f = load float, ptr addrspace(1) %a4, align 1
  %d = fpext float %f to double
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 8, i64 8, ptr %rt, i32 0, i32 13)
  %a8 = getelementptr i8, ptr addrspace(1) %a, i64 8
  store double %d, ptr addrspace(1) %a8, align 1
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 16, i64 16, ptr %rt, i32 0, i32 14)
  %a16 = getelementptr i8, ptr addrspace(1) %a, i64 16
  %v = load <16 x i8>, ptr addrspace(1) %a16, align 1
  %zq = zext i32 %q to i64
  %aq = getelementptr i8, ptr addrspace(1) %base, i64 %zq
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 4294967295, i64 8, ptr %rt, i32 0, i32 15)
  %aqf = getelementptr i8, ptr addrspace(1) %aq, i64 4294967295
  %w = load i64, ptr addrspace(1) %aqf, align 1
  %e = extractelement <16 x i8> %v, i32 3
  %s = add i8 %b, %e
  %t = zext i8 %s to i64
  %r = add i64 %w, %t
  ret i64 %r
}

; Something that others can see happens between a check and its access: they stay
; apart, for a trap must come before it. So does a volatile access. The others are
; calls.
; CHECK-LABEL: define void @between(
; CHECK: checked:
; CHECK: call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 20)
; CHECK-NEXT: call void @note()
; CHECK-NOT: __tw_check
; CHECK: call void @__tw_store_bytes_4_seldom(
; CHECK: call void @__tw_check_bounds(i32 %p, i64 %size, i64 4, i64 4, ptr %rt, i32 0, i32 21)
; CHECK: store volatile i32 1, ptr addrspace(1)
; CHECK-COUNT-4: call void @__tw_checked_store_4(
; CHECK: ret void
define void @between(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p) {
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 20)
  call void @note()
  store i32 0, ptr addrspace(1) %a, align 1
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 4, i64 4, ptr %rt, i32 0, i32 21)
  %a4 = getelementptr i8, ptr addrspace(1) %a, i64 4
  store volatile i32 1, ptr addrspace(1) %a4, align 1
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 8, i64 4, ptr %rt, i32 0, i32 22)
  %a8 = getelementptr i8, ptr addrspace(1) %a, i64 8
  store i32 2, ptr addrspace(1) %a8, align 1
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 12, i64 4, ptr %rt, i32 0, i32 23)
  %a12 = getelementptr i8, ptr addrspace(1) %a, i64 12
  store i32 3, ptr addrspace(1) %a12, align 1
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 16, i64 4, ptr %rt, i32 0, i32 24)
  %a16 = getelementptr i8, ptr addrspace(1) %a, i64 16
  store i32 4, ptr addrspace(1) %a16, align 1
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 20, i64 4, ptr %rt, i32 0, i32 25)
  %a20 = getelementptr i8, ptr addrspace(1) %a, i64 20
  store i32 5, ptr addrspace(1) %a20, align 1
  ret void
}

; A check of more bytes than the access that follows, one whose access is gone, and
; one whose access is elsewhere: checks as they were.
; CHECK-LABEL: define i32 @others(
; CHECK: checked:
; CHECK: call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 8, ptr %rt, i32 0, i32 30)
; CHECK: call void @__tw_check_bounds(i32 %p, i64 %size, i64 100, i64 4, ptr %rt, i32 0, i32 31)
; CHECK: call void @__tw_check_bounds(i32 %p, i64 %size, i64 12, i64 4, ptr %rt, i32 0, i32 32)
; CHECK-COUNT-3: call i32 @__tw_checked_load_4(
; CHECK-NOT: __tw_checked_load
; CHECK: ret i32
define i32 @others(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p) {
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 8, ptr %rt, i32 0, i32 30)
  %v = load i32, ptr addrspace(1) %a, align 1
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 100, i64 4, ptr %rt, i32 0, i32 31)
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 12, i64 4, ptr %rt, i32 0, i32 32)
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 16, i64 4, ptr %rt, i32 0, i32 33)
  %a16 = getelementptr i8, ptr addrspace(1) %a, i64 16
  %v16 = load i32, ptr addrspace(1) %a16, align 1
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 20, i64 4, ptr %rt, i32 0, i32 34)
  %a20 = getelementptr i8, ptr addrspace(1) %a, i64 20
  %v20 = load i32, ptr addrspace(1) %a20, align 1
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 24, i64 4, ptr %rt, i32 0, i32 35)
  %a24 = getelementptr i8, ptr addrspace(1) %a, i64 24
  %v24 = load i32, ptr addrspace(1) %a24, align 1
  %s = add i32 %v, %v16
  %s1 = add i32 %s, %v20
  %s2 = add i32 %s1, %v24
  ret i32 %s2
}

; Five checks: as they were.
; CHECK-LABEL: define void @few(
; CHECK: checked:
; CHECK-COUNT-5: call void @__tw_check_bounds(
; CHECK-NOT: __tw_checked_
; CHECK: ret void
define void @few(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p) {
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 40)
  store i32 0, ptr addrspace(1) %a, align 1
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 4, i64 4, ptr %rt, i32 0, i32 41)
  %a4 = getelementptr i8, ptr addrspace(1) %a, i64 4
  store i32 1, ptr addrspace(1) %a4, align 1
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 8, i64 4, ptr %rt, i32 0, i32 42)
  %a8 = getelementptr i8, ptr addrspace(1) %a, i64 8
  store i32 2, ptr addrspace(1) %a8, align 1
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 12, i64 4, ptr %rt, i32 0, i32 43)
  %a12 = getelementptr i8, ptr addrspace(1) %a, i64 12
  store i32 3, ptr addrspace(1) %a12, align 1
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 16, i64 4, ptr %rt, i32 0, i32 44)
  %a16 = getelementptr i8, ptr addrspace(1) %a, i64 16
  store i32 4, ptr addrspace(1) %a16, align 1
  ret void
}

; All that an index can reach is mapped: nothing to trap, and no call. The region
; ends ahead of an atomic access: its check is in it, but alone.
; CHECK-LABEL: define void @isolated(
; CHECK: checked:
; CHECK-COUNT-6: call void @__tw_check_bounds(i32 %p, i64 4294967296,
; CHECK-NOT: __tw_checked_
; CHECK: call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 56)
; CHECK-NOT: __tw_checked_
; CHECK: atomicrmw add
; CHECK-NOT: __tw_checked_
; CHECK: ret void
define void @isolated(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p) {
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  call void @__tw_check_bounds(i32 %p, i64 4294967296, i64 0, i64 4, ptr %rt, i32 0, i32 50)
  store i32 0, ptr addrspace(1) %a, align 1
  call void @__tw_check_bounds(i32 %p, i64 4294967296, i64 4, i64 4, ptr %rt, i32 0, i32 51)
  %a4 = getelementptr i8, ptr addrspace(1) %a, i64 4
  store i32 1, ptr addrspace(1) %a4, align 1
  call void @__tw_check_bounds(i32 %p, i64 4294967296, i64 8, i64 4, ptr %rt, i32 0, i32 52)
  %a8 = getelementptr i8, ptr addrspace(1) %a, i64 8
  store i32 2, ptr addrspace(1) %a8, align 1
  call void @__tw_check_bounds(i32 %p, i64 4294967296, i64 12, i64 4, ptr %rt, i32 0, i32 53)
  %a12 = getelementptr i8, ptr addrspace(1) %a, i64 12
  store i32 3, ptr addrspace(1) %a12, align 1
  call void @__tw_check_bounds(i32 %p, i64 4294967296, i64 16, i64 4, ptr %rt, i32 0, i32 54)
  %a16 = getelementptr i8, ptr addrspace(1) %a, i64 16
  store i32 4, ptr addrspace(1) %a16, align 1
  call void @__tw_check_bounds(i32 %p, i64 4294967296, i64 20, i64 4, ptr %rt, i32 0, i32 55)
  %a20 = getelementptr i8, ptr addrspace(1) %a, i64 20
  store i32 5, ptr addrspace(1) %a20, align 1
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 56)
  %old = atomicrmw add ptr addrspace(1) %a, i32 1 monotonic
  ret void
}

; A trap is seen like a check's: a load's helper reads memory, and may not return.
; CHECK: declare i8 @__tw_checked_load_1(i32, i64, ptr addrspace(1), i64, ptr, i32, i32) #[[LOAD:[0-9]+]]
; CHECK: declare void @__tw_checked_store_2(i32, i64, ptr addrspace(1), i64, ptr, i32, i32, i16) #[[STORE:[0-9]+]]
; CHECK: attributes #[[LOAD]] = { cold noinline norecurse nounwind memory(read, inaccessiblemem: readwrite
; CHECK: attributes #[[STORE]] = { cold noinline norecurse nounwind }
