// Concurrent runs, as overlapping schedules and matrix jobs start them.
import { expect, it } from 'vitest'
import { tokenIdOf } from '../support/records.ts'
import { describeScenarios } from './harness.ts'

const RUNS = 3
const ROUNDS = 4

describeScenarios(
  'concurrent runs',
  (openScenario) => {
    it('end with one token in all namespaces, and no other alive', async () => {
      await using scenario = await openScenario()
      const others = await Promise.all(Array.from({ length: 4 }, () => scenario.createNamespace()))
      const namespaces = [scenario.namespace, ...others]
      // The first round finds nothing in the namespaces, the later ones a token to replace.
      for (let round = 0; round < ROUNDS; round++) {
        const runs = await Promise.all(
          Array.from({ length: RUNS }, (_, run) =>
            scenario.run({ namespaces: namespaces.join(), 'max-age': '0' }, { GITHUB_RUN_ID: `${round}${run}` }),
          ),
        )

        expect(runs.map(({ code, annotations }) => ({ code, annotations }))).toEqual(
          runs.map(() => ({ code: 0, annotations: [] })),
        )
        const [alive, ...more] = scenario.ibm.liveTokens()
        expect(more).toEqual([])
        for (const namespace of namespaces) {
          const { metadata } = await scenario.secret(namespace)
          expect(tokenIdOf({ metadata })).toBe(alive?.id)
        }
      }
    })

    it('agree on the newer token when one of them reuses', async () => {
      await using scenario = await openScenario()
      await scenario.run()
      const others = await Promise.all(Array.from({ length: 4 }, () => scenario.createNamespace()))
      const namespaces = [scenario.namespace, ...others].join()

      const [kept, rotated] = await Promise.all([
        scenario.run({ namespaces }),
        scenario.run({ namespaces, 'max-age': '0' }),
      ])

      expect([kept.code, rotated.code]).toEqual([0, 0])
      const [alive, ...more] = scenario.ibm.liveTokens()
      expect(more).toEqual([])
      for (const namespace of namespaces.split(',')) {
        const { metadata } = await scenario.secret(namespace)
        expect(tokenIdOf({ metadata })).toBe(alive?.id)
      }
    })
  },
  { onlyOnReal: true },
)
