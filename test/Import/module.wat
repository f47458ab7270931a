;; What a module declares: globals, tables, element segments, start, exports.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s

(module
 (table 3 funcref)
 (table 1 10 funcref)
 (memory (export "memory") 1)
 (global $sp (mut i32) (i32.const 65536))
 (global $max i64 (i64.const -1))
 (global $nan f32 (f32.const nan:0x200001))
 (global $zero (mut f64) (f64.const -0))
 (elem (table 0) (i32.const 1) funcref (ref.func $g) (ref.null func))
 (elem (table 1) (i32.const 0) func $f)
 (export "table" (table 0))
 (export "sp" (global $sp))
 (export "f" (func $f))
 (export "again" (func $f))
 (start $init)
 (func $init)
 (func $g (param i32) (result i32) (global.get $sp))
 ;; CHECK-LABEL: twasm.func @f(
 ;; CHECK: %[[SP:.*]] = global_get @sp : i32
 ;; CHECK: global_set @sp, %[[SP]] : i32
 ;; CHECK: call_indirect @table0[%{{.*}}]{{ ?}}(%{{.*}}) : (i32) -> i32
 ;; CHECK: call_indirect @table1[%{{.*}}]{{ ?}}() : () -> ()
 (func $f
  (global.set $sp (global.get $sp))
  (drop (call_indirect 0 (param i32) (result i32)
   (global.get $sp) (i32.const 1)))
  (call_indirect 1 (i32.const 0))))

;; CHECK-DAG: twasm.table @table0 min 3
;; CHECK-DAG: twasm.table @table1 min 1 max 10
;; CHECK-DAG: twasm.global @sp index 0 mutable = 65536 : i32
;; CHECK-DAG: twasm.global @max index 1 = -1 : i64
;; CHECK-DAG: twasm.global @nan index 2 = 0x7FA00001 : f32
;; CHECK-DAG: twasm.global @zero index 3 mutable = -0.000000e+00 : f64
;; CHECK-DAG: twasm.elem @elem0 active @table0 offset 1 [@g, unit]
;; CHECK-DAG: twasm.elem @elem1 active @table1 offset 0 [@f]
;; CHECK-DAG: twasm.start @init
;; CHECK-DAG: twasm.export "f" func @f
;; CHECK-DAG: twasm.export "again" func @f
;; CHECK-DAG: twasm.export "memory" memory @memory0
;; CHECK-DAG: twasm.export "table" table @table0
;; CHECK-DAG: twasm.export "sp" global @sp
