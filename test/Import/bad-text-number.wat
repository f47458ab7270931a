;; A number out of the range of its type.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:9:13: error: invalid literal "4294967296"

(module
 (func (export "f")
  i32.const 4294967296
  drop))
