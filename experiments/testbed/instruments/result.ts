/** What an instrument answers, whichever it is. */
export interface InstrumentResult {
  /** All messages, from the first to the last. */
  readonly total: { readonly seconds: number; readonly sent: number; readonly received: number }
  /** Messages that the statistics are taken over. */
  readonly messages: number
  readonly seconds: number
  /** Half of the round trip, or (open loop) the response time from the intended send time, ns: `p50`, `p90`, `p99`, `p99.9`, `min`, `max`, `mean`, ... */
  readonly latencyNs: Readonly<Record<string, number>>
  readonly dropped: number
  readonly duplicated: number
  readonly outOfOrder: number
  /** What one reading of the clock takes, ns, where that is subtracted from every round trip. */
  readonly clockNs?: number
  /** Of starts and connections: their steps, by name, at the median: what passed, and (starts) what the starting process and its children had a core for, ns. */
  readonly steps?: Readonly<Record<string, { readonly passedNs: number; readonly coreNs?: number }>>
  /** Of a stream: payload that its receiver has read; segments sent again; the largest congestion window; the mean of the sender's round-trip estimates. */
  readonly stream?: {
    readonly throughputBps: number
    readonly retransmits: number
    readonly largestWindowBytes: number
    readonly meanRttUs: number
  }
  /** Of an open loop. */
  readonly load?: {
    /** How much later than intended messages were sent, ns. */
    readonly latenessNs: { readonly p50: number; readonly p99: number }
    /** Share of the traffic's time in which the client did not merely spin, and in which the server's process ran (its softirq included). */
    readonly clientBusy: number
    readonly serverBusy: number
  }
}
