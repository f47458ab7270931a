;; Text is validated before it is converted: line and column.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:9:4: error: type mismatch in i32.add, expected [i32, i32] but got [i32, f32]

(module
 (func (export "f") (result i32)
  (i32.add (i32.const 1) (f32.const 1))))
