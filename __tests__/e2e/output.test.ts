// What a run hands on: its job summary and its outputs, whatever becomes of it.
import { expect, it } from 'vitest'
import { leaks } from '../support/secrecy.ts'
import { SECRET, tell } from './harness.ts'

tell('a run', (openScene) => {
  it('tells in its summary what was written where', async () => {
    await using scene = await openScene()
    const { ibm, kube, namespace } = scene
    const first = await scene.run()

    const { log, summary, outputs } = await scene.run({
      'max-age': '0',
      image: scene.inputs['verify-image'] ?? '',
      'pod-name': 'web',
    })

    expect(log).toContain(`\nSecret ${namespace}/${SECRET} in ${kube.name}: updated\n`)
    expect(summary).toBe(`## ✅ Registry Pull Secret

A new token is needed: \`max-age\` is 0.

| Token | Origin | Ends | Registry | User |
| --- | --- | --- | --- | --- |
| ${outputs['token-id']} | minted in this run | never | ${ibm.registryHost} | token |

- ${ibm.registryHost} opens team/app:1 with the credential, and not without it.

| Secret | Namespace | Cluster | Result |
| --- | --- | --- | --- |
| ${SECRET} | ${namespace} | ${kube.name} | updated |

| Workload | Namespace | Cluster | Result |
| --- | --- | --- | --- |
| Pod web | ${namespace} | ${kube.name} | ready |

| Replaced token | What became of it |
| --- | --- |
| ${first.outputs['token-id']} | revoked |
`)
  })

  it('tells a failure in its summary in words that are text to GitHub, whatever a server says', async () => {
    await using scene = await openScene()
    const message = '<img src=x onerror=alert(1)>\n# [click](https://evil.example) | **bold** ![i](x) @octocat'
    scene.plan('tokens POST', { kind: 'status', status: 403, body: JSON.stringify({ code: 'CRG0020E', message }) })

    const { summary } = await scene.run()

    const [title, , alert, failure, ...rest] = summary.split('\n')
    expect([title, alert]).toEqual(['## ❌ Registry Pull Secret', '> [!CAUTION]'])
    expect(failure).toMatch(/^> Could not mint a registry token at .* answered 403 CRG0020E: /)
    expect(failure).toContain('ask its manager')
    expect(rest.join('\n')).not.toContain('octocat')
    expect(failure).toContain('\\@\u200boctocat')
    for (const character of '[]|*!@#') expect(failure).not.toMatch(new RegExp(`(?<![\\\\&])\\${character}`))
    expect(failure).not.toContain('<')
  })

  it('sets its outputs before the part that fails', async () => {
    await using scene = await openScene()
    const { ibm, kube, namespace } = scene
    const target = { cluster: kube.name, namespace }

    const result = await scene.run({
      image: `${ibm.otherImage.repository}:1`,
      'pod-name': 'web',
      'container-name': 'shop',
    })

    expect(result.code).toBe(1)
    expect(result.annotations).toMatchObject([
      {
        level: 'error',
        message: expect.stringMatching(/Pod \S+\/web .*container shop: the credential has no right to .* Compare/),
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
    expect(result.summary).toMatch(new RegExp(`^\\| Pod web \\| ${namespace} \\| .* \\| failed: container shop: `, 'm'))
    expect(leaks(scene, result)).toEqual([])
  })

  it('does not wait for a Pod for longer than it is told', async () => {
    await using scene = await openScene()
    // The node never starts what is meant for others.
    const manifest = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: {
        nodeSelector: { disk: 'none' },
        containers: [{ name: 'web', image: `${scene.ibm.registryHost}/team/app:1` }],
      },
    })

    const result = await scene.run({ manifest, 'wait-timeout': '1s' })

    expect(result.code).toBe(1)
    expect(result.annotations).toMatchObject([
      { message: expect.stringMatching(/is not ready after 1 s: the Pod is Pending.*`wait-timeout`/) },
    ])
    expect(JSON.parse(result.outputs.workloads ?? '')).toMatchObject([{ name: 'web', result: 'timeout' }])
  })

  it('hands on a proven token when no secret is named, and its post step lets it live', async () => {
    await using scene = await openScene()
    const { ibm } = scene

    const result = await scene.run({ 'secret-name': '', namespaces: '', kubeconfig: '' })

    expect(result).toMatchObject({ code: 0, annotations: [] })
    const [token] = ibm.tokens()
    expect(result.outputs).toMatchObject({ token: token?.value, 'token-id': token?.id, minted: 'true' })
    expect(JSON.parse(result.outputs['docker-config-json'] ?? '').auths[ibm.registryHost]).toEqual({
      username: 'token',
      password: token?.value,
      email: 'a@b.c',
      auth: btoa(`token:${token?.value}`),
    })
    expect(result.log).toContain('opens team/app:1 with the credential')
    expect(scene.requests(/^kubernetes/)).toEqual([])
    scene.forget()
    expect(await scene.post(result)).toMatchObject({ code: 0, annotations: [] })
    expect(scene.requests()).toEqual([])
    expect(ibm.liveTokens()).toHaveLength(1)
    expect(leaks(scene, result)).toEqual([])
  })
})
