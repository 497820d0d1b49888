/** The formulas of the textbook, each once. Times in the unit of the service time. */

/** Chance of having to wait with c servers, each loaded so much (Erlang C, by the recursion of Erlang B). */
export function erlangC(servers: number, load: number): number {
  const offered = servers * load
  let blocked = 1
  for (let n = 1; n <= servers; n++) blocked = (offered * blocked) / (n + offered * blocked)
  return blocked / (1 - load * (1 - blocked))
}

/** Mean wait of M/G/1. */
export function pollaczekKhinchineWait(load: number, service: number, squaredVariation: number): number {
  return (load * service * (1 + squaredVariation)) / (2 * (1 - load))
}

/** M/M/1/K: the chance of finding every place taken, and the mean number inside, out of the weights load^n. */
export function lossStation(places: number, load: number): { readonly lost: number; readonly inside: number } {
  let weight = 1
  let sum = 1
  let first = 0
  for (let n = 1; n <= places; n++) {
    weight *= load
    sum += weight
    first += n * weight
  }
  return { lost: weight / sum, inside: first / sum }
}

/**
 * Chance that a customer of M/D/1 waits at most t: (1 - load) times the sum over k up to t / service of (-load x)^k e^(load x) / k! with
 * x = t / service - k (Erlang, 1909; Gross, Shortle, Thompson and Harris, "Fundamentals of Queueing Theory", 4th edition, section 5.1.5). Its terms alternate: for t up to ten services.
 */
export function waitAtMostMd1(load: number, t: number, service: number): number {
  let sum = 0
  for (let k = 0; k <= t / service; k++) {
    const x = load * (t / service - k)
    let term = Math.exp(x)
    for (let j = 1; j <= k; j++) term *= -x / j
    sum += term
  }
  return (1 - load) * sum
}

export interface ClosedNetwork {
  /** Cycles completed per unit of time. */
  readonly throughput: number
  /** Mean time a visit to each station, and mean number there. */
  readonly response: readonly number[]
  readonly inside: readonly number[]
}

/**
 * Mean value analysis of a closed network: a customer who comes to a station finds what an observer would find with one customer fewer
 * (Reiser and Lavenberg, "Mean-value analysis of closed multichain queueing networks", J. ACM 27(2), 1980). Single exponential servers, and delays.
 * @param visits to each station in a cycle @param service mean service time a visit @param delay true where nobody ever waits
 */
export function meanValueAnalysis(
  customers: number,
  visits: readonly number[],
  service: readonly number[],
  delay: readonly boolean[],
): ClosedNetwork {
  let inside = visits.map(() => 0)
  let response = [...service]
  let throughput = 0
  for (let n = 1; n <= customers; n++) {
    response = service.map((s, i) => (delay[i] ? s : s * (1 + inside[i]!)))
    throughput = n / response.reduce((sum, r, i) => sum + visits[i]! * r, 0)
    inside = response.map((r, i) => throughput * visits[i]! * r)
  }
  return { throughput, response, inside }
}

/**
 * Arrival rate at each station of an open network, which is what comes from outside and from the others: the traffic equations, by repetition
 * (Jackson, "Networks of waiting lines", Operations Research 5(4), 1957).
 * @param onward chance of going from a station (row) to another (column)
 */
export function trafficRates(outside: readonly number[], onward: readonly (readonly number[])[]): number[] {
  let rates = [...outside]
  for (let step = 0; step < 1000; step++)
    rates = outside.map((rate, j) => rate + rates.reduce((sum, r, i) => sum + r * (onward[i]?.[j] ?? 0), 0))
  return rates
}

/**
 * Mean time in system of each class under preemptive-resume priorities, the first class first
 * (Kleinrock, "Queueing Systems", volume 2, equation 3.41; Cobham; Conway, Maxwell and Miller, "Theory of Scheduling", section 8.6).
 */
export function preemptivePriorityResponse(
  classes: readonly { readonly rate: number; readonly service: number; readonly squaredVariation: number }[],
): number[] {
  let loadAbove = 0
  let residual = 0
  return classes.map(({ rate, service, squaredVariation }) => {
    const load = loadAbove + rate * service
    residual += (rate * service * service * (1 + squaredVariation)) / 2
    const response = service / (1 - loadAbove) + residual / ((1 - loadAbove) * (1 - load))
    loadAbove = load
    return response
  })
}
