;; Row 14 of the op mapping table: select takes the first value if the condition
;; is not zero (any bit, spec 4.4.3).
;;
;; RUN: twc %s --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX

(module
 ;; TWASM-LABEL: twasm.func @f32(
 ;; TWASM: %[[A:.*]] = fadd
 ;; TWASM: %[[M:.*]] = fmul
 ;; TWASM: select %arg2, %[[A]], %[[M]] : f32
 ;; STD-LABEL: func.func private @f0_f32(
 ;; STD: %[[Z:.*]] = arith.constant 0 : i32
 ;; STD: %[[C:.*]] = arith.cmpi ne, %arg8, %[[Z]] : i32
 ;; STD: arith.select %[[C]], %{{.*}}, %{{.*}} : f32
 ;; PTX-LABEL: .visible .entry tw_f32(
 ;; PTX: setp.{{eq|ne}}.b32 %p{{[0-9]+}}, %r{{[0-9]+}}, 0;
 ;; PTX: selp.{{[bf]}}32
 (func (export "f32") (param f32 f32 i32) (result f32)
  (select (f32.add (local.get 0) (local.get 1))
   (f32.mul (local.get 0) (local.get 1)) (local.get 2)))

 ;; TWASM-LABEL: twasm.func @typed(
 ;; TWASM: select %arg2, %arg0, %arg1 : i64
 ;; STD-LABEL: func.func private @f1_typed(
 ;; STD: arith.select %{{.*}}, %arg6, %arg7 : i64
 ;; PTX-LABEL: .visible .entry tw_typed(
 ;; PTX: selp.b64
 (func (export "typed") (param i64 i64 i32) (result i64)
  (select (result i64) (local.get 0) (local.get 1) (local.get 2))))
