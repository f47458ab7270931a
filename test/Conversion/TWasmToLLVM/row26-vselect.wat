;; Row 26 of the op mapping table: bits chosen by a mask.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX

(module
 ;; TWASM-LABEL: twasm.func @bits(
 ;; TWASM: vselect %arg0, %arg1, %arg2
 ;; STD-LABEL: func.func private @f0_bits(
 ;; STD: %[[NOT:.*]] = arith.xori %arg8, %{{.*}} : vector<4xi32>
 ;; STD: %[[A:.*]] = arith.andi %arg6, %arg8 : vector<4xi32>
 ;; STD: %[[B:.*]] = arith.andi %arg7, %[[NOT]] : vector<4xi32>
 ;; STD: arith.ori %[[A]], %[[B]] : vector<4xi32>
 ;; PTX-LABEL: .visible .entry tw_bits(
 ;; PTX: {{and|lop3|xor}}.b32
 ;; PTX: st.global.v4.b32
 (func (export "bits") (param v128 v128 v128) (result v128)
  (v128.bitselect (local.get 0) (local.get 1) (local.get 2)))

 ;; TWASM-LABEL: twasm.func @lanes(
 ;; TWASM: vselect %arg0, %arg1, %arg2
 (func (export "lanes") (param v128 v128 v128) (result v128)
  (i16x8.relaxed_laneselect (local.get 0) (local.get 1) (local.get 2))))
