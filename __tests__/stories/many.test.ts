// A thousand namespaces: what a run costs, and what a kept one does.
import { expect, it } from 'vitest'
import { tell } from './scene.ts'

tell('a thousand namespaces', (openScene) => {
  it('take a write each, and for a run that keeps the token a handful of reads', { timeout: 180_000 }, async () => {
    await using scene = await openScene()
    const namespaces: string[] = []
    while (namespaces.length < 1000) {
      namespaces.push(...(await Promise.all(Array.from({ length: 25 }, () => scene.createNamespace()))))
    }
    scene.forget()

    const first = await scene.run({ namespaces: namespaces.join() })
    expect(first).toMatchObject({ code: 0, annotations: [] })
    expect(scene.requests(/^tokens POST/)).toHaveLength(1)
    expect(scene.requests(/^kubernetes PATCH/)).toHaveLength(1000)
    expect(scene.requests(/^kubernetes GET/).length).toBeLessThanOrEqual(12)
    scene.forget()

    const second = await scene.run({ namespaces: namespaces.join('\n') })
    expect(second).toMatchObject({ code: 0, outputs: { minted: 'false', changed: 'false' } })
    expect(scene.requests(/ (POST|PUT|PATCH|DELETE) /)).toEqual([])
    expect(scene.requests(/^kubernetes/).length).toBeLessThanOrEqual(12)
  })
})
