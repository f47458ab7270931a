;; Constant expressions are computed while importing: the extended ones of
;; Wasm 3.0 (i32 and i64 add, sub, mul) and those that read immutable
;; imported globals (spec 3.3.10).
;;
;; RUN: split-file %s %t
;; RUN: twc --link env=%t/env.wat %t/main.wat --emit=twasm | FileCheck %s

;--- env.wat
(module (global (export "a") i32 (i32.add (i32.const 1) (i32.const 2))))
;--- main.wat
(module
 (import "env" "a" (global $a i32))
 (memory 1)
 (table 8 funcref)
 ;; CHECK-DAG: twasm.global @b index 1 = -2147483648 : i32
 (global $b i32 (i32.sub (i32.const 0x7fffffff) (i32.const -1)))
 ;; CHECK-DAG: twasm.global @c index 2 mutable = -4611686018427387904 : i64
 (global $c (mut i64)
  (i64.mul (i64.const 0x4000000000000000) (i64.const -1)))
 ;; CHECK-DAG: twasm.global @d index 3 = 15 : i32
 (global $d i32 (i32.mul (global.get $a) (i32.const 5)))
 ;; CHECK-DAG: twasm.data @data0 active @memory0 offset 18 at {{[0-9]+}} "x"
 (data (i32.add (global.get $a) (i32.const 15)) "x")
 ;; CHECK-DAG: twasm.elem @elem0 active @table0 offset 4 [@f]
 (elem (i32.add (global.get $a) (i32.const 1)) $f)
 (func $f (export "f")))
