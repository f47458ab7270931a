;; A GPU sees no vector arithmetic: what is left of vectors is what memory and
;; arguments move, and that is <4 x i32>. The host keeps its vectors.
;;
;; RUN: twc %s --emit=llvm --target=sm_80 | FileCheck %s
;; RUN: twc %s --emit=llvm --target=sm_80 | FileCheck %s --check-prefix=NONE
;; RUN: twc %s --emit=llvm --target=host | FileCheck %s --check-prefix=HOST
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX
;; NONE-NOT: x i8>
;; NONE-NOT: x i16>
;; NONE-NOT: x i64>
;; NONE-NOT: x float>
;; NONE-NOT: x double>

(module
 (memory 1)
 ;; CHECK-LABEL: define {{.*}} @tw_bytes(
 ;; CHECK: %[[LOW:.*]] = and i32 %{{.*}}, 15
 ;; CHECK: icmp eq i32 %[[LOW]], 0
 ;; CHECK: load <4 x i32>, ptr addrspace(1) %{{.*}}, align 16
 ;; CHECK-COUNT-16: call i8 @llvm.uadd.sat.i8(
 ;; CHECK: call <4 x i32> @__tw_load_bytes_16_seldom(
 ;; HOST-LABEL: define {{.*}} @tw_bytes(
 ;; HOST: call <16 x i8> @llvm.uadd.sat.v16i8(
 ;; PTX-LABEL: .visible .entry tw_bytes(
 ;; PTX: .param .align 16 .b8 tw_bytes_param_2[16]
 ;; PTX: ld.global.v4.b32
 ;; PTX: st.global.v4.b32
 (func (export "bytes") (param i32 v128) (result v128)
  (i8x16.add_sat_u (v128.load (local.get 0)) (local.get 1)))

 ;; A swizzle shifts one of two halves.
 ;; CHECK-LABEL: define {{.*}} @tw_swizzle(
 ;; CHECK-COUNT-16: lshr i64
 ;; CHECK: insertelement <4 x i32>
 ;; HOST-LABEL: define {{.*}} @tw_swizzle(
 ;; HOST: extractelement <16 x i8>
 (func (export "swizzle") (param v128 v128) (result v128)
  (i8x16.swizzle (local.get 0) (local.get 1)))

 ;; Signs are changed as bits.
 ;; CHECK-LABEL: define {{.*}} @tw_signs(
 ;; CHECK-NOT: fneg
 ;; CHECK-NOT: llvm.fabs
 ;; CHECK: ret void
 ;; HOST-LABEL: define {{.*}} @tw_signs(
 (func (export "signs") (param v128 v128) (result v128 v128)
  (f32x4.abs (f32x4.add (local.get 0) (local.get 1)))
  (f64x2.neg (f64x2.add (local.get 0) (local.get 1))))

 ;; The bytes of a misaligned vector become <4 x i32> as well.
 ;; CHECK-LABEL: define internal <4 x i32> @__tw_load_bytes_16_seldom(
 ;; CHECK: load i8, ptr addrspace(1) %{{.*}}, align 1
 ;; CHECK: icmp ult i32 %{{.*}}, 16
 ;; CHECK: bitcast i128 %{{.*}} to <4 x i32>
 )
