;; Row 27 of the op mapping table: whether all lanes or any bit are set, of one
;; thread's vector.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX

(module
 ;; TWASM-LABEL: twasm.func @all(
 ;; TWASM: vall_true i16x8 %arg0
 ;; STD-LABEL: func.func private @f0_all(
 ;; STD: %[[SET:.*]] = arith.cmpi ne, %{{.*}}, %{{.*}} : vector<8xi16>
 ;; STD: "llvm.intr.vector.reduce.and"(%[[SET]]) : (vector<8xi1>) -> i1
 ;; PTX-LABEL: .visible .entry tw_all(
 ;; PTX: setp.
 ;; PTX-NOT: vote
 (func (export "all") (param v128) (result i32) (i16x8.all_true (local.get 0)))

 ;; TWASM-LABEL: twasm.func @any(
 ;; TWASM: vany_true %arg0
 ;; STD-LABEL: func.func private @f1_any(
 ;; STD: %[[OR:.*]] = "llvm.intr.vector.reduce.or"(%arg6) : (vector<4xi32>) -> i32
 ;; STD: arith.cmpi ne, %[[OR]],
 ;; PTX-LABEL: .visible .entry tw_any(
 ;; PTX: or.b
 ;; PTX: setp.
 ;; PTX-NOT: vote
 (func (export "any") (param v128) (result i32) (v128.any_true (local.get 0))))
