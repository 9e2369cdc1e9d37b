// Several runs at once, as overlapping schedules and matrix jobs make them.
import { expect, it } from 'vitest'
import { tell } from './harness.ts'

const RUNS = 3
const ROUNDS = 4

tell('runs at once', (openScene) => {
  it('end with one token in all namespaces, and no other alive', async () => {
    await using scene = await openScene()
    const others = await Promise.all(Array.from({ length: 4 }, () => scene.createNamespace()))
    const namespaces = [scene.namespace, ...others]
    // The first round finds nothing in the namespaces, the later ones a token to replace.
    for (let round = 0; round < ROUNDS; round++) {
      const runs = await Promise.all(
        Array.from({ length: RUNS }, (_, run) =>
          scene.run({ namespaces: namespaces.join(), 'max-age': '0' }, { GITHUB_RUN_ID: `${round}${run}` }),
        ),
      )

      expect(runs.map(({ code, annotations }) => ({ code, annotations }))).toEqual(
        runs.map(() => ({ code: 0, annotations: [] })),
      )
      const [alive, ...more] = scene.ibm.liveTokens()
      expect(more).toEqual([])
      for (const namespace of namespaces) {
        const { metadata } = await scene.secret(namespace)
        expect(metadata.annotations['registry-pull-secret/token-id']).toBe(alive?.id)
      }
    }
  })

  it('agree on the later token when one of them only keeps', async () => {
    await using scene = await openScene()
    await scene.run()
    const others = await Promise.all(Array.from({ length: 4 }, () => scene.createNamespace()))
    const namespaces = [scene.namespace, ...others].join()

    const [kept, rotated] = await Promise.all([scene.run({ namespaces }), scene.run({ namespaces, 'max-age': '0' })])

    expect([kept.code, rotated.code]).toEqual([0, 0])
    const [alive, ...more] = scene.ibm.liveTokens()
    expect(more).toEqual([])
    for (const namespace of namespaces.split(',')) {
      const { metadata } = await scene.secret(namespace)
      expect(metadata.annotations['registry-pull-secret/token-id']).toBe(alive?.id)
    }
  })
})
