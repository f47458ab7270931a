; Guards go; what an address is computed from does not wrap, but for additions of
; negative constants; accesses have their natural alignment; behind that, indices
; of loops become 64-bit recurrences, and neighbours share an address.
;
; RUN: %opt %s -passes='twc-assume-in-bounds,verify' -S | FileCheck %s
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-assume-in-bounds,twc-widen-addresses,early-cse,verify' -S | FileCheck %s --check-prefix=WIDE

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)
declare void @__tw_check_bounds64(i64, i64, i64, i64, ptr, i32, i32)

; CHECK-LABEL: define i32 @flags(
; CHECK: shl nuw i32 %i, 2
; CHECK: add nuw i32 %p, %s
; CHECK: add i32 %a, -4
; CHECK: mul i32 %b, 3
; CHECK-NOT: call
; CHECK: load i32, {{.*}} align 4
; CHECK: add nuw i32 %a, 16
; CHECK-NOT: call
; CHECK: load <4 x i32>, {{.*}} align 16
; CHECK: load i32, {{.*}} align 4
define i32 @flags(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %i, i64 %w) {
  %s = shl i32 %i, 2
  %a = add i32 %p, %s
  %b = add i32 %a, -4
  %other = mul i32 %b, 3
  call void @__tw_check_bounds(i32 %b, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 1)
  %z = zext i32 %b to i64
  %g = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %v = load i32, ptr addrspace(1) %g, align 1
  %c = add i32 %a, 16
  call void @__tw_check_bounds(i32 %c, i64 %size, i64 0, i64 16, ptr %rt, i32 0, i32 2)
  %y = zext i32 %c to i64
  %h = getelementptr i8, ptr addrspace(1) %base, i64 %y
  %l = load <4 x i32>, ptr addrspace(1) %h, align 1
  call void @__tw_check_bounds64(i64 %w, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 3)
  %k = getelementptr i8, ptr addrspace(1) %base, i64 %w
  %u = load i32, ptr addrspace(1) %k, align 1
  %e = extractelement <4 x i32> %l, i32 0
  %sum = add i32 %v, %e
  %sum2 = add i32 %sum, %other
  %sum3 = add i32 %sum2, %u
  ret i32 %sum3
}

; The size of a memory that grows is read atomically: the read goes too.
; CHECK-LABEL: define i32 @grows(
; CHECK-NOT: load atomic
; CHECK: ret
define i32 @grows(ptr addrspace(1) %base, ptr addrspace(1) %state, ptr %rt, i32 %p) {
  %size = load atomic i64, ptr addrspace(1) %state monotonic, align 8
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 1)
  %z = zext i32 %p to i64
  %g = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %v = load i32, ptr addrspace(1) %g, align 1
  ret i32 %v
}

; Downwards, by a stride that only the launch knows: no test of it.
; WIDE-LABEL: define float @loop(
; WIDE: entry:
; WIDE: %[[START:.*]] = zext i32 %p to i64
; WIDE: %[[STEP:.*]] = sext i32 %stride to i64
; WIDE-NOT: br i1
; WIDE: loop:
; WIDE: phi i64 [
; WIDE-NOT: zext
; WIDE: load float, {{.*}} align 4
; WIDE: ret float
define float @loop(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %stride, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %loop ]
  %q = phi i32 [ %p, %entry ], [ %q1, %loop ]
  %s = phi float [ 0.0, %entry ], [ %s1, %loop ]
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %q to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %v = load float, ptr addrspace(1) %a, align 1
  %s1 = fadd float %s, %v
  %q1 = add i32 %q, %stride
  %i1 = add i32 %i, 1
  %c = icmp ne i32 %i1, %n
  br i1 %c, label %loop, label %exit
exit:
  ret float %s1
}

; Of what the block itself computes, too.
; WIDE-LABEL: define float @neighbours_here(
; WIDE: mul
; WIDE: %[[LOW:.*]] = zext i32 %{{.*}} to i64
; WIDE-NOT: zext
; WIDE: add {{.*}}i64 {{.*}}, 8
; WIDE: ret float
define float @neighbours_here(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n) {
  %m = mul i32 %n, %n
  %x = xor i32 %m, %p
  call void @__tw_check_bounds(i32 %x, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 1)
  %z = zext i32 %x to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %v = load float, ptr addrspace(1) %a, align 1
  %q = add i32 %x, 8
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 2)
  %y = zext i32 %q to i64
  %b = getelementptr i8, ptr addrspace(1) %base, i64 %y
  %w = load float, ptr addrspace(1) %b, align 1
  %s = fadd float %v, %w
  ret float %s
}

; Neighbours: one zero-extension, and constants that an instruction can hold.
; WIDE-LABEL: define float @neighbours(
; WIDE: %[[LOW:.*]] = zext i32 %{{.*}} to i64
; WIDE-NOT: zext
; WIDE: add {{.*}}i64 {{.*}}, 8
; WIDE: ret float
define float @neighbours(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p) {
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 1)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %v = load float, ptr addrspace(1) %a, align 1
  %q = add i32 %p, 8
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 2)
  %y = zext i32 %q to i64
  %b = getelementptr i8, ptr addrspace(1) %base, i64 %y
  %w = load float, ptr addrspace(1) %b, align 1
  %s = fadd float %v, %w
  ret float %s
}
