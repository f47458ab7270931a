; Regions with branches in them. The first test is as if every access came, for that
; is one range where they are neighbours. Where it fails, an exact one asks each
; access only if it comes; where that fails, too, the copy with checks runs.
;
; RUN: %opt %s -passes='twc-group-guards,verify' -S | FileCheck %s

declare void @__tw_check_bounds(i32, i64, i64, i64, ptr, i32, i32)

; An array's edge: the element to the right exists only inside. p + 8 bytes, or else
; p + 4, and p + 4 + 4 if x + 1 < w, of a sum that may wrap where nobody uses it.
; CHECK-LABEL: define float @edge(
; CHECK: icmp uge i64 %size, 8
; CHECK: %[[LAST:.*]] = sub i64 %size, 8
; CHECK: %[[MOST:.*]] = trunc i64 %[[LAST]] to i32
; CHECK: icmp ule i32 %p, %[[MOST]]
; CHECK: br i1 %{{.*}}, label %.split, label %.split.test, !prof
; CHECK: .split.test:
; CHECK: %[[FITS1:.*]] = icmp uge i64 %size, 4
; CHECK: %[[LAST1:.*]] = sub i64 %size, 4
; CHECK: %[[MOST1:.*]] = trunc i64 %[[LAST1]] to i32
; CHECK: %[[IN1:.*]] = icmp ule i32 %p, %[[MOST1]]
; CHECK: %[[BOTH1:.*]] = and i1 %[[FITS1]], %[[IN1]]
; CHECK: %[[ALIGNED:.*]] = icmp eq i32 %{{.*}}, 0
; CHECK: %[[FIRST:.*]] = and i1 %[[BOTH1]], %[[ALIGNED]]
; CHECK: %[[RIGHT:.*]] = add i32 %p, 4
; CHECK: %[[FITS2:.*]] = icmp uge i64 %size, 4
; CHECK: %[[LAST2:.*]] = sub i64 %size, 4
; CHECK: %[[MOST2:.*]] = trunc i64 %[[LAST2]] to i32
; CHECK: %[[IN2:.*]] = icmp ule i32 %[[RIGHT]], %[[MOST2]]
; CHECK: %[[BOTH2:.*]] = and i1 %[[FITS2]], %[[IN2]]
; CHECK: %[[ALIGNED2:.*]] = icmp eq i32 %{{.*}}, 0
; CHECK: %[[SECOND:.*]] = and i1 %[[BOTH2]], %[[ALIGNED2]]
; CHECK: %[[X1:.*]] = add i32 %x, 1
; CHECK: %[[COMES:.*]] = icmp ult i32 %[[X1]], %w
; CHECK: %[[WAY:.*]] = select i1 true, i1 %[[COMES]], i1 false
; CHECK: %[[EITHER:.*]] = select i1 %[[WAY]], i1 %[[SECOND]], i1 true
; CHECK: %[[BOTH:.*]] = and i1 %[[FIRST]], %[[EITHER]]
; Each in place, p + 4 may still be far from p: where it has wrapped.
; CHECK-NEXT: %[[APART:.*]] = icmp ule i32 %p, -5
; CHECK-NEXT: %[[OK:.*]] = and i1 %[[BOTH]], %[[APART]]
; CHECK-NEXT: br i1 %[[OK]], label %.split, label %.split.checked, !prof
; One address for both.
; CHECK: {{^}}.split:
; CHECK-NEXT: %[[WIDE:.*]] = zext i32 %p to i64
; CHECK-NEXT: %[[AT:.*]] = getelementptr i8, ptr addrspace(1) %base, i64 %[[WIDE]]
; CHECK-NOT: call
; CHECK: load float, ptr addrspace(1) %[[AT]], align 4
; CHECK-NOT: call
; CHECK: {{^}}right:
; CHECK-NOT: call
; CHECK: %[[NEXT:.*]] = getelementptr i8, ptr addrspace(1) %[[AT]], i64 4
; CHECK: load float, ptr addrspace(1) %[[NEXT]], align 4
; CHECK-NOT: call
; CHECK: {{^}}.split.checked:
; CHECK: call void @__tw_check_bounds(i32 %p,
; CHECK: call i32 @__tw_load_bytes_4_seldom(
; CHECK: {{^}}right.checked:
; CHECK: call void @__tw_check_bounds(i32 %q.checked,
; CHECK: call i32 @__tw_load_bytes_4_seldom(
; CHECK: {{^}}join.split:
; CHECK-NEXT: phi float [ %r, %join ], [ %r.checked, %join.checked ]
; CHECK: ret float
define float @edge(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %x, i32 %w) {
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %v = load float, ptr addrspace(1) %a, align 1
  %x1 = add nuw i32 %x, 1
  %inside = icmp ult i32 %x1, %w
  br i1 %inside, label %right, label %join
right:
  %q = add i32 %p, 4
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 11)
  %zq = zext i32 %q to i64
  %aq = getelementptr i8, ptr addrspace(1) %base, i64 %zq
  %u = load float, ptr addrspace(1) %aq, align 1
  br label %join
join:
  %r = phi float [ 0.0, %0 ], [ %u, %right ]
  %s = fadd float %v, %r
  ret float %s
}

; One of two arrays, and of the first perhaps one element more: that comes if c and
; d hold; where c does not, d may be anything, and is not asked.
; CHECK-LABEL: define i32 @either(
; CHECK: icmp uge i64 %size, 4
; CHECK: %[[LAST:.*]] = sub i64 %size, 4
; CHECK: %[[MOST:.*]] = trunc i64 %[[LAST]] to i32
; CHECK: icmp ule i32 %q, %[[MOST]]
; CHECK: icmp uge i64 %size, 8
; CHECK: %[[LAST2:.*]] = sub i64 %size, 8
; CHECK: %[[MOST2:.*]] = trunc i64 %[[LAST2]] to i32
; CHECK: icmp ule i32 %p, %[[MOST2]]
; CHECK-NOT: icmp ul{{[et]}}
; CHECK: br i1 %{{.*}}, label %.split, label %.split.test, !prof
; CHECK: .split.test:
; CHECK: %[[NOT:.*]] = xor i1 %c, true
; CHECK: %[[RIGHT:.*]] = select i1 true, i1 %[[NOT]], i1 false
; CHECK: select i1 %[[RIGHT]], i1 %{{.*}}, i1 true
; CHECK: %[[LEFT:.*]] = select i1 true, i1 %c, i1 false
; CHECK: select i1 %[[LEFT]], i1 %{{.*}}, i1 true
; CHECK: %[[DEEP:.*]] = select i1 %[[LEFT]], i1 %d, i1 false
; CHECK: %[[END:.*]] = select i1 %[[DEEP]], i1 %{{.*}}, i1 true
; CHECK: %[[OK:.*]] = and i1 %{{.*}}, %[[END]]
; CHECK: br i1 %[[OK]], label %.split, label %.split.checked, !prof
; CHECK: {{^}}.split:
; CHECK-NOT: call
; CHECK: {{^}}.split.checked:
; CHECK-COUNT-3: call void @__tw_check_bounds(
; CHECK: ret i32
define i32 @either(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %q, i1 %c, i1 %d) {
  br i1 %c, label %left, label %right
left:
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %v = load i32, ptr addrspace(1) %a, align 1
  br i1 %d, label %deep, label %join
deep:
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 4, i64 4, ptr %rt, i32 0, i32 11)
  %a4 = getelementptr i8, ptr addrspace(1) %a, i64 4
  %v4 = load i32, ptr addrspace(1) %a4, align 1
  %s = add i32 %v, %v4
  br label %join
right:
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 12)
  %zq = zext i32 %q to i64
  %aq = getelementptr i8, ptr addrspace(1) %base, i64 %zq
  %u = load i32, ptr addrspace(1) %aq, align 1
  br label %join
join:
  %r = phi i32 [ %v, %left ], [ %s, %deep ], [ %u, %right ]
  ret i32 %r
}

; The condition is what the first access has read: two regions.
; CHECK-LABEL: define void @onLoaded(
; CHECK: br i1 %{{.*}}, label %.split1, label %.split1.checked, !prof
; CHECK: %[[V:.*]] = phi i32 [ %v, %.split1 ],
; CHECK: %c = icmp eq i32 %[[V]], 0
; CHECK: br i1 %{{.*}}, label %.split, label %.split.test, !prof
; CHECK: .split.test:
; CHECK: %[[WAY:.*]] = select i1 true, i1 %c, i1 false
; CHECK: select i1 %[[WAY]], i1 %{{.*}}, i1 true
; CHECK: ret void
define void @onLoaded(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %q) {
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %v = load i32, ptr addrspace(1) %a, align 1
  %c = icmp eq i32 %v, 0
  br i1 %c, label %then, label %join
then:
  call void @__tw_check_bounds(i32 %q, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 11)
  %zq = zext i32 %q to i64
  %aq = getelementptr i8, ptr addrspace(1) %base, i64 %zq
  store i32 1, ptr addrspace(1) %aq, align 1
  br label %join
join:
  ret void
}

; The condition divides by what may be zero: it is not computed ahead of its branch,
; and the region is what lies behind.
; CHECK-LABEL: define i32 @divided(
; CHECK: %k = udiv i32 %n, %d
; CHECK-NEXT: %big = icmp ugt i32 %k, 5
; CHECK-NEXT: br i1 %big, label %more, label %join
; CHECK-NOT: udiv
; CHECK: br i1 %{{.*}}, label %more.split, label %more.split.checked, !prof
; CHECK-NOT: udiv
; CHECK: ret i32
define i32 @divided(ptr addrspace(1) %base, i64 %size, ptr %rt, i32 %p, i32 %n, i32 %d) {
  %any = icmp ne i32 %d, 0
  br i1 %any, label %then, label %join
then:
  %k = udiv i32 %n, %d
  %big = icmp ugt i32 %k, 5
  br i1 %big, label %more, label %join
more:
  call void @__tw_check_bounds(i32 %p, i64 %size, i64 0, i64 4, ptr %rt, i32 0, i32 10)
  %z = zext i32 %p to i64
  %a = getelementptr i8, ptr addrspace(1) %base, i64 %z
  %v = load i32, ptr addrspace(1) %a, align 1
  br label %join
join:
  %r = phi i32 [ 0, %0 ], [ 1, %then ], [ %v, %more ]
  ret i32 %r
}
