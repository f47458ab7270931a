;; The alignment is a power of two.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:10:19: error: alignment must be power-of-two

(module
 (memory 1)
 (func (export "f")
  (drop (i32.load align=3 (i32.const 0)))))
