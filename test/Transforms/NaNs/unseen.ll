; A NaN is made canonical for what sees its bits: not for arithmetic, nor for what
; hands it on to arithmetic alone.
;
; RUN: %opt %s -passes=twc-drop-unseen-nans -S | FileCheck %s

declare float @llvm.fabs.f32(float)
declare float @llvm.fma.f32(float, float, float)
declare float @llvm.copysign.f32(float, float)
declare i32 @llvm.nvvm.shfl.sync.down.i32(i32, i32, i32, i32)

; CHECK-LABEL: define float @arithmetic(
; CHECK-NEXT: fadd
; CHECK-NEXT: fmul float %s, %s
; CHECK-NEXT: ret
define float @arithmetic(float %x, float %y) {
  %s = fadd float %x, %y
  %n = fcmp uno float %s, 0.0
  %c = select i1 %n, float 0x7FF8000000000000, float %s
  %r = fmul float %c, %c
  ret float %r
}

; The other form, of integers; a sign, a choice and a fused product on the way.
; CHECK-LABEL: define float @passed(
; CHECK-NOT: fcmp ord
; CHECK: %f = bitcast i32 %b to float
; CHECK: ret
define float @passed(float %x, float %y, i1 %t) {
  %s = fadd float %x, %y
  %n = fcmp ord float %s, %s
  %b = bitcast float %s to i32
  %c = select i1 %n, i32 %b, i32 2143289344
  %f = bitcast i32 %c to float
  %a = call float @llvm.fabs.f32(float %f)
  %m = fneg float %f
  %o = select i1 %t, float %a, float %m
  %r = call float @llvm.fma.f32(float %o, float %x, float %y)
  ret float %r
}

; Lanes that are taken out and multiplied; the one that is returned is seen.
; CHECK-LABEL: define float @lanes(
; CHECK: %b = bitcast <4 x float> %s to <4 x i32>
; CHECK: %c = select <4 x i1> %n
; CHECK: %f = bitcast <4 x i32> %c to <4 x float>
; CHECK: ret
define float @lanes(<4 x float> %x, <4 x float> %y, ptr %p) {
  %s = fsub <4 x float> %x, %y
  %n = fcmp uno <4 x float> %s, %s
  %b = bitcast <4 x float> %s to <4 x i32>
  %c = select <4 x i1> %n, <4 x i32> splat (i32 2143289344), <4 x i32> %b
  %f = bitcast <4 x i32> %c to <4 x float>
  %l = extractelement <4 x float> %f, i32 0
  %h1 = extractelement <4 x float> %f, i32 1
  %m = fmul float %l, %h1
  store float %m, ptr %p
  ret float %h1
}

; CHECK-LABEL: define float @lanes_of_arithmetic(
; CHECK-NOT: select
; CHECK: ret
define float @lanes_of_arithmetic(<4 x float> %x, <4 x float> %y) {
  %s = fsub <4 x float> %x, %y
  %n = fcmp uno <4 x float> %s, %s
  %b = bitcast <4 x float> %s to <4 x i32>
  %c = select <4 x i1> %n, <4 x i32> splat (i32 2143289344), <4 x i32> %b
  %h = shufflevector <4 x i32> %c, <4 x i32> poison, <2 x i32> <i32 1, i32 0>
  %f = bitcast <2 x i32> %h to <2 x float>
  %l = extractelement <2 x float> %f, i32 0
  %h1 = extractelement <2 x float> %f, i32 1
  %m = fmul float %l, %h1
  ret float %m
}

; Halves of doubles are no floats.
; CHECK-LABEL: define float @halves(
; CHECK: select <2 x i1>
define float @halves(<2 x double> %x, <2 x double> %y) {
  %s = fsub <2 x double> %x, %y
  %n = fcmp uno <2 x double> %s, %s
  %c = select <2 x i1> %n, <2 x double> splat (double 0x7FF8000000000000), <2 x double> %s
  %f = bitcast <2 x double> %c to <4 x float>
  %l = extractelement <4 x float> %f, i32 0
  %m = fmul float %l, %l
  ret float %m
}

; A sign that becomes a number's is seen; that of the first operand is not.
; CHECK-LABEL: define float @signs(
; CHECK: call float @llvm.copysign.f32(float %s, float %c)
define float @signs(float %x, float %y) {
  %s = fadd float %x, %y
  %n = fcmp uno float %s, %s
  %c = select i1 %n, float 0x7FF8000000000000, float %s
  %o = call float @llvm.copysign.f32(float %c, float %c)
  %r = fmul float %o, %x
  ret float %r
}

; Around a loop, and seen behind it: once.
; CHECK-LABEL: define void @loop(
; CHECK: phi float [ %x, %entry ], [ %s, %body ]
; CHECK: fcmp uno float %v, %v
define void @loop(float %x, float %y, i32 %k, ptr %p) {
entry:
  br label %body
body:
  %v = phi float [ %x, %entry ], [ %c, %body ]
  %i = phi i32 [ 0, %entry ], [ %i1, %body ]
  %s = fadd float %v, %y
  %n = fcmp uno float %s, %s
  %c = select i1 %n, float 0x7FF8000000000000, float %s
  %i1 = add i32 %i, 1
  %e = icmp eq i32 %i1, %k
  br i1 %e, label %out, label %body
out:
  %u = fcmp uno float %v, %v
  %d = select i1 %u, float 0x7FF8000000000000, float %v
  store float %d, ptr %p
  ret void
}

; What a thread gives, another adds.
; CHECK-LABEL: define float @shuffled(
; CHECK: call i32 @llvm.nvvm.shfl.sync.down.i32(i32 -1, i32 %b, i32 16, i32 31)
define float @shuffled(float %x) {
  %s = fmul float %x, %x
  %n = fcmp uno float %s, %s
  %b = bitcast float %s to i32
  %c = select i1 %n, i32 2143289344, i32 %b
  %o = call i32 @llvm.nvvm.shfl.sync.down.i32(i32 -1, i32 %c, i32 16, i32 31)
  %f = bitcast i32 %o to float
  %r = fadd float %f, %s
  ret float %r
}

; A number in place of NaN is another matter.
; CHECK-LABEL: define float @number(
; CHECK: fmul float %c, %c
define float @number(float %x) {
  %s = fmul float %x, %x
  %n = fcmp uno float %s, %s
  %c = select i1 %n, float 1.0, float %s
  %r = fmul float %c, %c
  ret float %r
}
