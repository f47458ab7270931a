; Loops of a small constant number of iterations are to be unrolled whole, where what
; comes of it is not too long: a guard counts for one instruction, any other call for
; twenty. 64 iterations and 1200 instructions are the limits.
;
; RUN: %opt %s -passes='loop(twc-hint-unroll)' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)
declare void @__tw_trap_if(i1, i32, ptr, i32, i32)
declare i32 @next(i32)
declare void @barrier() convergent

; 64 iterations of 9 instructions, two of them guards: as calls of 20 they were 47,
; and 64 times that too much.
; CHECK-LABEL: define void @guards(
; CHECK: br i1 %c, label %loop, label %exit, !llvm.loop ![[GUARDS:[0-9]+]]
define void @guards(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %x = shl i32 %i, 2
  %q = add i32 %p, %x
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %v = load i32, ptr addrspace(1) %a, align 1
  %zero = icmp eq i32 %v, 0
  call void @__tw_trap_if(i1 %zero, i32 3, ptr %rt, i32 0, i32 11)
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, 64
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; One iteration more.
; CHECK-LABEL: define void @long(
; CHECK: br i1 %c, label %loop, label %exit{{$}}
define void @long(i32 %p) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, 65
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; 50 iterations with a call of a function: 50 * (20 + 3) are 1150 instructions.
; CHECK-LABEL: define void @calls50(
; CHECK: br i1 %c, label %loop, label %exit, !llvm.loop ![[CALLS:[0-9]+]]
define void @calls50(i32 %p) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %s = phi i32 [ %p, %entry ], [ %s1, %loop ]
  %s1 = call i32 @next(i32 %s)
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, 50
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; 54 iterations: 1242.
; CHECK-LABEL: define void @calls54(
; CHECK: br i1 %c, label %loop, label %exit{{$}}
define void @calls54(i32 %p) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %s = phi i32 [ %p, %entry ], [ %s1, %loop ]
  %s1 = call i32 @next(i32 %s)
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, 54
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; Nobody knows how often.
; CHECK-LABEL: define void @unknown(
; CHECK: br i1 %c, label %loop, label %exit{{$}}
define void @unknown(i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; Threads meet as often as before: a barrier may be there twice, one that says that it
; must not be may not.
; CHECK-LABEL: define void @barriers(
; CHECK: br i1 %c, label %loop, label %exit, !llvm.loop ![[BARRIERS:[0-9]+]]
define void @barriers() {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  call void @barrier() convergent
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, 4
  br i1 %c, label %loop, label %exit
exit:
  ret void
}
; CHECK-LABEL: define void @once(
; CHECK: br i1 %c, label %loop, label %exit{{$}}
define void @once() {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  call void @barrier() convergent noduplicate
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, 4
  br i1 %c, label %loop, label %exit
exit:
  ret void
}

; Somebody has said not to.
; CHECK-LABEL: define void @disabled(
; CHECK: br i1 %c, label %loop, label %exit, !llvm.loop ![[DISABLED:[0-9]+]]
define void @disabled() {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, 4
  br i1 %c, label %loop, label %exit, !llvm.loop !0
exit:
  ret void
}

; CHECK-DAG: ![[GUARDS]] = distinct !{![[GUARDS]], ![[FULL:[0-9]+]]}
; CHECK-DAG: ![[FULL]] = !{!"llvm.loop.unroll.full", i32 1}
; CHECK-DAG: ![[CALLS]] = distinct !{![[CALLS]], ![[FULL]]}
; CHECK-DAG: ![[BARRIERS]] = distinct !{![[BARRIERS]], ![[FULL]]}
; CHECK-DAG: ![[DISABLED]] = distinct !{![[DISABLED]], ![[OFF:[0-9]+]]}
; CHECK-DAG: ![[OFF]] = !{!"llvm.loop.unroll.disable"}
!0 = distinct !{!0, !1}
!1 = !{!"llvm.loop.unroll.disable"}
