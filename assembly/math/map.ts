/**
 * y[i] = f(x[i]), i < n, for each elementary function f.
 *
 *     y  n   overwritten; may be x itself, otherwise must not overlap it
 *     x  n
 */
import { get, lanes, put } from '../simd'
import { erf } from './erf'
import { exp, expm1 } from './exp'
import { log, log1p } from './log'
import { sigmoid, tanh } from './tanh'

class Exp {}
class Expm1 {}
class Log {}
class Log1p {}
class Tanh {}
class Sigmoid {}
class Erf {}

// @ts-ignore: decorator
@inline
function apply<F, T extends number>(x: v128): v128 {
  if (idof<F>() == idof<Exp>()) return exp<T>(x)
  if (idof<F>() == idof<Expm1>()) return expm1<T>(x)
  if (idof<F>() == idof<Log>()) return log<T>(x)
  if (idof<F>() == idof<Log1p>()) return log1p<T>(x)
  if (idof<F>() == idof<Tanh>()) return tanh<T>(x)
  if (idof<F>() == idof<Sigmoid>()) return sigmoid<T>(x)
  return erf<T>(x)
}

// @ts-ignore: decorator
@inline
function map<F, T extends number>(y: usize, x: usize, n: usize): void {
  const width = lanes<T>()
  let i: usize = 0
  for (; i + width <= n; i += width) {
    put<T>(y + i * sizeof<T>(), apply<F, T>(get<T>(x + i * sizeof<T>(), width)), width)
  }
  if (i < n) put<T>(y + i * sizeof<T>(), apply<F, T>(get<T>(x + i * sizeof<T>(), n - i)), n - i)
}

export function mapExp<T extends number>(y: usize, x: usize, n: usize): void {
  map<Exp, T>(y, x, n)
}

export function mapExpm1<T extends number>(y: usize, x: usize, n: usize): void {
  map<Expm1, T>(y, x, n)
}

export function mapLog<T extends number>(y: usize, x: usize, n: usize): void {
  map<Log, T>(y, x, n)
}

export function mapLog1p<T extends number>(y: usize, x: usize, n: usize): void {
  map<Log1p, T>(y, x, n)
}

export function mapTanh<T extends number>(y: usize, x: usize, n: usize): void {
  map<Tanh, T>(y, x, n)
}

export function mapSigmoid<T extends number>(y: usize, x: usize, n: usize): void {
  map<Sigmoid, T>(y, x, n)
}

export function mapErf<T extends number>(y: usize, x: usize, n: usize): void {
  map<Erf, T>(y, x, n)
}
