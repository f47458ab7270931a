;; A word that is no instruction.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:9:3: error: unexpected token frob, expected ).

(module
 (func (export "f")
  frob))
