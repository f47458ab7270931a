;; Row 15 of the op mapping table: br_table. The index is unsigned; one that is
;; out of range takes the default (spec 4.4.8).
;;
;; RUN: twc %s --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX

(module
 (memory 1)
 ;; TWASM-LABEL: twasm.func @table(
 ;; TWASM: br_table %arg0, ^bb[[#D:]] [^bb{{[0-9]+}}, ^bb{{[0-9]+}}, ^bb{{[0-9]+}}, ^bb{{[0-9]+}}, ^bb{{[0-9]+}}]
 ;; STD-LABEL: func.func private @f0_table(
 ;; STD: cf.switch %arg6 : i32, [
 ;; STD-NEXT: default: ^[[DEFAULT:bb[0-9]+]]
 ;; STD-NEXT: 0: ^bb
 ;; STD-NEXT: 1: ^bb
 ;; STD-NEXT: 2: ^bb
 ;; STD-NEXT: 3: ^bb
 ;; STD-NEXT: 4: ^bb
 ;; STD-NEXT: ]
 ;; STD: ^[[DEFAULT]]:
 ;; STD: twasm.rt.trap %arg2, unreachable
 ;; PTX-LABEL: .visible .entry tw_table(
 ;; The guard is unsigned: -1 is above every label.
 ;; PTX: setp.{{gt|ge|lt|le}}.u32
 ;; PTX: brx.idx
 (func (export "table") (param i32 i32)
  (block $d (block $e (block $c (block $b (block $a (block $z
   (br_table $z $a $b $c $e $d (local.get 0)))
   (i32.store (i32.const 0) (local.get 1)) (return))
   (i32.store (i32.const 4) (i32.mul (local.get 1) (i32.const 3))) (return))
   (i32.store8 (i32.const 8) (local.get 1)) (return))
   (i32.store (i32.const 12) (i32.clz (local.get 1))) (return))
   (i32.store16 (local.get 1) (i32.const 1)) (return))
  (unreachable)))
