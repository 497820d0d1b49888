/**
 * The ports that an engine publishes for a container: the experiment's and those after it, since each measurement takes a fresh one (sockperf
 * doesn't reuse a port, and an engine publishes ports one by one, not an address).
 */
const COUNT = 32

export function portsOf(first: number): number[] {
  return Array.from({ length: COUNT }, (_, index) => first + index)
}

/** One of them for the n-th measurement. */
export function publishedPort(first: number, n: number): number {
  return first + (n % COUNT)
}
