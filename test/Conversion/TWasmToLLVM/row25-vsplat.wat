;; Row 25 of the op mapping table: one number in every lane.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX

(module
 (memory 1)
 ;; TWASM-LABEL: twasm.func @bytes(
 ;; TWASM: vsplat i8x16 %arg0 : i32
 ;; STD-LABEL: func.func private @f0_bytes(
 ;; STD: %[[LOW:.*]] = arith.trunci %arg6 : i32 to i8
 ;; STD: %[[ONE:.*]] = llvm.insertelement %[[LOW]], %{{.*}} : vector<16xi8>
 ;; STD: llvm.shufflevector %[[ONE]], %[[ONE]] [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] : vector<16xi8>
 (func (export "bytes") (param i32) (result v128)
  (i8x16.splat (local.get 0)))

 ;; TWASM-LABEL: twasm.func @floats(
 ;; TWASM: vsplat f32x4 %arg0 : f32
 ;; PTX-LABEL: .visible .entry tw_floats(
 ;; PTX: ld.param.b32 %[[X:r[0-9]+]],
 ;; PTX: st.global.v4.b32 {{.*}}, {%[[X]], %[[X]], %[[X]], %[[X]]};
 (func (export "floats") (param f32) (result v128)
  (f32x4.splat (local.get 0)))

 ;; TWASM-LABEL: twasm.func @loaded(
 ;; TWASM: vload_splat i16x8 %arg0 offset 6 align 1
 ;; STD-LABEL: func.func private @f2_loaded(
 ;; STD: twasm.rt.check_bounds {{.*}}bytes = 2 : i32{{.*}}offset = 6 : i64
 ;; STD: %[[N:.*]] = llvm.load %{{.*}} {alignment = 1 : i64} : !llvm.ptr<1> -> i16
 ;; STD: llvm.insertelement %[[N]],
 (func (export "loaded") (param i32) (result v128)
  (v128.load16_splat offset=6 (local.get 0))))
