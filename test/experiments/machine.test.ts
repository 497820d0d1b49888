import { expect, test } from 'vitest'
import { profilesFor } from '../../experiments/machine.js'

const profiles = [
  { name: 'lab', machine: '2-core VM, AMD EPYC, Linux 6.18' },
  { name: 'xeon', machine: '2-core VM, Intel(R) Xeon(R) Processor, Linux 6.18' },
]
const xeon = 'Intel(R) Xeon(R) Processor'

test('a profile is for a machine whose line is its own, and near one of its processor alone', () => {
  expect(profilesFor({ machine: `2-core VM, ${xeon}, Linux 6.18`, processor: xeon }, profiles)).toEqual({
    same: [profiles[1]],
    sameProcessor: [],
  })
  expect(profilesFor({ machine: `8-core machine, ${xeon}, Linux 6.1`, processor: xeon }, profiles)).toEqual({
    same: [],
    sameProcessor: [profiles[1]],
  })
  expect(profilesFor({ machine: '4-core VM, ARM Neoverse, Linux 6.18', processor: 'ARM Neoverse' }, profiles)).toEqual({
    same: [],
    sameProcessor: [],
  })
})
