;; Loops and calls without end, a loop with one, and a lane that spins.

  (memory (export "memory") 1)
  (func (export "forever") (loop $l (br $l)))
  (func (export "store_forever")
    (loop $l
      (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
      (br $l)))
  (func $f (export "call_forever") (loop $l (call $g) (br $l)))
  (func $g (i32.store (i32.const 4) (i32.const 1)))
  (func $tail (export "tail_forever") (return_call $tail))
  (func (export "count") (param $n i32) (result i32) (local $i i32)
    (loop $l
      (i32.store (i32.const 0) (local.tee $i
        (i32.add (local.get $i) (i32.const 1))))
      (br_if $l (i32.lt_u (local.get $i) (local.get $n))))
    (i32.load (i32.const 0)))
  (func (export "spin_lane") (param $lane i32)
    (if (i32.eq (local.get $lane) (i32.add (call $thread_id_x)
          (i32.mul (call $block_id_x) (call $block_dim_x))))
      (then (loop $l (br $l)))))
