// Words of servers that look like commands to the runner, or repeat a secret.
import { expect, it } from 'vitest'
import type { Fault } from '../support/http/faults.ts'
import { expectMeantCommands, expectOneError } from './failed-run.ts'
import { tell } from './harness.ts'

tell('the answer of a server', (openScene) => {
  it.each([
    'uaa POST',
    'cf GET',
    'tokens POST',
    'realm GET',
    'registry GET /manifests/',
    'kubernetes GET',
    'kubernetes PATCH',
  ] as const)('stays text, whatever commands are in the refusal of %s', async (which) => {
    await using scene = await openScene()
    const message = [...HOSTILE, scene.ibm.login.password, encodeURIComponent(scene.kube.adminToken)].join('\n')
    // The reason for a refused HEAD is in the answer to the same as GET.
    if (which.startsWith('registry')) scene.plan('registry HEAD', refusal(403, ''))
    scene.plan(which, refusal(403, JSON.stringify({ message })))

    expectOneError(scene, await scene.run(), ['403', 'planted'])
  })

  it.each([200, 403])('stays text when a page with commands comes for JSON, with status %i', async (code) => {
    await using scene = await openScene()
    scene.plan('uaa POST', refusal(code, `<html>${HOSTILE.join('\r\n')}`))

    expectOneError(scene, await scene.run(), [`log in at ${scene.ibm.uaa}`])
  })

  it('hides the credential that a refusal repeats', async () => {
    await using scene = await openScene()
    let header = ''
    scene.ibm.faults.add({
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

    expectOneError(scene, await scene.run(), ['403 DENIED: Basic *** is token:***, token%3A***, "token:***"'])
  })

  it('stays text when pull secrets of others are named like commands', async () => {
    await using scene = await openScene()
    const config = JSON.stringify({ auths: Object.fromEntries(HOSTILE.map((line) => [`\n${line}`, {}])) })
    const { status } = await scene.kube.request('POST', `/api/v1/namespaces/${scene.namespace}/secrets`, {
      metadata: { name: 'hostile' },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': Buffer.from(config).toString('base64') },
    })
    expect(status).toBe(201)

    const result = await scene.run()

    expect(result).toMatchObject({ code: 0, annotations: [] })
    expect(result.log).toContain('planted')
    expectMeantCommands(result)
  })
})

const HOSTILE = [
  '::add-mask::planted',
  '::error::planted',
  '  ::set-output name=token::planted',
  '##[add-path]/planted',
  '%0A::save-state name=planted::planted',
  '\u2028::stop-commands::planted',
]

function refusal(status: number, body: string): Fault {
  return { kind: 'status', status, body }
}
