;; Loops of n rounds, each of which takes the same fuel; p is 64 words.

  (import "tw" "barrier" (func $barrier))
  (memory (export "memory") 1)
  (func $touch (param $p i32) (param $i i32)
    (i32.store
      (i32.add (local.get $p)
        (i32.shl (i32.and (local.get $i) (i32.const 63)) (i32.const 2)))
      (local.get $i)))
  (func (export "upward") (param $p i32) (param $n i32) (local $i i32)
    (loop $l
      (call $touch (local.get $p) (local.get $i))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $l (i32.lt_u (local.get $i) (local.get $n)))))
  (func (export "downward") (param $p i32) (param $n i32)
    (loop $l
      (call $touch (local.get $p) (local.get $n))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $l (local.get $n))))
  ;; A step that is known at run time: 4, for a block of one thread.
  (func (export "stepping") (param $p i32) (param $n i32)
    (local $i i32) (local $step i32)
    (local.set $step (i32.shl (call $block_dim_x) (i32.const 2)))
    (local.set $n (i32.mul (local.get $n) (local.get $step)))
    (loop $l
      (call $touch (local.get $p) (local.get $i))
      (local.set $i (i32.add (local.get $i) (local.get $step)))
      (br_if $l (i32.lt_u (local.get $i) (local.get $n)))))
  ;; 5 inner rounds, and a barrier.
  (func (export "nested") (param $p i32) (param $n i32)
    (local $i i32) (local $j i32)
    (loop $l
      (local.set $j (i32.const 0))
      (loop $m
        (call $touch (local.get $p) (i32.add (local.get $i) (local.get $j)))
        (local.set $j (i32.add (local.get $j) (i32.const 1)))
        (br_if $m (i32.lt_u (local.get $j) (i32.const 5))))
      (call $barrier)
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $l (i32.lt_u (local.get $i) (local.get $n)))))
  ;; It goes before its 2^20 rounds have come; then a loop goes on with what is
  ;; left.
  (func (export "leaving") (param $p i32) (param $n i32)
    (local $i i32) (local $j i32)
    (block $done
      (loop $l
        (call $touch (local.get $p) (local.get $i))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $done (i32.eq (local.get $i) (local.get $n)))
        (br_if $l (i32.lt_u (local.get $i) (i32.const 0x100000)))))
    (loop $m
      (call $touch (local.get $p) (local.get $j))
      (local.set $j (i32.add (local.get $j) (i32.const 1)))
      (br_if $m (i32.lt_u (local.get $j)
        (i32.add (i32.load (local.get $p)) (i32.const 3))))))
  (func (export "twice") (param $p i32) (param $n i32) (local $i i32)
    (loop $l
      (call $touch (local.get $p) (local.get $i))
      (local.set $i (i32.add (local.get $i) (i32.const 2)))
      (br_if $l (i32.lt_u (i32.shr_u (local.get $i) (i32.const 1))
        (local.get $n))))
    (loop $m
      (call $touch (local.get $p) (local.get $i))
      (local.set $i (i32.sub (local.get $i) (i32.const 2)))
      (br_if $m (local.get $i))))
  ;; A loop that is unrolled, in each round.
  (func (export "few") (param $p i32) (param $n i32)
    (local $i i32) (local $j i32)
    (loop $l
      (local.set $j (i32.const 4))
      (loop $m
        (call $touch (local.get $p) (local.get $j))
        (local.set $j (i32.sub (local.get $j) (i32.const 1)))
        (br_if $m (local.get $j)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $l (i32.ne (local.get $i) (local.get $n)))))
