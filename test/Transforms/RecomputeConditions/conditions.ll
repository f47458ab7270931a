; More conditions of the same two values than a thread has predicates are computed
; again where they are used, from an operand that LLVM does not know for the same.
; What comes together from copies of a region is one condition again.
;
; RUN: %opt %s -passes=twc-recompute-conditions -S | FileCheck %s

; Eight: each in the block of its use, none where it was.
; CHECK-LABEL: @many(
; CHECK-NOT: icmp
; CHECK: call void @sync()
; CHECK-NOT: icmp
; CHECK: br label %one
; CHECK: one:
; CHECK-NEXT: %[[I1:.*]] = call i32 asm sideeffect "", "=r,0"(i32 %i)
; CHECK-NEXT: %[[AT1:.*]] = or i32 %[[I1]], 32
; CHECK-NEXT: %[[C1:.*]] = icmp ult i32 %[[AT1]], %n
; CHECK-NEXT: br i1 %[[C1]],
; CHECK: eight:
; CHECK-NEXT: %[[I8:.*]] = call i32 asm sideeffect "", "=r,0"(i32 %i)
; CHECK-NEXT: %[[AT8:.*]] = or i32 %[[I8]], 256
; CHECK-NEXT: %[[C8:.*]] = icmp ult i32 %[[AT8]], %n
; CHECK-NEXT: br i1 %[[C8]],
; CHECK: ret void
define void @many(i32 %i, i32 %n) {
  %i1 = or i32 %i, 32
  %c1 = icmp ult i32 %i1, %n
  %i2 = or i32 %i, 64
  %c2 = icmp ult i32 %i2, %n
  %i3 = or i32 %i, 96
  %c3 = icmp ult i32 %i3, %n
  %i4 = or i32 %i, 128
  %c4 = icmp ult i32 %i4, %n
  %i5 = or i32 %i, 160
  %c5 = icmp ult i32 %i5, %n
  %i6 = or i32 %i, 192
  %c6 = icmp ult i32 %i6, %n
  %i7 = or i32 %i, 224
  %c7 = icmp ult i32 %i7, %n
  %i8 = or i32 %i, 256
  %c8 = icmp ult i32 %i8, %n
  call void @sync()
  br label %one
one:
  br i1 %c1, label %two, label %end
two:
  br i1 %c2, label %three, label %end
three:
  br i1 %c3, label %four, label %end
four:
  br i1 %c4, label %five, label %end
five:
  br i1 %c5, label %six, label %end
six:
  br i1 %c6, label %seven, label %end
seven:
  br i1 %c7, label %eight, label %end
eight:
  br i1 %c8, label %nine, label %end
nine:
  call void @sync()
  br label %end
end:
  ret void
}

; One is kept, also where a loop would repeat it.
; CHECK-LABEL: @few(
; CHECK-NOT: asm
; CHECK: %c = icmp ult i32 %at, %n
; CHECK: loop:
; CHECK-NEXT: br i1 %c,
define void @few(i32 %i, i32 %n) {
  %at = or i32 %i, 32
  %c = icmp ult i32 %at, %n
  call void @sync()
  br label %loop
loop:
  br i1 %c, label %loop, label %end
end:
  ret void
}

; The copies compute the same; %n is known behind them.
; CHECK-LABEL: @copies(
; CHECK: both:
; CHECK-NOT: phi i1
; CHECK-NEXT: %[[AT:.*]] = add i32 %i, 7
; CHECK-NEXT: %[[C:.*]] = icmp slt i32 %[[AT]], %n
; CHECK-NEXT: br i1 %[[C]],
define i32 @copies(i1 %fast, i32 %i, i32 %n) {
  br i1 %fast, label %left, label %right
left:
  %a = add i32 %i, 7
  %c = icmp slt i32 %a, %n
  br label %both
right:
  %b = add i32 %i, 7
  %d = icmp slt i32 %b, %n
  call void @sync()
  br label %both
both:
  %p = phi i1 [ %c, %left ], [ %d, %right ]
  br i1 %p, label %yes, label %no
yes:
  ret i32 1
no:
  ret i32 0
}

; They differ, or are of what only they know.
; CHECK-LABEL: @different(
; CHECK: %p = phi i1 [ %c, %left ], [ %d, %right ]
; CHECK: %q = phi i1 [ %e, %left ], [ %f, %right ]
define i1 @different(i1 %fast, i32 %i, i32 %n) {
  br i1 %fast, label %left, label %right
left:
  %a = add i32 %i, 7
  %c = icmp slt i32 %a, %n
  %x = call i32 @get()
  %e = icmp eq i32 %x, 0
  br label %both
right:
  %b = add i32 %i, 8
  %d = icmp slt i32 %b, %n
  %y = call i32 @get()
  %f = icmp eq i32 %y, 0
  br label %both
both:
  %p = phi i1 [ %c, %left ], [ %d, %right ]
  %q = phi i1 [ %e, %left ], [ %f, %right ]
  %r = xor i1 %p, %q
  ret i1 %r
}

declare void @sync()
declare i32 @get()
