/** The commands, in the order of `--help`; each is loaded only when it is asked for. */
import type { Command } from 'commander'

export interface CommandModule {
  /** Adds arguments, options and the action. */
  define(command: Command): void
}

export interface CommandEntry {
  readonly name: string
  readonly summary: string
  load(): Promise<CommandModule>
}

export const commands: readonly CommandEntry[] = [
  { name: 'run', summary: 'simulate experiments: a result folder with rows, figures and one HTML page', load: () => import('./run.js') },
  { name: 'measure', summary: 'build experiments out of this kernel and measure them (root, Linux)', load: () => import('./measure.js') },
  {
    name: 'explain',
    summary: 'the stages that each path crosses, with their costs, before anything runs',
    load: () => import('./explain.js'),
  },
  { name: 'compare', summary: 'differences between network models, with intervals and tests', load: () => import('./compare.js') },
  { name: 'report', summary: 'draw the figures, tables and page of results again', load: () => import('./report.js') },
  { name: 'list', summary: 'the experiments that ship, each with its question', load: () => import('./list.js') },
  { name: 'new', summary: 'a new experiment file from one that ships', load: () => import('./new.js') },
  { name: 'validate', summary: 'simulated beside measured: errors against the repeatability', load: () => import('./validate.js') },
  { name: 'calibrate', summary: 'fit a profile to a campaign and print its uncertainty', load: () => import('./calibrate.js') },
  { name: 'reproduce', summary: 'run a result again from its manifest and compare the bytes', load: () => import('./reproduce.js') },
  { name: 'cite', summary: 'BibTeX for what a result rests on', load: () => import('./cite.js') },
  { name: 'doctor', summary: 'what this machine can measure, and what installs the rest', load: () => import('./doctor.js') },
  {
    name: 'selftest',
    summary: 'systems whose truth is known, on the simulation kernel: theory against simulation',
    load: () => import('./selftest.js'),
  },
]
