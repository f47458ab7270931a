; A tile in shared memory ends with its last element: what comes on the way of
; another access is asked for only if it comes, in the first test already. Memory has
; room behind most accesses: there the first test is as if all came.
;
; RUN: %opt %s -passes='twc-group-guards,verify' -S | FileCheck %s

target triple = "nvptx64-nvidia-cuda"
declare ptr @__tw_place_shared(i32, i64, i64, ptr addrspace(1), i64, ptr addrspace(3), i64, ptr, i64, i64, ptr, i32, i32)
declare ptr @__tw_place_memory(i32, i64, i64, ptr addrspace(1), i64, ptr addrspace(3), i64, ptr, i64, i64, ptr, i32, i32)

; A loop of two trips at most, unrolled: the first always comes, the second, 64 bytes
; on, if d holds. t - 1024 < (bytes - 4 + 1) -sat (d ? 64 : 0), of what begins in the
; window.
; CHECK-LABEL: define void @twoTrips(
; CHECK: %[[SECOND:.*]] = select i1 true, i1 %d, i1 false
; CHECK: %[[TOP:.*]] = add nuw nsw i64 %bytes, 1024
; CHECK: %[[FITS:.*]] = icmp uge i64 %[[TOP]], 4
; CHECK: %[[LAST:.*]] = sub i64 %[[TOP]], 4
; CHECK: %[[LOW:.*]] = call i64 @llvm.usub.sat.i64(i64 1024, i64 0)
; CHECK: %[[ANY:.*]] = icmp ule i64 %[[LOW]], %[[LAST]]
; CHECK: %[[BOTH:.*]] = and i1 %[[FITS]], %[[ANY]]
; CHECK: %[[LEAST:.*]] = trunc i64 %[[LOW]] to i32
; CHECK: %[[FROM:.*]] = sub i32 %t, %[[LEAST]]
; CHECK: %[[WIDE:.*]] = sub i64 %[[LAST]], %[[LOW]]
; CHECK: %[[BEYOND:.*]] = select i1 %[[SECOND]], i32 64, i32 0
; CHECK: %[[WAY:.*]] = trunc i64 %[[WIDE]] to i32
; CHECK: %[[STARTS:.*]] = add i32 %[[WAY]], 1
; CHECK: %[[LEFT:.*]] = call i32 @llvm.usub.sat.i32(i32 %[[STARTS]], i32 %[[BEYOND]])
; CHECK: %[[IN:.*]] = icmp ult i32 %[[FROM]], %[[LEFT]]
; CHECK: %[[GOOD:.*]] = and i1 %[[BOTH]], %[[IN]]
; CHECK: %[[ALIGNED:.*]] = icmp eq i32 %{{.*}}, 0
; CHECK: %[[OK:.*]] = and i1 %[[GOOD]], %[[ALIGNED]]
; CHECK-NEXT: br i1 %[[OK]], label %.split, label %.split.test, !prof
; Each by itself, and t + 64 not wrapped.
; CHECK: .split.test:
; CHECK: select i1 %{{.*}}, i1 %{{.*}}, i1 true
; CHECK: icmp ule i32 %t, -65
; CHECK: br i1 %{{.*}}, label %.split, label %.split.checked, !prof
; CHECK: {{^}}.split:
; CHECK-NOT: call
; CHECK: store i32 1, ptr addrspace(3) %{{.*}}, align 4
; CHECK-NOT: call
; CHECK: store i32 2, ptr addrspace(3) %{{.*}}, align 4
; CHECK: {{^}}join:
; CHECK: ret void
define void @twoTrips(ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %rt, i32 %t, i1 %d) {
  %a = call ptr @__tw_place_shared(i32 %t, i64 0, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 10)
  store i32 1, ptr %a, align 1
  br i1 %d, label %second, label %join
second:
  %t2 = add i32 %t, 64
  %b = call ptr @__tw_place_shared(i32 %t2, i64 0, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 11)
  store i32 2, ptr %b, align 1
  br label %join
join:
  ret void
}

; Three trips at most, each on the way of the last: the furthest that comes counts.
; CHECK-LABEL: define void @threeTrips(
; CHECK: %[[SECOND:.*]] = select i1 true, i1 %d, i1 false
; CHECK: %[[THIRD:.*]] = select i1 %[[SECOND]], i1 %e, i1 false
; CHECK: %[[BEYOND:.*]] = select i1 %[[SECOND]], i32 64, i32 0
; CHECK: %[[FAR:.*]] = select i1 %[[THIRD]], i32 128, i32 %[[BEYOND]]
; CHECK: call i32 @llvm.usub.sat.i32(i32 %{{.*}}, i32 %[[FAR]])
; CHECK: br i1 %{{.*}}, label %.split, label %.split.test, !prof
; CHECK: ret void
define void @threeTrips(ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %rt, i32 %t, i1 %d, i1 %e) {
  %a = call ptr @__tw_place_shared(i32 %t, i64 0, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 10)
  store i32 1, ptr %a, align 1
  br i1 %d, label %second, label %join
second:
  %t2 = add i32 %t, 64
  %b = call ptr @__tw_place_shared(i32 %t2, i64 0, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 11)
  store i32 2, ptr %b, align 1
  br i1 %e, label %third, label %join
third:
  %t3 = add i32 %t, 128
  %c = call ptr @__tw_place_shared(i32 %t3, i64 0, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 12)
  store i32 3, ptr %c, align 1
  br label %join
join:
  ret void
}

; if (tid < n) tile[tid] = ...: a thread that stores nothing passes.
; CHECK-LABEL: define void @oneStore(
; CHECK: %[[TOP:.*]] = add nuw nsw i64 %bytes, 1024
; CHECK: icmp uge i64 %[[TOP]], 4
; CHECK: %[[HOLDS:.*]] = icmp ule i32 %{{.*}}, %{{.*}}
; CHECK: %[[GOOD:.*]] = and i1 %{{.*}}, %[[HOLDS]]
; CHECK: %[[ALIGNED:.*]] = icmp eq i32 %{{.*}}, 0
; CHECK: %[[FINE:.*]] = and i1 %[[GOOD]], %[[ALIGNED]]
; CHECK-NEXT: %[[COMES:.*]] = select i1 true, i1 %in, i1 false
; CHECK-NEXT: %[[OK:.*]] = select i1 %[[COMES]], i1 %[[FINE]], i1 true
; CHECK-NEXT: br i1 %[[OK]], label %.split, label %.split.test, !prof
; CHECK: ret void
define void @oneStore(ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %rt, i32 %tid, i32 %n) {
  %x = shl i32 %tid, 2
  %t = add i32 %x, 1024
  %in = icmp ult i32 %tid, %n
  br i1 %in, label %then, label %join
then:
  %a = call ptr @__tw_place_shared(i32 %t, i64 0, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 10)
  store i32 1, ptr %a, align 1
  br label %join
join:
  ret void
}

; Two that exclude each other, and depend on equally many branches: as if both came,
; 20 bytes.
; CHECK-LABEL: define void @siblings(
; CHECK: %[[TOP:.*]] = add nuw nsw i64 %bytes, 1024
; CHECK: icmp uge i64 %[[TOP]], 20
; CHECK: %[[LAST:.*]] = sub i64 %[[TOP]], 20
; CHECK-NOT: select
; CHECK: br i1 %{{.*}}, label %.split, label %.split.test, !prof
; CHECK: .split.test:
; CHECK: %[[NOT:.*]] = xor i1 %c, true
; CHECK: ret void
define void @siblings(ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %rt, i32 %t, i1 %c) {
  br i1 %c, label %left, label %right
left:
  %a = call ptr @__tw_place_shared(i32 %t, i64 0, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 10)
  store i32 1, ptr %a, align 1
  br label %join
right:
  %b = call ptr @__tw_place_shared(i32 %t, i64 16, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 11)
  store i32 2, ptr %b, align 1
  br label %join
join:
  ret void
}

; The second depends on one branch more: it counts only if it comes, and none of both
; may come.
; CHECK-LABEL: define void @unequal(
; CHECK: %[[NOT:.*]] = xor i1 %c, true
; CHECK: %[[RIGHT:.*]] = select i1 true, i1 %[[NOT]], i1 false
; CHECK: %[[DEEP:.*]] = select i1 %[[RIGHT]], i1 %d, i1 false
; CHECK: icmp uge i64 %{{.*}}, 4
; CHECK: %[[BEYOND:.*]] = select i1 %[[DEEP]], i32 16, i32 0
; CHECK: call i32 @llvm.usub.sat.i32(i32 %{{.*}}, i32 %[[BEYOND]])
; CHECK: %[[LEFT:.*]] = select i1 true, i1 %c, i1 false
; CHECK: %[[ANY:.*]] = or i1 %[[LEFT]], %[[DEEP]]
; CHECK: %[[OK:.*]] = select i1 %[[ANY]], i1 %{{.*}}, i1 true
; CHECK-NEXT: br i1 %[[OK]], label %.split, label %.split.test, !prof
; CHECK: ret void
define void @unequal(ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %rt, i32 %t, i1 %c, i1 %d) {
  br i1 %c, label %left, label %right
left:
  %a = call ptr @__tw_place_shared(i32 %t, i64 0, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 10)
  store i32 1, ptr %a, align 1
  br label %join
right:
  br i1 %d, label %deep, label %join
deep:
  %b = call ptr @__tw_place_shared(i32 %t, i64 16, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 11)
  store i32 2, ptr %b, align 1
  br label %join
join:
  ret void
}

; What stands behind a branch always comes, though another access does, too, before
; it: 12 bytes, and no question for the 8 in between.
; CHECK-LABEL: define i32 @behind(
; CHECK: %[[TOP:.*]] = add nuw nsw i64 %bytes, 1024
; CHECK: icmp uge i64 %[[TOP]], 12
; CHECK-NOT: select
; CHECK: br i1 %{{.*}}, label %entry.split, label %entry.split.test, !prof
; CHECK: ret i32
define i32 @behind(ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %rt, i32 %t, i1 %c) {
entry:
  %a = call ptr @__tw_place_shared(i32 %t, i64 0, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 10)
  %v = load i32, ptr %a, align 1
  br i1 %c, label %then, label %join
then:
  %b = call ptr @__tw_place_shared(i32 %t, i64 4, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 11)
  %w = load i32, ptr %b, align 1
  br label %join
join:
  %x = phi i32 [ %v, %entry ], [ %w, %then ]
  %d = call ptr @__tw_place_shared(i32 %t, i64 8, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 12)
  %y = load i32, ptr %d, align 1
  %s = add i32 %x, %y
  ret i32 %s
}

; The same two trips in linear memory: 68 bytes, whatever comes.
; CHECK-LABEL: define void @memory(
; CHECK: icmp uge i64 %size, 68
; CHECK-NOT: select
; CHECK: br i1 %{{.*}}, label %.split, label %.split.test, !prof
; CHECK: .split.test:
; CHECK: icmp uge i64 %size, 4
; CHECK: icmp uge i64 %size, 4
; CHECK: %[[COMES:.*]] = select i1 true, i1 %d, i1 false
; CHECK: select i1 %[[COMES]], i1 %{{.*}}, i1 true
; CHECK: ret void
define void @memory(ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr %rt, i32 %t, i1 %d) {
  %a = call ptr @__tw_place_memory(i32 %t, i64 0, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 10)
  store i32 1, ptr %a, align 1
  br i1 %d, label %second, label %join
second:
  %t2 = add i32 %t, 64
  %b = call ptr @__tw_place_memory(i32 %t2, i64 0, i64 4, ptr addrspace(1) %base, i64 %size, ptr addrspace(3) %shared, i64 %bytes, ptr null, i64 0, i64 0, ptr %rt, i32 0, i32 11)
  store i32 2, ptr %b, align 1
  br label %join
join:
  ret void
}
