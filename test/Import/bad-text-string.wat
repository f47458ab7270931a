;; A string that never ends.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:8:20: error: newline in string

(module
 (func (export "f))
