// A thousand namespaces: the requests of a run that mints, and of a run that reuses.
import { expect, it } from 'vitest'
import { describeScenarios } from './harness.ts'

describeScenarios(
  'a thousand namespaces',
  (openScenario) => {
    it('take one write each for secret and service account, and a run that reuses the token a few reads', {
      timeout: 300_000,
    }, async () => {
      await using scenario = await openScenario()
      const namespaces: string[] = []
      while (namespaces.length < 1000) {
        namespaces.push(...(await Promise.all(Array.from({ length: 25 }, () => scenario.createNamespace()))))
      }
      scenario.forget()

      const inputs = { 'service-accounts': 'default' }
      const first = await scenario.run({ ...inputs, namespaces: namespaces.join() })
      expect(first).toMatchObject({ code: 0, annotations: [] })
      expect(first.log).toContain('\n1,000 targets: 1,000 created\nThe result of each target\n  Secret ')
      expect(scenario.requests(/^tokens POST/)).toHaveLength(1)
      expect(scenario.requests(/^kubernetes PATCH .*\/secrets\//)).toHaveLength(1000)
      expect(scenario.requests(/^kubernetes PATCH .*\/serviceaccounts\//)).toHaveLength(1000)
      expect(scenario.requests(/^kubernetes GET/).length).toBeLessThanOrEqual(16)
      expect(scenario.connections()).toBeLessThanOrEqual(16)
      const sizes = scenario.kube.journal.filter(({ method, path }) => method === 'PATCH' && path.includes('/secrets/'))
      const data = (await scenario.secret(namespaces[0])).data['.dockerconfigjson']
      // Beside the docker config: names, labels, and the record of the credential with its scope and its cluster.
      expect(Math.max(...sizes.map(({ body }) => body.length))).toBeLessThan(data.length + 1500)
      scenario.forget()

      const second = await scenario.run({ ...inputs, namespaces: namespaces.join('\n') })
      expect(second).toMatchObject({ code: 0, outputs: { minted: 'false', changed: 'false' } })
      expect(second.summary).toContain('<summary>1,000 namespaces unchanged</summary>')
      expect(second.summary).not.toContain(namespaces[0])
      expect(scenario.requests(/ (POST|PUT|PATCH|DELETE) /)).toEqual([])
      expect(scenario.requests(/^kubernetes/).length).toBeLessThanOrEqual(16)
    })

    it('with failures are reported by cause', { timeout: 180_000 }, async () => {
      await using scenario = await openScenario()
      const namespaces = await Promise.all(Array.from({ length: 60 }, () => scenario.createNamespace()))
      const [slow = '', ...others] = namespaces
      const [refused, broken] = [others.slice(0, 20), others.slice(20, 35)]
      scenario.plan(`kubernetes PATCH /${slow}/`, { kind: 'delay', ms: 7000 })
      for (const namespace of refused) {
        const body = JSON.stringify({ reason: 'Forbidden', message: `no patch in ${namespace}: see <help> | @octocat` })
        scenario.plan(`kubernetes PATCH /${namespace}/`, { kind: 'status', status: 403, body })
      }
      for (const [index, namespace] of broken.entries()) {
        // Errors are grouped by the server's code, not by its message.
        const body = JSON.stringify({ reason: `Invalid${index}`, message: `webhook ${index} refuses` })
        scenario.plan(`kubernetes PATCH /${namespace}/`, { kind: 'status', status: 422, body })
      }

      const { code, annotations, log, outputs, summary } = await scenario.run({ namespaces: namespaces.join() })

      expect(code).toBe(1)
      expect(log).toMatch(/^Wrote \d+ of 60 secrets in \S+, 35 failed$/m)
      expect(log).toMatch(/^60 targets: 35 failed, 25 created\nThe result of each target\n( {2}Secret .*\n){60}/m)
      const [first, ...more] = annotations.map(({ level, message }) => `${level}: ${message}`)
      expect(first).toMatch(
        /no patch in \S+: see <help> .* The same in 19 other namespaces: (\S+, ){3}… .*See https:\S+#cluster-access-denied$/,
      )
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
      expect(summary).toMatch(/^## ❌ 35 of 60 namespaces failed, 25 created(: .*)?\n/)
      expect(summary).toMatch(
        /^\| \*\*Pods keep pulling\?\*\* \| \*\*No\*\* in (`\S+`, ){2}`\S+` and 32 other namespaces: the secret does not exist\./m,
      )
      expect(summary.match(/^\| scenario-\S+ \|/gm)).toHaveLength(35)
      expect(summary).toContain('<summary>25 other namespaces created</summary>')
    })

    it('reuse the connections of the reads for the writes after a slow mint', async () => {
      await using scenario = await openScenario()
      const namespaces = await Promise.all(Array.from({ length: 8 }, () => scenario.createNamespace()))
      const slow = scenario.plan('tokens POST', { kind: 'delay', ms: 6000 })
      scenario.forget()
      const run = await scenario.run({ namespaces: namespaces.join(), concurrency: '4' })
      expect(run).toMatchObject({ code: 0, annotations: [] })
      expect(slow.met).toBe(1)
      expect(scenario.requests(/^kubernetes GET .*secrets.regcred$/)).toHaveLength(8)
      expect(scenario.requests(/^kubernetes PATCH/)).toHaveLength(8)
      expect(scenario.connections()).toBeLessThanOrEqual(4)
    })

    it('are all written when the API server returns 429 to some requests', async () => {
      await using scenario = await openScenario()
      const namespaces = await Promise.all(Array.from({ length: 40 }, () => scenario.createNamespace()))
      const later = { kind: 'status', status: 429, headers: { 'retry-after': '1' } } as const
      const refusals = [scenario.plan('kubernetes GET', later, 1), scenario.plan('kubernetes PATCH', later, 11)]
      scenario.forget()
      const run = await scenario.run({ namespaces: namespaces.join() })
      expect(run).toMatchObject({ code: 0, annotations: [] })
      expect(refusals.map(({ met }) => met)).toEqual([1, 11])
      expect(scenario.requests(/^kubernetes PATCH/)).toHaveLength(51)
      expect(run.log.match(/too many requests/g)?.length).toBeLessThan(8)
      expect(run.log).not.toContain('trying again')
    })
  },
  { onlyOnReal: true, ownServers: true },
)
