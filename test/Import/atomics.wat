;; Atomic instructions of the threads proposal, on an unshared memory: widths
;; and offsets, the read-modify-writes, comparison and exchange, wait, notify
;; and the fence.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s

(module
 (memory 1)
 ;; CHECK-LABEL: twasm.func @loads(
 ;; CHECK-SAME: %[[P:.*]]: i32)
 ;; CHECK-NEXT: atomic_load 32 %[[P]] offset 0 align 2 : i32
 ;; CHECK-NEXT: atomic_load 64 %[[P]] offset 8 align 3 : i64
 ;; CHECK-NEXT: atomic_load 8 %[[P]] offset 1 align 0 : i32
 ;; CHECK-NEXT: atomic_load 16 %[[P]] offset 2 align 1 : i32
 ;; CHECK-NEXT: atomic_load 8 %[[P]] offset 3 align 0 : i64
 ;; CHECK-NEXT: atomic_load 16 %[[P]] offset 4 align 1 : i64
 ;; CHECK-NEXT: atomic_load 32 %[[P]] offset 4294967295 align 2 : i64
 (func (export "loads") (param $p i32)
  (drop (i32.atomic.load (local.get $p)))
  (drop (i64.atomic.load offset=8 (local.get $p)))
  (drop (i32.atomic.load8_u offset=1 (local.get $p)))
  (drop (i32.atomic.load16_u offset=2 (local.get $p)))
  (drop (i64.atomic.load8_u offset=3 (local.get $p)))
  (drop (i64.atomic.load16_u offset=4 (local.get $p)))
  (drop (i64.atomic.load32_u offset=4294967295 (local.get $p))))

 ;; CHECK-LABEL: twasm.func @stores(
 ;; CHECK-SAME: %[[P:.*]]: i32, %[[I:.*]]: i32, %[[J:.*]]: i64)
 ;; CHECK-NEXT: atomic_store 32 %[[I]], %[[P]] offset 0 align 2 : i32
 ;; CHECK-NEXT: atomic_store 64 %[[J]], %[[P]] offset 0 align 3 : i64
 ;; CHECK-NEXT: atomic_store 8 %[[I]], %[[P]] offset 1 align 0 : i32
 ;; CHECK-NEXT: atomic_store 32 %[[J]], %[[P]] offset 4 align 2 : i64
 (func (export "stores") (param $p i32) (param $i i32) (param $j i64)
  (i32.atomic.store (local.get $p) (local.get $i))
  (i64.atomic.store (local.get $p) (local.get $j))
  (i32.atomic.store8 offset=1 (local.get $p) (local.get $i))
  (i64.atomic.store32 offset=4 (local.get $p) (local.get $j)))

 ;; CHECK-LABEL: twasm.func @rmw(
 ;; CHECK-SAME: %[[P:.*]]: i32, %[[I:.*]]: i32, %[[J:.*]]: i64)
 ;; CHECK-NEXT: atomic_rmw add 32 %[[I]], %[[P]] offset 0 align 2 : i32
 ;; CHECK-NEXT: atomic_rmw sub 64 %[[J]], %[[P]] offset 0 align 3 : i64
 ;; CHECK-NEXT: atomic_rmw and 8 %[[I]], %[[P]] offset 0 align 0 : i32
 ;; CHECK-NEXT: atomic_rmw or 16 %[[I]], %[[P]] offset 0 align 1 : i32
 ;; CHECK-NEXT: atomic_rmw xor 32 %[[J]], %[[P]] offset 0 align 2 : i64
 ;; CHECK-NEXT: atomic_rmw xchg 32 %[[I]], %[[P]] offset 4 align 2 : i32
 ;; CHECK-NEXT: %[[ONE:.*]] = const 1 : i64
 ;; CHECK-NEXT: atomic_cmpxchg 32 %[[J]], %[[ONE]], %[[P]] offset 0 align 2 : i64
 ;; CHECK-NEXT: atomic_cmpxchg 32 %[[I]], %[[P]], %[[P]] offset 0 align 2 : i32
 (func (export "rmw") (param $p i32) (param $i i32) (param $j i64)
  (drop (i32.atomic.rmw.add (local.get $p) (local.get $i)))
  (drop (i64.atomic.rmw.sub (local.get $p) (local.get $j)))
  (drop (i32.atomic.rmw8.and_u (local.get $p) (local.get $i)))
  (drop (i32.atomic.rmw16.or_u (local.get $p) (local.get $i)))
  (drop (i64.atomic.rmw32.xor_u (local.get $p) (local.get $j)))
  (drop (i32.atomic.rmw.xchg offset=4 (local.get $p) (local.get $i)))
  (drop (i64.atomic.rmw32.cmpxchg_u
   (local.get $p) (local.get $j) (i64.const 1)))
  (drop (i32.atomic.rmw.cmpxchg
   (local.get $p) (local.get $i) (local.get $p))))

 ;; CHECK-LABEL: twasm.func @waits(
 ;; CHECK-SAME: %[[P:.*]]: i32, %[[I:.*]]: i32, %[[J:.*]]: i64)
 ;; CHECK-NEXT: atomic_wait %[[I]], %[[J]], %[[P]] offset 0 align 2 : i32
 ;; CHECK-NEXT: atomic_wait %[[J]], %[[J]], %[[P]] offset 0 align 3 : i64
 ;; CHECK-NEXT: atomic_notify %[[I]], %[[P]] offset 0 align 2
 ;; CHECK-NEXT: atomic_fence
 (func (export "waits") (param $p i32) (param $i i32) (param $j i64)
  (drop (memory.atomic.wait32
   (local.get $p) (local.get $i) (local.get $j)))
  (drop (memory.atomic.wait64
   (local.get $p) (local.get $j) (local.get $j)))
  (drop (memory.atomic.notify (local.get $p) (local.get $i)))
  (atomic.fence)))
