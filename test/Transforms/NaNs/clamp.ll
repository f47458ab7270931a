; A GPU's single-precision arithmetic makes one NaN, 0x7fffffff: the smaller of it and
; the canonical one, as integers, is the canonical one. Not so what may keep an
; operand's bits, or is no arithmetic any more behind LLVM's code generator.
;
; RUN: %opt %s -passes=twc-clamp-nans -S | FileCheck %s

declare float @llvm.fma.f32(float, float, float)
declare float @llvm.maximum.f32(float, float)

; CHECK-LABEL: define float @sum(
; CHECK: %[[BITS:.*]] = bitcast float %s to i32
; CHECK: %[[MIN:.*]] = call i32 @llvm.smin.i32(i32 %[[BITS]], i32 2143289344)
; CHECK: %[[R:.*]] = bitcast i32 %[[MIN]] to float
; CHECK: ret float %[[R]]
define float @sum(float %x, float %y) {
  %s = fadd float %x, %y
  %n = fcmp uno float %s, 0.0
  %c = select i1 %n, float 0x7FF8000000000000, float %s
  ret float %c
}

; Through a loop's value and a constant.
; CHECK-LABEL: define float @flow(
; CHECK: call i32 @llvm.smin.i32(
define float @flow(float %x, i32 %k) {
entry:
  br label %body
body:
  %v = phi float [ 0.0, %entry ], [ %s, %body ]
  %i = phi i32 [ 0, %entry ], [ %i1, %body ]
  %s = call float @llvm.fma.f32(float %v, float %x, float 1.0)
  %i1 = add i32 %i, 1
  %e = icmp eq i32 %i1, %k
  br i1 %e, label %out, label %body
out:
  %u = fcmp uno float %v, %v
  %d = select i1 %u, float 0x7FF8000000000000, float %v
  ret float %d
}

; LLVM has moved the shift ahead of the choice: (canonical << 23) is 0.
; CHECK-LABEL: define i32 @shifted(
; CHECK: %[[MIN:.*]] = call i32 @llvm.smin.i32(
; CHECK: %[[SHL:.*]] = shl i32 %[[MIN]], 23
; CHECK: ret i32 %[[SHL]]
define i32 @shifted(float %x) {
  %s = call float @llvm.fma.f32(float %x, float 2.0, float 12582912.0)
  %n = fcmp uno float %s, 0.0
  %b = bitcast float %s to i32
  %h = shl nuw i32 %b, 23
  %c = select i1 %n, i32 0, i32 %h
  ret i32 %c
}

; Another constant is no canonical NaN.
; CHECK-LABEL: define i32 @shifted_other(
; CHECK-NOT: smin
; CHECK: ret i32 %c
define i32 @shifted_other(float %x) {
  %s = call float @llvm.fma.f32(float %x, float 2.0, float 12582912.0)
  %n = fcmp uno float %s, 0.0
  %b = bitcast float %s to i32
  %h = shl i32 %b, 23
  %c = select i1 %n, i32 8388608, i32 %h
  ret i32 %c
}

; CHECK-LABEL: define float @loaded(
; CHECK-NOT: smin
; CHECK: ret float %c
define float @loaded(ptr %p) {
  %s = load float, ptr %p
  %n = fcmp uno float %s, 0.0
  %c = select i1 %n, float 0x7FF8000000000000, float %s
  ret float %c
}

; CHECK-LABEL: define float @negated(
; CHECK-NOT: smin
; CHECK: ret float %c
define float @negated(float %x) {
  %a = fmul float %x, %x
  %s = fneg float %a
  %n = fcmp uno float %s, 0.0
  %c = select i1 %n, float 0x7FF8000000000000, float %s
  ret float %c
}

; CHECK-LABEL: define float @demoted(
; CHECK-NOT: smin
; CHECK: ret float %c
define float @demoted(double %x) {
  %a = fadd double %x, %x
  %s = fptrunc double %a to float
  %n = fcmp uno float %s, 0.0
  %c = select i1 %n, float 0x7FF8000000000000, float %s
  ret float %c
}

; CHECK-LABEL: define float @identity(
; CHECK-NOT: smin
; CHECK: ret float %c
define float @identity(float %x) {
  %s = fmul float %x, 1.0
  %n = fcmp uno float %s, 0.0
  %c = select i1 %n, float 0x7FF8000000000000, float %s
  ret float %c
}

; CHECK-LABEL: define float @greater(
; CHECK-NOT: smin
; CHECK: ret float %c
define float @greater(float %x) {
  %s = call float @llvm.maximum.f32(float %x, float %x)
  %n = fcmp uno float %s, 0.0
  %c = select i1 %n, float 0x7FF8000000000000, float %s
  ret float %c
}

; CHECK-LABEL: define float @not_negative(
; CHECK: call i32 @llvm.smin.i32(
define float @not_negative(float %x) {
  %s = call float @llvm.maximum.f32(float %x, float 0.0)
  %n = fcmp uno float %s, 0.0
  %c = select i1 %n, float 0x7FF8000000000000, float %s
  ret float %c
}

; Of 64 bits there is no such NaN.
; CHECK-LABEL: define double @wide(
; CHECK-NOT: smin
; CHECK: ret double %c
define double @wide(double %x) {
  %s = fmul double %x, %x
  %n = fcmp uno double %s, 0.0
  %c = select i1 %n, double 0x7FF8000000000000, double %s
  ret double %c
}

; A bound below NaNs has moved as well. The code generator makes one of both.
; CHECK-LABEL: define i32 @bounded(
; CHECK: %[[MIN:.*]] = call i32 @llvm.smin.i32(i32 %{{.*}}, i32 2143289344)
; CHECK: %[[MIN2:.*]] = call i32 @llvm.smin.i32(i32 %[[MIN]], i32 1258291455)
; CHECK: ret i32 %[[MIN2]]
define i32 @bounded(float %x) {
  %s = call float @llvm.fma.f32(float %x, float 2.0, float 12582912.0)
  %n = fcmp uno float %s, 0.0
  %b = bitcast float %s to i32
  %m = call i32 @llvm.smin.i32(i32 %b, i32 1258291455)
  %c = select i1 %n, i32 1258291455, i32 %m
  ret i32 %c
}
