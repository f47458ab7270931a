;; A local of a name that is not declared.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:9:14: error: undefined local variable "$x"

(module
 (func (export "f")
  (local.get $x)
  drop))
