;; Row 20 of the op mapping table: the reinterprets. Every bit survives, NaN
;; payloads too: nothing canonicalises what was not made by arithmetic.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX

;; TWASM-NOT: canonicalize_nan
;; STD-NOT: arith.cmpf

(module
 ;; TWASM-LABEL: twasm.func @i32(
 ;; TWASM: reinterpret %arg0 : f32 to i32
 ;; STD-LABEL: func.func private @f0_i32(
 ;; STD: arith.bitcast %arg6 : f32 to i32
 ;; PTX-LABEL: .visible .entry tw_i32(
 ;; PTX-NOT: {{(add|mul|sub|min|max|cvt)\.}}
 ;; PTX: ret;
 (func (export "i32") (param f32) (result i32) (i32.reinterpret_f32 (local.get 0)))
 ;; TWASM-LABEL: twasm.func @i64(
 ;; TWASM: reinterpret %arg0 : f64 to i64
 ;; STD-LABEL: func.func private @f1_i64(
 ;; STD: arith.bitcast %arg6 : f64 to i64
 (func (export "i64") (param f64) (result i64) (i64.reinterpret_f64 (local.get 0)))
 ;; TWASM-LABEL: twasm.func @f32(
 ;; TWASM: reinterpret %arg0 : i32 to f32
 ;; STD-LABEL: func.func private @f2_f32(
 ;; STD: arith.bitcast %arg6 : i32 to f32
 (func (export "f32") (param i32) (result f32) (f32.reinterpret_i32 (local.get 0)))
 ;; TWASM-LABEL: twasm.func @f64(
 ;; TWASM: reinterpret %arg0 : i64 to f64
 ;; STD-LABEL: func.func private @f3_f64(
 ;; STD: arith.bitcast %arg6 : i64 to f64
 (func (export "f64") (param i64) (result f64) (f64.reinterpret_i64 (local.get 0)))

 ;; A signalling NaN as a constant keeps its bits.
 ;; TWASM-LABEL: twasm.func @constant(
 ;; TWASM: const 0x7FA00001 : f32
 ;; PTX-LABEL: .visible .entry tw_constant(
 ;; 2141192193 is 0x7fa00001.
 ;; PTX: 2141192193
 (func (export "constant") (result i32)
  (i32.reinterpret_f32 (f32.const nan:0x200001))))
