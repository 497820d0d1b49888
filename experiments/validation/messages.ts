/** Every refusal of a validation, to be read in one go. */

/** A validation that would not be one; the command ends with exit code 2. */
export class ValidationRefusal extends Error {
  override readonly name = 'ValidationRefusal'
}

/** How many ids a message lists before it only counts. */
const IDS_NAMED = 4

export function rowsWereFitted(profile: string, ids: readonly string[]): ValidationRefusal {
  const more = ids.length > IDS_NAMED ? ` and ${ids.length - IDS_NAMED} more` : ''
  return new ValidationRefusal(
    `profile ${profile} was fitted to ${ids.length === 1 ? 'a row' : `${ids.length} rows`} that ${ids.length === 1 ? 'stands' : 'stand'} here as held out, and agreement there is no evidence: ${ids.slice(0, IDS_NAMED).join(', ')}${more}`,
  )
}

export function nothingHeldOut(
  name: string,
  { fitted, withoutRole }: { readonly fitted: number; readonly withoutRole: number },
): ValidationRefusal {
  const points = (count: number) => `${count} ${count === 1 ? 'point' : 'points'}`
  const why = [
    ...(fitted > 0 ? [`the fit saw ${points(fitted)} of it`] : []),
    ...(withoutRole > 0 ? [`${points(withoutRole)} were measured without a role`] : []),
  ]
  return new ValidationRefusal(
    `${name}: no held-out rows to compare with (${why.length === 0 ? 'nothing was measured for it' : why.join('; ')})`,
  )
}

export function measuredUnderAnother(seed: number, folder: string, theirs: string, ours: string): ValidationRefusal {
  return new ValidationRefusal(
    `${folder}: seed ${seed} was measured for the profile with hash ${theirs}; this one is ${ours}, and a prediction that is made after the measurement is none: take a seed that was not used before`,
  )
}

export function anotherCount(seed: number, folder: string, theirs: number, ours: number): ValidationRefusal {
  return new ValidationRefusal(
    `${folder}: seed ${seed} was drawn for ${theirs} topologies, not ${ours}: ask for ${theirs}, or take another seed`,
  )
}

export function predictionsChanged(folder: string): ValidationRefusal {
  return new ValidationRefusal(`${folder}: predictions.json is not the file that the manifest names: it was changed after it was written`)
}

export function wrongBound(text: string): ValidationRefusal {
  return new ValidationRefusal(
    `--bound: expected a bound such as "p50 8 %" (the worst error) or "median p50 4 %", of p50, p99 or mean, got "${text}"`,
  )
}
