/** What published figures say of ours, in words: which ratios agree, and by how much the others lie away. */
import type { PublishedData, PublishedMark } from './figures/published-data.js'
import { estimate, percent } from './format/estimate.js'
import { listed } from './format/listed.js'

/** `bridge / shared: ours, 1.15 ± 0.01, agrees with Nakamura 2018, one machine (1.132 ± 0.014), and is 14 % below Nakamura 2018, two machines (1.33 ± 0.03).` */
export function publishedVerdicts(data: PublishedData): string[] {
  return data.ratios.flatMap((ratio) => {
    const own = ownOf(data, ratio)
    if (own === undefined) return []
    const said = publishedOf(data, ratio).map((mark) => `${standsTo(own, mark)} ${mark.who} (${estimate(mark.value, mark.half)})`)
    return [`${ratio}: ours, ${estimate(own.value, own.half)}, ${listed(said)}.`]
  })
}

/** `1 of 6 ratios agrees with ours, which are 19 % below to 59 % above the others`: for a first screen. */
export function publishedInShort(data: PublishedData): string {
  const pairs = data.ratios.flatMap((ratio) => {
    const own = ownOf(data, ratio)
    return own === undefined ? [] : publishedOf(data, ratio).map((mark) => ({ own, mark }))
  })
  const away = pairs.filter(({ own, mark }) => !agree(own, mark)).map(({ own, mark }) => own.value / mark.value - 1)
  const agreeing = pairs.length - away.length
  const words = `${agreeing} of ${pairs.length} ratios ${agreeing === 1 ? 'agrees' : 'agree'} with ours`
  if (away.length === 0) return words
  const [least, most] = [Math.min(...away), Math.max(...away)].map(aboveOrBelow) as [string, string]
  return `${words}, which ${away.length === 1 ? `is ${least} the other` : `are ${least === most ? least : `${least} to ${most}`} the others`}`
}

/** The prediction, or the measurement where nothing was predicted. */
function ownOf({ marks }: PublishedData, ratio: string): PublishedMark | undefined {
  const own = marks.filter((mark) => mark.ratio === ratio && mark.source !== 'published')
  return own.find(({ source }) => source === 'simulated') ?? own[0]
}

const publishedOf = ({ marks }: PublishedData, ratio: string): PublishedMark[] =>
  marks.filter((mark) => mark.ratio === ratio && mark.source === 'published')

/** Within both intervals together; a study that states none counts as a number without an error. */
const agree = (own: PublishedMark, other: PublishedMark): boolean =>
  Math.abs(own.value - other.value) <= Math.hypot(own.half ?? 0, other.half ?? 0)

const standsTo = (own: PublishedMark, other: PublishedMark): string =>
  agree(own, other) ? 'agrees with' : `is ${aboveOrBelow(own.value / other.value - 1)}`

const aboveOrBelow = (share: number): string => `${percent(Math.abs(share), { decimals: 0 })} ${share > 0 ? 'above' : 'below'}`
