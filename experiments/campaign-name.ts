/** Names of campaigns that `measure EXPERIMENT` makes: the experiment's, and a number. Browser-safe: the report asks whose rows it has. */

export function campaignName(experiment: string, number: number): string {
  return `${experiment}-${number}`
}

/** The number of a campaign of this experiment's own; null for a data set, which was measured for others too. */
export function campaignNumber(experiment: string, campaign: string | null): number | null {
  const number = campaign?.startsWith(`${experiment}-`) ? campaign.slice(experiment.length + 1) : ''
  return /^[1-9]\d*$/.test(number) ? Number(number) : null
}
