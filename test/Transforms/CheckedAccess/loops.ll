; A loop's slow copy calls as well; its fast one does not, and neither does one with
; few checks.
;
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-loops,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)

; CHECK-LABEL: define void @six(
; CHECK: br i1 %{{.*}}, label %loop.fast, label %loop.fast.checked, !prof
; CHECK: {{^}}loop.checked:
; CHECK-COUNT-3: call i32 @__tw_checked_load_4(i32 %q.checked, i64 {{[0-9]+}}, ptr addrspace(1) %base, i64 %size, ptr %rt, i32 0, i32
; CHECK-COUNT-3: call void @__tw_checked_store_4(i32 %q.checked, i64 {{[0-9]+}}, ptr addrspace(1) %base, i64 %size, ptr %rt, i32 0, i32
; CHECK-NOT: __tw_
; CHECK: br i1 %{{.*}}, label %loop.checked,
; CHECK: {{^}}loop:
; CHECK-NOT: __tw_
; CHECK-COUNT-3: load i32, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: __tw_
; CHECK-COUNT-3: store i32 %{{.*}}, ptr addrspace(1) %{{.*}}, align 4
; CHECK-NOT: __tw_
; CHECK: ret void
define void @six(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %x = mul i32 %i, 24
  %q = add i32 %p, %x
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %v = load i32, ptr addrspace(1) %a, align 1
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 4, i64 4, ptr %rt, i32 0, i32 11)
  %a4 = getelementptr i8, ptr addrspace(1) %a, i64 4
  %v4 = load i32, ptr addrspace(1) %a4, align 1
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 8, i64 4, ptr %rt, i32 0, i32 12)
  %a8 = getelementptr i8, ptr addrspace(1) %a, i64 8
  %v8 = load i32, ptr addrspace(1) %a8, align 1
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 12, i64 4, ptr %rt, i32 0, i32 13)
  %a12 = getelementptr i8, ptr addrspace(1) %a, i64 12
  store i32 %v8, ptr addrspace(1) %a12, align 1
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 16, i64 4, ptr %rt, i32 0, i32 14)
  %a16 = getelementptr i8, ptr addrspace(1) %a, i64 16
  store i32 %v4, ptr addrspace(1) %a16, align 1
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 20, i64 4, ptr %rt, i32 0, i32 15)
  %a20 = getelementptr i8, ptr addrspace(1) %a, i64 20
  store i32 %v, ptr addrspace(1) %a20, align 1
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; CHECK-LABEL: define void @two(
; CHECK: br i1 %{{.*}}, label %loop.fast, label %loop.fast.checked, !prof
; CHECK: {{^}}loop.checked:
; CHECK-COUNT-2: call void @__tw_check_bounds(
; CHECK-NOT: __tw_
; CHECK: ret void
define void @two(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %x = shl i32 %i, 3
  %q = add i32 %p, %x
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 20)
  %v = load i32, ptr addrspace(1) %a, align 1
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 4, i64 4, ptr %rt, i32 0, i32 21)
  %a4 = getelementptr i8, ptr addrspace(1) %a, i64 4
  store i32 %v, ptr addrspace(1) %a4, align 1
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}
