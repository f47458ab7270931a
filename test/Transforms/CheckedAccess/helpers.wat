;; The helpers of unlikely accesses: they trap unless index + offset + bytes, a sum of
;; 64 bits, is in memory; then they access at once what is aligned, and byte by byte
;; what is not. On the host nothing is misaligned, and nothing is outlined.
;;
;; RUN: twc %s --emit=llvm --target=sm_80 | FileCheck %s
;; RUN: twc %s --emit=llvm --target=host | FileCheck %s --check-prefix=HOST
;; RUN: twc %s --emit=llvm --target=sm_80 --bounds=isolate | FileCheck %s --check-prefix=NONE
;; RUN: twc %s --emit=llvm --target=sm_80 --bounds=none | FileCheck %s --check-prefix=NONE
;; HOST-NOT: __tw_checked_
;; NONE-NOT: __tw_checked_

;; CHECK-LABEL: define ptx_kernel void @tw_move(
;; CHECK: br i1 %{{.*}}, label %[[FAST:.*]], label %[[SLOW:.*checked]], !prof
;; CHECK: {{^}}[[FAST]]:
;; CHECK-NOT: @__tw_
;; CHECK: ret void
;; CHECK: {{^}}[[SLOW]]:
;; CHECK: call i8 @__tw_checked_load_1(
;; CHECK: call i32 @__tw_checked_load_4(
;; CHECK: call i64 @__tw_checked_load_8(
;; CHECK: call void @__tw_checked_store_2(
;; CHECK: call <4 x i32> @__tw_checked_load_16(
;; CHECK: call void @__tw_checked_store_16(
;; CHECK-NOT: @__tw_
;; CHECK: {{^}}}

;; A byte is always aligned. All agree about index, base, size, the runtime's
;; pointer; a helper with one caller has its offset and its place, too.
;; CHECK-LABEL: define internal i8 @__tw_checked_load_1(i32 %0, ptr addrspace(1) %1, i64 {{.*}}%2, ptr %3)
;; CHECK: %[[INDEX:.*]] = zext i32 %0 to i64
;; CHECK: %[[END:.*]] = add nuw nsw i64 %[[INDEX]], 1
;; CHECK: %[[OUT:.*]] = icmp ugt i64 %[[END]], %2
;; CHECK: br i1 %[[OUT]], label %[[TRAP:.*]], label %[[GO:.*]]{{$}}
;; CHECK: {{^}}[[GO]]:
;; CHECK: %[[AT:.*]] = getelementptr i8, ptr addrspace(1) %1, i64 %[[INDEX]]
;; CHECK-NEXT: load i8, ptr addrspace(1) %[[AT]], align 1
;; CHECK-NOT: load
;; CHECK: {{^}}[[TRAP]]:
;; CHECK-NEXT: call void @__tw_trap(

;; Offset 4294967295: an index of 32 bits and 64-bit sums.
;; CHECK-LABEL: define internal i32 @__tw_checked_load_4(
;; CHECK: %[[INDEX:.*]] = zext i32 %0 to i64
;; CHECK: %[[EA:.*]] = add nuw nsw i64 %[[INDEX]], 4294967295
;; CHECK: %[[END:.*]] = add nuw nsw i64 %[[EA]], 4
;; CHECK: %[[OUT:.*]] = icmp ugt i64 %[[END]], %2
;; CHECK: br i1 %[[OUT]], label %[[TRAP:.*]], label %[[GO:.*]]{{$}}
;; CHECK: {{^}}[[GO]]:
;; CHECK: %[[AT:.*]] = getelementptr i8, ptr addrspace(1) %1, i64 %[[EA]]
;; CHECK: %[[LOW:.*]] = and i64 %{{.*}}, 3
;; CHECK: %[[ALIGNED:.*]] = icmp eq i64 %[[LOW]], 0
;; CHECK: br i1 %[[ALIGNED]], label %aligned, label %bytewise
;; CHECK: {{^}}aligned:
;; CHECK-NEXT: load i32, ptr addrspace(1) %[[AT]], align 4
;; CHECK: {{^}}bytewise:
;; CHECK-COUNT-4: load i8, ptr addrspace(1) %{{.*}}, align 1
;; CHECK: {{^}}[[TRAP]]:
;; CHECK-NEXT: call void @__tw_trap(

;; CHECK-LABEL: define internal i64 @__tw_checked_load_8(
;; CHECK: and i64 %{{.*}}, 7
;; CHECK: load i64, ptr addrspace(1) %{{.*}}, align 8
;; CHECK: load i8, ptr addrspace(1) %{{.*}}, align 1
;; CHECK-NOT: load
;; CHECK: icmp ult i32 %{{.*}}, 8
;; CHECK: {{^}}}

;; CHECK-LABEL: define internal void @__tw_checked_store_2(
;; CHECK: br i1 %{{.*}}, label %[[TRAP:.*]], label %[[GO:.*]]{{$}}
;; CHECK: and i64 %{{.*}}, 1
;; CHECK: store i16 %{{.*}}, ptr addrspace(1) %{{.*}}, align 2
;; CHECK-COUNT-2: store i8 %{{.*}}, ptr addrspace(1) %{{.*}}, align 1
;; A store that traps writes nothing.
;; CHECK: {{^}}[[TRAP]]:
;; CHECK-NEXT: call void @__tw_trap(
;; CHECK-NEXT: unreachable

;; CHECK-LABEL: define internal <4 x i32> @__tw_checked_load_16(
;; CHECK: and i64 %{{.*}}, 15
;; CHECK: load <4 x i32>, ptr addrspace(1) %{{.*}}, align 16
;; CHECK: icmp ult i32 %{{.*}}, 16
;; CHECK-LABEL: define internal void @__tw_checked_store_16(
;; CHECK: and i64 %{{.*}}, 15
;; CHECK: store <4 x i32> %{{.*}}, ptr addrspace(1) %{{.*}}, align 16
;; CHECK: icmp ult i32 %{{.*}}, 16

(module
 (memory 1)
 (func (export "move") (param $p i32) (param $q i32)
  (local $x i32) (local $y i32) (local $z i64)
  (local.set $x (i32.load8_u (local.get $p)))
  (local.set $y (i32.load offset=4294967295 (local.get $p)))
  (local.set $z (i64.load offset=8 (local.get $p)))
  (i32.store16 offset=16 (local.get $q)
   (i32.add (i32.add (local.get $x) (local.get $y))
            (i32.wrap_i64 (local.get $z))))
  (v128.store offset=48 (local.get $q) (v128.load offset=32 (local.get $q)))))
