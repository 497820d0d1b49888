/** What a result rests on, as BibTeX: the tool, the profile, the data sets that its measured rows come from, the studies that its published ones do. */
import type { Study } from './published.js'
import type { Row } from './rows.js'
import type { Manifest } from './store/index.js'

export interface Citation {
  readonly key: string
  readonly what: 'tool' | 'profile' | 'data set' | 'published'
  readonly bibtex: string
}

/** In the order tool, profile, data sets by name, published studies by key. The year is that of the run, as far as the tool is concerned: it names the version used. */
export function citationsOf(manifest: Manifest, rows: readonly Row[], studies: readonly Study[] = []): Citation[] {
  const version = manifest.versions['fairway'] ?? 'unknown'
  const year = manifest.finishedAt.slice(0, 4)
  const model = manifest.modelHash === null ? [] : [['note', `model ${manifest.modelHash}, seed ${manifest.seed}`] as const]
  const campaigns = [...new Set(rows.flatMap((row) => (row.source === 'measured' && row.campaign !== null ? [row.campaign] : [])))].sort()
  const drawn = new Set(rows.flatMap((row) => (row.source === 'published' && row.campaign !== null ? [row.campaign] : [])))
  return [
    entry('tool', 'fairway', 'software', [
      ['title', "{Fairway}: what a container's network path costs, simulated and measured"],
      ['author', '{The Fairway authors}'],
      ['version', version],
      ['year', year],
      ...model,
    ]),
    ...(manifest.profile === null
      ? []
      : [
          entry('profile', `fairway-profile-${manifest.profile.name}`, 'misc', [
            ['title', `{Fairway} profile ${manifest.profile.name}`],
            ['author', '{The Fairway authors}'],
            ['note', `hash ${manifest.profile.hash}, fitted to data set ${manifest.profile.dataSet}`],
          ]),
        ]),
    ...campaigns.map((campaign) =>
      entry('data set', `fairway-data-${campaign}`, 'misc', [
        ['title', `{Fairway} data set ${campaign}`],
        ['author', '{The Fairway authors}'],
        ['note', `measured rows: ${rows.filter((row) => row.campaign === campaign).length}`],
      ]),
    ),
    ...studies
      .filter(({ key }) => drawn.has(key))
      .map(({ key, bibtex }): Citation => ({ key, what: 'published', bibtex: bibtex.trim() }))
      .sort((a, b) => (a.key < b.key ? -1 : 1)),
  ]
}

function entry(what: Citation['what'], key: string, type: string, fields: readonly (readonly [string, string])[]): Citation {
  const lines = fields.map(
    ([name, value]) => `  ${name} = {${value.replaceAll('_', '\\_').replaceAll('%', '\\%').replaceAll('&', '\\&')}},`,
  )
  return { key, what, bibtex: [`@${type}{${key},`, ...lines, '}'].join('\n') }
}
