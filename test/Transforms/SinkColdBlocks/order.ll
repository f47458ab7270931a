; What seldom runs comes to stand behind all else, in the order that it had: on its
; way likely code takes no branch.
;
; RUN: %opt %s -passes='twc-sink-cold-blocks,verify' -S | FileCheck %s

declare void @seldom(i32)
declare void @stop(i32) noreturn cold

; Two slow paths in a row, the first of two blocks.
; CHECK-LABEL: define i32 @twoSlow(
; CHECK:      {{^}}entry:
; CHECK:      {{^}}fast:
; CHECK:      {{^}}join:
; CHECK:      {{^}}done:
; CHECK-NEXT:   ret i32 %y
; CHECK:      {{^}}slow:
; CHECK:      {{^}}slower:
; CHECK:      {{^}}trap:
; CHECK:      {{^}}}
define i32 @twoSlow(i1 %a, i1 %b, i32 %x) {
entry:
  br i1 %a, label %fast, label %slow, !prof !0
slow:
  call void @seldom(i32 1)
  br i1 %b, label %slower, label %join
slower:
  call void @seldom(i32 2)
  br label %join
fast:
  %y1 = add i32 %x, 1
  br label %join
join:
  %y = phi i32 [ %y1, %fast ], [ 0, %slow ], [ 1, %slower ]
  br i1 %b, label %done, label %trap, !prof !0
trap:
  call void @stop(i32 3)
  unreachable
done:
  ret i32 %y
}

; In a loop of many trips a slow path may run more than once in a thousand calls,
; and stays; one that leads to a trap runs once at most.
; CHECK-LABEL: define void @loop(
; CHECK:      {{^}}loop:
; CHECK:      {{^}}often:
; CHECK:      {{^}}latch:
; CHECK:      {{^}}exit:
; CHECK:      {{^}}trap:
; CHECK:      {{^}}}
define void @loop(ptr %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %latch ]
  %v = load volatile i32, ptr %p
  %bad = icmp eq i32 %v, 7
  br i1 %bad, label %trap, label %go, !prof !1
trap:
  call void @stop(i32 4)
  unreachable
go:
  %odd = trunc i32 %v to i1
  br i1 %odd, label %often, label %latch, !prof !2
often:
  call void @seldom(i32 5)
  br label %latch
latch:
  %i1 = add i32 %i, 1
  %c = icmp ult i32 %i1, %n
  br i1 %c, label %loop, label %exit, !prof !3
exit:
  ret void
}

; Nobody says what is likely: nothing moves.
; CHECK-LABEL: define i32 @unknown(
; CHECK:      {{^}}entry:
; CHECK:      {{^}}one:
; CHECK:      {{^}}two:
; CHECK:      {{^}}join:
; CHECK:      {{^}}}
define i32 @unknown(i1 %a) {
entry:
  br i1 %a, label %two, label %one
one:
  br label %join
two:
  call void @seldom(i32 6)
  br label %join
join:
  %y = phi i32 [ 1, %one ], [ 2, %two ]
  ret i32 %y
}

!0 = !{!"branch_weights", i32 1048575, i32 1}
!1 = !{!"branch_weights", i32 1, i32 1048575}
!2 = !{!"branch_weights", i32 1, i32 200}
!3 = !{!"branch_weights", i32 1000, i32 1}
