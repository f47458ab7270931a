; Accesses of a grid that have several places: the test is of the likeliest, and asks
; for both of its ends. Behind it the address is of that place, its memory's space
; known; the copy still looks in all.
;
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-loops,verify' -S | FileCheck %s

target triple = "nvptx64-nvidia-cuda"
declare ptr @__tw_place_shared(i32, i64, i64, ptr addrspace(1), i64, ptr addrspace(3), i64, ptr, i64, i64, ptr, i32, i32)
declare ptr @__tw_place_stack(i32, i64, i64, ptr addrspace(1), i64, ptr addrspace(3), i64, ptr, i64, i64, ptr, i32, i32)
declare ptr @__tw_place_memory(i32, i64, i64, ptr addrspace(1), i64, ptr addrspace(3), i64, ptr, i64, i64, ptr, i32, i32)

; Shared memory is what is from 1024 on. p + 8 is in it, and p + 8 + 4 * n.
; CHECK-LABEL: define void @shared(
; CHECK: %[[START:.*]] = zext i32 %p to i64
; CHECK: %[[HIGH:.*]] = add i64 %[[START]], %{{.*}}
; CHECK: %[[LEAST:.*]] = add i64 %[[START]], 8
; CHECK: icmp sge i64 %[[LEAST]], 1024
; CHECK: %[[END:.*]] = add i64 %[[HIGH]], 12
; CHECK: %[[TOP:.*]] = add nuw nsw i64 %bytes, 1024
; CHECK: icmp sle i64 %[[END]], %[[TOP]]
; CHECK: and i64 %{{.*}}, 3
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: loop.checked:
; CHECK: call ptr @__tw_place_
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: %[[A:.*]] = getelementptr i8, ptr addrspace(3) %shared, i64
; CHECK: %[[HERE:.*]] = getelementptr i8, ptr addrspace(3) %[[A]], i64 -1016
; CHECK: store i32 7, ptr addrspace(3) %[[HERE]], align 4
; CHECK-NOT: call
; CHECK: ret void
define void @shared(ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %x = shl i32 %i, 2
  %q = add i32 %p, %x
  %a = call ptr @__tw_place_shared(i32 %q, i64 8, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 10)
  store i32 7, ptr %a, align 1
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; A thread's stack from 65280 to 65536, downwards.
; CHECK-LABEL: define void @stack(
; CHECK: %[[START:.*]] = zext i32 %p to i64
; CHECK: %[[WAY:.*]] = mul i64 -4,
; CHECK: %[[LEAST:.*]] = add i64 %[[START]], %[[WAY]]
; CHECK: %[[FIRST:.*]] = add i64 %[[LEAST]], 0
; CHECK: icmp sge i64 %[[FIRST]], 65280
; CHECK: %[[END:.*]] = add i64 %[[START]], 4
; CHECK: icmp sle i64 %[[END]], 65536
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: loop.checked:
; CHECK: call ptr @__tw_place_
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: %[[A:.*]] = getelementptr i8, ptr %stack, i64
; CHECK: %[[HERE:.*]] = getelementptr i8, ptr %[[A]], i64 -65280
; CHECK: store i32 7, ptr %[[HERE]], align 4
; CHECK-NOT: call
; CHECK: ret void
define void @stack(ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %stack, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %x = shl i32 %i, 2
  %q = sub i32 %p, %x
  %a = call ptr @__tw_place_stack(i32 %q, i64 0, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %stack, i64 65280, i64 65536, ptr %rt, i32 0, i32 10)
  store i32 7, ptr %a, align 1
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; Linear memory begins above shared memory.
; CHECK-LABEL: define void @memory(
; CHECK: %[[START:.*]] = zext i32 %p to i64
; CHECK: %[[HIGH:.*]] = add i64 %[[START]], %{{.*}}
; CHECK: %[[FIRST:.*]] = add i64 %[[START]], 0
; CHECK: %[[TOP:.*]] = add nuw nsw i64 %bytes, 1024
; CHECK: icmp sge i64 %[[FIRST]], %[[TOP]]
; CHECK: %[[END:.*]] = add i64 %[[HIGH]], 8
; CHECK: icmp sle i64 %[[END]], %size
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: loop.checked:
; CHECK: call ptr @__tw_place_
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: %[[HERE:.*]] = getelementptr i8, ptr addrspace(1) %base, i64
; CHECK: load i64, ptr addrspace(1) %[[HERE]], align 8
; CHECK: store i64 %{{.*}}, ptr addrspace(1) %[[HERE]], align 8
; CHECK-NOT: call
; CHECK: ret void
define void @memory(ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %x = shl i32 %i, 3
  %q = add i32 %p, %x
  %a = call ptr @__tw_place_memory(i32 %q, i64 0, i64 8, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 10)
  %v = load i64, ptr %a, align 1
  %w = add i64 %v, 1
  store i64 %w, ptr %a, align 1
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; Or above the stack, whose window lies higher: at p + 16 - 8 * n, where the index
; itself must not pass zero either.
; CHECK-LABEL: define void @aboveStack(
; CHECK: %[[LEAST:.*]] = add i64 %{{.*}}, %{{.*}}
; CHECK: icmp sge i64 %[[LEAST]], 0
; CHECK: %[[FIRST:.*]] = add i64 %[[LEAST]], 16
; CHECK: icmp sge i64 %[[FIRST]], 65536
; CHECK: %[[END:.*]] = add i64 %{{.*}}, 24
; CHECK: icmp sle i64 %[[END]], %size
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: loop.checked:
; CHECK: call ptr @__tw_place_
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: store i64 1, ptr addrspace(1) %{{.*}}, align 8
; CHECK-NOT: call
; CHECK: ret void
define void @aboveStack(ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %stack, ptr %rt, i32 %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %x = shl i32 %i, 3
  %q = sub i32 %p, %x
  %a = call ptr @__tw_place_memory(i32 %q, i64 16, i64 8, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %stack, i64 65280, i64 65536, ptr %rt, i32 0, i32 10)
  store i64 1, ptr %a, align 1
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; A tile is filled: two places, one branch.
; CHECK-LABEL: define void @both(
; CHECK: icmp sge i64 %{{.*}}, %{{.*}}
; CHECK: icmp sle i64 %{{.*}}, %size
; CHECK: icmp sge i64 %{{.*}}, 1024
; CHECK: icmp sle i64 %{{.*}}, %{{.*}}
; CHECK: br i1 %{{.*}}, label %loop.fast, label %
; CHECK: loop.checked:
; CHECK: call ptr @__tw_place_
; CHECK: {{^}}loop:
; CHECK-NOT: call
; CHECK: load float, ptr addrspace(1) %{{.*}}, align 4
; CHECK: store float %v, ptr addrspace(3) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: ret void
define void @both(ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %rt, i32 %p, i32 %t, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %x = shl i32 %i, 2
  %q = add i32 %p, %x
  %a = call ptr @__tw_place_memory(i32 %q, i64 0, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 10)
  %v = load float, ptr %a, align 1
  %s = add i32 %t, %x
  %b = call ptr @__tw_place_shared(i32 %s, i64 0, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 11)
  store float %v, ptr %b, align 1
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}
