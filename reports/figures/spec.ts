/** What every figure is: a Vega-Lite specification as plain data. */
import type { TopLevelSpec } from 'vega-lite'

export type Spec = TopLevelSpec
/** Part of a specification; Vega-Lite's own union types are too deep to be assembled piecewise. */
export type SpecPart = Readonly<Record<string, unknown>>

export function asSpec(parts: SpecPart): Spec {
  return { $schema: 'https://vega.github.io/schema/vega-lite/v6.json', ...parts } as unknown as Spec
}
