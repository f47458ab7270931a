;; An annotation that never ends: "(@" and the end of the file is all it takes
;; to keep WABT 1.0.32's parser for ever, so annotations are not read.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:8:1: error: annotations not enabled: name
(module)
(@name
