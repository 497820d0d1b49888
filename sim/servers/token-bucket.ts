/**
 * A token bucket: tokens (bytes) come at a rate up to the burst; what is sent takes as many as it has bytes. In any time t no more than
 * burst + rate * t bytes conform (RFC 2697 calls it the committed information rate and burst size; Cruz, IEEE Trans. Inf. Theory 37(1), 1991).
 */
export class TokenBucket {
  /** Tokens at `upToNs`; negative when they were promised to what waits. */
  private tokens = 0
  private upToNs = 0
  private readonly perNs: number

  /** @param rateBps bits per second @param burstBytes the bucket, full at the beginning */
  constructor(
    readonly rateBps: number,
    readonly burstBytes: number,
  ) {
    if (!(rateBps > 0 && burstBytes > 0))
      throw new RangeError(`token bucket: rate and burst must be more than 0, got ${rateBps} bit/s, ${burstBytes} B`)
    this.perNs = rateBps / 8e9
    this.tokens = burstBytes
  }

  /** Tokens now, less what was promised. */
  tokensAt(nowNs: number): number {
    const tokens = this.tokens + (nowNs - this.upToNs) * this.perNs
    return Math.min(tokens, this.burstBytes)
  }

  /** Policing: takes the tokens if there are enough; false when the bytes don't conform (nothing is taken). */
  conforms(nowNs: number, bytes: number): boolean {
    const tokens = this.tokensAt(nowNs)
    this.tokens = tokens < bytes ? tokens : tokens - bytes
    this.upToNs = nowNs
    return tokens >= bytes
  }

  /**
   * Shaping: takes the tokens, and says how long what is sent has to wait for them, ns. Call it in the order of sending.
   * @throws RangeError for more bytes than the bucket ever holds
   */
  delayNs(nowNs: number, bytes: number): number {
    if (bytes > this.burstBytes) throw new RangeError(`token bucket: ${bytes} B never fit a burst of ${this.burstBytes} B`)
    this.tokens = this.tokensAt(nowNs) - bytes
    this.upToNs = nowNs
    return this.tokens < 0 ? -this.tokens / this.perNs : 0
  }
}
