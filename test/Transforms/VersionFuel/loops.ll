; One test ahead of a loop, behind which it asks for no fuel, and counts none; where
; the test fails a copy counts.
;
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-version-fuel' -S | FileCheck %s

target datalayout = "e-i64:64-i128:128-i256:256-v16:16-v32:32-n16:32:64"
target triple = "nvptx64-nvidia-cuda"

declare void @__tw_trap_if(i1, i32, ptr, i32, i32)

; 10 a trip, and the cost of the last test.
; CHECK-LABEL: define i64 @counted(
; CHECK:       %[[BACK:.*]] = add i32 %n, -1
; CHECK:       %[[WIDE:.*]] = zext i32 %[[BACK]] to i64
; CHECK:       %[[TRIPS:.*]] = add i64 %[[WIDE]], 1
; CHECK:       %[[TAKEN:.*]] = mul i64 10, %[[TRIPS]]
; CHECK:       %[[SUM:.*]] = add i64 0, %[[TAKEN]]
; CHECK:       %[[NEED:.*]] = add i64 %[[SUM]], 10
; CHECK:       %[[ENOUGH:.*]] = icmp uge i64 %fuel, %[[NEED]]
; CHECK:       br i1 %[[ENOUGH]], label %[[FAST:.*]], label %{{.*}}.checked{{.*}}, !prof
; CHECK:       {{^}}loop.checked:
; CHECK:       call void @__tw_trap_if(
; CHECK:       {{^}}loop:
; CHECK-NOT:   i64 
; CHECK:       br i1 %{{.*}}, label %loop, label %
; What is left is computed.
; CHECK:       mul i64 %{{.*}}, -10
; CHECK:       ret i64
define i64 @counted(i64 %fuel, i32 %n, ptr addrspace(1) %p, ptr %rt) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %left = phi i64 [ %fuel, %entry ], [ %rest, %loop ]
  %out = icmp ult i64 %left, 10
  call void @__tw_trap_if(i1 %out, i32 10, ptr %rt, i32 0, i32 7)
  %rest = add i64 %left, -10
  store volatile i32 %i, ptr addrspace(1) %p
  %next = add i32 %i, 1
  %more = icmp ne i32 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret i64 %rest
}

; It may never end: i may step over n.
; CHECK-LABEL: define void @endless(
; CHECK-NOT:   checked
; CHECK:       ret void
define void @endless(i64 %fuel, i32 %n, i32 %step, ptr addrspace(1) %p, ptr %rt) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %left = phi i64 [ %fuel, %entry ], [ %rest, %loop ]
  %out = icmp ult i64 %left, 10
  call void @__tw_trap_if(i1 %out, i32 10, ptr %rt, i32 0, i32 7)
  %rest = add i64 %left, -10
  store volatile i32 %i, ptr addrspace(1) %p
  %next = add i32 %i, %step
  %more = icmp ne i32 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret void
}

; At most as many trips as a power of two, not above the step, allows; if the step is
; positive and i cannot wrap around.
; CHECK-LABEL: define void @strided(
; CHECK:       icmp sgt i64 %{{.*}}, 0
; CHECK:       icmp sle i64 %{{.*}}, 4294967296
; CHECK:       call i32 @llvm.ctlz.i32(
; CHECK:       lshr i64
; CHECK:       icmp uge i64 %fuel,
; CHECK:       label %{{.*}}.checked
define void @strided(i64 %fuel, i32 %n, i32 %step, ptr addrspace(1) %p, ptr %rt) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %left = phi i64 [ %fuel, %entry ], [ %rest, %loop ]
  %out = icmp ult i64 %left, 10
  call void @__tw_trap_if(i1 %out, i32 10, ptr %rt, i32 0, i32 7)
  %rest = add i64 %left, -10
  store volatile i32 %i, ptr addrspace(1) %p
  %next = add i32 %i, %step
  %more = icmp ult i32 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret void
}

; The inner loop's trips are read from memory in each trip of the outer one: only the
; inner one is tested, in the outer one.
; CHECK-LABEL: define void @inner(
; CHECK:       {{^}}outer:
; CHECK:       call void @__tw_trap_if(
; CHECK:       %m = load
; CHECK:       icmp uge i64 %rest,
; CHECK:       label %{{.*}}.checked
; CHECK:       {{^}}inner.checked:
; CHECK:       call void @__tw_trap_if(
; CHECK:       {{^}}inner:
; CHECK-NOT:   @__tw_trap_if
; CHECK:       ret void
define void @inner(i64 %fuel, i32 %n, ptr addrspace(1) %p, ptr %rt) {
entry:
  br label %outer
outer:
  %i = phi i32 [ 0, %entry ], [ %next, %latch ]
  %left = phi i64 [ %fuel, %entry ], [ %after, %latch ]
  %out = icmp ult i64 %left, 10
  call void @__tw_trap_if(i1 %out, i32 10, ptr %rt, i32 0, i32 7)
  %rest = add i64 %left, -10
  %m = load volatile i32, ptr addrspace(1) %p
  br label %inner
inner:
  %j = phi i32 [ 0, %outer ], [ %nextj, %inner ]
  %leftj = phi i64 [ %rest, %outer ], [ %after, %inner ]
  %outj = icmp ult i64 %leftj, 5
  call void @__tw_trap_if(i1 %outj, i32 10, ptr %rt, i32 0, i32 9)
  %after = add i64 %leftj, -5
  store volatile i32 %j, ptr addrspace(1) %p
  %nextj = add i32 %j, 1
  %morej = icmp ne i32 %nextj, %m
  br i1 %morej, label %inner, label %latch
latch:
  %next = add i32 %i, 1
  %more = icmp ne i32 %next, %n
  br i1 %more, label %outer, label %done
done:
  ret void
}

; Another trap's condition is none of fuel.
; CHECK-LABEL: define void @other(
; CHECK-NOT:   checked
; CHECK:       ret void
define void @other(i64 %fuel, i32 %n, ptr addrspace(1) %p, ptr %rt) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %left = phi i64 [ %fuel, %entry ], [ %rest, %loop ]
  %out = icmp ult i64 %left, 10
  call void @__tw_trap_if(i1 %out, i32 3, ptr %rt, i32 0, i32 7)
  %rest = add i64 %left, -10
  store volatile i32 %i, ptr addrspace(1) %p
  %next = add i32 %i, 1
  %more = icmp ne i32 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret void
}
