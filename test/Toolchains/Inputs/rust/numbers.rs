// numbers.rs - Rust's numbers: 128 bits, checked arithmetic, f64 maths.
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The elementary functions are those of the compiler's runtime library, in
// Wasm: nothing is left to the host.

#![crate_type = "cdylib"]

#[no_mangle]
pub extern "C" fn factorial128(n: u32) -> u64 {
    let product = (1..=u128::from(n)).fold(1u128, |p, i| p.wrapping_mul(i) | 1);
    let quotient = product / (u128::from(n) * 0x1_0000_0001 + 3);
    let rest = product % 0xffff_ffff_ffff_ffc5;
    (quotient as u64) ^ ((quotient >> 64) as u64) ^ (rest as u64)
}

#[no_mangle]
pub extern "C" fn modpow(base: u64, exponent: u64, modulus: u64) -> u64 {
    let (m, mut e) = (u128::from(modulus), exponent);
    let (mut b, mut result) = (u128::from(base) % m, 1u128);
    while e > 0 {
        if e & 1 == 1 {
            result = result * b % m;
        }
        b = b * b % m;
        e >>= 1;
    }
    result as u64
}

#[no_mangle]
pub extern "C" fn series(n: u32) -> f64 {
    let mut sum = 0.0f64;
    for i in 1..=n {
        let x = f64::from(i) * 0.37;
        sum += x.sin() * x.cos().exp() + (x + 1.0).ln().powf(1.25) - x.atan2(3.0).tanh();
    }
    sum
}

#[no_mangle]
pub extern "C" fn mandelbrot(size: u32, limit: u32) -> u32 {
    let mut inside = 0u32;
    for row in 0..size {
        for column in 0..size {
            let cr = f64::from(column) * 3.0 / f64::from(size) - 2.0;
            let ci = f64::from(row) * 2.0 / f64::from(size) - 1.0;
            let (mut zr, mut zi, mut i) = (0.0f64, 0.0f64, 0);
            while i < limit && zr * zr + zi * zi <= 4.0 {
                let t = zr * zr - zi * zi + cr;
                zi = 2.0 * zr * zi + ci;
                zr = t;
                i += 1;
            }
            inside += i;
        }
    }
    inside
}

#[no_mangle]
pub extern "C" fn divide(a: i32, b: i32) -> i32 {
    a.checked_div(b).unwrap_or(i32::MIN) + a.checked_rem(b).unwrap_or(7)
}

#[no_mangle]
pub extern "C" fn saturate(x: f64) -> i64 {
    (x as i64) ^ i64::from(x as i32) ^ i64::from(x as f32 as u8)
}
