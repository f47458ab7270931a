; Branches that end a region: one has a test ahead of them, others behind.
;
; RUN: %opt %s -passes='twc-group-guards,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)
declare i32 @next(i32)

; A switch: each case for itself.
; CHECK-LABEL: define void @switched(
; CHECK: entry:
; CHECK-NEXT: switch i32 %k
; CHECK: br i1 %{{.*}}, label %zero.split, label %zero.split.checked, !prof
; CHECK: br i1 %{{.*}}, label %one.split, label %one.split.checked, !prof
; CHECK: ret void
define void @switched(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %k) {
entry:
  switch i32 %k, label %join [
    i32 0, label %zero
    i32 1, label %one
  ]
zero:
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 1, ptr addrspace(1) %a, align 1
  br label %join
one:
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 4, i64 4, ptr %rt, i32 0, i32 11)
  %z1 = zext i32 %p to i64
  %a1 = getelementptr i8, ptr addrspace(1) %base, i64 %z1
  %o1 = getelementptr i8, ptr addrspace(1) %a1, i64 4
  store i32 2, ptr addrspace(1) %o1, align 1
  br label %join
join:
  ret void
}

; A loop in between is not copied.
; CHECK-LABEL: define void @around(
; CHECK: br i1 %{{.*}}, label %entry.split, label %entry.split.checked, !prof
; CHECK: call i32 @next(
; CHECK-NOT: call i32 @next(
; CHECK: br i1 %{{.*}}, label %exit.split, label %exit.split.checked, !prof
; CHECK-NOT: call i32 @next(
; CHECK: ret void
define void @around(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 1, ptr addrspace(1) %a, align 1
  br label %loop
loop:
  %i = phi i32 [ %n, %entry ], [ %i1, %loop ]
  %i1 = call i32 @next(i32 %i)
  %c = icmp ne i32 %i1, 0
  br i1 %c, label %loop, label %exit
exit:
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 4, i64 4, ptr %rt, i32 0, i32 11)
  %a4 = getelementptr i8, ptr addrspace(1) %a, i64 4
  store i32 2, ptr addrspace(1) %a4, align 1
  ret void
}

; The function may end before the second access: the paths do not meet.
; CHECK-LABEL: define void @leaves(
; CHECK: br i1 %{{.*}}, label %entry.split, label %entry.split.checked, !prof
; CHECK: br i1 %c, label %out, label %more
; CHECK: br i1 %{{.*}}, label %more.split, label %more.split.checked, !prof
; CHECK: ret void
define void @leaves(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i1 %c) {
entry:
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  store i32 1, ptr addrspace(1) %a, align 1
  br i1 %c, label %out, label %more
out:
  ret void
more:
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 4, i64 4, ptr %rt, i32 0, i32 11)
  %a4 = getelementptr i8, ptr addrspace(1) %a, i64 4
  store i32 2, ptr addrspace(1) %a4, align 1
  ret void
}
