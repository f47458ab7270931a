;; A sign that only arithmetic reads, also behind a choice, is an operand's modifier
;; to ptxas. What is stored keeps a NaN's bits, which abs.f32 would not.
;;
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s

;; CHECK-NOT: setp.nan
;; CHECK: abs.f32
;; CHECK-NOT: and.b32 {{.*}}0x7fffffff
;; CHECK: min.s32 {{.*}}, 2143289344
;; CHECK: st.global
;; CHECK: and.b32 {{.*}}0x7fffffff
;; CHECK: st.global
(module
 (memory 1)
 (func (export "f") (param $p i32) (local $x f32) (local $y f32)
  (local.set $x (f32.load (local.get $p)))
  (local.set $y (f32.load offset=4 (local.get $p)))
  (f32.store (local.get $p)
   (f32.add
    (select (f32.abs (local.get $x)) (local.get $y)
            (f32.lt (local.get $x) (local.get $y)))
    (local.get $y)))
  (f32.store offset=4 (local.get $p) (f32.abs (local.get $y)))))
