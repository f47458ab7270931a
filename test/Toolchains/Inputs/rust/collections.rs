// collections.rs - Rust's standard library: Vec, sort, HashMap, strings.
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every export takes a size and returns a digest of what it computed. Memory
// comes from std's allocator, and grows. Unwinding is off: a panic traps.

#![crate_type = "cdylib"]

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt::Write;
use std::hash::{BuildHasherDefault, Hasher};

/// FNV-1a: std's default hasher wants random keys from the host.
#[derive(Default)]
struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0 ^ 0xcbf2_9ce4_8422_2325
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

fn digest<'a>(items: impl Iterator<Item = &'a u64>) -> u64 {
    items.fold(7, |d, x| d.rotate_left(5).wrapping_mul(31) ^ *x)
}

#[no_mangle]
pub extern "C" fn sort(n: u32) -> u64 {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut v: Vec<u64> = (0..n).map(|_| random.next()).collect();
    v.sort();
    let stable = digest(v.iter());
    v.sort_unstable_by(|a, b| (b % 1000, b).cmp(&(a % 1000, a)));
    v.dedup_by_key(|x| *x % 1000);
    stable ^ digest(v.iter())
}

#[no_mangle]
pub extern "C" fn words(n: u32) -> u64 {
    let mut random = Random(42);
    let mut counts: HashMap<String, u64, BuildHasherDefault<Fnv>> =
        HashMap::default();
    for _ in 0..n {
        *counts.entry(format!("w{:03x}", random.next() % 500)).or_insert(0) += 1;
    }
    let sorted: BTreeMap<_, _> = counts.into_iter().collect();
    let mut text = String::new();
    for (word, count) in &sorted {
        write!(text, "{word:>8}={count:<4};").unwrap();
    }
    let mut fnv = Fnv::default();
    fnv.write(text.as_bytes());
    fnv.finish()
}

#[no_mangle]
pub extern "C" fn queue(n: u32) -> u64 {
    let mut q: VecDeque<Box<dyn Fn(u64) -> u64>> = VecDeque::new();
    for i in 0..u64::from(n) {
        match i % 3 {
            0 => q.push_back(Box::new(move |x| x.wrapping_add(i))),
            1 => q.push_front(Box::new(move |x| x.rotate_left(i as u32))),
            _ => q.push_back(Box::new(move |x| x ^ (i * i))),
        }
    }
    q.iter().fold(1, |x, f| f(x))
}

#[no_mangle]
pub extern "C" fn format_floats(n: u32) -> u64 {
    let mut fnv = Fnv::default();
    let mut text = String::new();
    for i in 0..n {
        let x = f64::from(i).sqrt() * 1e3 - 0.1;
        text.clear();
        write!(text, "{x} {x:e} {x:12.3} {:?}", x as f32).unwrap();
        let back: f64 = text.split(' ').next().unwrap().parse().unwrap();
        assert_eq!(back.to_bits(), x.to_bits());
        fnv.write(text.as_bytes());
    }
    fnv.finish()
}

#[no_mangle]
pub extern "C" fn out_of_bounds(n: u32) -> u64 {
    let v: Vec<u64> = (0..10).collect();
    v[n as usize]
}
