;; A memory with 64-bit addresses: indices and sizes of 64 bits. WABT 1.0.32
;; reads no offset beyond 32 bits.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s

(module
 ;; CHECK-LABEL: twasm.func @f(
 ;; CHECK-SAME: %[[P:.*]]: i64) -> i64
 ;; CHECK: load i64 %[[P]] offset 4294967295 align 2 : i32
 ;; CHECK: memory_fill %[[P]], %{{.*}}, i64 %[[P]] : i64
 ;; CHECK: memory_grow %[[P]] : i64
 (func $f (export "f") (param i64) (result i64)
  (drop (i32.load offset=4294967295 (local.get 0)))
  (memory.fill (local.get 0) (i32.const 0) (local.get 0))
  (memory.grow (local.get 0)))
 ;; CHECK: twasm.memory @memory0 i64 min 1
 (memory i64 1)
 ;; CHECK: twasm.data @data0 active @memory0 offset 8 at
 (data (i64.const 8) "x"))
