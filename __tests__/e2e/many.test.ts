// A thousand namespaces: what a run costs, and what a kept one does.
import { expect, it } from 'vitest'
import { tell } from './harness.ts'

tell('a thousand namespaces', (openScene) => {
  it('take a write each for secret and account, and for a run that keeps the token a handful of reads', {
    timeout: 300_000,
  }, async () => {
    await using scene = await openScene()
    const namespaces: string[] = []
    while (namespaces.length < 1000) {
      namespaces.push(...(await Promise.all(Array.from({ length: 25 }, () => scene.createNamespace()))))
    }
    scene.forget()

    const inputs = { 'service-accounts': 'default' }
    const first = await scene.run({ ...inputs, namespaces: namespaces.join() })
    expect(first).toMatchObject({ code: 0, annotations: [] })
    expect(first.log).toContain('\n1,000 targets: 1,000 created\nThe result of each target\n  Secret ')
    expect(scene.requests(/^tokens POST/)).toHaveLength(1)
    expect(scene.requests(/^kubernetes PATCH .*\/secrets\//)).toHaveLength(1000)
    expect(scene.requests(/^kubernetes PATCH .*\/serviceaccounts\//)).toHaveLength(1000)
    expect(scene.requests(/^kubernetes GET/).length).toBeLessThanOrEqual(16)
    expect(scene.connections()).toBeLessThanOrEqual(16)
    scene.forget()

    const second = await scene.run({ ...inputs, namespaces: namespaces.join('\n') })
    expect(second).toMatchObject({ code: 0, outputs: { minted: 'false', changed: 'false' } })
    expect(second.summary).toContain('\n… and 900 more: 900 unchanged. All are in the output `targets`.\n')
    expect(scene.requests(/ (POST|PUT|PATCH|DELETE) /)).toEqual([])
    expect(scene.requests(/^kubernetes/).length).toBeLessThanOrEqual(16)
  })

  it('of which some fail for one reason, and others for many', { timeout: 180_000 }, async () => {
    await using scene = await openScene()
    const namespaces = await Promise.all(Array.from({ length: 60 }, () => scene.createNamespace()))
    const [slow = '', ...others] = namespaces
    const [refused, broken] = [others.slice(0, 20), others.slice(20, 35)]
    scene.plan(`kubernetes PATCH /${slow}/`, { kind: 'delay', ms: 7000 })
    for (const namespace of refused) {
      const body = JSON.stringify({ reason: 'Forbidden', message: `no patch in ${namespace}: see <help> | @octocat` })
      scene.plan(`kubernetes PATCH /${namespace}/`, { kind: 'status', status: 403, body })
    }
    for (const [index, namespace] of broken.entries()) {
      const body = JSON.stringify({ reason: 'Invalid', message: `webhook ${index} refuses` })
      scene.plan(`kubernetes PATCH /${namespace}/`, { kind: 'status', status: 422, body })
    }

    const { code, annotations, log, outputs, summary } = await scene.run({ namespaces: namespaces.join() })

    expect(code).toBe(1)
    expect(log).toMatch(/^Written \d+ of 60 secrets in \S+, 35 failed$/m)
    expect(log).toMatch(/^60 targets: 35 failed, 25 created\nThe result of each target\n( {2}Secret .*\n){60}/m)
    const [first, ...more] = annotations.map(({ level, message }) => `${level}: ${message}`)
    expect(first).toMatch(/no patch in \S+: see <help> .* The same in 19 other namespaces: (\S+, ){3}…$/)
    expect(more).toHaveLength(9)
    expect(more.at(-1)).toMatch(/^error: And 7 more errors: /)
    expect(log).toMatch(/^7 more errors\n( {2}.* webhook \d+ refuses.*\n){7}/m)

    const targets: { namespace: string; result: string; error?: string }[] = JSON.parse(outputs.targets ?? '')
    const failed = targets.filter(({ result }) => result === 'failed')
    expect(failed.map(({ namespace }) => namespace).sort()).toEqual([...refused, ...broken].sort())
    for (const { namespace, error } of failed.filter((one) => refused.includes(one.namespace))) {
      expect(error).toContain(`no patch in ${namespace}: see <help>`)
      expect(summary).toContain(`no patch in ${namespace}: see &#60;help&#62; &#124; \\@\u200boctocat`)
    }
    expect(summary.match(/^> \[!CAUTION\]$/gm)).toHaveLength(11)
    expect(summary).toContain('\n60 targets: 35 failed, 25 created\n\n| Secret | Namespace |')
    const results = [...summary.matchAll(/^\| regcred \| .*\| (\w+)[^|]*\|$/gm)].map(([, result]) => result)
    expect(results).toEqual([...Array(35).fill('failed'), ...Array(25).fill('created')])
  })

  it('use the connections of the reads for the writes, however long the mint takes', async () => {
    await using scene = await openScene()
    const namespaces = await Promise.all(Array.from({ length: 8 }, () => scene.createNamespace()))
    const slow = scene.plan('tokens POST', { kind: 'delay', ms: 6000 })
    scene.forget()
    const run = await scene.run({ namespaces: namespaces.join(), concurrency: '4' })
    expect(run).toMatchObject({ code: 0, annotations: [] })
    expect(slow.met).toBe(1)
    expect(scene.requests(/^kubernetes GET .*secrets.regcred$/)).toHaveLength(8)
    expect(scene.requests(/^kubernetes PATCH/)).toHaveLength(8)
    expect(scene.connections()).toBeLessThanOrEqual(4)
  })

  it('are all written when the API server puts off a part of the requests', async () => {
    await using scene = await openScene()
    const namespaces = await Promise.all(Array.from({ length: 40 }, () => scene.createNamespace()))
    const later = { kind: 'status', status: 429, headers: { 'retry-after': '1' } } as const
    const refusals = [scene.plan('kubernetes GET', later, 1), scene.plan('kubernetes PATCH', later, 11)]
    scene.forget()
    const run = await scene.run({ namespaces: namespaces.join() })
    expect(run).toMatchObject({ code: 0, annotations: [] })
    expect(refusals.map(({ met }) => met)).toEqual([1, 11])
    expect(scene.requests(/^kubernetes PATCH/)).toHaveLength(51)
    expect(run.log.match(/too many requests/g)?.length).toBeLessThan(8)
    expect(run.log).not.toContain('trying again')
  })
})
