;; Accesses of a grid's function with shared memory. An opaque call knows where
;; the address most likely is: that made from tw.shared's in shared memory, any
;; other above the windows. One compare says whether all bytes are there; where it
;; does not hold more of them find the place, or it traps. Only ranges are looked
;; for by a call. The invocation's function has neither.
;;
;; RUN: twc %s --emit=std | FileCheck %s
;; RUN: twc %s --emit=llvm --target=sm_80 -O0 | FileCheck %s --check-prefix=PTX
;; RUN: twc %s --emit=llvm --target=host | FileCheck %s --check-prefix=HOST
;; RUN: twc %s --report | FileCheck %s --check-prefix=REPORT

(module
 (import "tw" "shared" (func $shared (param i32) (result i32)))
 (import "tw" "shared_size" (func $size (result i32)))
 (memory (export "memory") 1)

 ;; The invocation's: plain Wasm, where shared memory begins at 1024 and has
 ;; no bytes.
 ;; CHECK-LABEL: func.func private @f2_k(
 ;; CHECK-NOT: __tw_window
 ;; CHECK-DAG: arith.constant 1024 : i32
 ;; CHECK-DAG: arith.constant 0 : i32
 ;; CHECK: twasm.rt.check_bounds
 ;; CHECK-LABEL: func.func private @g2_k{{.*}}grid(

 ;; CHECK: %[[SHARED:.*]] = llvm.load %{{.*}} {alignment = 8 : i64} : !llvm.ptr -> !llvm.ptr<3>
 ;; CHECK: %[[BYTES:.*]] = llvm.load %{{.*}} {alignment = 8 : i64} : !llvm.ptr -> i64
 ;; CHECK: %[[PLACE:.*]] = llvm.call @__tw_place_shared(%{{.*}}, %[[SHARED]], %[[BYTES]],
 ;; CHECK: llvm.load %[[PLACE]] {alignment = 1 : i64} : !llvm.ptr -> i32
 ;; CHECK: %[[PLACE:.*]] = llvm.call @__tw_place_memory(
 ;; CHECK: llvm.store %{{.*}}, %[[PLACE]] {alignment = 1 : i64} : i64, !llvm.ptr
 ;; A range is looked for by a call.
 ;; CHECK: llvm.call @__tw_window_address(
 ;; CHECK: twasm.rt.fill %{{.*}} : !llvm.ptr
 ;; CHECK: arith.trunci %[[BYTES]] : i64 to i32

 ;; Of what begins in the window: distance < bytes -sat 3.
 ;; PTX-LABEL: define {{.*}} @"g2_k
 ;; PTX-DAG: %[[DISTANCE:.*]] = add i32 %{{.*}}, -1020
 ;; PTX-DAG: %[[LIMIT:.*]] = call i64 @llvm.usub.sat.i64(i64 %[[BYTES:.*]], i64 3)
 ;; PTX: %[[NARROW:.*]] = trunc i64 %[[LIMIT]] to i32
 ;; PTX: %[[INSIDE:.*]] = icmp ult i32 %[[DISTANCE]], %[[NARROW]]
 ;; PTX: %[[WIDE:.*]] = zext i32 %[[DISTANCE]] to i64
 ;; PTX: %[[HERE:.*]] = getelementptr i8, ptr addrspace(3) %{{.*}}, i64 %[[WIDE]]
 ;; PTX: br i1 %[[INSIDE]], {{.*}} !prof
 ;; PTX: load {{.*}}ptr addrspace(3) %[[HERE]], align
 ;; If not, and it begins in the window, it ends there too: trap 5 otherwise.
 ;; PTX: %[[AT:.*]] = add nuw nsw i64 %{{.*}}, 4
 ;; PTX: %[[END:.*]] = add nuw nsw i64 %[[AT]], 4
 ;; PTX: %[[AWAY:.*]] = sub i64 %[[AT]], 1024
 ;; PTX: %[[IN:.*]] = icmp ult i64 %[[AWAY]], %[[BYTES]]
 ;; It begins below and ends in it, where there is one: trap 5.
 ;; PTX: %[[BELOW:.*]] = icmp ult i64 %[[AT]], 1024
 ;; PTX: %[[INTO:.*]] = icmp ugt i64 %[[END]], 1024
 ;; PTX: %[[OVER:.*]] = and i1 %[[BELOW]], %[[INTO]]
 ;; PTX: %[[ANY:.*]] = icmp ne i64 %[[BYTES]], 0
 ;; PTX: %[[STRADDLES:.*]] = and i1 %[[OVER]], %[[ANY]]
 ;; PTX: %[[TOP:.*]] = add i64 %[[BYTES]], 1024
 ;; PTX: %[[BOUND:.*]] = select i1 %[[IN]], i64 %[[TOP]], i64 %1
 ;; PTX: %[[OUT:.*]] = icmp ugt i64 %[[END]], %[[BOUND]]
 ;; PTX: %[[TRAPS:.*]] = or i1 %[[OUT]], %[[STRADDLES]]
 ;; PTX: br i1 %[[TRAPS]],
 ;; PTX: call void @__tw_trap(i32 5,
 ;; PTX: %[[WHERE:.*]] = select i1 %[[IN]], ptr %{{.*}}, ptr %{{.*}}
 ;; PTX: getelementptr i8, ptr %[[WHERE]], i64
 ;; PTX: load i8, ptr %{{.*}}, align 1
 ;; PTX: icmp ult i32 %{{.*}}, 4
 ;; Of any other: address - (base + bytes) < size -sat (base + bytes) -sat 7.
 ;; PTX: %[[LOW:.*]] = add nuw nsw i64 %[[BYTES]], 1024
 ;; PTX-DAG: %[[ABOVE:.*]] = call i64 @llvm.usub.sat.i64(i64 %{{.*}}, i64 %[[LOW]])
 ;; PTX-DAG: %[[FROM:.*]] = sub i64 %{{.*}}, %[[LOW]]
 ;; PTX: %[[MOST:.*]] = call i64 @llvm.usub.sat.i64(i64 %[[ABOVE]], i64 7)
 ;; PTX: icmp ult i64 %[[FROM]], %[[MOST]]
 ;; PTX: store i64 %{{.*}}, ptr addrspace(1) %{{.*}}, align 8
 ;; PTX: select i1 %{{.*}}, ptr %{{.*}}, ptr %{{.*}}
 ;; PTX: store i8 %{{.*}}, ptr %{{.*}}, align 1
 ;; PTX: icmp ult i32 %{{.*}}, 8

 ;; What finds a range: in shared memory, if it begins there; else on the
 ;; stack, else in linear memory, and across no edge. The host's block has its
 ;; bytes from the runtime, and zeroes none.
 ;; HOST: define internal ptr @__tw_window_address(
 ;; HOST: %[[DISTANCE:.*]] = sub i64 %0, 1024
 ;; HOST: icmp ult i64 %[[DISTANCE]], %5
 ;; HOST: %[[LEFT:.*]] = sub i64 %5, %[[DISTANCE]]
 ;; HOST: icmp ugt i64 %1, %[[LEFT]]
 ;; HOST: icmp ult i64 %0, %8
 ;; HOST: icmp ult i64 %0, %7
 ;; HOST: call void @__tw_trap(i32 5,
 ;; HOST: call void @__tw_trap(i32 9,
 ;; HOST-NOT: barrier
 ;; An access makes its search in place; a CPU reads any address at once.
 ;; HOST-LABEL: define internal {{.*}}@"g2_k
 ;; HOST-NOT: __tw_{{window|load|store}}
 ;; HOST: load i32, ptr addrspace(3) %{{.*}}, align 1
 ;; HOST: store i64 %{{.*}}, ptr addrspace(1) %{{.*}}, align 1
 ;; HOST: call ptr @__tw_window_address(
 ;; HOST-NOT: __tw_{{window|load|store}}
 ;; HOST: select i1 %{{.*}}, ptr %{{.*}}, ptr %{{.*}}
 ;; HOST: load i32, ptr %{{.*}}, align 1
 ;; HOST: select i1 %{{.*}}, ptr %{{.*}}, ptr %{{.*}}
 ;; HOST: store i64 %{{.*}}, ptr %{{.*}}, align 1
 ;; HOST-NOT: barrier

 ;; REPORT: k
 (func (export "k") (param $p i32)
  (i64.store (local.get $p) (i64.extend_i32_u
   (i32.load offset=4
    (i32.add (call $shared (i32.const 50)) (local.get $p)))))
  (memory.fill (local.get $p) (i32.const 1) (i32.const 8))
  (i32.store offset=16 (local.get $p) (call $size))))
