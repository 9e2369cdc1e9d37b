import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { INPUT_NAMES } from '../../../src/inputs/table.ts'
import { runStep } from '../../support/runner/runner.ts'
import { errorsOf, inputOf, SECRET, withSecret } from './fixture.ts'
import { CLUSTER_CASES } from './rejected/cluster.ts'
import { CREDENTIAL_CASES } from './rejected/credential.ts'
import { DEPLOY_CASES } from './rejected/deploy.ts'
import { DOCKER_CONFIG_CASES } from './rejected/docker-config.ts'
import { KUBECONFIG_CASES } from './rejected/kubeconfig.ts'
import { PROVIDER_CASES } from './rejected/provider.ts'
import { ROTATION_CASES } from './rejected/rotation.ts'
import { SECRET_CASES } from './rejected/secret.ts'

const cases = [
  ...CREDENTIAL_CASES,
  ...PROVIDER_CASES,
  ...DOCKER_CONFIG_CASES,
  ...SECRET_CASES,
  ...CLUSTER_CASES,
  ...KUBECONFIG_CASES,
  ...DEPLOY_CASES,
  ...ROTATION_CASES,
]

describe('rejects with one error', () => {
  it.each(cases)('%s', async (_, provided, input, message) => {
    const errors = await errorsOf(provided)
    expect(errors).toEqual([expect.stringMatching(message)])
    expect(errors.map(inputOf)).toEqual([input])
    expect(errors[0]).not.toContain(SECRET)
  })
})

describe('invalid inputs', () => {
  it('have a case above for every input of the table', () => {
    const shown = new Set(cases.map(([, , input]) => input))
    expect(INPUT_NAMES.filter((name) => !shown.has(name))).toEqual([])
  })

  it('are reported together, in the order of the table', async () => {
    const errors = await errorsOf({
      namespace: 'shop',
      concurrency: 'many',
      'max-age': 'old',
      kubeconfig: '/nowhere/config',
      'secret-name': 'Pull',
      username: 'jo',
      provider: 'docker',
    })
    expect(errors.map(inputOf)).toEqual([
      'provider',
      'api-endpoint',
      'registry-endpoint',
      'password',
      'organization',
      'secret-name',
      'kubeconfig',
      'max-age',
      'concurrency',
      'namespace',
    ])
  })

  it('have one error for each item of a list', async () => {
    const errors = await errorsOf({ ...withSecret, namespaces: 'A,B', labels: 'a\nb' })
    expect(errors).toHaveLength(4)
    expect(new Set(errors).size).toBe(4)
  })

  it('fail the step with one annotation each, without a stack trace and without a request', async () => {
    let connections = 0
    const server = createServer((_, response) => response.end()).on('connection', () => connections++)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    await using _ = { [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())) }
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

    const { code, annotations, stdout, stderr, outputs } = await runStep({
      inputs: {
        'api-endpoint': url,
        'registry-endpoint': url,
        'api-key': SECRET,
        organization: 'acme',
        'kube-server': url,
        'kube-token': `${SECRET}-kube`,
        'secret-name': 'Pull',
        labels: 'team',
        'max-age': 'old',
        concurrency: '0',
        namespace: 'shop',
      },
    })
    expect(annotations.map(({ level, message }) => [level, inputOf(message)])).toEqual(
      ['secret-name', 'labels', 'max-age', 'concurrency', 'namespace'].map((input) => ['error', input]),
    )
    expect(code).toBe(1)
    expect(stdout + stderr).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m)
    expect(stdout.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain(SECRET)
    expect(outputs).toEqual({})
    expect(connections).toBe(0)
  })
})
