/** What a relay is told, whichever program it is. */
import type { Proxy } from '../../../models/topology/scenario.js'

export interface Place {
  readonly address: string
  readonly port: number
}

export interface RelayCall {
  readonly kind: Proxy['kind']
  readonly listens: Place
  /** Where a relay at layer 4 connects to. */
  readonly target: Place
  readonly bufferBytes: number
  readonly noDelay: Proxy['noDelay']
  /** SOCKS5: clients have to say who they are. */
  readonly authenticates?: true
  /** Path of a file for its configuration, free of others'. */
  readonly file: string
}

export interface RelayProgramCall {
  readonly argv: readonly string[]
  /** What the configuration's file holds; absent where the program needs none. */
  readonly configuration?: string
}
