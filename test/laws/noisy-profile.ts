/** The invented profile with bursts that vary and two kinds of interruption, for laws that must hold under both. */
import { inventedProfile } from '../models/fixture-profile.js'

export const noisyProfile = inventedProfile({
  burstSigma: 0.1,
  interruptions: [
    {
      name: 'tick',
      intervalNs: 4e6,
      periodic: true,
      lengths: [
        { ns: 1000, share: 1 },
        { ns: 8000, share: 0.01 },
      ],
    },
    {
      name: 'host',
      intervalNs: 3e5,
      periodic: false,
      lengths: [
        { ns: 5000, share: 1 },
        { ns: 40_000, share: 0.01 },
      ],
    },
  ],
})
