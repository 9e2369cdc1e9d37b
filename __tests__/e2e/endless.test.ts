// What could keep a run busy for ever, or end it with an exception: texts of tenants, files, servers and programs.
import { execFileSync } from 'node:child_process'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Fault } from '../support/http/faults.ts'
import { expectOneError } from './failed-run.ts'
import { describeScenarios, SECRET, type StepRequest } from './harness.ts'

const json = (body: unknown): Fault => ({
  kind: 'status',
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

describeScenarios(
  'a run',
  (openScenario) => {
    it('ends although a tenant stores a host of 300 stars', async () => {
      await using scenario = await openScenario()
      const { kube, namespace, ibm } = scenario
      expect(await scenario.run()).toMatchObject({ code: 0 })
      const stored = await scenario.secret()
      const config = JSON.parse(Buffer.from(stored.data['.dockerconfigjson'], 'base64').toString())
      config.auths[`${'*'.repeat(300)}x`] = { username: 'u', password: 'p' }
      const data = { '.dockerconfigjson': Buffer.from(JSON.stringify(config)).toString('base64') }
      const merge = { 'content-type': 'application/merge-patch+json' }
      const path = `/api/v1/namespaces/${namespace}/secrets/${SECRET}`
      expect(await kube.request('PATCH', path, { data }, merge)).toMatchObject({ status: 200 })

      // Its image is on a host that the secret has no other entry for.
      const image = `${'a'.repeat(60)}.${ibm.registryHost.replaceAll(':', '-')}/team/app:1`
      const result = await scenario.run({ image, 'pod-name': 'web', 'wait-timeout': '3s' })

      expect(result.code).toBe(1)
      expect(JSON.parse(result.outputs.workloads ?? '')).toMatchObject([{ name: 'web' }])
    })

    it('that reads a pipe or a device as a file fails before it sends a request', async () => {
      await using scenario = await openScenario()
      await using folder = await mkdtempDisposable(join(tmpdir(), 'endless-'))
      const pipe = join(folder.path, 'pipe')
      execFileSync('mkfifo', [pipe])

      for (const inputs of [
        { 'manifest-files': pipe },
        { 'manifest-files': '/dev/zero' },
        { kubeconfig: pipe },
        { kubeconfig: '/dev/zero' },
      ]) {
        const [name = ''] = Object.keys(inputs)
        expectOneError(await scenario.run(inputs), [`Input \`${name}\` `, 'it is not a regular file'])
      }
      expect(scenario.requests()).toEqual([])
    })

    it('ends at its timeout although a glob is about the whole machine', async () => {
      await using scenario = await openScenario()
      const result = await scenario.run({ 'manifest-files': '/**/*.none-such', timeout: '1s' })
      expect(result.annotations).toMatchObject([
        { level: 'error', message: expect.stringMatching(/timeout|matches no manifest/) },
      ])
      expect(scenario.requests()).toEqual([])
    })

    it('ends at its timeout although the ibmcloud CLI hangs', async () => {
      await using scenario = await openScenario()
      await using folder = await mkdtempDisposable(join(tmpdir(), 'endless-'))
      await writeFile(join(folder.path, 'ibmcloud'), '#!/bin/sh\nsleep 3600\n', { mode: 0o755 })
      const noLogin = { 'oauth-token': '', username: '', password: '', 'api-key': '', passcode: '' }

      const result = await scenario.run(
        { ...noLogin, 'secret-name': '', timeout: '5s' },
        { PATH: `${folder.path}:${process.env.PATH}` },
      )

      expectOneError(result, ['Could not log in with `ibmcloud iam oauth-tokens`', '`timeout` of 5 s'])
    })

    it.each<StepRequest>(['uaa POST', 'tokens POST', 'realm GET', 'kubernetes GET /secrets'])(
      'shows the beginning of an error of 60 MiB: %s',
      async (which) => {
        await using scenario = await openScenario()
        scenario.plan(which, { kind: 'status', status: 403, body: `why ${'<p>x '.repeat(12 * 1024 * 1024)}` })
        const result = await scenario.run()
        expectOneError(result, ['returned 403 why x x x'])
      },
    )

    it('ends although a list has no end', async () => {
      await using scenario = await openScenario()
      let page = 0
      scenario.plan('kubernetes GET /api/v1/namespaces', {
        kind: 'status',
        status: 200,
        get body() {
          return JSON.stringify({ kind: 'NamespaceList', items: [], metadata: { continue: String(page++) } })
        },
      })
      const result = await scenario.run({ namespaces: '*' })
      expectOneError(result, ['the list has more than 1,000 pages'])
    })

    it.each<[StepRequest, string, unknown]>([
      [
        'kubernetes GET /secrets/',
        '',
        {
          kind: 'Secret',
          metadata: {
            name: { toString: 1 },
            namespace: 5,
            ownerReferences: [null, { controller: true, kind: { toString: 1 } }],
          },
        },
      ],
      [
        'kubernetes GET /secrets/',
        '',
        { kind: 'Secret', metadata: { labels: 'a', annotations: [1], managedFields: [null] }, data: 'x', type: 5 },
      ],
      ['kubernetes PATCH', '', { metadata: null, data: [] }],
      [
        'kubernetes GET /api/v1/namespaces',
        '*',
        { kind: 'NamespaceList', items: [null, 5, { metadata: { name: {} } }, { metadata: null }] },
      ],
      ['tokens GET', '', { tokens: [null, 5, { _id: {}, secondary_owner: 5 }] }],
      ['tokens POST', '', { token: 5 }],
      ['uaa POST', '', { access_token: { toString: 1 } }],
      ['cf GET', '', { authorization_endpoint: 5, links: 'x', resources: [null, { guid: 5 }] }],
    ])(
      'with values of wrong types of %s (namespaces %j) ends without an exception: %j',
      async (which, namespaces, body) => {
        await using scenario = await openScenario()
        const planned = scenario.plan(which, json(body))
        const result = await scenario.run(namespaces === '' ? {} : { namespaces })
        expect(planned.met + Number(which === 'tokens GET')).toBeGreaterThan(0)
        expect(result.log).not.toMatch(/This is a bug in registry-pull-secret|TypeError/)
        expect(result.stderr).toBe('')
      },
    )

    it.each<[string, string, string]>([
      ['namespace-selector', '=x', 'at character 1 '],
      ['namespace-selector', 'a in (', 'at character 7 '],
      ['kubeconfig', 'users:\n- {name: a, user: {token: 123}}', 'users[0].user.token must be a string'],
      ['kubeconfig', 'contexts:\n- {name: [], context: {cluster: 5}}', 'contexts[0].name must be a string'],
      [
        'manifest',
        '{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: 5}}',
        'metadata.namespace must be a string',
      ],
    ])('with an invalid %s fails before it sends a request: %j', async (name, value, problem) => {
      await using scenario = await openScenario()
      expectOneError(await scenario.run({ [name]: value }), [`Input \`${name}\` `, problem])
      expect(scenario.requests()).toEqual([])
    })
  },
  { isLong: true },
)
