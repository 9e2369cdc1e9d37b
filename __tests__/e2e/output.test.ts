// The job summary and the outputs of a run, whether or not it fails.
import { expect, it } from 'vitest'
import { firstRunAfter } from '../../src/report/dates.ts'
import { describeScenarios, SECRET } from './harness.ts'

describeScenarios('a run', (openScenario) => {
  it('lists in its summary what was written where', async () => {
    await using scenario = await openScenario()
    const { ibm, kube, namespace } = scenario
    const first = await scenario.run()

    const { log, summary, outputs, notices } = await scenario.run({
      'max-age': '0',
      image: scenario.inputs['verify-image'] ?? '',
      'pod-name': 'web',
    })

    expect(log).toContain(`\nSecret ${namespace}/${SECRET} in cluster ${kube.name}: updated\n`)
    expect(
      log
        .split('\n')
        .filter((line) => / \d+\.\d s/.test(line))
        .map((line) => line.replace(/:.*/, '')),
    ).toEqual([
      'Read the targets',
      'Check permissions',
      'Log in',
      'Mint a token',
      'Verify the credential',
      'Write the secrets',
      'Deploy',
      'Check which tokens are in use',
      expect.stringMatching(/^Waiting \d\.\d s for in-flight pulls before revoking$/),
      'Wait for in-flight pulls',
      'Read the secrets back',
      'Revoke old tokens',
    ])
    const nextRun = firstRunAfter(outputs['next-rotation'] ?? '')
    expect(notices).toEqual([
      {
        level: 'notice',
        message: `Rotated \`${SECRET}\` in 1 namespace, revoked 1 old token, 1 workload ready. Next rotation: ${nextRun}.`,
        properties: { title: 'Registry Pull Secret' },
      },
    ])
    const [visible, changes, timeline] = summary.split(/<details><summary>(?:What changed in the secrets|Timeline)/)
    const since = new Date().toISOString().slice(0, 10)
    const tokens = [first, { outputs }].map(
      (run) => `${ibm.registryHost}: token ${run.outputs['token-id']}, since ${since}`,
    )
    expect(changes).toContain(`\n  Secret ${SECRET}, in 1 namespace\n- ${tokens[0]}\n+ ${tokens[1]}\n`)
    expect(timeline).toMatch(/\n\| Mint a token \| \d+\.\d s \| 1 \|\n/)
    expect(visible).toBe(`## ✅ Rotated \`${SECRET}\` in 1 namespace, revoked 1 old token, 1 workload ready

| | |
| --- | --- |
| **Decision** | Mint a new token: \`max-age\` is 0. |
| **Registry** | \`${ibm.registryHost}\`, user \`token\` |
| **Token** | \`${outputs['token-id']}\`, minted by this run, does not expire |
| **Old token** | ~~\`${first.outputs['token-id']}\`~~ revoked \\(0 days old\\) |
| **Verification** | Registry ${ibm.registryHost} lets this credential pull team/app:1 and refuses anonymous access. |
| **Next rotation** | I${nextRun.slice(1)} |
| **Took** | ${/\d+\.\d s, of which \d\.\d s to let in-flight pulls end, \d+ requests/.exec(visible ?? '')?.[0]} |

<details><summary>1 namespace updated</summary>

| Namespace | Cluster | Result |
| --- | --- | --- |
| ${namespace} | ${kube.name} | updated |

</details>

<details><summary>1 workload ready</summary>

| Workload | Namespace | Cluster | Result |
| --- | --- | --- | --- |
| Pod web | ${namespace} | ${kube.name} | ready |

</details>

`)
  })

  it('escapes the message of a server in its summary', async () => {
    await using scenario = await openScenario()
    const message = '<img src=x onerror=alert(1)>\n# [click](https://evil.example) | **bold** ![i](x) @octocat'
    scenario.plan('tokens POST', { kind: 'status', status: 403, body: JSON.stringify({ code: 'CRG0020E', message }) })

    const { summary } = await scenario.run()

    const [title, , alert, failure, , fix, ...rest] = summary.split('\n')
    expect([title, alert]).toEqual(['## ❌ Failed before any secret was written: Issuer access denied', '> [!CAUTION]'])
    expect(failure).toMatch(/^> Could not mint a registry token at .* returned 403 CRG0020E: /)
    expect(fix).toMatch(/^> \*\*To fix it:\*\* .*ask the organization manager/)
    expect(rest.join('\n')).not.toContain('octocat')
    expect(failure).toContain('\\@\u200boctocat')
    for (const character of '[]|*!@#') expect(failure).not.toMatch(new RegExp(`(?<![\\\\&])\\${character}`))
    expect(failure).not.toContain('<')
  })

  it('sets its outputs before the step that fails', async () => {
    await using scenario = await openScenario()
    const { ibm, kube, namespace } = scenario
    const target = { cluster: kube.name, namespace }

    const result = await scenario.run({
      image: `${ibm.otherImage.repository}:1`,
      'pod-name': 'web',
      'container-name': 'shop',
    })

    expect(result.code).toBe(1)
    expect(result.annotations).toMatchObject([
      {
        level: 'error',
        message: expect.stringMatching(
          /Pod \S+\/web .*container shop: the credential is not allowed to pull from .* Compare/,
        ),
      },
    ])
    const [token] = ibm.liveTokens()
    expect(result.outputs).toMatchObject({
      'token-id': token?.id,
      token: token?.value,
      minted: 'true',
      changed: 'true',
    })
    expect(JSON.parse(result.outputs.targets ?? '')).toMatchObject([{ ...target, secret: SECRET, result: 'created' }])
    expect(JSON.parse(result.outputs.workloads ?? '')).toEqual([
      { ...target, kind: 'Pod', name: 'web', result: 'failed', reason: expect.stringContaining('403 Forbidden') },
    ])
    expect(result.summary).toMatch(
      new RegExp(`^\\| Pod web \\| ${namespace} \\| .* \\| failed: .*container shop: `, 'm'),
    )
  })

  it('waits for a Pod no longer than `wait-timeout`', async () => {
    await using scenario = await openScenario()
    // No node matches, so the fake node does not run it.
    const manifest = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: {
        nodeSelector: { disk: 'none' },
        containers: [{ name: 'web', image: `${scenario.ibm.registryHost}/team/app:1` }],
      },
    })

    const result = await scenario.run({ manifest, 'wait-timeout': '1s' })

    expect(result.code).toBe(1)
    expect(result.annotations).toMatchObject([
      { message: expect.stringMatching(/was not ready within 1 s: the Pod is Pending.*`wait-timeout`/) },
    ])
    expect(JSON.parse(result.outputs.workloads ?? '')).toMatchObject([{ name: 'web', result: 'timeout' }])
  })

  it('sets a verified token as output without `secret-name`, and its post step keeps it', async () => {
    await using scenario = await openScenario()
    const { ibm } = scenario

    const result = await scenario.run({ 'secret-name': '', namespaces: '', kubeconfig: '' })

    expect(result).toMatchObject({ code: 0, annotations: [] })
    const [token] = ibm.tokens()
    expect(result.outputs).toMatchObject({ token: token?.value, 'token-id': token?.id, minted: 'true' })
    expect(JSON.parse(result.outputs['docker-config-json'] ?? '').auths[ibm.registryHost]).toEqual({
      username: 'token',
      password: token?.value,
      email: 'a@b.c',
      auth: btoa(`token:${token?.value}`),
    })
    expect(result.log).toContain('lets this credential pull team/app:1')
    expect(scenario.requests(/^kubernetes/)).toEqual([])
    scenario.forget()
    expect(await scenario.post(result)).toMatchObject({ code: 0, annotations: [] })
    expect(scenario.requests()).toEqual([])
    expect(ibm.liveTokens()).toHaveLength(1)
  })
})
