// Messages of servers that look like workflow commands, or repeat a secret.
import { expect, it } from 'vitest'
import type { Fault } from '../support/http/faults.ts'
import { expectKnownCommands, expectOneError } from './failed-run.ts'
import { describeScenarios } from './harness.ts'

describeScenarios('the response of a server', (openScenario) => {
  it.each([
    'uaa POST',
    'cf GET',
    'tokens POST',
    'realm GET',
    'registry GET /manifests/',
    'kubernetes GET',
    'kubernetes PATCH',
  ] as const)('is not read as workflow commands: an error of %s', async (which) => {
    await using scenario = await openScenario()
    const message = [...HOSTILE, scenario.ibm.login.password, encodeURIComponent(scenario.kube.adminToken)].join('\n')
    // A HEAD has no body: the reason is in the response to the GET that follows.
    if (which.startsWith('registry')) scenario.plan('registry HEAD', refusal(403, ''))
    scenario.plan(which, refusal(403, JSON.stringify({ message })))

    expectOneError(await scenario.run(), ['403', 'planted'])
  })

  it.each([200, 403])('is not read as workflow commands: a page instead of JSON, with status %i', async (code) => {
    await using scenario = await openScenario()
    scenario.plan('uaa POST', refusal(code, `<html>${HOSTILE.join('\r\n')}`))

    expectOneError(await scenario.run(), [`log in at ${scenario.ibm.uaa}`])
  })

  it('is shown without the credential that it repeats', async () => {
    await using scenario = await openScenario()
    let header = ''
    scenario.ibm.faults.add({
      when: ({ server, headers: { authorization } }) => {
        header = authorization ?? header
        return server === 'realm' && authorization !== undefined
      },
      times: Number.POSITIVE_INFINITY,
      fault: {
        kind: 'status',
        status: 403,
        get body() {
          const login = Buffer.from(header.replace('Basic ', ''), 'base64').toString()
          return JSON.stringify({
            code: 'DENIED',
            message: `${header} is ${login}, ${encodeURIComponent(login)}, ${JSON.stringify(login)}`,
          })
        },
      },
    })

    expectOneError(await scenario.run(), ['403 DENIED: Basic *** is token:***, token%3A***, "token:***"'])
  })

  it('is not read as workflow commands: host names in foreign pull secrets', async () => {
    await using scenario = await openScenario()
    const config = JSON.stringify({ auths: Object.fromEntries(HOSTILE.map((line) => [`\n${line}`, {}])) })
    const { status } = await scenario.kube.request('POST', `/api/v1/namespaces/${scenario.namespace}/secrets`, {
      metadata: { name: 'hostile' },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': Buffer.from(config).toString('base64') },
    })
    expect(status).toBe(201)

    const result = await scenario.run()

    expect(result).toMatchObject({ code: 0, annotations: [] })
    expect(result.log).toContain('planted')
    expectKnownCommands(result)
  })

  it.each([
    ['an apiVersion', 'apiVersion: ../../version\nkind: A\nmetadata: {name: a}', 'invalid apiVersion'],
    [
      'the plural of a definition',
      `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: a.example.com}
spec: {group: example.com, scope: Namespaced, names: {kind: A, plural: ../../../version}, versions: [{name: v1}]}`,
      'invalid spec.names.plural',
    ],
  ])('is no path to another place of the server: %s', async (_, manifest, part) => {
    await using scenario = await openScenario()
    const result = await scenario.run({ manifest })
    expectOneError(result, ['Input `manifest` is not valid', part])
    expect(scenario.requests()).toEqual([])
  })
})

const HOSTILE = [
  '::add-mask::planted',
  '::error::planted',
  '  ::set-output name=token::planted',
  '##[add-path]/planted',
  '%0A::save-state name=planted::planted',
  '\u2028::stop-commands::planted',
  '\u202edetnalp\u2069',
]

function refusal(status: number, body: string): Fault {
  return { kind: 'status', status, body }
}
