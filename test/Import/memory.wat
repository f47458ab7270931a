;; Loads and stores of every width keep offset and alignment hint (spec 2.4.7).
;;
;; RUN: twc %s --emit=twasm | FileCheck %s

(module
 (memory 2 16)
 (data (i32.const 1024) "hi\00")
 (data "passive")

 ;; CHECK-LABEL: twasm.func @loads(
 ;; CHECK-SAME: %[[P:.*]]: i32)
 ;; CHECK-NEXT: load %[[P]] offset 0 align 2 : i32
 ;; CHECK-NEXT: load %[[P]] offset 4294967295 align 0 : i64
 ;; CHECK-NEXT: load %[[P]] offset 8 align 1 : f32
 ;; CHECK-NEXT: load %[[P]] offset 0 align 3 : f64
 ;; CHECK-NEXT: load_s 8 %[[P]] offset 1 align 0 : i32
 ;; CHECK-NEXT: load_u 8 %[[P]] offset 2 align 0 : i32
 ;; CHECK-NEXT: load_s 16 %[[P]] offset 3 align 1 : i32
 ;; CHECK-NEXT: load_u 16 %[[P]] offset 4 align 0 : i32
 ;; CHECK-NEXT: load_s 8 %[[P]] offset 5 align 0 : i64
 ;; CHECK-NEXT: load_u 8 %[[P]] offset 6 align 0 : i64
 ;; CHECK-NEXT: load_s 16 %[[P]] offset 7 align 1 : i64
 ;; CHECK-NEXT: load_u 16 %[[P]] offset 8 align 1 : i64
 ;; CHECK-NEXT: load_s 32 %[[P]] offset 9 align 2 : i64
 ;; CHECK-NEXT: load_u 32 %[[P]] offset 10 align 2 : i64
 (func (export "loads") (param i32)
  (local.get 0) (i32.load) (drop)
  (local.get 0) (i64.load offset=4294967295 align=1) (drop)
  (local.get 0) (f32.load offset=8 align=2) (drop)
  (local.get 0) (f64.load) (drop)
  (local.get 0) (i32.load8_s offset=1) (drop)
  (local.get 0) (i32.load8_u offset=2) (drop)
  (local.get 0) (i32.load16_s offset=3) (drop)
  (local.get 0) (i32.load16_u offset=4 align=1) (drop)
  (local.get 0) (i64.load8_s offset=5) (drop)
  (local.get 0) (i64.load8_u offset=6) (drop)
  (local.get 0) (i64.load16_s offset=7) (drop)
  (local.get 0) (i64.load16_u offset=8) (drop)
  (local.get 0) (i64.load32_s offset=9) (drop)
  (local.get 0) (i64.load32_u offset=10) (drop))

 ;; CHECK-LABEL: twasm.func @stores(
 ;; CHECK-SAME: %[[P:.*]]: i32, %[[I:.*]]: i32, %[[J:.*]]: i64, %[[F:.*]]: f32, %[[G:.*]]: f64)
 ;; CHECK-NEXT: store %[[I]], %[[P]] offset 0 align 2 : i32
 ;; CHECK-NEXT: store %[[J]], %[[P]] offset 1 align 3 : i64
 ;; CHECK-NEXT: store %[[F]], %[[P]] offset 2 align 2 : f32
 ;; CHECK-NEXT: store %[[G]], %[[P]] offset 3 align 0 : f64
 ;; CHECK-NEXT: store_n 8 %[[I]], %[[P]] offset 4 align 0 : i32
 ;; CHECK-NEXT: store_n 16 %[[I]], %[[P]] offset 5 align 1 : i32
 ;; CHECK-NEXT: store_n 8 %[[J]], %[[P]] offset 6 align 0 : i64
 ;; CHECK-NEXT: store_n 16 %[[J]], %[[P]] offset 7 align 1 : i64
 ;; CHECK-NEXT: store_n 32 %[[J]], %[[P]] offset 8 align 2 : i64
 (func (export "stores") (param i32 i32 i64 f32 f64)
  (i32.store (local.get 0) (local.get 1))
  (i64.store offset=1 (local.get 0) (local.get 2))
  (f32.store offset=2 (local.get 0) (local.get 3))
  (f64.store offset=3 align=1 (local.get 0) (local.get 4))
  (i32.store8 offset=4 (local.get 0) (local.get 1))
  (i32.store16 offset=5 (local.get 0) (local.get 1))
  (i64.store8 offset=6 (local.get 0) (local.get 2))
  (i64.store16 offset=7 (local.get 0) (local.get 2))
  (i64.store32 offset=8 (local.get 0) (local.get 2)))

 ;; CHECK-LABEL: twasm.func @size(
 ;; CHECK: memory_size : i32
 ;; CHECK: memory_grow %{{.*}} : i32
 (func (export "size") (param i32) (result i32)
  (i32.add (memory.size) (memory.grow (local.get 0))))

 ;; CHECK: twasm.memory @memory0 min 2 max 16
 ;; CHECK-NEXT: twasm.data @data0 active @memory0 offset 1024 at {{[0-9]+}} "hi\00"
 ;; CHECK-NEXT: twasm.data @data1 at {{[0-9]+}} "passive"
)
