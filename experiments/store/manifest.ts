/** What a result folder says about its making. Everything that differs between two equal runs stands here and nowhere else. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { atomicWrite } from './atomic-write.js'

export interface Manifest {
  readonly schema: 'fairway/manifest/1'
  readonly experiment: string
  /** The experiment file as the command found it. */
  readonly file?: string
  /** The command as it was typed, without the interpreter: `['run', 'experiments/network-models.yaml']`. */
  readonly command: readonly string[]
  /** The folder as the command named it, which the page repeats. */
  readonly out?: string
  readonly seed: number
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly finishedAt: string
  readonly hostName: string
  /** Wall-clock seconds by part of the work: `simulate`, `report`, ... */
  readonly durationsS: Readonly<Record<string, number>>
  /** Versions of what computed and drew the results: `fairway`, `node`, `vega`, `@duckdb/node-api`, ... */
  readonly versions: Readonly<Record<string, string>>
  readonly profile: { readonly name: string; readonly hash: string; readonly dataSet: string } | null
  readonly modelHash: string | null
  /** SHA-256 of every other file of the folder, by its path in it. */
  readonly files: Readonly<Record<string, string>>
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

export function writeManifest(path: string, manifest: Manifest): void {
  atomicWrite(path, `${JSON.stringify(manifest, null, 2)}\n`)
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`)
  }
}

/** @throws Error where the file is no manifest of this version. */
export function readManifest(path: string): Manifest {
  const manifest = parseJson(path) as Manifest | null
  if (manifest?.schema !== 'fairway/manifest/1')
    throw new Error(`${path}: expected schema "fairway/manifest/1", got ${JSON.stringify(manifest?.schema ?? null)}`)
  return manifest
}
